"""The entry page of a unit, through the address and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from admin.words import exact_moment
from models import Disbursement, Explanation, Investor, ProgressEntry, Submission
from models.base import now
from tests.factories import (
    make_allocation,
    make_expected,
    make_investor,
    make_period,
    make_project,
    make_reopening,
    make_submission,
    make_user,
)

URL = "/admin/my-report/2024-03"


@pytest.fixture
def unit(session, client_for):
    """A signed-in commune with one project of 1.000.000 đồng, and March open."""
    project = make_project(session)
    allocation = make_allocation(session, project=project, amount=1_000_000)
    period = make_period(session)
    make_expected(session, period, project.investor)
    client = client_for("investor", project.investor)
    return client, project, allocation, period


def hidden(client, url=URL):
    page = client.soup(url)
    return {
        field["name"]: field["value"]
        for field in page.select("form.sheet input[type=hidden]")
        if field["name"] != "csrf_token"
    }


def typed(unit, completed, **more):
    client, project, allocation, _period = unit
    return (
        hidden(client)
        | {
            f"a{allocation.id}-completed": completed,
            f"p{project.id}-progress_text": "Đang làm",
            "action": "save",
        }
        | more
    )


def status(session):
    session.expire_all()
    return session.query(Submission).one().status.value


def test_a_commune_types_saves_and_sends(unit, session):
    client = unit[0]
    assert client.post_form(URL, typed(unit, "600.000")).status_code == 303
    assert session.query(Disbursement).one().completed == 600_000
    assert status(session) == "draft"
    reply = client.post_form(URL, typed(unit, "600.000", action="send"))
    assert reply.status_code == 303
    assert status(session) == "submitted"
    page = client.soup(URL)
    assert not page.select("button[value=send]")
    assert page.select_one(f"#a{unit[2].id}-completed").has_attr("readonly")


def test_the_page_shows_the_stored_deadline_with_its_reason(unit):
    text = unit[0].soup(URL).select_one(".deadline").get_text(" ", strip=True)
    assert "23:59 ngày 09/04/2024 (thứ Ba)" in text
    assert "trước ngày 10" in text


def test_over_plan_saves_the_draft_but_is_not_sent(unit, session):
    client, _project, allocation, _period = unit
    reply = client.post_form(URL, typed(unit, "1.000.001", action="send"))
    assert reply.status_code == 422
    assert "1.000.001" in reply.text
    assert f"finding-V1-allocation-{allocation.id}" in reply.text
    assert status(session) == "draft"
    assert client.post_form(URL, typed(unit, "1.000.000", action="send")).status_code == 303
    assert status(session) == "submitted"


def test_a_warning_is_sent_with_its_explanation_only(unit, session):
    client, _project, allocation, _period = unit
    waits = {f"a{allocation.id}-awaits_decision": "yes", "action": "send"}
    assert client.post_form(URL, typed(unit, "1.000.001", **waits)).status_code == 422
    explain = {
        f"explain-{rule}-allocation:{allocation.id}": "Chờ quyết định bổ sung"
        for rule in ("V1", "V8")
    }
    assert client.post_form(URL, typed(unit, "1.000.001", **waits, **explain)).status_code == 303
    assert {one.text for one in session.query(Explanation)} == {"Chờ quyết định bổ sung"}


@pytest.mark.parametrize(
    "amount", ["1,234", "12.34", "1e3", "-5", "abc", "0x10", "1" * 16, "NaN", "٣"]
)
@pytest.mark.parametrize("action", ["save", "send"])
def test_an_unreadable_amount_is_named_and_the_rest_is_saved_as_a_draft(
    unit, session, amount, action
):
    client, project, allocation, _period = unit
    client.post_form(URL, typed(unit, "600.000", **{f"a{allocation.id}-advance": "20.000"}))
    more = {f"a{allocation.id}-advance": "30.000", f"p{project.id}-obstacles": "Mưa lũ"}

    reply = client.post_form(URL, typed(unit, amount, action=action, **more))

    page = BeautifulSoup(reply.text, "html.parser")
    assert reply.status_code == 422
    assert page.select_one(f"#a{allocation.id}-completed-error")
    assert page.select_one(f"#a{allocation.id}-completed")["value"] == amount
    summary = page.select_one("[data-error-summary]").text
    assert "Thanh toán khối lượng hoàn thành" in summary  # as the field is called here
    assert (status(session), session.query(ProgressEntry).one().obstacles) == ("draft", "Mưa lũ")
    row = session.query(Disbursement).one()
    assert (row.completed, row.advance) == (600_000, 30_000)  # what was stored there stays
    # the page can be saved and sent again as it stands, once the field is readable
    again = {
        field["name"]: field.get("value", field.text)
        for field in page.select("form.sheet [name]")
        if field["name"] not in ("csrf_token", "action", "nil_report")
        and not field["name"].endswith("awaits_decision")
    } | {f"a{allocation.id}-completed": "700.000", "action": "send"}
    assert client.post_form(URL, again).status_code == 303
    assert status(session) == "submitted"


def test_the_one_field_of_a_row_is_called_alike_in_the_list_of_what_is_wrong(unit):
    """The list said “Payment for completed volume” of the field “Disbursed in the period”."""
    client, _project, allocation, _period = unit
    page = BeautifulSoup(client.post_form(URL, typed(unit, "5constructor")).text, "html.parser")
    [field] = page.select(f"label[for=a{allocation.id}-completed] span:not([hidden])")
    [link] = page.select(f"[data-error-summary] a[href='#a{allocation.id}-completed']")
    assert field.text == "Giải ngân trong kỳ"
    assert link.text.endswith(f": {field.text}")


def test_more_recovered_than_completed_keeps_both_stored_figures(unit, session):
    client, project, allocation, _period = unit
    name = f"a{allocation.id}-recovered"
    client.post_form(URL, typed(unit, "600.000", **{name: "500.000"}))

    more = {name: "450.000", f"p{project.id}-obstacles": "Mưa lũ"}
    reply = client.post_form(URL, typed(unit, "400.000", **more))

    page = BeautifulSoup(reply.text, "html.parser")
    session.expire_all()
    row, entry = session.query(Disbursement).one(), session.query(ProgressEntry).one()
    assert reply.status_code == 422
    assert (row.completed, row.recovered, entry.obstacles) == (600_000, 500_000, "Mưa lũ")
    assert page.select_one(f"#a{allocation.id}-completed")["value"] == "400.000"
    assert page.select_one(f"#{name}")["value"] == "450.000"


@pytest.mark.parametrize(
    ("field", "most"),
    [("p{project}-progress_text", 4_000), ("a{allocation}-return_document", 200),
     ("a{allocation}-correction_reason", 1_000), ("explain-V9-project:{project}", 4_000)],
)  # fmt: skip
def test_a_text_that_is_too_long_is_kept_and_never_cut(unit, session, field, most):
    client, project, allocation, _period = unit
    name = field.format(project=project.id, allocation=allocation.id)
    text = "ă" * (most + 1)

    reply = client.post_form(URL, typed(unit, "600.000", **{name: text}))

    assert reply.status_code == 422
    assert str(most + 1) in reply.text
    assert session.query(Disbursement).one().completed == 600_000
    shown = BeautifulSoup(reply.text, "html.parser").select_one(f'[name="{name}"]')
    if shown is not None:  # an explanation is asked for where its check speaks only
        assert (shown.get("value") or shown.text).strip() == text
    assert client.post_form(URL, typed(unit, "600.000", **{name: "ă" * most})).status_code == 303


@pytest.mark.parametrize(
    ("progress", "code"),
    [("0", 303), ("100", 303), ("62,5", 303), ("100,01", 422), ("-1", 422), ("nửa", 422)],
)
def test_physical_progress_is_a_percentage(unit, progress, code):
    client, project, _allocation, _period = unit
    form = typed(unit, "1", **{f"p{project.id}-physical_progress": progress})
    assert client.post_form(URL, form).status_code == code


def test_a_double_click_sends_once(unit, session):
    client = unit[0]
    form = typed(unit, "5.000", action="send")
    first, second = client.post_form(URL, form), client.post_form(URL, form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(session.query(Submission).one().events) == 1
    # each answer says so: the first may never have arrived
    text = client.get(URL).text
    assert text.count("Đã gửi báo cáo") == 2
    assert text.count("Phiếu tiếp nhận: lần gửi 1 lúc") == 2


def test_a_refused_sending_that_comes_again_is_said_to_be_a_draft(unit, session):
    """The answer to the first was lost: the second may not look as if the report were sent."""
    client = unit[0]
    form = typed(unit, "1.000.001", action="send")
    assert client.post_form(URL, form).status_code == 422
    assert client.post_form(URL, form).status_code == 303
    assert "Đã lưu nháp" in client.get(URL).text
    assert session.query(Submission).one().status == "draft"


def test_two_tabs_never_overwrite_each_other_silently(unit, session):
    client, _project, allocation, _period = unit
    client.post_form(URL, typed(unit, "5.000"))
    first, second = typed(unit, "6.000"), typed(unit, "7.000")
    assert client.post_form(URL, first).status_code == 303
    conflict = client.post_form(URL, second)
    assert conflict.status_code == 409
    assert session.query(Disbursement).one().completed == 6_000
    page = BeautifulSoup(conflict.text, "html.parser")
    assert page.select_one(f"#a{allocation.id}-completed")["value"] == "7.000"
    row = page.select_one("section[role=alert] tbody tr").get_text(" ", strip=True)
    assert row.endswith("6.000 7.000")
    again = second | {
        field["name"]: field["value"] for field in page.select("form.sheet input[type=hidden]")
    }
    again.pop("csrf_token")
    assert client.post_form(URL, again).status_code == 303
    session.expire_all()
    assert session.query(Disbursement).one().completed == 7_000


def test_nil_report_is_declared(unit, session):
    client = unit[0]
    empty = hidden(client) | {"action": "send"}
    assert client.post_form(URL, empty).status_code == 422
    declared = hidden(client) | {"action": "send", "nil_report": "yes"}
    assert client.post_form(URL, declared).status_code == 303
    assert session.query(Submission).one().nil_report


def test_a_locked_period_takes_nothing_and_says_whom_to_ask(unit, session):
    client, _project, _allocation, period = unit
    form = typed(unit, "5.000")
    period.status, period.lock_at = "locked", datetime(2024, 4, 20, tzinfo=UTC)
    session.commit()
    reply = client.post_form(URL, form)
    assert reply.status_code == 422
    assert "Phòng Lao động" in reply.text
    assert session.query(Submission).count() == 0


def test_a_returned_report_shows_the_reason_and_is_sent_again(unit, session):
    client, project, _allocation, period = unit
    first = datetime(2024, 4, 5, tzinfo=UTC)
    make_submission(
        session,
        period=period,
        investor=project.investor,
        status="returned",
        first_submitted_at=first,
        return_reason="Thiếu số hộ",
    )
    session.commit()
    assert "Thiếu số hộ" in client.get(URL).text
    assert client.post_form(URL, typed(unit, "5.000", action="send")).status_code == 303
    session.expire_all()
    stored = session.query(Submission).one()
    assert stored.first_submitted_at == first
    assert stored.last_submitted_at > first


def test_fields_of_other_units_store_nothing_and_tell_nothing_of_them(unit, session):
    foreign = make_allocation(session)
    session.commit()
    form = typed(unit, "5.000", **{f"a{foreign.id}-completed": "9"})
    answer = unit[0].post_form(URL, form)
    assert answer.status_code == 422
    assert "Dự án hoặc vốn của ô này không còn trong báo cáo. Chưa lưu: “9”" in answer.text
    assert foreign.project.code not in answer.text
    assert foreign.project.name not in answer.text
    assert [row.completed for row in session.query(Disbursement)] == [5_000]


def test_foreign_units_and_unknown_periods_are_missing(unit, session):
    foreign = make_investor(session)
    session.commit()
    for address in (
        f"{URL}?investor={foreign.id}",
        "/admin/my-report/2024-04",
        "/admin/my-report/x",
    ):
        assert unit[0].get(address).status_code == 404


def test_a_person_of_two_units_chooses(session, client_for):
    one, two = make_project(session).investor, make_project(session).investor
    make_period(session)
    client = client_for("investor", one, two)
    assert one.name in client.get(URL).text
    assert two.name in client.get(f"{URL}?investor={two.id}").text


def test_the_list_of_periods_leads_to_the_sheet(unit):
    page = unit[0].soup("/admin/my-report/")
    assert page.select_one(f'a[href="{URL}"]')


def test_a_unit_is_led_to_a_locked_period_that_is_reopened_for_it(session, client_for):
    period = make_period(session, status="locked", lock_at=now() - timedelta(days=2))
    report = make_submission(session, period=period, status="accepted")
    unit = session.get(Investor, report.investor_id)
    make_expected(session, period, unit)
    client = client_for("investor", unit)
    assert not client.soup("/admin/").select(".task")
    assert "Xem" in client.soup("/admin/my-report/").select_one(f'a[href="{URL}"]').text
    until = now() + timedelta(days=1)
    make_reopening(
        session, period=period, investor=unit, from_at=now() - timedelta(hours=1), until_at=until
    )
    task = client.soup("/admin/").select_one(".task")
    assert f"mở lại cho đơn vị này đến {exact_moment(until)}" in task.text
    row = client.soup("/admin/my-report/").select_one(f'tr:has(a[href="{URL}"])')
    assert f"Đã mở lại đến {exact_moment(until)}" in " ".join(row.get_text(" ").split())
    assert "Đã chốt" not in row.text
    assert "Nhập báo cáo" in row.select_one(f'a[href="{URL}"]').text


@pytest.mark.parametrize("role", ["admin", "officer", "finance", "leader", "auditor"])
def test_only_units_fill_in_reports(session, client_for, role):
    make_period(session)
    assert client_for(role).get(URL).status_code == 403


def test_the_page_costs_the_same_for_1_and_20_projects(unit, session, count_queries):
    client, project, *_rest = unit
    counts = []
    for more in (0, 19):
        for _n in range(more):
            make_allocation(session, project=make_project(session, investor=project.investor))
        session.commit()
        client.get(URL)
        with count_queries() as seen:
            client.get(URL)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 24


def test_text_is_stored_composed_and_without_control_marks(unit, session):
    client, project, _allocation, _period = unit
    form = typed(unit, "5.000", **{f"p{project.id}-obstacles": "Ho\u0300a \u202eBi\u0300nh\x00"})
    client.post_form(URL, form)
    assert session.query(ProgressEntry).one().obstacles == "Hòa Bình"


def test_a_person_without_a_unit_is_told(session, client_for):
    page = client_for(make_user(session, "investor")).soup("/admin/my-report/")
    assert page.select_one("main .empty")
    assert not page.select("main table")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_shown_in_the_fields_can_be_saved_again(unit, session, language):
    """Pages print and read the marks of their language."""
    client, project, allocation, _period = unit
    client.post_form("/language", {"language": language, "next": URL})
    more = {
        f"a{allocation.id}-advance": {"vi": "2.500", "en": "2,500"}[language],
        f"p{project.id}-physical_progress": "62.5",
        f"p{project.id}-progress_text": "Đạt 1.000 m. Xong.",
    }
    assert (
        client.post_form(
            URL, typed(unit, {"vi": "250.000", "en": "250,000"}[language], **more)
        ).status_code
        == 303
    )
    page = client.soup(URL)
    fields = {
        field["name"]: field.get("value", field.text)
        for field in page.select("form.sheet [name]")
        if field["name"] not in ("csrf_token", "action", "nil_report")
        and not field["name"].endswith("awaits_decision")
    }
    assert client.post_form(URL, fields | {"action": "send"}).status_code == 303
    session.expire_all()
    row, entry = session.query(Disbursement).one(), session.query(ProgressEntry).one()
    assert (row.completed, row.advance) == (250_000, 2_500)
    assert (str(entry.physical_progress), entry.progress_text) == ("62.5", "Đạt 1.000 m. Xong.")


def test_only_units_of_which_one_is_a_member_can_be_chosen(unit, session):
    foreign = make_project(session).investor
    session.commit()
    form = typed(unit, "5.000")
    assert unit[0].post_form(f"{URL}?investor={foreign.id}", form).status_code == 404
    assert session.query(Submission).count() == 0
