"""The report of a unit: saved, sent, returned, accepted; and what refuses."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from models import Actor, Disbursement, RuleBroken, Stale, SubmissionStatus
from models.base import OutOfScope, PeriodLocked
from models.filing import (
    DisbursementInput,
    ProjectInput,
    accept_report,
    read_sheet,
    return_report,
    save_report,
    send_report,
)
from models.filing.checks import check_sheet
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_investor,
    make_period,
    make_project,
    make_submission,
)

AT = datetime(2024, 4, 5, 3, tzinfo=UTC)
LATER = datetime(2024, 4, 12, 3, tzinfo=UTC)
CLERK = Actor(None, "Cán bộ")
V8 = ("V8", "warning")


@pytest.fixture
def unit(session):
    """A commune with one project of 1.000.000 đồng, and March open."""
    project = make_project(session)
    allocation = make_allocation(session, project=project, amount=1_000_000)
    return project.investor, make_period(session), project, allocation


def save(session, unit, *, version=0, nil=False, explanations=None, progress=None, **amounts):
    investor, period, project, allocation = unit
    money = DisbursementInput(allocation_id=allocation.id, **amounts)
    typed = ProjectInput(project_id=project.id, physical_progress=progress, disbursements=[money])
    return save_report(
        session,
        period=period,
        investor=investor,
        projects=[typed],
        nil_report=nil,
        explanations=explanations or {},
        version=version,
        at=AT,
    )


def sheet_of(session, unit):
    return read_sheet(session, period=unit[1], investor=unit[0], at=AT)


def codes(session, unit):
    return [(finding.rule, finding.level.value) for finding in check_sheet(sheet_of(session, unit))]


def test_sheet_shows_plan_before_now_and_after(session, unit):
    investor, _march, project, allocation = unit
    make_allocation(session, project=project, amount=7, budget_year=2025)  # another budget year
    february = make_period(session, "2024-02")
    sent = make_submission(session, period=february, investor=investor, status="submitted")
    entry = make_entry(session, submission=sent, project=project)
    make_disbursement(session, entry, allocation, advance=300_000)
    save(session, unit, completed=500_000, recovered=300_000)

    [row] = sheet_of(session, unit).allocations

    assert (row.plan, row.before, row.this_period, row.after) == (
        1_000_000,
        300_000,
        200_000,  # recovering an advance is no new money (domain §3.2)
        500_000,
    )
    assert (row.remaining, row.rate, row.advance_balance_before) == (
        500_000,
        Decimal("50.00"),
        300_000,
    )


def test_a_draft_saves_whatever_the_checks_say_but_is_not_sent(session, unit):
    submission = save(session, unit, completed=1_000_001)

    assert codes(session, unit) == [("V1", "error"), ("V8", "warning")]
    with pytest.raises(RuleBroken, match="Errors to correct first: 1"):
        send_report(session, submission, at=AT, actor=CLERK)
    assert submission.status is SubmissionStatus.DRAFT


@pytest.mark.parametrize(
    ("completed", "found"),
    [(999_999, []), (1_000_000, []), (1_000_001, [("V1", "error"), V8])],
)
def test_over_plan_begins_with_the_first_dong_above(session, unit, completed, found):
    save(session, unit, completed=completed)
    assert codes(session, unit) == found


def test_over_plan_while_a_decision_is_awaited_asks_for_an_explanation(session, unit):
    submission = save(session, unit, completed=1_000_001, awaits_decision=True)
    assert codes(session, unit) == [("V1", "warning"), V8]
    with pytest.raises(RuleBroken, match="Warnings to explain first: 2"):
        send_report(session, submission, at=AT, actor=CLERK)

    subject = f"allocation:{unit[3].id}"
    save(
        session,
        unit,
        version=submission.version,
        completed=1_000_001,
        awaits_decision=True,
        explanations={
            ("V1", subject): "Chờ quyết định bổ sung",
            ("V8", subject): "Đúng số đồng",
        },
    )
    send_report(session, submission, at=AT, actor=CLERK)

    assert submission.status is SubmissionStatus.SUBMITTED


def test_first_sending_counts_even_after_a_return(session, unit):
    submission = save(session, unit, completed=5_000)
    send_report(session, submission, at=AT, actor=CLERK)
    return_report(session, submission, reason="Thiếu số liệu", at=AT, actor=CLERK)
    assert submission.return_reason == "Thiếu số liệu"
    save(session, unit, version=submission.version, completed=6_000)
    send_report(session, submission, at=LATER, actor=CLERK)
    accept_report(session, submission, at=LATER, actor=CLERK)

    assert (submission.first_submitted_at, submission.last_submitted_at) == (AT, LATER)
    assert submission.status is SubmissionStatus.ACCEPTED
    assert submission.return_reason is None
    session.refresh(submission)
    kinds = [event.kind.value for event in submission.events]
    assert kinds == ["sent", "returned", "sent", "accepted"]


def test_sending_twice_and_accepting_a_draft_are_refused(session, unit):
    submission = save(session, unit, completed=5_000)
    with pytest.raises(RuleBroken, match="only a sent report"):
        accept_report(session, submission, at=AT, actor=CLERK)
    send_report(session, submission, at=AT, actor=CLERK)
    with pytest.raises(PeriodLocked):
        send_report(session, submission, at=AT, actor=CLERK)


def test_a_return_needs_a_reason(session, unit):
    submission = save(session, unit, completed=5_000)
    send_report(session, submission, at=AT, actor=CLERK)
    with pytest.raises(RuleBroken, match="correct"):
        return_report(session, submission, reason="  ", at=AT, actor=CLERK)


def test_two_tabs_never_overwrite_each_other(session, unit):
    submission = save(session, unit, completed=5_000)
    opened = submission.version
    save(session, unit, version=opened, completed=6_000)
    with pytest.raises(Stale):
        save(session, unit, version=opened, completed=7_000)
    with pytest.raises(Stale):
        save(session, unit, version=0, completed=8_000)


def test_a_locked_period_takes_nothing(session, unit):
    unit[1].status, unit[1].lock_at = "locked", AT
    session.flush()
    with pytest.raises(PeriodLocked, match="reopen"):
        save(session, unit, completed=5_000)


def test_a_period_locks_itself_at_its_moment(session, unit):
    unit[1].lock_at = AT
    session.flush()
    session.expire_all()
    with pytest.raises(PeriodLocked):
        save(session, unit, completed=5_000)


def test_nil_report_has_no_amounts_and_an_empty_one_is_declared(session, unit):
    submission = save(session, unit)
    with pytest.raises(RuleBroken, match="empty"):
        send_report(session, submission, at=AT, actor=CLERK)
    save(session, unit, version=submission.version, nil=True, completed=1)
    with pytest.raises(RuleBroken, match="amounts"):
        send_report(session, submission, at=AT, actor=CLERK)
    save(session, unit, version=submission.version, nil=True)
    send_report(session, submission, at=AT, actor=CLERK)
    assert submission.nil_report


@pytest.mark.parametrize("what", ["project", "allocation"])
def test_a_project_or_allocation_of_others_is_refused(session, unit, what):
    investor, period, project, _allocation = unit
    foreign = make_allocation(session)
    money = DisbursementInput(allocation_id=foreign.id, completed=1)
    typed = (
        ProjectInput(project_id=foreign.project_id, physical_progress=Decimal(1))
        if what == "project"
        else ProjectInput(project_id=project.id, disbursements=[money])
    )
    with pytest.raises(OutOfScope):
        save_report(
            session,
            period=period,
            investor=investor,
            projects=[typed],
            nil_report=False,
            explanations={},
            version=0,
            at=AT,
        )


def test_clearing_a_figure_removes_its_row(session, unit):
    submission = save(session, unit, completed=5_000)
    save(session, unit, version=submission.version)
    assert session.query(Disbursement).count() == 0


@pytest.mark.parametrize(
    ("amounts", "found"),
    [
        ({"returned": 0}, ["V9"]),
        ({"returned": 3_000}, ["V2", "V3"]),
        ({"returned": 3_000, "return_document": "GNT 12"}, ["V3", "V2"]),
        ({"advance": 3_000, "completed": 3_000, "recovered": 3_000}, []),
        ({"advance": 2_999, "completed": 3_000, "recovered": 3_000}, ["V4"]),
        ({"completed": 0}, ["V9"]),
    ],
)
def test_returns_and_recoveries_at_their_boundaries(session, unit, amounts, found):
    save(session, unit, **amounts)
    assert [code for code, _level in codes(session, unit)] == found


def test_capital_is_not_disbursed_before_its_allocation_nor_after_its_end(session, unit):
    _investor, _period, _project, allocation = unit
    allocation.disburse_until = date(2024, 3, 1)
    save(session, unit, completed=5_000)
    assert codes(session, unit) == []  # the last day lies within the month
    allocation.disburse_until = date(2024, 2, 29)
    session.flush()
    assert codes(session, unit) == [("V7", "error")]


@pytest.mark.parametrize(
    ("amount", "asks"),
    [
        (500_000_000, True),  # up to 1.000 times the plan
        (1_000_001, True),  # above it, and a thousandth fits
        (1_000_000, False),
        (2_001, False),
        (2_000, True),  # a five hundredth of the plan, and no month before
    ],
)
@pytest.mark.parametrize("name", ["advance", "completed", "returned"])
def test_a_thousandfold_amount_is_asked_about(session, unit, name, amount, asks):
    save(session, unit, **{name: amount}, return_document="GNT 1", awaits_decision=True)
    assert (V8 in codes(session, unit)) is asks


@pytest.mark.parametrize("count", [1, 20])
def test_reading_a_sheet_costs_the_same_for_1_and_20_projects(session, count_queries, unit, count):
    investor, period, *_rest = unit
    for _n in range(count - 1):
        make_allocation(session, project=make_project(session, investor=investor))
    session.commit()
    with count_queries() as seen:
        sheet = read_sheet(session, period=period, investor=investor, at=AT)
    assert len(sheet.projects) == count
    assert len(seen) <= 18  # one of them for what the Treasury says


def test_other_units_do_not_appear(session, unit):
    make_project(session, investor=make_investor(session))
    assert [row.project_id for row in sheet_of(session, unit).projects] == [unit[2].id]
