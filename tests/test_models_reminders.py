"""Reminders: the second at which each step begins, who gets a mail, and never twice."""

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html import unescape

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from models import DISTRICT, Channel, Delivery, Digest, Period, Reminder, db
from models.base import HANOI
from models.calendar import put_setting
from models.reminders import (
    Mailer,
    MaybePosted,
    NotPosted,
    addresses,
    due_steps,
    is_address,
    latest_step,
    next_step,
    send_reminders,
    written_day,
    written_period,
)
from reports.late import late
from tests.factories import (
    make_expected,
    make_investor,
    make_period,
    make_submission,
    make_user,
)
from tests.mail_server import free_port, mail_server

DEADLINE = datetime(2024, 4, 9, 23, 59, 59, tzinfo=HANOI)
SENDER = "Hữu Lũng <bao-cao@huulung.example>"
DAYS = {"T-5": 4, "T-2": 7, "T-0": 9, "T+1": 10, "T+8": 17, "T+15": 24}


def at(day, clock="08:00:00", month=4):
    return datetime.fromisoformat(f"2024-{month:02d}-{day:02d}T{clock}+07:00")


@pytest.fixture
def march(session):
    return make_period(session)


@pytest.fixture
def inbox():
    with mail_server() as inbox:
        yield inbox


def unit(session, period, email="xa@huulung.example", *, expected=(), **given):
    investor = make_investor(session, email=email, **given)
    make_expected(session, period, investor, **dict(expected))
    session.commit()
    return investor


def send(session, post, as_of, **given):
    session.commit()
    return send_reminders(session, post, as_of=as_of, actor_name="test", **given)


def send_over(session, inbox, as_of, **given):
    with Mailer(inbox.url, SENDER) as mailer:
        return send(session, mailer.post, as_of, **given)


def steps(session, as_of):
    return [(one.investor.id, one.step.name) for one in due_steps(session, as_of=as_of)]


def rows(session):
    session.rollback()
    return [
        (row.step.split()[0], row.recipient, row.delivery.value)
        for row in session.scalars(select(Reminder).order_by(Reminder.id))
    ]


# ---- the schedule ----


@pytest.mark.parametrize(("name", "day"), DAYS.items())
def test_a_step_begins_at_eight_in_vietnam(name, day):
    earlier = {"T-5": None} | dict(zip([*DAYS][1:], [*DAYS], strict=False))
    before = latest_step(DEADLINE, at(day, "07:59:59"))
    assert (before.name if before else None) == earlier[name]
    for moment in (at(day), at(day, "23:59:59"), at(day).astimezone(UTC)):
        found = latest_step(DEADLINE, moment)
        assert found.name == name
        assert found.moment == at(day)
    assert next_step(DEADLINE, at(day, "07:59:59")).moment == at(day)


def test_the_next_step_lies_ahead_and_the_latest_behind():
    moment = at(1)
    while moment < at(30, month=5):
        behind, ahead = latest_step(DEADLINE, moment), next_step(DEADLINE, moment)
        assert moment < ahead.moment
        assert behind is None or behind.moment <= moment
        assert latest_step(DEADLINE, ahead.moment) == ahead
        moment += timedelta(hours=7)


def test_weeks_go_on_until_something_ends_them():
    days = [latest_step(DEADLINE, at(10) + timedelta(weeks=n)).offset for n in range(60)]
    assert days == [1 + 7 * n for n in range(60)]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "UTC"])
def test_the_zone_of_the_server_does_not_matter(session, march, monkeypatch, zone):
    investor = unit(session, march)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert steps(session, at(4, "07:59:59")) == []
        assert steps(session, at(4)) == [(investor.id, "T-5")]
        mails = []
        send(session, mails.append, at(9))
        text = mails[0].get_body(("plain",)).get_content()
        assert "Đến 08:00 ngày 09/4/2024" in text
        assert "hôm nay là hạn nộp" in text
    finally:
        monkeypatch.undo()
        time.tzset()


# ---- who is reminded ----


def test_missed_steps_are_not_sent_in_a_burst(session, march):
    investor = unit(session, march)
    assert steps(session, at(24)) == [(investor.id, "T+15")]
    mails = []
    send(session, mails.append, at(24))
    assert len(mails) == 1
    assert steps(session, at(30)) == []


def test_an_extended_deadline_counts_for_its_unit_and_starts_afresh(session, march):
    own = at(16, "17:00:00")
    slow = unit(session, march)
    send(session, [].append, at(7))
    slow_row = march.expected[0]
    slow_row.deadline_at, slow_row.deadline_reason = own, "Gia hạn"
    session.commit()
    assert steps(session, at(10)) == []
    assert steps(session, at(11)) == [(slow.id, "T-5")]
    assert steps(session, at(14)) == [(slow.id, "T-2")]
    mails = []
    send(session, mails.append, at(16))
    assert "17:00 ngày 16/4/2024 (thứ Ba)" in mails[0]["Subject"]
    assert "Gia hạn" in mails[0].get_body(("plain",)).get_content()


def test_exempt_units_are_left_alone(session, march):
    unit(session, march, expected={"exempt_reason": "Không có vốn"})
    unit(session, march, expected={"exempt_reason": "x", "exempt_until": march.data_to})
    ended = march.data_to - timedelta(days=1)
    again = unit(session, march, expected={"exempt_reason": "x", "exempt_until": ended})
    assert steps(session, at(10)) == [(again.id, "T+1")]


@pytest.mark.parametrize(
    ("state", "is_due"),
    [("draft", True), ("submitted", False), ("accepted", False), ("returned", True)],
)
def test_only_what_is_not_there_is_asked_for(session, march, state, is_due):
    investor = unit(session, march)
    make_submission(session, period=march, investor=investor, status=state)
    assert bool(steps(session, at(10))) is is_due


def test_a_report_received_on_paper_is_there(session, march):
    investor = unit(session, march)
    make_submission(
        session,
        period=march,
        investor=investor,
        first_submitted_at=at(5),
        last_submitted_at=at(5),
    )
    assert steps(session, at(10)) == []


def test_a_returned_report_is_called_returned_and_not_late(session, march):
    investor = unit(session, march)
    make_submission(session, period=march, investor=investor, status="returned")
    mails = []
    send(session, mails.append, at(17))
    assert "bị trả lại" in mails[0]["Subject"]
    text = mails[0].get_body(("plain",)).get_content()
    assert "bị trả lại" in text
    assert "quá hạn" not in text


def test_a_locked_period_reminds_nobody(session, march):
    unit(session, march)
    march.lock_at = at(17)
    session.commit()
    assert steps(session, at(17) - timedelta(seconds=1))
    assert steps(session, at(17)) == []
    march.lock_at, march.status = None, "locked"
    session.commit()
    assert steps(session, at(10)) == []


def test_quarters_and_closing_periods_are_reminded_too(session):
    for code, kind, number in (("2024-Q1", "quarter", 1), ("2023-13", "closing", 13)):
        period = make_period(
            session, "2024-03" if kind == "quarter" else "2024-01", kind=kind, number=number
        )
        period.code, period.deadline_at = code, DEADLINE
        unit(session, period)
    mails = []
    send(session, mails.append, at(4))
    subjects = [mail["Subject"] for mail in mails]
    assert [("quý I/2024" in s, "chỉnh lý năm 2023" in s) for s in subjects] == [
        (False, True),
        (True, False),
    ]


def test_addresses_of_the_unit_and_its_people_each_once(session, march, inbox):
    investor = unit(session, march, email="Xa@huulung.example; hai@huulung.example")
    for email, enabled in (
        ("XA@HUULUNG.example", True),
        ("ba@huulung.example", True),
        ("nghi@huulung.example", False),
        (None, True),
    ):
        make_user(session, "investor", email=email, enabled=enabled, investors=[investor])
    make_user(session, "investor", email="khac@huulung.example", investors=[make_investor(session)])
    send_over(session, inbox, at(4))
    assert inbox.to == ["ba@huulung.example", "hai@huulung.example", "xa@huulung.example"]


def test_a_unit_without_address_is_named(session, march):
    investor = unit(session, march, email=None)
    outcome = send(session, [].append, at(4))
    assert outcome.letters == ()
    assert outcome.without_address == (investor.short_name,)


def test_due_costs_the_same_for_1_and_20_units(session, march, count_queries):
    unit(session, march)
    march.code  # noqa: B018  the transaction begins before counting
    with count_queries() as one:
        due_steps(session, as_of=at(10))
    for _n in range(19):
        unit(session, march)
    march.code  # noqa: B018  and here again
    with count_queries() as many:
        assert len(due_steps(session, as_of=at(10))) == 20
    assert len(many) == len(one)


# ---- the mail ----


def test_the_mail_says_what_when_and_whom_to_ask(session, march, inbox):
    asked = unit(session, march, name="Ủy ban nhân dân xã Yên <Bình> & Nam")
    put_setting(session, "office_contact", "Ông Vũ, 0205 3825 999")
    put_setting(session, "demo_data", "true")
    march.deadline_reason = "Trước ngày 10/04/2024."
    send_over(session, inbox, at(7), public_url="https://baocao.example")
    ((recipients, mail),) = inbox.mails
    assert recipients == ("xa@huulung.example",)
    assert mail["To"] == "xa@huulung.example"
    assert mail["From"].addresses[0].display_name == "Hữu Lũng"
    assert mail["Subject"] == (
        "[Nhắc báo cáo] Kỳ tháng 3/2024 – hạn nộp 23:59 ngày 09/4/2024 (thứ Ba)"
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@huulung.example>")
    assert mail["Date"].datetime is not None
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    for part in (
        "Số liệu minh họa",
        "Ủy ban nhân dân xã Yên <Bình> & Nam",
        "23:59 ngày 09/4/2024 (thứ Ba)",
        "còn 2 ngày",
        "Trước ngày 10/04/2024",
        "https://baocao.example/admin/my-report/2024-03",
        "Phòng Lao động, Thương binh, Xã hội - Dân tộc (Ông Vũ, 0205 3825 999)",
    ):
        assert part in text
        assert part in unescape(html)
    page = f"https://baocao.example/admin/my-report/2024-03?investor={asked.id}"
    assert f'<a href="{page}">' in html
    assert page in text
    assert "<Bình>" not in html
    assert mail.as_bytes().isascii()


def test_no_link_without_an_address_of_the_site(session, march):
    unit(session, march)
    mails = []
    send(session, mails.append, at(10))
    assert "http" not in mails[0].as_string()
    assert "đã quá hạn 1 ngày" in mails[0].get_body(("plain",)).get_content()
    assert "đã quá hạn nộp" in mails[0]["Subject"]


def test_what_is_typed_cannot_reach_the_headers(session, march, inbox):
    unit(
        session,
        march,
        name="Xã A\r\nBcc: x@evil.example",
        email="xa@huulung.example\r\nBcc: ke@evil.example",
    )
    outcome = send_over(session, inbox, at(4))
    assert {letter.recipient for letter in outcome.letters} == {
        "xa@huulung.example",
        "bcc:",
        "ke@evil.example",
    }
    assert all(mail["Bcc"] is None for _to, mail in inbox.mails)
    assert ("T-5", "bcc:", "failed") in rows(session)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a@b.vn", True),
        ("a.b+c@mail-1.b.vn", True),
        ("a", False),
        ("a@", False),
        ("a..b@c.vn", False),
        ("đ@b.vn", False),
        ("a@b.vn>", False),
        ("a@b\n", False),
        (f"{'a' * 200}@b.vn", False),
    ],
)
def test_what_counts_as_an_address(text, fits):
    assert is_address(text) is fits


def test_small_words():
    assert addresses(" A@b.vn,a@B.vn ;c@d.vn", None, "") == ("a@b.vn", "c@d.vn")
    assert written_day(at(1, month=2)) == "01/02/2024"
    assert written_period("2024-Q4") == "quý IV/2024"


# ---- never twice ----


def test_a_second_run_sends_nothing(session, march, inbox):
    unit(session, march)
    make_user(session, "officer", email="can-bo@huulung.example")
    send_over(session, inbox, at(10))
    first = inbox.to
    outcome = send_over(session, inbox, at(10, "08:15:00"))
    assert inbox.to == first == ["can-bo@huulung.example", "xa@huulung.example"]
    assert outcome.letters == ()


def test_one_connection_serves_a_run(session, march, inbox):
    for n in range(5):
        unit(session, march, email=f"xa{n}@huulung.example")
    send_over(session, inbox, at(4))
    assert len(inbox.mails) == 5
    assert inbox.connections == 1


def test_two_runs_at_once_share_the_work(app, session, march):
    """While the first run waits for the mail server the second does all the rest."""
    for n in range(4):
        unit(session, march, email=f"xa{n}@huulung.example")
    session.commit()
    posted, lock = [], threading.Lock()

    def run(post):
        with app.app_context():
            own = db.session()
            own.enter(DISTRICT)
            return send_reminders(own, post, as_of=at(4), actor_name="test")

    def keep(mail):
        with lock:
            posted.append(mail["To"])

    def first(mail):
        if not posted:
            other = threading.Thread(target=run, args=(keep,))
            other.start()
            other.join()
            assert len(posted) == 3
        keep(mail)

    outcome = run(first)
    assert sorted(posted) == [f"xa{n}@huulung.example" for n in range(4)]
    assert [letter.delivery for letter in outcome.letters] == [Delivery.SENT, None, None, None]


@pytest.mark.parametrize("failed_before", [False, True])
def test_runs_that_start_together_post_each_mail_once(app, session, march, failed_before):
    for n in range(6):
        unit(session, march, email=f"xa{n}@huulung.example")

    def fail(_mail):
        raise NotPosted("down")

    if failed_before:
        send(session, fail, at(4))
    posted, together = [], threading.Barrier(3)

    def run():
        with app.app_context():
            own = db.session()
            own.enter(DISTRICT)
            together.wait()
            send_reminders(own, lambda m: posted.append(m["To"]), as_of=at(5), actor_name="t")

    threads = [threading.Thread(target=run) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(posted) == [f"xa{n}@huulung.example" for n in range(6)]


def test_a_failing_server_is_tried_again_at_the_next_run(session, march, inbox):
    unit(session, march)
    unit(session, march, email="hai@huulung.example")
    with Mailer(f"smtp://127.0.0.1:{free_port()}", SENDER, seconds=2) as mailer:
        outcome = send(session, mailer.post, at(4))
    assert outcome.count(Delivery.FAILED) == 2
    assert all("refused" in letter.problem for letter in outcome.letters)
    send_over(session, inbox, at(4, "08:15:00"))
    assert len(inbox.mails) == 2
    assert {delivery for _step, _to, delivery in rows(session)} == {"sent"}


def test_a_failed_mail_is_not_sent_after_the_next_step(session, march):
    unit(session, march)

    def fail(_mail):
        raise NotPosted("down")

    send(session, fail, at(4))
    mails = []
    send(session, mails.append, at(7))
    send(session, mails.append, at(8))
    assert len(mails) == 1
    assert rows(session) == [
        ("T-5", "xa@huulung.example", "failed"),
        ("T-2", "xa@huulung.example", "sent"),
    ]


def test_one_refused_address_does_not_stop_the_others(session, march, inbox):
    unit(session, march, email="sai@huulung.example, dung@huulung.example")
    inbox.refused = {"sai@huulung.example"}
    outcome = send_over(session, inbox, at(4))
    assert inbox.to == ["dung@huulung.example"]
    assert outcome.letters[0].problem == "550 no such mailbox here"
    inbox.refused = set()
    send_over(session, inbox, at(5))
    assert inbox.to == ["dung@huulung.example", "sai@huulung.example"]


def test_a_crash_between_claim_and_post_sends_never_again(session, march):
    unit(session, march)

    def crash(_mail):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(session, crash, at(4))
    assert rows(session) == [("T-5", "xa@huulung.example", "claimed")]
    mails = []
    send(session, mails.append, at(5))
    assert mails == []


def test_a_connection_lost_before_the_text_is_tried_again(session, march, inbox):
    unit(session, march)
    inbox.hangs_up = True
    outcome = send_over(session, inbox, at(4))
    assert outcome.count(Delivery.FAILED) == 1
    assert "closed" in outcome.letters[0].problem
    inbox.hangs_up = False
    send_over(session, inbox, at(5))
    assert inbox.to == ["xa@huulung.example"]


@pytest.mark.parametrize(
    ("command", "first"), [("MAIL", Delivery.FAILED), ("DATA", Delivery.CLAIMED)]
)
def test_a_server_that_falls_silent_is_waited_for_once(session, march, inbox, command, first):
    """Each mail waited for it, until the run was ended from outside and one more was lost; a
    server that is silent behind the text would have lost them all.
    """
    for n in range(3):
        unit(session, march, email=f"xa{n}@huulung.example")
    inbox.silent_at = command
    with Mailer(inbox.url, SENDER, seconds=0.5) as mailer:
        outcome = send(session, mailer.post, at(4))
    told = [letter.delivery for letter in outcome.letters]
    assert told == [first, Delivery.FAILED, Delivery.FAILED]
    assert all("timed out" in letter.problem for letter in outcome.letters)
    assert inbox.connections == 1
    inbox.silent_at = ""
    send_over(session, inbox, at(4, "08:15:00"))
    assert len(set(inbox.to)) == 3


def test_lines_that_begin_with_a_dot_arrive_as_they_were(inbox):
    mail = EmailMessage()
    mail["To"] = "xa@huulung.example"
    mail.set_content(".\n..hai\nba.\n", cte="7bit")
    with Mailer(inbox.url, SENDER) as mailer:
        mailer.post(mail)
    [(_to, taken)] = inbox.mails
    assert taken.get_content().splitlines() == [".", "..hai", "ba."]


def test_a_connection_lost_after_the_text_is_never_repeated(session, march, inbox):
    unit(session, march)
    inbox.breaks_off = True
    outcome = send_over(session, inbox, at(4))
    assert outcome.count(Delivery.CLAIMED) == 1
    assert outcome.letters[0].problem
    inbox.breaks_off = False
    send_over(session, inbox, at(5))
    assert len(inbox.mails) == 1


@pytest.mark.parametrize("extra", ["?starttls=1", "user"])
def test_nothing_is_posted_in_the_clear_when_more_was_asked_for(session, march, inbox, extra):
    unit(session, march)
    if extra == "user":
        inbox.url = inbox.url.replace("//", "//ng%C6%B0%E1%BB%9Di:m%40t@")
    else:
        inbox.url += extra
    outcome = send_over(session, inbox, at(4))
    assert outcome.count(Delivery.FAILED) == 1
    assert outcome.letters[0].problem
    assert inbox.mails == []


def test_no_transaction_is_open_while_a_mail_leaves(app, session, march):
    unit(session, march)
    session.commit()
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        open_ = []
        send_reminders(
            own, lambda _m: open_.append(own.in_transaction()), as_of=at(4), actor_name="t"
        )
        assert open_ == [False]


RUNS = st.lists(
    st.tuples(
        st.integers(-8 * 24 * 4, 30 * 24 * 4),
        st.lists(st.sampled_from(["sent", "failed", "unclear", "crash"]), max_size=4),
    ),
    max_size=8,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(runs=RUNS)
@example(runs=[(-480, ["crash"]), (-480, []), (-479, ["failed"]), (-478, [])])
def test_each_step_reaches_each_address_at_most_once(session, runs):
    session.execute(delete(Reminder))
    session.commit()
    if session.scalar(select(Period)) is None:
        period = make_period(session)
        unit(session, period, email="mot@b.vn hai@b.vn")
        unit(session, period, email="ba@b.vn")
    handed = 0

    def post_with(fates):
        def post(_mail):
            nonlocal handed
            fate = fates.pop(0) if fates else "sent"
            if fate == "failed":
                raise NotPosted("down")
            handed += 1
            if fate == "unclear":
                raise MaybePosted("?")
            if fate == "crash":
                raise KeyboardInterrupt

        return post

    for quarters, fates in runs:
        moment = DEADLINE + timedelta(minutes=15 * quarters)
        with suppress(KeyboardInterrupt):
            send(session, post_with([*fates]), moment)
    session.rollback()
    stored = list(session.scalars(select(Reminder).where(Reminder.delivery != Delivery.FAILED)))
    keys = {(row.investor_id, row.step, row.recipient) for row in stored}
    assert handed == len(stored) == len(keys)


# ---- officers ----


def overview(mails):
    return [mail for mail in mails if "Đôn đốc" in mail["Subject"]]


def test_officers_get_one_overview_a_day_when_something_is_late(session, march, inbox):
    late_one = unit(session, march)
    other = unit(session, march, email=None)
    make_user(session, "officer", email="Can-Bo@huulung.example")
    make_user(session, "officer", email="nghi@huulung.example", enabled=False)
    make_user(session, "leader", email="lanh-dao@huulung.example")
    for moment in (at(10, "07:59:59"), at(10), at(10, "16:00:00"), at(11), at(11, "09:00:00")):
        send_over(session, inbox, moment, public_url="https://b.example")
    told = [(to, mail) for to, mail in inbox.mails if "Đôn đốc" in mail["Subject"]]
    assert [to for to, _mail in told] == [("can-bo@huulung.example",)] * 2
    first = told[0][1]
    assert first["Subject"] == "[Đôn đốc báo cáo] Tình hình ngày 10/4/2024"
    text = first.get_body(("plain",)).get_content()
    html = first.get_body(("html",)).get_content()
    for part in (
        late_one.name,
        other.name,
        "đã quá hạn 1 ngày",
        "đã gửi 2 thư",
    ):  # T-0 was caught up just before T+1
        assert part in text
        assert part in html
    assert "https://b.example/admin/reminders/" in html
    assert session.query(Digest).count() == 2


def test_no_overview_on_quiet_days(session, march):
    unit(session, march)
    make_user(session, "officer", email="can-bo@huulung.example")
    mails = []
    for moment in (at(3), at(5), at(8)):
        send(session, mails.append, moment)
    days = [mail["Subject"][-9:] for mail in overview(mails)]
    assert days == ["05/4/2024", "08/4/2024"]  # T-5 and T-2 were caught up on these days
    send(session, mails.append, at(6))
    assert len(overview(mails)) == 2


def test_the_overview_knows_mails_of_this_day_only(session, march):
    investor = unit(session, march)
    make_user(session, "officer", email="can-bo@huulung.example")
    make_reminder(session, investor, march, at=at(10, "00:00:00"), delivery=Delivery.FAILED)
    make_reminder(session, investor, march, at=at(9, "23:59:59"))
    mails = []
    send(session, mails.append, at(10))
    text = overview(mails)[0].get_body(("plain",)).get_content()
    assert "lỗi 1 thư, đã gửi 1 thư" in text


def test_a_failed_overview_is_tried_again_the_same_day(session, march):
    unit(session, march, email=None)
    make_user(session, "officer", email="can-bo@huulung.example")

    def fail(_mail):
        raise NotPosted("down")

    send(session, fail, at(10))
    mails = []
    send(session, mails.append, at(10, "08:15:00"))
    send(session, mails.append, at(10, "08:30:00"))
    assert len(overview(mails)) == 1


# ---- the late list ----


def test_the_late_list_says_when_a_unit_was_reminded(session, march, count_queries):
    investor = unit(session, march)

    def note(as_of):
        return late(session, period=march, as_of=as_of)[0].note

    assert note(at(11)) == ""
    send(session, [].append, at(10))
    assert note(at(10, "07:59:59")) == ""
    assert note(at(10)) == "đã nhắc ngày 10/04/2024"
    make_reminder(session, investor, march, at=at(12), delivery=Delivery.FAILED)
    make_reminder(session, investor, march, at=at(11), channel=Channel.CHAT)
    assert note(at(16)) == "đã nhắc ngày 11/04/2024"
    march.expected[0].note = "Bổ sung sau"
    session.commit()
    assert note(at(16)) == "Bổ sung sau; đã nhắc ngày 11/04/2024"


def make_reminder(session, investor, period, **given):
    row = Reminder(
        investor_id=investor.id,
        period_id=period.id,
        recipient="xa@huulung.example",
        user_name="Cán bộ",
        **{"step": f"x{given['at']:%d}", "channel": Channel.MAIL, "delivery": Delivery.SENT}
        | given,
    )
    session.add(row)
    session.commit()
    return row
