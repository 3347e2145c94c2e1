"""One standing of a unit in a period, whichever door is asked; and the proof, written apart."""

from datetime import UTC, date, datetime, timedelta

import pytest

from admin.words import label
from models import ExpectedReport, Period, VersionPart
from models.base import SYSTEM
from models.calendar import Punctuality, put_setting
from models.duty import standing_of, standings_of_units
from models.filing import months_missing, read_sheet
from models.reminders import unsent_units
from reports.consolidated import consolidated
from reports.frozen import lock_and_freeze
from reports.home import overview, tasks
from reports.late import grid, late
from reports.letter import roll
from reports.proof import prove
from reports.quarter import quarter_sheet
from reports.review import period_counts, review_rows
from tests.factories import (
    make_expected,
    make_period,
    make_project,
    make_submission,
)

DEADLINE = datetime(2024, 4, 9, 16, 59, 59, tzinfo=UTC)
TAKEN = datetime.fromisoformat("2024-04-16T09:00+07:00")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
EXEMPT = {"exempt_reason": "Chưa có vốn"}
LATER = {"deadline_at": DEADLINE + 2 * DAY, "deadline_reason": "Mưa lũ"}
CASES = {
    "nothing sent": ({}, None, 0, "missing"),
    "exempt for good": (EXEMPT, None, 0, "exempt"),
    "exempt until a day too early": (
        EXEMPT | {"exempt_until": date(2024, 3, 30)}, None, 0, "missing",
    ),
    "exempt until the last day": (EXEMPT | {"exempt_until": date(2024, 3, 31)}, None, 0, "exempt"),
    "exempt until a day later": (EXEMPT | {"exempt_until": date(2024, 4, 1)}, None, 0, "exempt"),
    "23:59:59": ({}, DEADLINE, 0, "on_time"),
    "00:00:00": ({}, DEADLINE + SECOND, 0, "late"),
    "00:00:00 within one day of grace": ({}, DEADLINE + SECOND, 1, "on_time"),
    "after one day of grace": ({}, DEADLINE + DAY + SECOND, 1, "late"),
    "extended, at the last second": (LATER, DEADLINE + 2 * DAY, 0, "on_time"),
    "extended, a second later": (LATER, DEADLINE + 2 * DAY + SECOND, 0, "late"),
    "extended and grace": (LATER, DEADLINE + 3 * DAY, 1, "on_time"),
    "nothing sent within grace": ({}, None, 15, "pending"),
}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request, session):
    """(period, unit, status, sent) with one unit in that situation."""
    given, first, grace, status = CASES[request.param]
    period, unit = make_period(session), make_project(session).investor
    make_expected(session, period, unit, **given)
    if first is not None:
        make_submission(
            session, period=period, investor=unit, status="submitted", first_submitted_at=first
        )
    put_setting(session, "grace_days", str(grace))
    quarter = make_period(session, "2024-02")
    quarter.code, quarter.kind, quarter.number = "2024-Q1", "quarter", 1
    quarter.data_from, quarter.data_to = date(2024, 1, 1), date(2024, 3, 31)
    session.commit()
    return period, unit, Punctuality(status), first is not None


def test_every_door_gives_the_same_answer(session, case):
    period, unit, status, sent = case
    exempt = status is Punctuality.EXEMPT
    owing = not exempt and not sent
    given = session.get(ExpectedReport, (unit.id, period.id))
    due = given.deadline_at or period.deadline_at

    [listed] = late(session, period=period, as_of=TAKEN, show_all=True) or [None]
    assert (listed is None) is (status is Punctuality.PENDING)
    assert listed is None or (listed.status, listed.deadline) == (status.value, due)
    [cell] = grid(session, year=2024, as_of=TAKEN).rows[0].cells
    [history] = standings_of_units(session, [unit.id], as_of=TAKEN)
    [row] = review_rows(session, period=period, as_of=TAKEN)
    why = standing_of(session, period, unit.id, as_of=TAKEN)
    for one in (cell, history, row.standing, why):
        assert (one.status, one.is_exempt, one.deadline_at) == (status, exempt, due)
        assert one.days_late == (listed.days_late if listed else 0)
        assert one.exempt_reason == ("Chưa có vốn" if exempt else None)
    assert (row.state == "exempt") is exempt
    assert row.is_overdue is (status in (Punctuality.LATE, Punctuality.MISSING))

    [count] = period_counts(session, [period], as_of=TAKEN)
    found = roll(session, period=period, as_of=TAKEN)
    report = consolidated(session, period=period)
    for reported, expected in (
        (count.sent, count.expected),
        (found.sent, found.expected),
        (report.status.reported, report.status.expected),
    ):
        assert (reported, expected) == (int(sent), int(not exempt))
    assert count.missing == (status is Punctuality.MISSING)
    assert [one.investor_id for one in found.units] == [unit.id] * (status is Punctuality.MISSING)
    assert bool(overview(session, period=period, as_of=TAKEN).overdue) is row.is_overdue

    assert [one.deadline_at for one in unsent_units(session, as_of=TAKEN)] == [due] * owing
    [task] = tasks(session, investors=[unit.id], as_of=TAKEN)
    assert (task.is_to_do, task.deadline_at) == (owing, due)
    assert task.standing.is_overdue is (owing and due < TAKEN)
    quarter = session.query(Period).filter_by(code="2024-Q1").one()
    assert months_missing(session, quarter, unit.id) == ["2024-03"] * owing
    assert read_sheet(session, period=period, investor=unit, at=TAKEN).deadline_at == due
    sheet = quarter_sheet(session, period=quarter, investor=unit, at=TAKEN)
    assert sheet.missing == ("2024-03",) * owing

    made = lock_and_freeze(session, period, at=TAKEN, actor=SYSTEM)
    frozen = consolidated(session, period=period, version=made.number)
    assert frozen.status.expected == int(not exempt)
    for part in session.query(VersionPart).filter_by(investor_id=unit.id):
        assert part.content["standing"]["status"] == status.value


def test_the_proof_agrees(session, case):
    assert [proof for proof in prove(session) if proof.differences] == []


def test_every_page_shows_it(session, case, client_for):
    """At a time long after: nothing is pending, whatever the days of grace."""
    period, unit, status, _sent = case
    if status is Punctuality.PENDING:
        status = Punctuality.MISSING
    officer = client_for("officer")
    with officer.application.test_request_context(headers={"Accept-Language": "vi"}):
        word = label(status)
    desk = officer.soup("/admin/review/2024-03")
    page = officer.soup(f"/admin/investor/details/?id={unit.id}")
    row = next(r for r in page.select("tbody tr") if "Tháng 3/2024" in r.text)
    why = officer.soup(f"/admin/reports/late/why?period=2024-03&investor={unit.id}")
    assert word.lower() in row.text.lower()
    assert word.lower() in why.select_one("h1").text.lower()
    exempt = status is Punctuality.EXEMPT
    assert ("Chưa có vốn" in desk.select_one("tbody").text) is exempt
    record = officer.soup(f"/admin/period/details/?id={period.id}")
    mine = client_for("investor", unit)
    for shown in (
        record.select_one("table tbody").text,
        officer.soup(f"/admin/review/2024-03/{unit.id}").select_one(".deadline").text,
        mine.soup("/admin/my-report/").select_one("tbody").text,
    ):
        assert ("Chưa có vốn" in shown) is exempt


@pytest.mark.parametrize("first", [DEADLINE, DEADLINE + DAY])
def test_a_returned_report_is_to_be_corrected_but_not_overdue(session, client_for, first):
    """Found: “quá hạn 962 ngày” in red on the first page of a unit that was on time."""
    project, period = make_project(session), make_period(session)
    make_expected(session, period, project.investor)
    sent = make_submission(
        session, period=period, investor=project.investor, status="submitted",
        first_submitted_at=first,
    )  # fmt: skip
    session.commit()
    officer = client_for("officer")
    address = f"/admin/review/2024-03/{project.investor_id}"
    form = {
        "form_key": officer.soup(address).select_one("input[name=form_key]")["value"],
        "version": str(sent.version), "action": "return", "reason": "Sai đơn vị tính",
    }  # fmt: skip
    assert officer.post_form(address, form).status_code == 303
    mine = client_for("investor", project.investor)
    places = {
        "/admin/": ".task",
        "/admin/my-report/": "tbody",
        "/admin/my-report/2024-03": ".flash-warn",
    }
    for url, place in places.items():
        page = mine.soup(url)
        said = page.select_one(place)
        assert "sửa và nộp lại chậm nhất ngày" in said.text
        assert "Sai đơn vị tính" in said.text
        assert "quá hạn" not in said.text.lower()
        assert not said.select(".neg")
        assert not page.select(".task-late")


def test_a_report_received_on_paper_in_time_is_not_overdue(session, client_for):
    project, period = make_project(session), make_period(session)
    make_expected(session, period, project.investor)
    make_submission(
        session, period=period, investor=project.investor, status="draft",
        first_submitted_at=DEADLINE, last_submitted_at=DEADLINE, received_via="paper",
        received_note="Số 12", received_by="Cán bộ",
    )  # fmt: skip
    session.commit()
    mine = client_for("investor", project.investor)
    assert not mine.soup("/admin/").select(".task .neg, .task-late")
    assert not mine.soup("/admin/my-report/").select("tbody .neg")


def test_a_unit_that_sent_nothing_is_overdue_on_its_pages(session, client_for):
    project, period = make_project(session), make_period(session)
    make_expected(session, period, project.investor)
    session.commit()
    mine = client_for("investor", project.investor)
    assert mine.soup("/admin/").select(".task-late .neg")
    assert mine.soup("/admin/my-report/").select("tbody .neg")


def test_an_excused_unit_that_reports_all_the_same_is_in_no_n_of_n(session):
    """It is on time, and neither in n nor in N, wherever these are printed."""
    period, unit = make_period(session), make_project(session).investor
    make_expected(session, period, unit, **EXEMPT)
    make_submission(
        session, period=period, investor=unit, status="submitted", first_submitted_at=DEADLINE
    )
    session.commit()
    [row] = late(session, period=period, as_of=TAKEN, show_all=True)
    assert row.status == "on_time"
    [count] = period_counts(session, [period], as_of=TAKEN)
    found = roll(session, period=period, as_of=TAKEN)
    report = consolidated(session, period=period)
    assert (count.sent, count.expected) == (found.sent, found.expected) == (0, 0)
    assert (report.status.reported, report.status.expected) == (0, 0)
    assert [proof for proof in prove(session) if proof.differences] == []
