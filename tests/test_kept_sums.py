"""Sums that are added up ahead: what is shown of them is what adding up all would show, whatever
was done since by whatever door, and by whom they are not used.
"""

import random
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade
from sqlalchemy.sql import visitors

from models import (
    DISTRICT,
    WHOLE,
    Actor,
    Allocation,
    AllocationLine,
    Investor,
    OfficeSum,
    Period,
    ProgressEntry,
    Project,
    RuleBroken,
    Scope,
    UnitSum,
    act_as,
    db,
)
from models.base import record
from models.base.counting import COUNTING
from models.duty import open_period
from models.filing import ProjectInput, read_sheet, save_report
from models.ledger import count_anew
from models.reorganisation import Act, merge, undo
from reports.consolidated import COLUMNS, Window, consolidated, explain
from reports.facts import (
    BASES,
    forget_sums,
    gather,
    held_now,
    keep_sums,
    periods_with_sums,
    prove_sums,
    total,
)
from reports.facts.behind import kept_behind
from reports.facts.counted import live_with_counts
from reports.facts.kept import MADE_OF, stale_units
from reports.home import cumulative_by_month
from reports.pace import pace
from reports.ranking import ranking
from reports.review import disbursed_in
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_line,
    make_period,
    make_project,
    make_submission,
)
from tests.test_rollup import AT, CLERK, UNIT, M, Office

TODAY = date(2024, 4, 20)


@pytest.fixture
def own(app):
    """The application's own session, which notes what is changed."""
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        act_as(Actor(None, "Anh Cường"))
        yield session
        session.rollback()


def shown(session, periods, bases=BASES):
    """Everything that is made of such sums."""
    found = {}
    for period in periods:
        for basis in bases:
            for by in ("component", "unit"):
                source = gather(session, period=period, basis=basis, by=by)
                found[period.code, basis, by] = (
                    {
                        one.component_id: (one.figures, one.projects, one.estimates)
                        for one in source.lines
                    },
                    source.held,
                )
            held = held_now(session, period=period, basis=basis)
            found[period.code, basis, "held"] = held
            for some in (set(), {min(held, default=1)}, set(list(held)[::2])):
                part = held_now(session, period=period, basis=basis, of=some)
                assert part == {unit: held[unit] for unit in some & held.keys()}
            found[period.code, basis] = cumulative_by_month(session, period, basis)
            found[period.code, basis, "pace"] = pace(session, period=period, basis=basis)
            paid = disbursed_in(session, period)
            found[period.code, "reviewed"] = {unit: net for unit, net in paid.items() if net}
            found[period.code, basis, "explained"] = explain(
                session,
                period=period,
                column="remaining",
                basis=basis,
                window=Window(page=0, size=3),
            )
    return found


def both(session, periods, monkeypatch, bases=BASES):
    """What is shown by what is kept, and by adding up all."""
    by_kept = shown(session, periods, bases)
    with monkeypatch.context() as patch:
        for module in ("facts.together", "facts.behind", "facts.kept", "home", "review"):
            patch.setattr(f"reports.{module}.stale_units", lambda *_of: None)
        return by_kept, shown(session, periods, bases)


def explained(session, monkeypatch, **figure):
    """What stands behind a figure by what is kept, and by counting all."""
    by_kept = explain(session, **figure)
    with monkeypatch.context() as patch:
        patch.setattr("reports.facts.behind.stale_units", lambda *_of: None)
        return by_kept, explain(session, **figure)


def keep(session, today=TODAY, bases=BASES):
    periods = periods_with_sums(session, today)
    for period in periods:
        for basis in bases:
            keep_sums(session, period, basis)
            session.commit()
    return periods


def stale(session, period, basis="submitted"):
    found = stale_units(session, Period.id == period.id, basis)
    return None if found is None else found.units


class Busy(Office):
    """An office in which all is done that changes a figure."""

    def __init__(self, session, chance):
        super().__init__(session, chance)
        self.parts = [make_component(session) for _n in (1, 2)]
        for month in ("2024-01", "2024-02"):
            make_period(session, month)
        open_period(session, "2024-Q1", at=AT)
        session.commit()

    def does(self, name, unit, period):
        """Whether the act is allowed; if so it is done and stored."""
        try:
            with self.session.begin_nested():
                getattr(self, name)(unit, period)
            self.session.commit()
        except RuleBroken:
            self.session.rollback()
            return False
        return True

    def estimate(self, unit, period):
        sheet = read_sheet(self.session, period=period, investor=unit, at=self.at)
        told = [
            ProjectInput(project_id=one.id, progress_text="Đã chi", estimate=self.chance.choice(
                [None, 50 * M, 90 * M]), disbursements=[])
            for one in self.capital if one.investor_id == unit.id
        ]  # fmt: skip
        save_report(
            self.session, period=period, investor=unit, nil_report=False, version=sheet.version,
            explanations={}, at=self.at, actor=UNIT, projects=told,
        )  # fmt: skip

    def move(self, unit, _period):
        project = self.chance.choice([one for one in self.capital if one.investor_id == unit.id])
        project.component = self.chance.choice([*self.parts, project.component])

    def book(self, unit, _period):
        [key, *_] = [key for one, key in self.capital.items() if one.investor_id == unit.id]
        make_line(
            self.session, self.session.get(Allocation, key), kind="adjust",
            amount=self.chance.randrange(1, 9) * M,
            effective_on=date(2024, self.chance.randrange(1, 5), 7),
        )  # fmt: skip

    def found(self, unit, _period):
        project = make_project(self.session, code=f"N{self.at:%d%H%M}", investor=unit)
        make_allocation(self.session, 7 * M, project=project)


def test_whatever_is_done_the_sums_shown_are_those_of_now(own, monkeypatch):
    chance, done, used = random.Random(11), Counter(), Counter()
    look = random.Random(12)
    office = Busy(own, chance)
    own.commit()
    acts = [
        *("save", "save", "save", "estimate", "send", "send", "send", "accept", "give_back"),
        *("move", "book", "found"),
    ]
    periods = keep(own)
    for step in range(80):
        office.at += timedelta(minutes=30)
        name, unit, month = (chance.choice(of) for of in (acts, office.units, office.months))
        if name == "found" and step < 50:
            continue  # a report without it would not be sent
        if not office.does(name, unit, month):
            continue
        done[name] += 1
        used[len(stale(own, month))] += 1
        looked_at, basis = chance.sample(periods, 2), chance.choice(BASES)
        by_kept, by_all = both(own, looked_at, monkeypatch, [basis])
        assert by_kept == by_all, (step, name)
        figure = {
            "period": look.choice(looked_at), "column": look.choice(list(COLUMNS)),
            "component_id": look.choice([None, *(one.id for one in office.parts)]),
            "window": Window(page=look.randrange(4), size=2), "basis": basis,
        }  # fmt: skip
        by_kept, by_all = explained(own, monkeypatch, **figure)
        assert by_kept == by_all, (step, name, figure)
        if chance.random() < 0.1:
            periods = keep(own)
            assert list(prove_sums(own)) == []
    assert set(done) == set(acts), done
    assert {1, 2} <= set(used) <= {0, 1, 2}, used


@pytest.fixture
def office(own):
    """Two units with a project each; March of both is sent: 30 m and 20 m."""
    period = make_period(own)
    for n, paid in ((1, 30), (2, 20)):
        project = make_project(own, code=f"P{n}")
        capital = make_allocation(own, 900 * M, project=project)
        report = make_submission(own, investor=project.investor, period=period, status="submitted")
        entry = make_entry(own, submission=report, project=project, estimate=(40 + n) * M)
        make_disbursement(own, entry=entry, allocation=capital, completed=paid * M)
    own.commit()
    return period


def projects(session):
    return list(session.scalars(sa.select(Project).order_by(Project.code)))


def capital(session, project):
    return session.scalars(sa.select(Allocation).filter_by(project_id=project.id)).one()


def book(session, project, amount=1):
    make_line(session, capital(session, project), kind="adjust", amount=amount)


def test_what_figures_are_made_of_is_known_by_name():
    """Every table that the statement reads, and those of which the database makes a sum of it."""
    statement = live_with_counts("submitted")
    read = {one.name for one in visitors.iterate(statement) if isinstance(one, sa.Table)}
    counted = {text.split(" ON ", 1)[1].split()[0] for text in COUNTING["sqlite"].values()}
    unnoted = {"sent_entry", "sent_disbursement"}  # go with a sending
    assert (read | counted) - unnoted == MADE_OF.keys()


def test_a_change_makes_the_sums_of_its_unit_old_and_no_others(own, office):
    first, second = projects(own)
    assert stale(own, office) is None  # none are kept
    keep(own)
    assert stale(own, office) == set()
    book(own, second)
    own.commit()
    assert stale(own, office) == {second.investor_id}
    assert keep_sums(own, office, "submitted") == 1
    own.commit()
    assert stale(own, office) == set()
    first.investor.phone = "0205 3825 111"
    own.commit()
    assert stale(own, office) == set()


def test_who_changes_something_adds_up_all_until_it_is_noted_in_the_chain(own, office):
    keep(own)
    book(own, projects(own)[0])
    assert stale(own, office) is None
    total = consolidated(own, period=office, detail="group").rows[0]
    assert total.plan_total == 1_800 * M + 1
    own.rollback()
    assert stale(own, office) == set()
    assert consolidated(own, period=office, detail="group").rows[0].plan_total == 1_800 * M


def test_who_sees_a_part_is_shown_the_sums_of_that_part_alone(own, office):
    keep(own)
    first, _second = projects(own)
    mine = frozenset({first.investor_id})
    own.enter(Scope(read=mine, write=mine))
    assert stale(own, office) is None
    assert consolidated(own, period=office, detail="group").rows[0].disbursed_total == 30 * M
    assert {row.investor_id for row in own.scalars(sa.select(UnitSum))} == mine
    assert kept_behind(own, office, "submitted", None) is None
    part = explain(own, period=office, column="remaining", window=Window(page=0, size=5))
    assert (part.plans.count, part.plan_sum) == (1, 900 * M)
    assert (part.paid.count, part.money_sum) == (1, 30 * M)


def test_rows_that_come_to_nothing_are_counted_and_their_project_is_not_shown(own, office):
    first, _second = projects(own)
    idle = make_project(own, code="P3", investor=first.investor, component=make_component(own))
    make_line(own, make_allocation(own, 5 * M, project=idle), kind="recall", amount=-5 * M)
    report = own.scalars(sa.select(ProgressEntry).filter_by(project_id=first.id)).one().submission
    entry = make_entry(own, submission=report, project=idle)
    paid = {"completed": 7 * M, "recovered": 7 * M}
    make_disbursement(own, entry=entry, allocation=capital(own, idle), **paid)
    own.commit()
    keep(own)
    window = Window(page=0, size=5)
    whole = explain(own, period=office, column="remaining", window=window)
    assert (whole.plans.count, whole.plan_sum) == (4, 1_800 * M)
    assert (whole.paid.count, whole.money_sum) == (3, 50 * M)
    of_idle = {"column": "remaining", "component_id": idle.component_id, "window": window}
    alone = explain(own, period=office, **of_idle)
    assert [line.amount for line in alone.plan] == [5 * M, -5 * M]
    assert (alone.plans.count, alone.paid.count, alone.plan_sum, alone.money_sum) == (2, 1, 0, 0)
    shown = consolidated(own, period=office, detail="group").rows
    assert idle.component.code not in {row.code for row in shown}
    lines = gather(own, period=office, basis="submitted", by="component").lines
    assert sum(one.projects for one in lines) == 2


def test_amounts_are_counted_ahead_only_while_they_count_with_capital_of_the_same_kind(
    own, office, monkeypatch
):
    """The numbers of earlier periods are as of their own last day."""
    first, _second = projects(own)
    heir = make_investor(own, code="U9")
    april = make_period(own, "2024-04")
    own.commit()
    act = Act(
        effective_on=date(2024, 4, 10), decision=make_decision(own),
        at=office.opened_at + timedelta(days=45), actor=CLERK,
    )  # fmt: skip
    merge(own, [first.investor], heir, act)
    own.commit()
    keep(own)
    figure = {"period": april, "column": "disbursed_total", "window": Window(page=0, size=1)}
    assert kept_behind(own, april, "submitted", None).shown is not None
    by_kept, by_all = explained(own, monkeypatch, **figure)
    assert by_kept == by_all
    assert (by_kept.paid.count, by_kept.money[0].investor) == (2, heir.short_name)
    # since it is the successor's, the project is put under another component
    later = own.scalars(sa.select(Project).filter_by(investor_id=heir.id)).one()
    later.component = make_component(own)
    own.commit()
    keep(own)
    assert kept_behind(own, april, "submitted", None).shown is None
    for component_id in (None, first.component_id, later.component_id):
        by_kept, by_all = explained(own, monkeypatch, **figure, component_id=component_id)
        assert by_kept == by_all
    assert by_kept.paid.count == 1


def test_days_of_a_period_and_moved_capital_make_all_old_but_its_lock_nothing(own, office):
    keep(own)
    office.status = "locked"
    own.commit()
    assert stale(own, office) == set()
    office.data_from = date(2024, 3, 2)
    own.commit()
    assert stale(own, office) is None
    keep(own)
    open_period(own, "2024-04", at=office.opened_at + timedelta(days=35))
    own.commit()
    assert stale(own, office) is None


def test_a_merger_moves_sums_and_its_step_back_brings_them_back(own, office, monkeypatch):
    first, _second = projects(own)
    heir = make_investor(own, code="U9", short_name="Xã mới")
    april = make_period(own, "2024-04")
    own.commit()
    periods = keep(own)
    before, _all = both(own, periods, monkeypatch)
    act = Act(
        effective_on=date(2024, 4, 10), decision=make_decision(own),
        at=office.opened_at + timedelta(days=45), actor=CLERK,
    )  # fmt: skip
    event = merge(own, [first.investor], heir, act)
    own.commit()
    assert stale(own, april) is None
    by_kept, by_all = both(own, periods, monkeypatch)
    assert by_kept == by_all != before
    keep(own)
    assert stale(own, april) == set()
    # what is changed of the predecessor's counts with the successor, who did nothing itself
    entry = own.scalars(sa.select(ProgressEntry).filter_by(project_id=first.id)).one()
    entry.disbursements[0].completed = 31 * M
    own.commit()
    assert stale(own, april) == {first.investor_id, heir.id}
    by_kept, by_all = both(own, periods, monkeypatch)
    assert by_kept == by_all
    assert by_kept["2024-04", "submitted", "held"] != before["2024-04", "submitted", "held"]
    entry.disbursements[0].completed = 30 * M
    own.commit()
    undo(own, event, at=act.at + timedelta(days=1), actor=CLERK)
    own.commit()
    assert both(own, periods, monkeypatch) == (before, before)


postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@contextmanager
def elsewhere():
    """What somebody else does, and is done with."""
    session = db.session.session_factory()
    try:
        yield session
        session.commit()
    finally:
        session.close()


def once_asked(monkeypatch, module, deed):
    """Somebody else does something right after it was asked of whom the sums are old."""
    real, done = stale_units, []

    def asked(*args):
        found = real(*args)
        if not done:
            done.append(found)
            with elsewhere() as other:
                deed(other)
        return found

    monkeypatch.setattr(f"{module}.stale_units", asked)


def merge_the_first(session):
    first, _second = projects(session)
    act = Act(
        effective_on=date(2024, 4, 10), decision=make_decision(session),
        at=AT + timedelta(days=10), actor=CLERK,
    )  # fmt: skip
    merge(session, [first.investor], make_investor(session, code="U9"), act)


@postgresql  # SQLite sees one moment
@pytest.mark.parametrize("by", ["component", "unit"])
@pytest.mark.parametrize("deed", [merge_the_first, forget_sums])
def test_what_comes_in_between_makes_no_sum_of_two_moments(own, office, monkeypatch, deed, by):
    april = make_period(own, "2024-04")
    own.commit()
    keep(own)
    book(own, projects(own)[0])
    own.commit()
    once_asked(monkeypatch, "reports.facts.together", deed)
    source = gather(own, period=april, basis="submitted", by=by)
    whole = total(line.figures for line in source.lines)
    assert (whole.disbursed_total, whole.plan_total) == (50 * M, 1_800 * M + 1)
    if by == "unit":
        plans, paid = zip(*source.held.values(), strict=True)
        assert (sum(plans), sum(paid)) == (whole.plan_total, whole.disbursed_total)


@postgresql
@pytest.mark.parametrize("deed", [merge_the_first, forget_sums])
def test_rows_are_counted_anew_where_something_comes_in_between(own, office, monkeypatch, deed):
    keep(own)
    book(own, projects(own)[0])
    own.commit()
    once_asked(monkeypatch, "reports.facts.behind", deed)
    window = Window(page=0, size=5)
    found = explain(own, period=office, column="remaining", window=window)
    assert (found.plans.count, found.plan_sum, found.paid.count) == (3, 1_800 * M + 1, 2)


def test_a_month_in_which_nothing_comes_together_ends_no_year(own, office, monkeypatch):
    """Whether it has no amounts at all, some that cancel out, or two units whose amounts do."""
    other = next(one for one in projects(own) if one.code == "P2")
    for code in ("2023-11", "2023-12"):
        make_period(own, code)
    april = make_period(own, "2024-04")
    for project, paid in ((projects(own)[0], {"completed": 5 * M}), (other, {"returned": 5 * M})):
        report = make_submission(own, investor=project.investor, period=april, status="accepted")
        entry = make_entry(own, submission=report, project=project)
        make_disbursement(own, entry=entry, allocation=capital(own, project), **paid)
    january = make_period(own, "2025-01")
    own.commit()

    def shown():
        [months, [year, before]] = cumulative_by_month(own, january)
        assert (len(months), year.values[0]) == (12, 0)
        return before.values, cumulative_by_month(own, office)[1][1].values

    by_all = shown()
    assert by_all == ((0, 0, 50 * M, *[None] * 9), (None,) * 12)
    keep(own, date(2025, 1, 20))
    assert shown() == by_all
    book(own, other)
    own.commit()
    assert stale(own, april) == {other.investor_id}
    assert shown() == by_all


@postgresql
def test_months_are_whole_where_sums_are_dropped_in_between(own, office, monkeypatch):
    keep(own)
    book(own, projects(own)[1])
    own.commit()
    once_asked(monkeypatch, "reports.home", forget_sums)
    _months, [year, _before] = cumulative_by_month(own, office)
    assert year.values[2] == 50 * M


@postgresql
@pytest.mark.parametrize("deed", [merge_the_first, forget_sums])
def test_the_desk_is_of_one_moment_whatever_comes_in_between(own, office, monkeypatch, deed):
    keep(own)
    book(own, projects(own)[0])
    own.commit()
    before = disbursed_in(own, office)
    once_asked(monkeypatch, "reports.review", deed)
    assert disbursed_in(own, office) == before
    assert sum(before.values()) == 50 * M


@postgresql
def test_who_makes_sums_is_alone(own, office, monkeypatch):
    """Sums dropped meanwhile would leave those of the changed units as the office's."""
    keep(own)
    book(own, projects(own)[0])
    own.commit()

    def drop(other):
        other.execute(sa.text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            forget_sums(other)
        other.rollback()

    once_asked(monkeypatch, "reports.facts.keeping", drop)
    assert keep_sums(own, office, "submitted") == 1
    own.commit()
    assert stale(own, office) == set()
    assert list(prove_sums(own)) == []


@postgresql
def test_sums_made_of_what_was_counted_wrongly_are_old_when_it_is_counted_anew(own, office):
    own.execute(sa.text("UPDATE counted_disbursement SET net = net + 5"))
    own.commit()
    assert keep_sums(own, office, "submitted") is None
    with elsewhere() as other:
        count_anew(other)
        record(other, action="rebuild", resource="counted_disbursement")
    own.commit()
    assert stale(own, office) is None
    assert keep_sums(own, office, "submitted") is None
    own.commit()
    assert stale(own, office) == set()
    assert consolidated(own, period=office, detail="group").rows[0].disbursed_total == 50 * M


@postgresql
def test_days_are_read_after_the_end_of_the_trail(own, office, monkeypatch):
    keep(own)
    assert office.code  # read in the transaction in which sums are made
    key = office.id
    with elsewhere() as other:
        other.get(Period, key).data_to = date(2024, 3, 20)
        make_line(
            other, other.scalars(sa.select(Allocation)).first(), kind="adjust", amount=7,
            effective_on=date(2024, 3, 25),
        )  # fmt: skip
    assert keep_sums(own, office, "accepted") is None
    own.commit()
    assert stale(own, office, "accepted") == set()
    by_kept, by_all = both(own, [office], monkeypatch, ["accepted"])
    assert by_kept == by_all


def test_a_unit_that_is_deleted_is_taken_off(own, office, monkeypatch):
    project = make_project(own, code="P3", status="planned")
    capital = make_allocation(own, 500 * M, project=project)
    unit = project.investor
    own.commit()
    periods = keep(own)
    assert consolidated(own, period=office, detail="group").rows[0].plan_total == 2_300 * M
    for line in own.scalars(sa.select(AllocationLine).filter_by(allocation_id=capital.id)):
        own.delete(line)
    for one in (capital, project, unit):
        own.delete(one)
        own.commit()
    by_kept, by_all = both(own, periods, monkeypatch)
    assert by_kept == by_all
    assert consolidated(own, period=office, detail="group").rows[0].plan_total == 1_800 * M
    keep(own)
    by_kept, _by_all = both(own, periods, monkeypatch)
    assert by_kept == by_all


def test_what_is_emptied_without_being_read_is_noted(own, office, monkeypatch):
    entry = own.scalars(sa.select(ProgressEntry)).first()
    periods = keep(own)
    entry.estimate = None
    own.commit()
    assert own.scalars(sa.select(ProgressEntry.estimate).filter_by(id=entry.id)).one() is None
    by_kept, by_all = both(own, periods, monkeypatch)
    assert by_kept == by_all


def test_an_upgrade_leaves_no_sums_of_the_program_before(owner_app, own, office):
    keep(own)
    assert own.scalar(sa.select(sa.func.count()).select_from(OfficeSum)) > 0
    own.rollback()
    with owner_app.app_context():
        upgrade()
    assert own.scalar(sa.select(sa.func.count()).select_from(OfficeSum)) == 0
    assert stale(own, office) is None


def test_more_changes_than_are_worth_looking_through_make_all_old(own, office, monkeypatch):
    keep(own)
    for project in projects(own):
        book(own, project)
        own.commit()
    monkeypatch.setattr("reports.facts.kept.UNITS", 2)
    assert len(stale(own, office)) == 2
    monkeypatch.setattr("reports.facts.kept.UNITS", 1)
    assert stale(own, office) is None
    monkeypatch.setattr("reports.facts.kept.UNITS", 2)
    number = own.scalar(sa.select(sa.func.max(OfficeSum.sealed)))
    with own.trusted() as connection:
        end = connection.scalar(sa.text("SELECT max(number) FROM audit_seal"))
    monkeypatch.setattr("reports.facts.kept.ENTRIES", end - number)
    assert len(stale(own, office)) == 2
    monkeypatch.setattr("reports.facts.kept.ENTRIES", end - number - 1)
    assert stale(own, office) is None


def test_the_same_number_of_questions_for_one_changed_unit_and_for_both(own, office):
    def asked():
        own.rollback()
        count = 0

        def note(*_args):
            nonlocal count
            count += 1

        engine = own.get_bind()
        sa.event.listen(engine, "before_cursor_execute", note)
        consolidated(own, period=office, detail="group")
        sa.event.remove(engine, "before_cursor_execute", note)
        return count

    keep(own)
    first, second = projects(own)
    book(own, first)
    own.commit()
    once = asked()
    book(own, second)
    own.commit()
    assert asked() == once


def test_the_command_adds_up_what_changed_and_check_finds_what_is_wrong(
    app, own, office, monkeypatch
):
    def flask(*words):
        own.rollback()
        done = app.test_cli_runner().invoke(args=words)
        return done.exit_code, done.output

    monkeypatch.setattr("admin.commands.figures.today", lambda: TODAY)
    code, said = flask("figures", "sum")
    assert (code, said.splitlines()) == (0, [
        "2024-03, submitted: cộng mọi đơn vị", "2024-03, accepted: cộng mọi đơn vị",
        "Số cộng sẵn của 1 kỳ đúng với hiện tại.",
    ])  # fmt: skip
    book(own, projects(own)[0])
    own.commit()
    code, said = flask("check")
    assert code == 0, said
    code, said = flask("figures", "sum")
    assert said.splitlines()[0] == "2024-03, submitted: cộng 1 đơn vị"
    assert flask("figures", "sum")[1].splitlines() == ["Số cộng sẵn của 1 kỳ đúng với hiện tại."]
    code, said = flask("check")
    assert code == 0, said
    own.execute(sa.text("UPDATE unit_sum SET plan_local = plan_local + 1 WHERE basis = 'accepted'"))
    own.commit()
    code, said = flask("check")
    assert code == 1
    assert f"2024-03, accepted: số cộng sẵn của {projects(own)[0].investor.short_name}" in said
    assert "2024-03, accepted: số cộng sẵn của toàn cơ quan" in said
    own.execute(sa.text("UPDATE unit_sum SET plan_local = plan_local - 1 WHERE basis = 'accepted'"))
    own.execute(sa.text("UPDATE unit_sum SET amounts_year = 2 WHERE basis = 'submitted'"))
    own.commit()
    code, said = flask("check")
    assert code == 1
    assert "2024-03, accepted: số cộng sẵn" not in said
    assert "2024-03, submitted: số cộng sẵn của toàn cơ quan" in said
    code, said = flask("figures", "rebuild")
    assert code == 0, said
    assert stale(own, office) is None
    assert "cộng mọi đơn vị" in flask("figures", "sum")[1]
    code, said = flask("check")
    assert code == 0, said


def test_the_sum_of_a_unit_is_held_against_its_components(own, office):
    keep(own)
    assert list(prove_sums(own)) == []
    own.execute(
        sa.update(UnitSum)
        .where(UnitSum.component_id == WHOLE, UnitSum.basis == "accepted")
        .values(estimates=UnitSum.estimates + 1)
    )
    own.commit()
    units = {one.investor.short_name for one in projects(own)}
    found = list(prove_sums(own))
    assert {(one.period, one.basis) for one in found} == {("2024-03", "accepted")}
    assert {one.unit for one in found} == units


def test_sums_in_which_units_have_none_are_made_anew(own, office):
    keep(own)
    assert stale(own, office) == set()
    own.execute(sa.delete(UnitSum).where(UnitSum.component_id == WHOLE))
    own.execute(sa.update(OfficeSum).where(OfficeSum.component_id == WHOLE).values(component_id=0))
    own.commit()
    assert stale(own, office) is None
    assert ranking(own, period=office).report.rows[0].plan_total == 1_800 * M
    assert keep_sums(own, office, "submitted") is None
    assert (
        0
        not in own.scalars(
            sa.select(OfficeSum.component_id).where(OfficeSum.basis == "submitted")
        ).all()
    )


def test_a_large_office_without_sums_is_told_by_check(app, own, office, monkeypatch):
    def told():
        own.rollback()
        done = app.test_cli_runner().invoke(args=["check"])
        assert done.exit_code == 0, done.output
        return "flask figures sum" in done.output

    monkeypatch.setattr("admin.commands.figures.today", lambda: TODAY)
    units = own.scalar(sa.select(sa.func.count()).select_from(Investor))
    monkeypatch.setattr("reports.facts.keeping.MANY", units + 1)
    assert not told()
    monkeypatch.setattr("reports.facts.keeping.MANY", units)
    assert told()
    keep_sums(own, office, "submitted")
    own.commit()
    assert told()
    keep_sums(own, office, "accepted")
    own.commit()
    assert not told()
    monkeypatch.setattr("reports.facts.kept.ENTRIES", 0)
    book(own, projects(own)[0])
    own.commit()
    assert told()


def test_sums_of_years_that_nobody_opens_any_more_are_dropped(own, office):
    keep(own)
    old = {row.period_id for row in own.scalars(sa.select(OfficeSum))}
    assert old == {office.id}
    newer = [make_period(own, code) for code in ("2025-12", "2026-01")]
    own.commit()
    assert {one.code for one in periods_with_sums(own, date(2026, 1, 1))} == {"2025-12", "2026-01"}
    assert {one.code for one in periods_with_sums(own, date(2025, 12, 31))} == {
        "2025-12", "2024-03",
    }  # fmt: skip
    forget_sums(own, but=newer)
    own.commit()
    assert list(own.scalars(sa.select(OfficeSum))) == list(own.scalars(sa.select(UnitSum))) == []
