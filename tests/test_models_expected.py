"""Who must report: one rule, and a list that stays true while the period is open."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest

from models import (
    DISTRICT,
    AuditEntry,
    ExpectedChange,
    ExpectedReport,
    Investor,
    InvestorKind,
    Period,
    RuleBroken,
    db,
)
from models.base import Actor, act_as, fold
from models.duty import (
    BY_HAND,
    CAPITAL,
    GONE,
    HOLDS,
    NOTHING,
    PROJECT,
    REPORT,
    UNIT,
    WORKS,
    changes_of,
    expect_unit,
    extend_deadline,
    lock_period,
    open_period,
    release_unit,
    reopen_period,
    set_exemption,
    settle,
    settle_periods,
    unit_by_code,
)
from models.exchange.package import load_package
from models.reorganisation import Act, NewUnit, close, merge, undo
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_former_name,
    make_investor,
    make_line,
    make_org_event,
    make_period,
    make_project,
    make_submission,
)

AT = datetime(2024, 4, 1, tzinfo=UTC)
ENDED = {"start_on": date(2024, 1, 1), "end_on": date(2024, 1, 31)}
DONE = datetime(2024, 4, 20, tzinfo=UTC)
CLERK = Actor(None, "Cán bộ")


@pytest.fixture
def own(app):
    """The application's session, as a request or a command has it."""
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        act_as(CLERK)
        yield session
        session.rollback()


@pytest.fixture
def march(own):
    period = open_period(own, "2024-03", at=AT)
    own.commit()
    return period


def listed(session, period):
    rows = session.query(ExpectedReport).filter_by(period_id=period.id)
    return {row.investor_id for row in rows}


def told(session, period, unit):
    """The log of a unit, the oldest change first."""
    return [
        (one.added, one.cause, one.finding) for one in changes_of(session, period, unit.id)[::-1]
    ]


def report(session, project, allocation, code, amount, **given):
    """A sent report of one month with `amount` đồng."""
    period = session.query(ExpectedReport.period.property.entity.class_).filter_by(code=code)
    period = period.one_or_none() or make_period(session, code)
    given = {"status": "submitted"} | given
    submission = make_submission(session, period=period, investor=project.investor, **given)
    entry = make_entry(session, submission=submission, project=project)
    make_disbursement(session, entry, allocation, completed=amount)
    return submission


# ------------------------------------------------------------------ the rule


def test_capital_of_the_year_that_is_not_disbursed_makes_a_duty(own):
    """A project that ended in January with money left is asked for March, by its money."""
    project = make_project(own, **ENDED)
    allocation = make_allocation(own, 1_000_000, project=project)
    report(own, project, allocation, "2024-02", 999_999)
    assert listed(own, open_period(own, "2024-03", at=AT)) == {project.investor_id}
    report(own, make_project(own, investor=project.investor, **ENDED), allocation, "2024-01", 1)
    assert listed(own, open_period(own, "2024-04", at=AT)) == set()


@pytest.mark.parametrize(
    "change",
    [
        {"source": "HDK"},
        {"source": "TDCS"},
        {"budget_year": 2025, "vintage": 2024},
        {"amount": None},
    ],
)
def test_other_capital_makes_none(own, change):
    change = dict(change)
    project = make_project(own, **ENDED)
    make_allocation(own, change.pop("amount", 5), project=project, **change)
    assert listed(own, open_period(own, "2024-03", at=AT)) == set()


@pytest.mark.parametrize(("day", "is_asked"), [(31, True), (1, True)])
def test_capital_counts_from_the_day_it_is_in_force(own, day, is_asked):
    project = make_project(own, **ENDED)
    allocation = make_allocation(own, None, project=project)
    make_line(own, allocation, effective_on=date(2024, 3, day))
    assert bool(listed(own, open_period(own, "2024-03", at=AT))) is is_asked
    assert listed(own, open_period(own, "2024-02", at=AT)) == set()


def test_carried_capital_makes_a_duty_and_recalled_capital_none(own):
    carried = make_project(own, **ENDED)
    make_allocation(own, 7, project=carried, vintage=2023)
    recalled = make_project(own, **ENDED)
    gone = make_allocation(own, 7, project=recalled)
    make_line(own, gone, kind="recall", amount=-7, effective_on=date(2024, 3, 31))
    assert listed(own, open_period(own, "2024-03", at=AT)) == {carried.investor_id}


@pytest.mark.parametrize("status", ["draft", "returned"])
def test_only_what_is_reported_counts_as_disbursed(own, status):
    project = make_project(own, **ENDED)
    allocation = make_allocation(own, 5, project=project)
    report(own, project, allocation, "2024-02", 5, status=status)
    assert listed(own, open_period(own, "2024-03", at=AT)) == {project.investor_id}


def test_what_is_disbursed_in_the_window_itself_takes_no_duty_away(own):
    project = make_project(own, **ENDED)
    allocation = make_allocation(own, 5, project=project)
    march = open_period(own, "2024-03", at=AT)
    report(own, project, allocation, "2024-03", 5)
    own.commit()
    assert listed(own, march) == {project.investor_id}
    assert listed(own, open_period(own, "2024-04", at=AT)) == set()


def test_one_allocation_paid_twice_does_not_hide_the_money_of_another(own):
    project = make_project(own, **ENDED)
    paid, left = (
        make_allocation(own, 5, project=project),
        make_allocation(own, 3, project=project, source="NST"),
    )
    report(own, project, paid, "2024-01", 100)
    assert left.source == "NST"
    assert listed(own, open_period(own, "2024-03", at=AT)) == {project.investor_id}


def test_the_closing_period_goes_by_the_capital_alone(own):
    """A project at work in January 2025 makes no duty in the closing of 2024."""
    make_project(own, end_on=date(2025, 12, 31))
    with_money = make_project(own, end_on=date(2024, 3, 1))
    make_allocation(own, 5, project=with_money)
    closing = open_period(own, "2024-13", at=AT)
    assert listed(own, closing) == {with_money.investor_id}


@pytest.mark.parametrize(
    ("life", "is_asked"),
    [
        ({"valid_to": date(2024, 3, 31)}, True),
        ({"valid_to": date(2024, 3, 30)}, False),
        ({"valid_from": date(2024, 3, 31)}, True),
        ({"valid_from": date(2024, 4, 1)}, False),
    ],
)
def test_a_unit_exists_on_the_last_day_or_is_not_asked(own, life, is_asked):
    make_project(own, investor=make_investor(own, **life))
    assert bool(listed(own, open_period(own, "2024-03", at=AT))) is is_asked


def test_the_closing_of_the_demonstration_asks_units_with_money_left(own):
    from tests.test_reports_late import DEMO

    after = datetime(2024, 4, 16, tzinfo=UTC)  # its last report came on the day before
    load_package(own, DEMO, at=after, by="test")
    own.commit()
    assert len(listed(own, open_period(own, "2024-13", at=after))) == 9


# ------------------------------------------------------------------ the list of an open period


def test_a_first_project_and_its_capital_add_the_unit_to_the_open_month(own, march):
    project = make_project(own)
    own.commit()
    assert listed(own, march) == {project.investor_id}
    assert told(own, march, project.investor) == [(True, PROJECT, WORKS)]
    [change] = changes_of(own, march, project.investor_id)
    assert change.details == {"project": project.code}
    assert change.user_name == "Cán bộ"
    noted = own.query(AuditEntry).filter_by(resource="expected_report").one()
    assert (noted.action, noted.investor_id) == ("insert", project.investor_id)


def test_a_line_of_capital_adds_and_its_removal_takes_away(own, march):
    project = make_project(own, **ENDED)
    allocation = make_allocation(own, None, project=project)
    own.commit()
    assert listed(own, march) == set()
    line = make_line(own, allocation)
    own.commit()
    assert listed(own, march) == {project.investor_id}
    own.delete(line)
    own.commit()
    assert listed(own, march) == set()
    assert told(own, march, project.investor) == [(True, CAPITAL, HOLDS), (False, CAPITAL, NOTHING)]


@pytest.mark.parametrize(
    "change", [{"status": "planned"}, {"start_on": date(2024, 4, 1)}, {"end_on": date(2024, 2, 29)}]
)
def test_a_changed_project_takes_the_duty_away_and_gives_it_back(own, march, change):
    project = make_project(own)
    own.commit()
    before = {name: getattr(project, name) for name in change}
    for values, expected in ((change, set()), (before, {project.investor_id})):
        for name, value in values.items():
            setattr(project, name, value)
        own.commit()
        assert listed(own, march) == expected
    own.delete(project)
    own.commit()
    assert listed(own, march) == set()


def test_the_last_day_of_a_unit_ends_its_duty(own, march):
    unit = make_project(own).investor
    own.commit()
    unit.valid_to = date(2024, 3, 30)
    own.commit()
    assert told(own, march, unit)[-1] == (False, UNIT, GONE)
    unit.valid_to = None
    own.commit()
    assert listed(own, march) == {unit.id}


def test_a_report_that_is_sent_or_returned_moves_the_duty_of_later_months(own, march):
    project = make_project(own, **ENDED)
    allocation = make_allocation(own, 5, project=project)
    february = report(own, project, allocation, "2024-02", 5, status="draft")
    own.commit()
    assert listed(own, march) == {project.investor_id}
    february.status, february.first_submitted_at = "submitted", AT
    february.last_submitted_at = AT
    own.commit()
    assert listed(own, march) == set()
    february.status = "returned"
    own.commit()
    assert listed(own, march) == {project.investor_id}
    assert [cause for _added, cause, _f in told(own, march, project.investor)] == [
        PROJECT, REPORT, REPORT,
    ]  # fmt: skip


def test_the_order_of_the_doors_makes_no_difference(own):
    """Project, capital, a sent month, and the period before, between or after them: one list."""

    def build(order, n):
        unit = make_investor(own)
        held = {}

        def project():
            held["project"] = make_project(own, investor=unit, code=f"Q{n}", **ENDED)

        def capital():
            held["capital"] = make_allocation(own, 9, project=held["project"])

        def money():
            report(own, held["project"], held["capital"], "2024-02", 9)

        doors = {"project": project, "capital": capital, "money": money}
        for name in order:
            if name == "period":
                held["march"] = open_period(own, "2024-03", at=AT)
            else:
                doors[name]()
            own.commit()
        march = held["march"]
        found = unit.id in listed(own, march)
        for kind in (ExpectedChange, ExpectedReport):
            own.query(kind).filter_by(period_id=march.id).delete()
        own.delete(march)
        own.commit()
        return found

    names = ("project", "capital", "money", "period")
    orders = [
        order
        for order in itertools.permutations(names)
        if order.index("project") < order.index("capital") < order.index("money")
    ]
    assert {build(order, n) for n, order in enumerate(orders)} == {False}


def test_a_locked_period_keeps_its_list_and_an_opened_one_catches_up(own, march):
    lock_period(own, march, at=datetime.now(UTC))
    own.commit()
    project = make_project(own)
    own.commit()
    assert listed(own, march) == set()
    reopen_period(own, march, reason="Bổ sung", at=datetime.now(UTC))
    own.commit()
    assert listed(own, march) == {project.investor_id}


def test_what_changed_before_the_lock_is_in_the_list_that_is_locked(own, march):
    project = make_project(own)
    lock_period(own, march, at=datetime.now(UTC))
    own.commit()
    assert listed(own, march) == {project.investor_id}


def test_a_rollback_settles_nothing(own, march):
    make_project(own)
    own.rollback()
    assert settle(own) == 0
    assert listed(own, march) == set()


def test_an_exemption_and_an_extension_come_back_with_the_unit(own, march):
    project = make_project(own)
    own.commit()
    row = own.get(ExpectedReport, (project.investor_id, march.id))
    moved = datetime(2024, 5, 1, tzinfo=UTC)
    extend_deadline(own, row, deadline_at=moved, reason="Mưa lũ")
    set_exemption(own, row, reason="Chưa có vốn", until=date(2024, 3, 31))
    own.commit()
    project.status = "planned"
    own.commit()
    assert listed(own, march) == set()
    project.status = "active"
    own.commit()
    row = own.get(ExpectedReport, (project.investor_id, march.id))
    assert (row.deadline_at, row.deadline_reason) == (moved, "Mưa lũ")
    assert (row.exempt_reason, row.exempt_until) == ("Chưa có vốn", date(2024, 3, 31))


def test_a_lasting_exemption_holds_for_a_unit_that_is_added_later(own, march):
    project = make_project(own, end_on=date(2024, 3, 31))
    own.commit()
    row = own.get(ExpectedReport, (project.investor_id, march.id))
    set_exemption(own, row, reason="Chưa có vốn", until=date(2024, 12, 31))
    april = open_period(own, "2024-04", at=AT)
    own.commit()
    assert listed(own, april) == set()
    project.end_on = date(2024, 12, 31)
    own.commit()
    assert own.get(ExpectedReport, (project.investor_id, april.id)).exempt_reason == "Chưa có vốn"


@pytest.fixture
def exempt(own, march):
    """A unit that need not report from March to December; April is open."""
    project = make_project(own)
    own.commit()
    row = own.get(ExpectedReport, (project.investor_id, march.id))
    set_exemption(own, row, reason="Chưa có vốn", until=date(2024, 12, 31))
    open_period(own, "2024-04", at=AT)
    own.commit()
    return project.investor_id


def of_month(session, unit, code):
    """The row of a unit in the list of a period, which is opened if it is not."""
    found = session.query(Period).filter_by(code=code).one_or_none()
    row = session.get(ExpectedReport, (unit, (found or open_period(session, code, at=AT)).id))
    return row.exempt_reason, row.exempt_until


def test_an_exemption_that_was_ended_does_not_come_back_with_the_next_month(own, exempt):
    april = own.query(Period).filter_by(code="2024-04").one()
    set_exemption(own, own.get(ExpectedReport, (exempt, april.id)), reason=None, until=None)
    assert of_month(own, exempt, "2024-03") == ("Chưa có vốn", date(2024, 12, 31))
    assert of_month(own, exempt, "2024-04") == (None, None)
    assert of_month(own, exempt, "2024-05") == (None, None)


def test_a_shorter_exemption_ends_when_it_says_also_in_months_already_open(own, exempt):
    assert of_month(own, exempt, "2024-05") == ("Chưa có vốn", date(2024, 12, 31))
    assert of_month(own, exempt, "2024-06")[0] == "Chưa có vốn"
    april = own.query(Period).filter_by(code="2024-04").one()
    row = own.get(ExpectedReport, (exempt, april.id))
    set_exemption(own, row, reason="Vốn về từ tháng 6", until=date(2024, 5, 31))
    assert of_month(own, exempt, "2024-05") == ("Vốn về từ tháng 6", date(2024, 5, 31))
    assert of_month(own, exempt, "2024-06") == (None, None)
    assert of_month(own, exempt, "2024-07") == (None, None)


def test_an_exemption_of_one_month_for_its_own_sake_outlives_the_longer_one(own, exempt):
    open_period(own, "2024-05", at=AT)
    may, april = (own.query(Period).filter_by(code=code).one() for code in ("2024-05", "2024-04"))
    set_exemption(own, own.get(ExpectedReport, (exempt, may.id)), reason=None, until=None)
    set_exemption(own, own.get(ExpectedReport, (exempt, may.id)), reason="Lũ lụt", until=None)
    set_exemption(own, own.get(ExpectedReport, (exempt, april.id)), reason=None, until=None)
    assert of_month(own, exempt, "2024-04") == (None, None)
    assert of_month(own, exempt, "2024-05") == ("Lũ lụt", None)


def test_no_exemption_is_changed_in_a_month_that_is_locked(own, exempt):
    open_period(own, "2024-05", at=AT)
    may, april = (own.query(Period).filter_by(code=code).one() for code in ("2024-05", "2024-04"))
    lock_period(own, may, at=DONE)
    set_exemption(own, own.get(ExpectedReport, (exempt, april.id)), reason=None, until=None)
    assert of_month(own, exempt, "2024-05") == ("Chưa có vốn", date(2024, 12, 31))


# ------------------------------------------------------------------ mergers


def _act(session, day):
    return Act(effective_on=day, decision=make_decision(session), at=DONE, actor=CLERK)


def test_a_successor_is_not_asked_for_what_it_did_not_take_over(own):
    """Its projects had ended and its money was paid: nothing to report, merged or not."""
    town, commune = make_investor(own), make_investor(own)
    project = make_project(own, investor=commune, **ENDED)
    allocation = make_allocation(own, 5, project=project)
    report(own, project, allocation, "2024-02", 5)
    march = open_period(own, "2024-03", at=AT)
    own.commit()
    event = merge(own, [commune], town, _act(own, date(2024, 3, 15)))
    own.commit()
    assert listed(own, march) == set()
    undo(own, event, at=AT, actor=CLERK)
    own.commit()
    assert listed(own, march) == set()


def test_money_that_is_left_goes_with_the_duty_to_the_successor_and_back(own):
    town, commune = make_investor(own), make_investor(own)
    project = make_project(own, investor=commune, **ENDED)
    allocation = make_allocation(own, 6, project=project)
    february = report(own, project, allocation, "2024-02", 5)
    march = open_period(own, "2024-03", at=AT)
    own.commit()
    assert listed(own, march) == {commune.id}
    event = merge(own, [commune], town, _act(own, date(2024, 3, 15)))
    own.commit()
    assert listed(own, march) == {town.id}
    # what the predecessor reports late counts with the successor
    entry = make_entry(
        own, submission=february, project=make_project(own, investor=commune, **ENDED)
    )
    make_disbursement(own, entry, allocation, completed=1)
    own.commit()
    assert listed(own, march) == set()
    own.delete(entry.disbursements[0] if entry.disbursements else entry)
    own.commit()
    assert listed(own, march) == {town.id}
    undo(own, event, at=AT, actor=CLERK)
    own.commit()
    assert listed(own, march) == {commune.id}
    assert "%(summary)s" in told(own, march, town)[0][1]


def test_a_new_unit_is_asked_in_the_place_of_the_merged_ones_and_can_be_taken_back(own, march):
    first, second = make_project(own).investor, make_project(own).investor
    own.commit()
    new = NewUnit(code="X-MOI", kind=InvestorKind.COMMUNE, name="Xã mới", short_name="Xã mới")
    event = merge(own, [first, second], new, _act(own, date(2024, 3, 15)))
    own.commit()
    founded = own.query(Investor).filter_by(code="X-MOI").one()
    assert listed(own, march) == {founded.id}
    undo(own, event, at=DONE, actor=CLERK)
    own.commit()
    assert listed(own, march) == {first.id, second.id}
    assert own.query(Investor).filter_by(code="X-MOI").count() == 0


def test_a_unit_entered_by_mistake_can_be_removed_after_its_project(own, march):
    project = make_project(own)
    unit = project.investor
    own.commit()
    own.delete(project)
    own.commit()
    own.delete(unit)
    own.commit()
    assert own.query(Investor).count() == own.query(ExpectedChange).count() == 0


def test_two_transactions_that_add_one_unit_at_once_agree(app, session):
    """Neither is refused, and the unit stands on the list once."""
    make_period(session)
    units = [make_investor(session).id for _n in range(4)]
    component = make_component(session).id
    session.commit()
    start = Barrier(2)

    def work(name):
        with app.app_context():
            own = db.session()
            own.enter(DISTRICT)
            for n, unit in enumerate(units):
                start.wait(timeout=20)
                make_project(own, investor_id=unit, component_id=component, code=f"{name}{n}")
                own.commit()
            own.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work, name) for name in "AB"]:
            done.result(timeout=60)
    session.expire_all()
    assert {row.investor_id for row in session.query(ExpectedReport)} == set(units)
    assert session.query(ExpectedChange).count() == len(units)


def test_a_unit_that_closes_is_no_longer_asked(own, march):
    unit = make_project(own).investor
    own.commit()
    close(own, unit, _act(own, date(2024, 3, 31)))
    own.commit()
    assert listed(own, march) == set()


# ------------------------------------------------------------------ by hand


def test_what_an_officer_decides_is_not_overturned(own, march):
    project = make_project(own)
    own.commit()
    release_unit(own, march, project.investor, reason="Chuyển chủ đầu tư")
    own.commit()
    make_allocation(own, 5, project=project)
    own.commit()
    assert settle_periods(own, [march]) == 0
    assert listed(own, march) == set()
    idle = make_investor(own)
    expect_unit(own, march, idle, reason="Theo yêu cầu của huyện")
    own.commit()
    make_project(own, investor=idle, status="planned")
    own.commit()
    assert listed(own, march) == {idle.id}
    assert told(own, march, idle) == [(True, BY_HAND, None)]
    expect_unit(own, march, project.investor, reason="Xem lại")
    own.commit()
    assert listed(own, march) == {idle.id, project.investor_id}


def test_decisions_by_hand_are_refused_in_words(own, march):
    unit, old = make_investor(own), make_investor(own, valid_to=date(2024, 3, 30))
    for reason in ("", "  "):
        with pytest.raises(RuleBroken, match="reason"):
            expect_unit(own, march, unit, reason=reason)
    with pytest.raises(RuleBroken, match="not expected"):
        release_unit(own, march, unit, reason="x")
    with pytest.raises(RuleBroken, match="does not exist"):
        expect_unit(own, march, old, reason="x")
    expect_unit(own, march, unit, reason="x")
    noted = own.query(AuditEntry).filter_by(resource="expected_report").all()
    assert noted
    assert all(one.search_text == fold(one.user_name) for one in noted)  # found by the person
    with pytest.raises(RuleBroken, match="already"):
        expect_unit(own, march, unit, reason="x")
    with pytest.raises(RuleBroken, match="No unit"):
        unit_by_code(own, march, "KHONG-CO")
    assert unit_by_code(own, march, unit.code) is unit
    lock_period(own, march, at=datetime.now(UTC))
    with pytest.raises(RuleBroken, match="locked"):
        release_unit(own, march, unit, reason="x")


@pytest.mark.parametrize(("last", "meant"), [(30, "second"), (31, "first")])
def test_a_code_means_the_unit_that_bore_it_on_the_last_day(own, march, last, meant):
    """Lists and forms of a month say the codes of that day; today's are understood as well."""
    first, second = make_investor(own, code="A"), make_investor(own, code="B")
    for unit, code in ((first, "C"), (second, "A")):
        make_former_name(own, make_org_event(own), unit, valid_to=date(2024, 3, last))
        unit.code = code
        own.flush()
    assert unit_by_code(own, march, "A") is {"first": first, "second": second}[meant]
    assert unit_by_code(own, march, "C") is first
    if last == 31:
        assert unit_by_code(own, march, "B") is second


def test_settling_costs_the_same_for_1_and_20_units(own, march, count_queries):
    counts = []
    for units in (1, 19):
        for _n in range(units):
            make_allocation(own, 5)
        own.flush()
        with count_queries() as seen:
            assert settle(own) == units
        counts.append(len(seen))
        own.commit()
    assert counts[0] == counts[1] <= 12
    assert own.query(Investor).count() == len(listed(own, march)) == 20
