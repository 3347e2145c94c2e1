"""The page of reminders: messages to paste, what was sent, what comes next."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from admin.pages import reminders as reminders_page
from admin.words.badges import step_label
from models import Channel, Delivery, Reminder, Submission
from models.base import local, now
from models.calendar import put_setting
from tests.factories import (
    make_expected,
    make_investor,
    make_period,
    make_submission,
)

PAGE = "/admin/reminders/?period=2024-03"


@pytest.fixture
def march(session):
    """Overdue for eight days, so that T+8 has come at any hour after eight, else T+1."""
    return make_period(session, deadline_at=now() - timedelta(days=8), deadline_reason="Trước hạn")


def unit(session, period, **given):
    investor = make_investor(session, **given)
    make_expected(session, period, investor)
    return investor


def noted(session):
    return [
        (row.investor_id, row.channel, row.delivery, row.recipient)
        for row in session.scalars(select(Reminder).order_by(Reminder.id))
    ]


def key_of(soup):
    return soup.select_one("input[name=form_key]")["value"]


def test_a_message_for_each_unit_and_one_for_all(session, march, client_for):
    put_setting(session, "office_contact", "Ông Vũ")
    first = unit(session, march, name="UBND xã Đồng Tân", short_name="Đồng Tân")
    second = unit(session, march, name="UBND xã Yên Sơn & Bình", short_name="Yên Sơn")
    done = unit(session, march)
    make_submission(session, period=march, investor=done, status="submitted")
    back = unit(session, march, short_name="Hòa Bình")
    make_submission(session, period=march, investor=back, status="returned")
    soup = client_for("officer").soup(PAGE)
    texts = {area["id"]: area.text for area in soup.select("textarea")}
    assert set(texts) == {"group-text", *(f"text-{one.id}" for one in (first, second, back))}
    own = texts[f"text-{second.id}"]
    for part in ("UBND xã Yên Sơn & Bình", "tháng 3/2024", "đã quá hạn 8 ngày", "Ông Vũ"):
        assert part in own
    assert "bị trả lại" in texts[f"text-{back.id}"]
    group = texts["group-text"]
    assert "1. UBND xã Đồng Tân: đã quá hạn 8 ngày" in group
    assert done.name not in group
    for button in soup.select("[data-copy]"):
        assert button["data-copy"] in texts
        assert button["type"] == "button"


def test_noting_a_chat_message(session, march, client_for):
    investor = unit(session, march, contact_name="Chị Hoa")
    unit(session, march)
    client = client_for("officer")
    form = {"period": "2024-03", "investor": investor.id, "form_key": key_of(client.soup(PAGE))}
    assert client.post_form("/admin/reminders/", form).status_code == 303
    assert client.post_form("/admin/reminders/", form).status_code == 303
    assert noted(session) == [(investor.id, Channel.CHAT, Delivery.SENT, "Chị Hoa")]
    row = session.scalar(select(Reminder))
    assert row.step.startswith("chat-20")
    assert len(row.step) == len("chat-YYYYMMDDHHMMSS")
    assert row.user_name
    assert "Chị Hoa" in client.soup(PAGE).select("table")[-1].text


def test_noting_the_message_to_the_group(session, march, client_for):
    known = [unit(session, march) for _n in range(3)]
    client = client_for("officer")
    form = {"period": "2024-03", "form_key": key_of(client.soup(PAGE))}
    assert client.post_form("/admin/reminders/", form).status_code == 303
    assert {row[0] for row in noted(session)} == {one.id for one in known}


def test_nothing_is_noted_for_a_report_that_came_meanwhile(session, march, client_for):
    investor = unit(session, march)
    client = client_for("officer")
    form = {"period": "2024-03", "investor": investor.id, "form_key": key_of(client.soup(PAGE))}
    make_submission(session, period=march, investor=investor, status="submitted")
    assert client.post_form("/admin/reminders/", form).status_code == 303
    assert noted(session) == []


@pytest.mark.parametrize("typed", ["999999999", "x", "-1"])
def test_a_unit_that_is_not_expected_is_missing(session, march, client_for, typed):
    unit(session, march)
    client = client_for("officer")
    form = {"period": "2024-03", "investor": typed, "form_key": key_of(client.soup(PAGE))}
    assert client.post_form("/admin/reminders/", form).status_code == 404
    assert noted(session) == []


@pytest.mark.parametrize("role", ["admin", "finance", "leader", "auditor"])
def test_readers_see_and_copy_but_do_not_note(session, march, client_for, role):
    unit(session, march)
    client = client_for(role)
    soup = client.soup(PAGE)
    assert soup.select("[data-copy]")
    assert not soup.select("form[method=post][action='/admin/reminders/']")
    reply = client.post_form("/admin/reminders/", {"period": "2024-03", "form_key": "k"})
    assert reply.status_code == 403
    assert noted(session) == []


def test_units_do_not_see_the_page(session, march, client_for):
    investor = unit(session, march)
    client = client_for("investor", investor)
    assert client.get(PAGE).status_code == 403
    assert client.post_form("/admin/reminders/", {"period": "2024-03"}).status_code == 403


def test_the_log_shows_deliveries_and_problems(session, march, client_for):
    investor = unit(session, march, email="xa@b.example")
    for n, (delivery, problem) in enumerate(
        [(Delivery.SENT, None), (Delivery.FAILED, "550 <full>"), (Delivery.CLAIMED, None)]
    ):
        session.add(
            Reminder(
                investor_id=investor.id,
                period_id=march.id,
                step=f"T+{n} 2024-04-09",
                channel=Channel.MAIL,
                recipient="xa@b.example",
                at=now() + timedelta(seconds=n),
                user_name="reminders send",
                delivery=delivery,
                problem=problem,
            )
        )
    log = client_for("leader").soup(PAGE).select("table")[-1]
    cells = [
        [td.get_text(" ", strip=True) for td in tr.select("td")] for tr in log.select("tr")[1:]
    ]
    assert [row[1] for row in cells] == ["quá hạn 2 ngày", "quá hạn 1 ngày", "đúng ngày đến hạn"]
    assert "550 <full>" in cells[1][-1]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("T-5 2024-04-09", "trước hạn 5 ngày"),
        ("T-0 2024-04-09", "đúng ngày đến hạn"),
        ("T+8 2024-04-09", "quá hạn 8 ngày"),
        ("letter-20240416093000", "Đôn đốc báo cáo"),
        ("slow-20240416093000", "Giải ngân chậm"),
        ("chat-20240416093000", "–"),
    ],
)
def test_what_reminded_is_said_in_words(app, step, said):
    with app.test_request_context(headers={"Accept-Language": "vi"}):
        assert step_label(step) == said


def test_what_is_due_next(session, client_for):
    deadline = now() + timedelta(days=30)
    period = make_period(session, deadline_at=deadline)
    unit(session, period, email="xa@b.example")
    unit(session, period, email=None)
    text = client_for("officer").soup(PAGE).select_one("tbody").text
    day = local(deadline).date() - timedelta(days=5)
    assert f"trước hạn 5 ngày: 08:00 {day:%d/%m/%Y}" in text


def test_a_locked_period_says_so(session, march, client_for):
    unit(session, march)
    march.status, march.lock_at = "locked", now()
    soup = client_for("officer").soup(PAGE)
    assert not soup.select("textarea")
    assert soup.select(".flash-info")


def test_periods_are_chosen_or_missing(session, march, client_for):
    client = client_for("officer")
    assert client.soup("/admin/reminders/").select_one("option[selected]")["value"] == "2024-03"
    assert client.get("/admin/reminders/?period=2031-01").status_code == 404
    assert client.get("/admin/reminders/?period=%00%F0%9F").status_code in {400, 404}


def test_the_page_without_any_period(client_for):
    assert client_for("officer").get("/admin/reminders/").status_code == 200


def test_the_page_costs_the_same_for_1_and_20_units(session, march, client_for, count_queries):
    unit(session, march, email="xa@b.example")
    client = client_for("officer")
    client.get(PAGE)
    with count_queries() as one:
        client.get(PAGE)
    for n in range(19):
        unit(session, march, email=f"xa{n}@b.example")
    session.commit()
    with count_queries() as many:
        assert len(client.soup(PAGE).select("textarea")) == 21
    assert abs(len(many) - len(one)) <= 1
    assert session.query(Submission).count() == 0


def test_many_units_are_shown_by_pages_and_the_message_is_to_all(
    session, march, client_for, monkeypatch
):
    monkeypatch.setattr(reminders_page, "AT_ONCE", 2)
    missing = {f"text-{unit(session, march).id}" for _n in range(5)}
    client = client_for("officer")
    for _n in range(3):
        sent = {"form_key": key_of(client.soup(PAGE)), "period": "2024-03"}
        assert client.post_form("/admin/reminders/", sent).status_code == 303
    pages = [client.soup(f"{PAGE}&page={n}") for n in range(3)]
    shown = [[area["id"] for area in page.select("textarea")[1:]] for page in pages]
    assert [len(one) for one in shown] == [2, 2, 1]
    assert {one for page in shown for one in page} == missing
    assert all("5. " in page.select_one("#group-text").text for page in pages)
    last = client.soup(f"{PAGE}&page=99")
    assert [area["id"] for area in last.select("textarea")[1:]] == shown[2]
    logs = [client.soup(f"{PAGE}&log={n}").select("main section")[1] for n in range(9)]
    lines = [[row.text for row in one.select("tbody tr")] for one in logs]
    noted_in_all = session.scalars(select(Reminder)).all()
    assert sum(len(one) for one in lines[: -(-len(noted_in_all) // 2)]) == len(noted_in_all) >= 5
    assert {len(one) for one in lines} <= {1, 2}
