"""Exceptions of one unit: extension, reopening until an hour, paper, exemption; January's years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from models import (
    Actor,
    Disbursement,
    ReceiptWay,
    RuleBroken,
    Submission,
    SubmissionStatus,
)
from models.base import PeriodLocked, at_local
from models.calendar import Punctuality, punctuality
from models.duty import (
    extend_deadline,
    late_standings,
    lock_period,
    open_period,
    override_deadline,
    punctualities,
    reopen_for_unit,
    set_exemption,
    standings_of,
    tallies,
)
from models.filing import (
    DisbursementInput,
    ProjectInput,
    accept_report,
    read_sheet,
    register_receipt,
    return_report,
    save_report,
    send_report,
    withdraw_receipt,
)
from models.filing.checks import check_sheet
from models.ledger import sums_of
from reports.late import late
from reports.proof import prove
from tests.factories import (
    make_allocation,
    make_capital_term,
    make_disbursement,
    make_entry,
    make_expected,
    make_investor,
    make_period,
    make_project,
    make_submission,
)

CLERK = Actor(None, "Cán bộ")
AT = datetime(2024, 4, 12, 2, tzinfo=UTC)
HOUR = datetime(2024, 4, 12, 10, tzinfo=UTC)  # 17:00 in Vietnam
SECOND = timedelta(seconds=1)


@pytest.fixture
def sent(session):
    """A unit whose accepted report of a locked March shows 600.000 đồng of 1.000.000."""
    project = make_project(session)
    allocation = make_allocation(session, project=project)
    period = open_period(session, "2024-03", at=AT)
    report = make_submission(session, period=period, investor=project.investor, status="accepted")
    entry = make_entry(session, project=project, submission=report, progress_text="Đang làm")
    make_disbursement(session, entry, allocation, completed=600_000)
    lock_period(session, period, at=AT - timedelta(hours=1))
    session.commit()
    return period, project, allocation, report


def typed(project, allocation, amount):
    paid = DisbursementInput(allocation_id=allocation.id, completed=amount)
    return [ProjectInput(project_id=project.id, progress_text="Sửa số", disbursements=[paid])]


def save(session, sent, *, at, amount=700_000):
    period, project, allocation, report = sent
    session.refresh(report)
    return save_report(
        session, period=period, investor=project.investor, nil_report=False, explanations={},
        projects=typed(project, allocation, amount), version=report.version, at=at,
    )  # fmt: skip


def reopen(session, sent, until=HOUR):
    period, project, *_rest = sent
    return reopen_for_unit(
        session, period, project.investor, until_at=until, reason="Sai số", at=AT, actor=CLERK
    )


def test_a_locked_period_names_the_rule_the_day_and_whom_to_ask(session, sent):
    with pytest.raises(PeriodLocked) as refused:
        save(session, sent, at=AT)
    assert refused.value.values["since"] == AT - timedelta(hours=1)
    assert "Phòng Lao động" in refused.value.values["office"]
    assert "frozen" in refused.value.message


@pytest.mark.parametrize(
    ("moment", "is_open"), [(AT, True), (HOUR - SECOND, True), (HOUR, False), (AT - SECOND, False)]
)
def test_the_reopening_closes_by_itself_at_the_hour(session, sent, moment, is_open):
    reopen(session, sent)
    period, project, *_rest = sent
    sheet = read_sheet(session, period=period, investor=project.investor, at=moment)
    assert sheet.is_editable is is_open
    assert sheet.is_correction is is_open
    if is_open:
        send_report(session, save(session, sent, at=moment), at=moment, actor=CLERK)
    else:
        with pytest.raises(PeriodLocked):
            save(session, sent, at=moment)


def test_it_opens_for_one_unit_only(session, sent):
    period, *_rest = sent
    other = make_project(session)
    reopen(session, sent)
    sheet = read_sheet(session, period=period, investor=other.investor, at=AT)
    assert sheet.why_closed is not None


def test_what_was_sent_stands_until_the_corrected_report_is_sent(session, sent):
    period, _project, allocation, _report = sent
    reopen(session, sent)
    report = save(session, sent, at=AT)  # a draft always saves
    assert report.status is SubmissionStatus.DRAFT
    sums = sums_of(session, [allocation.id], day=period.data_to)
    assert sums[allocation.id].disbursed == 600_000
    first = report.first_submitted_at
    send_report(session, report, at=AT, actor=CLERK)
    assert report.status is SubmissionStatus.SUBMITTED
    assert (report.first_submitted_at, report.last_submitted_at) == (first, AT)
    accept_report(session, report, at=HOUR, actor=CLERK)  # after the hour, too
    assert session.query(Disbursement).one().completed == 700_000


def test_in_a_locked_period_nothing_is_returned_and_nothing_else_accepted(session, sent):
    *_rest, report = sent
    with pytest.raises(PeriodLocked, match="nothing can be returned"):
        return_report(session, report, reason="x", at=AT, actor=CLERK)
    report.status = SubmissionStatus.SUBMITTED
    with pytest.raises(PeriodLocked):
        accept_report(session, report, at=AT, actor=CLERK)


@pytest.mark.parametrize("until", [AT, AT - SECOND])
def test_a_reopening_ends_in_the_future(session, sent, until):
    with pytest.raises(RuleBroken, match="future"):
        reopen(session, sent, until)


def test_a_reopening_needs_a_reason_a_locked_period_and_no_other(session, sent):
    period, project, *_rest = sent
    with pytest.raises(RuleBroken, match="reason"):
        reopen_for_unit(
            session, period, project.investor, until_at=HOUR, reason=" ", at=AT, actor=CLERK
        )
    reopen(session, sent)
    with pytest.raises(RuleBroken, match="already"):
        reopen(session, sent)
    with pytest.raises(RuleBroken, match="not locked"):
        reopen_for_unit(
            session, make_period(session, "2024-04"), project.investor, until_at=HOUR,
            reason="x", at=AT, actor=CLERK,
        )  # fmt: skip


@pytest.fixture
def unit(session):
    """A unit expected for an open March, with the deadline 23:59:59 on 9 April."""
    period, investor = make_period(session), make_investor(session)
    return period, investor, make_expected(session, period, investor)


def one(session, period, as_of):
    return standings_of(session, [period], as_of=as_of)[0]


@pytest.mark.parametrize(
    ("moment", "status"),
    [("2024-04-12T23:59:59+07:00", "on_time"), ("2024-04-13T00:00:00+07:00", "late")],
)
def test_an_extension_counts_for_its_unit_to_the_second(session, unit, moment, status):
    period, investor, expected = unit
    deadline = datetime.fromisoformat("2024-04-12T23:59:59+07:00")
    extend_deadline(session, expected, deadline_at=deadline, reason="Bão số 1")
    at = datetime.fromisoformat(moment)
    make_submission(
        session, period=period, investor=investor, status="submitted", first_submitted_at=at
    )
    found = one(session, period, at + timedelta(days=9))
    assert (found.status.value, found.deadline_reason) == (status, "Bão số 1")
    assert late(session, period=period, as_of=at, show_all=True)[0].deadline == deadline


def test_an_extension_is_later_than_the_deadline_and_can_be_taken_back(session, unit):
    period, _investor, expected = unit
    for refused in (period.deadline_at, period.deadline_at - SECOND):
        with pytest.raises(RuleBroken, match="after that of the period"):
            extend_deadline(session, expected, deadline_at=refused, reason="x")
    later = period.deadline_at + SECOND
    with pytest.raises(RuleBroken, match="reason"):
        extend_deadline(session, expected, deadline_at=later, reason=" ")
    extend_deadline(session, expected, deadline_at=later, reason="x")
    extend_deadline(session, expected, deadline_at=None, reason="")
    assert one(session, period, AT).deadline_at == period.deadline_at


def test_an_extension_gives_a_unit_never_less_time_than_all_others_have(session, unit):
    period, investor, expected = unit
    extended, for_all, sent = (
        datetime.fromisoformat(f"2024-04-{day}T23:59:59+07:00") for day in (12, 15, 14)
    )
    extend_deadline(session, expected, deadline_at=extended, reason="Bão số 1")
    make_submission(
        session, period=period, investor=investor, status="submitted", first_submitted_at=sent
    )
    as_of = for_all + timedelta(days=5)

    def told():
        found = one(session, period, as_of)
        told_late = [row.status for row in late(session, period=period, as_of=as_of)]
        assert [row.status for row in late_standings(session, period, as_of=as_of)[0]] == told_late
        counted = punctualities(session, [period], as_of=as_of)[period.id]
        assert counted == {found.status: 1}
        assert not [one for proof in prove(session) for one in proof.differences]
        return found.status, found.deadline_at, found.is_extended, found.deadline_reason

    assert told() == ("late", extended, True, "Bão số 1")
    override_deadline(session, period, deadline_at=for_all, reason="Mưa lũ")
    assert told() == ("on_time", for_all, False, "Mưa lũ")
    override_deadline(session, period, deadline_at=extended - SECOND, reason="Hết lũ")
    assert told() == ("late", extended, True, "Bão số 1")


def test_who_has_not_sent_is_missing_only_after_the_later_of_both_deadlines(session, unit):
    period, _investor, expected = unit
    extended, for_all = (
        datetime.fromisoformat(f"2024-04-{day}T23:59:59+07:00") for day in (12, 15)
    )
    extend_deadline(session, expected, deadline_at=extended, reason="Bão số 1")
    override_deadline(session, period, deadline_at=for_all, reason="Mưa lũ")
    for as_of, missing in ((for_all, 0), (for_all + SECOND, 1)):
        assert len(late_standings(session, period, as_of=as_of)[0]) == missing
        assert tallies(session, [period], as_of=as_of)[period.id].missing == missing
        assert one(session, period, as_of).is_overdue is bool(missing)


def receive(session, unit, moment, **given):
    period, investor, _expected = unit
    wanted = {"way": ReceiptWay.PAPER, "note": "Số đến 123", "at": AT, "actor": CLERK} | given
    return register_receipt(session, period, investor, received_at=moment, **wanted)


def test_a_report_on_paper_counts_when_it_came(session, unit):
    period, investor, _expected = unit
    moment = at_local(date(2024, 4, 9), datetime.min.time())
    report = receive(session, unit, moment)
    assert one(session, period, AT).status is Punctuality.ON_TIME
    assert report.status is SubmissionStatus.DRAFT
    assert (report.received_by, report.received_note) == ("Cán bộ", "Số đến 123")
    withdraw_receipt(session, report)
    assert one(session, period, AT).status is Punctuality.MISSING
    receive(session, unit, moment)
    make_project(session, investor=investor)
    report.nil_report = True
    send_report(session, report, at=AT, actor=CLERK)
    assert report.first_submitted_at == moment
    with pytest.raises(RuleBroken, match="taken back"):
        withdraw_receipt(session, report)
    with pytest.raises(RuleBroken, match="already"):
        receive(session, unit, moment)


@pytest.mark.parametrize(
    ("moment", "words"),
    [(AT + SECOND, "future"), (datetime(2024, 2, 29, 16, 59, tzinfo=UTC), "before the period")],
)
def test_an_impossible_receipt_is_refused(session, unit, moment, words):
    with pytest.raises(RuleBroken, match=words):
        receive(session, unit, moment)


@pytest.mark.parametrize(
    ("lasts", "words"),
    [
        ({"valid_to": date(2024, 3, 30)}, "ended"),
        ({"valid_from": date(2024, 4, 1)}, "begins"),
        ({"valid_to": date(2024, 3, 31)}, None),
        ({"valid_from": date(2024, 3, 31)}, None),
    ],
)
def test_a_receipt_is_of_a_unit_that_is_there_on_the_last_day(session, unit, lasts, words):
    for name, day in lasts.items():
        setattr(unit[1], name, day)
    session.flush()
    if words is None:
        assert receive(session, unit, AT - SECOND).received_via is not None
        return
    with pytest.raises(RuleBroken, match=words):
        receive(session, unit, AT - SECOND)
    assert session.query(Submission).count() == 0


def test_who_was_late_stays_so_once_the_period_is_locked(session, unit):
    period, _investor, expected = unit
    report = receive(session, unit, AT - SECOND)
    lock_period(session, period, at=AT)
    later = period.deadline_at + timedelta(days=9)
    for moved in (later, None):
        with pytest.raises(RuleBroken, match="no longer change"):
            extend_deadline(session, expected, deadline_at=moved, reason="x")
    with pytest.raises(RuleBroken, match="no longer change"):
        override_deadline(session, period, deadline_at=later, reason="x")
    for reason in ("x", None):
        with pytest.raises(RuleBroken, match="no longer change"):
            set_exemption(session, expected, reason=reason, until=None)
    with pytest.raises(RuleBroken, match="locked"):
        withdraw_receipt(session, report)
    found = one(session, period, later)
    assert (found.status, found.first_submitted_at) == (Punctuality.LATE, AT - SECOND)


@pytest.mark.parametrize(
    ("locked", "first", "told"),
    [
        ("2024-04-12T23:59:59+07:00", None, ("missing", 3)),
        ("2024-04-13T00:00:00+07:00", None, ("missing", 4)),
        ("2024-04-09T17:00:00+07:00", None, ("missing", 1)),  # before its deadline
        ("2024-04-12T23:59:59+07:00", "2024-04-20T08:00:00+07:00", ("late", 11)),  # reopened for it
    ],
)
def test_who_sent_nothing_is_late_up_to_the_lock(session, unit, locked, first, told):
    """Found: “quá hạn 957 ngày” of a month that takes no report any more (domain §5.5)."""
    period, investor, _expected = unit
    lock_period(session, period, at=datetime.fromisoformat(locked))
    if first is not None:
        at = datetime.fromisoformat(first)
        make_submission(
            session, investor=investor, period=period, status="submitted", first_submitted_at=at
        )
    asked = datetime.fromisoformat("2026-11-30T09:00:00+07:00")
    found = one(session, period, asked)
    assert (found.status, found.days_late) == told
    [row] = late(session, period=period, as_of=asked)
    assert (row.status, row.days_late) == told
    before = datetime.fromisoformat("2024-04-11T09:00:00+07:00")
    assert late(session, period=period, as_of=before)[0].days_late == min(told[1], 2)


def test_a_receipt_needs_its_evidence(session, unit):
    with pytest.raises(RuleBroken, match="reason"):
        receive(session, unit, AT - SECOND, note=" ")


def test_an_exemption_cannot_end_before_its_period(session, unit):
    *_rest, expected = unit
    with pytest.raises(RuleBroken, match="before the last day"):
        set_exemption(session, expected, reason="x", until=date(2024, 3, 30))
    set_exemption(session, expected, reason="x", until=date(2024, 3, 31))


# January: two budget years side by side


@pytest.fixture
def january(session):
    project = make_project(session, end_on=date(2025, 12, 31))
    old = make_allocation(session, project=project, budget_year=2024)
    new = make_allocation(session, project=project, budget_year=2025)
    at = datetime(2025, 1, 10, tzinfo=UTC)
    closing, first = (open_period(session, code, at=at) for code in ("2024-13", "2025-01"))
    session.commit()
    return project, old, new, closing, first


def test_each_sheet_of_january_holds_its_own_budget_year(session, january):
    project, old, new, closing, first = january
    at = datetime(2025, 1, 20, tzinfo=UTC)
    for period, allocation in ((closing, old), (first, new)):
        sheet = read_sheet(session, period=period, investor=project.investor, at=at)
        assert [row.allocation_id for row in sheet.allocations] == [allocation.id]
    assert (closing.data_from, closing.data_to) == (date(2025, 1, 1), date(2025, 1, 31))


def test_no_figure_lands_in_the_wrong_budget_year_by_any_door(session, january):
    project, old, new, closing, first = january
    for period, wrong in ((closing, new), (first, old)):
        with pytest.raises(RuleBroken):
            save_report(
                session, period=period, investor=project.investor, nil_report=False,
                explanations={}, projects=typed(project, wrong, 5), version=0, at=AT,
            )  # fmt: skip
        session.rollback()
    january = session.merge(closing)
    report = make_submission(session, period=january, investor=project.investor)
    entry = make_entry(session, project=project, submission=report)
    make_disbursement(session, entry, old, completed=5)
    session.commit()
    with pytest.raises(DBAPIError, match="budget year"):
        make_disbursement(session, entry, new, completed=5)
    session.rollback()
    row = session.query(Disbursement).one()
    row.allocation_id = new.id
    with pytest.raises(DBAPIError, match="budget year"):
        session.flush()


@pytest.mark.parametrize(
    ("vintage", "own", "term", "found"),
    [
        (2024, None, None, []),  # capital of the year: to 31 January
        (2023, None, None, ["V7"]),  # carried over: to 31 December
        (2023, None, date(2025, 1, 1), []),  # the term of the vintage reaches into January
        (2023, None, date(2024, 12, 31), ["V7"]),
        (2024, date(2024, 12, 31), None, ["V7"]),
        (2023, date(2025, 1, 1), date(2024, 6, 30), []),  # its own day goes before its vintage's
    ],
)
def test_nothing_is_disbursed_after_the_capital_has_expired(session, vintage, own, term, found):
    project = make_project(session, end_on=date(2025, 12, 31))
    allocation = make_allocation(session, project=project, vintage=vintage, disburse_until=own)
    if term is not None:
        make_capital_term(session, vintage=vintage, disburse_until=term)
    period = open_period(session, "2024-13", at=datetime(2025, 1, 10, tzinfo=UTC))
    save_report(
        session, period=period, investor=project.investor, nil_report=False, explanations={},
        projects=typed(project, allocation, 5), version=0, at=AT,
    )  # fmt: skip
    sheet = read_sheet(session, period=period, investor=project.investor, at=AT)
    assert [one.rule for one in check_sheet(sheet) if one.rule == "V7"] == found


# Properties: whatever happened to the units


FROM, TO = (datetime(2024, month, 1, tzinfo=UTC).replace(tzinfo=None) for month in (3, 6))
MOMENTS = st.datetimes(min_value=FROM, max_value=TO, timezones=st.just(UTC))
UNITS = st.lists(
    st.fixed_dictionaries(
        {
            "sent": st.none() | MOMENTS,
            "exempt": st.booleans(),
            "extended": st.none() | st.integers(1, 60),
            "closed": st.booleans(),
        }
    ),
    max_size=8,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(units=UNITS, as_of=MOMENTS)
def test_received_never_exceeds_expected_and_each_unit_has_one_status(session, units, as_of):
    period = make_period(session)
    for unit in units:
        investor = make_investor(session, valid_to=date(2024, 3, 31) if unit["closed"] else None)
        extended = unit["extended"]
        make_expected(
            session, period, investor,
            exempt_reason="Không có vốn" if unit["exempt"] else None,
            deadline_at=period.deadline_at + timedelta(days=extended) if extended else None,
            deadline_reason="Gia hạn" if extended else None,
        )  # fmt: skip
        if unit["sent"]:
            make_submission(
                session, period=period, investor=investor, status="submitted",
                first_submitted_at=unit["sent"],
            )  # fmt: skip
    standings = standings_of(session, [period], as_of=as_of)
    assert len(standings) == len(units) == len({s.investor.id for s in standings})
    expected = [s for s in standings if s.status is not Punctuality.EXEMPT]
    received = [s for s in expected if s.first_submitted_at is not None]
    assert 0 <= len(received) <= len(expected) <= len(units)
    for found in standings:
        assert found.status in Punctuality
        assert (found.days_late > 0) == (found.status in (Punctuality.LATE, Punctuality.MISSING))
    session.rollback()


@given(
    sent=st.none() | MOMENTS, deadline=MOMENTS, as_of=MOMENTS, exempt=st.booleans(),
    zone=st.sampled_from([0, 7, -11]),
)  # fmt: skip
def test_the_status_depends_on_instants_not_on_zones(sent, deadline, as_of, exempt, zone):
    from datetime import timezone

    def moved(moment):
        return moment and moment.astimezone(timezone(timedelta(hours=zone)))

    plain = punctuality(first_submitted_at=sent, deadline_at=deadline, as_of=as_of, exempt=exempt)
    assert plain is punctuality(
        first_submitted_at=moved(sent), deadline_at=moved(deadline), as_of=moved(as_of),
        exempt=exempt,
    )  # fmt: skip
