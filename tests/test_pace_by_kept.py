"""What the sums made ahead tell of capital by unit and term is what adding up all of it tells: of
random offices, with all of which these sums do not tell everything.
"""

from datetime import UTC, date, datetime
from random import Random

import pytest

from models import DISTRICT, Allocation, Scope, db
from models.capital import CapitalTerm
from models.catalogue import CapitalTransfer
from reports.charts import charts
from reports.facts import BASES
from reports.pace import kept as by_kept
from reports.pace import pace
from reports.pace.held import held_capital, recent_months
from tests.factories import (
    make_allocation,
    make_component,
    make_disbursement,
    make_entry,
    make_investor,
    make_line,
    make_org_event,
    make_period,
    make_project,
    make_submission,
    make_succession,
)
from tests.test_kept_sums import keep

AT = datetime(2025, 2, 20, 3, tzinfo=UTC)
MONTHS = [f"2024-{n:02}" for n in range(6, 13)]


def closing_of(session, year):
    period = make_period(session, f"{year + 1}-01")
    period.code, period.kind, period.budget_year, period.number = f"{year}-13", "closing", year, 13
    session.flush()
    return period


def quarter_of(session):
    period = make_period(session, "2024-09")
    period.code, period.kind, period.number = "2024-Q3", "quarter", 3
    period.data_from = date(2024, 7, 1)
    session.flush()
    return period


def plan(session, chance, one):
    """Lines that come to something, to nothing, or to something later."""
    for _n in range(chance.randint(0, 2)):
        day = chance.choice([date(2024, 1, 1), date(2024, 9, 30), date(2024, 10, 1)])
        make_line(session, one, kind="adjust", amount=chance.choice([-1, 1, 2]), effective_on=day)


def hold(session, chance, unit, parts, *, is_plain):
    """Capital of a unit of the year and of earlier ones, under projects of its own."""
    for _project in range(chance.randint(1, 2)):
        project = make_project(session, investor=unit, component=chance.choice(parts))
        for vintage in (2024, 2023) if is_plain else (2024, 2023, 2022):
            if chance.random() < 0.3:
                continue
            source = "NSTW" if is_plain else chance.choice(["NSTW", "NST", "HDK"])
            amount = 500 if is_plain else chance.choice([None, 500])
            one = make_allocation(session, amount, project=project, vintage=vintage, source=source)
            if not is_plain:
                plan(session, chance, one)
                if chance.random() < 0.2:
                    one.disburse_until = date(2024, chance.randint(10, 12), 15)
            yield one


def report(session, chance, unit, period, held, *, is_plain):
    """What a unit sends: some of it takes money back."""
    status = chance.choice(["submitted", "accepted"])
    sent = make_submission(session, period=period, investor=unit, status=status)
    entries = {}
    for one in held:
        if chance.random() < 0.3:
            continue
        if one.project_id not in entries:
            entries[one.project_id] = make_entry(session, project=one.project, submission=sent)
        is_back = not is_plain and chance.random() < 0.3
        amount = {"returned" if is_back else "completed": chance.choice([1, 2])}
        make_disbursement(session, entries[one.project_id], one, **amount)


def arranged(session, chance):
    """Units from the plainest to those with everything, some of them moved to another."""
    parts = [make_component(session) for _n in (1, 2)]
    quarter_of(session)
    periods = [*(make_period(session, code) for code in MONTHS), closing_of(session, 2024)]
    units = [make_investor(session) for _n in range(9)]
    all_held = []
    for n, unit in enumerate(units):
        is_plain = n % 3 == 0
        held = list(hold(session, chance, unit, parts, is_plain=is_plain))
        for period in periods:
            if chance.random() < 0.8:
                report(session, chance, unit, period, held, is_plain=is_plain)
        all_held += held if n else []
    event = make_org_event(session)
    for _n in range(2):
        before, after = chance.sample(all_held, 2)
        session.add(
            CapitalTransfer(
                investor_id=before.investor_id, allocation_id=before.id, event_id=event.id,
                to_investor_id=after.investor_id, to_allocation_id=after.id,
                effective_on=chance.choice([date(2024, 9, 1), date(2024, 9, 30)]),
                until_on=chance.choice([None, date(2024, 10, 31)]),
            )
        )  # fmt: skip
        session.flush()
    make_succession(session, event, units[1], units[2])
    if chance.random() < 0.5:
        day = date(2024, 11, 30)
        session.add(CapitalTerm(budget_year=2024, vintage=2023, disburse_until=day, basis="NQ"))
    session.commit()
    return units


def by_term(found):
    """A unit has one of each term."""
    told = {
        (one.investor_id, one.vintage, one.until): (one.plan, one.paid, one.recent) for one in found
    }
    assert len(told) == len(found)
    return told


@pytest.mark.parametrize("seed", range(4))
def test_by_what_is_kept_it_is_what_it_is_by_adding_up_all(app, session, monkeypatch, seed):
    arranged(session, Random(seed))
    asked = []

    def listened(session, period, basis, recent, units=None, **more):
        asked.append(units)
        return held_capital(session, period, basis, recent, units, **more)

    monkeypatch.setattr(by_kept, "held_capital", listened)
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        periods = keep(own, AT.date())
        assert {"2024-Q3", "2024-13", "2024-06"} <= {one.code for one in periods}
        for period in periods:
            for basis in BASES:
                recent = recent_months(own, period)
                found = by_kept.held_by_kept(own, period, basis, recent)
                assert found is not None
                whole = held_capital(own, period, basis, recent)
                assert by_term(found) == by_term(whole), (period.code, basis)
                shown = pace(own, period=period, basis=basis, detail="investor")
                drawn = charts(own, period=period, basis=basis, as_of=AT)
                with monkeypatch.context() as patch:
                    patch.setattr("reports.facts.kept.stale_units", lambda *_of: None)
                    assert shown == pace(own, period=period, basis=basis, detail="investor")
                    by_all = charts(own, period=period, basis=basis, as_of=AT)
                assert (drawn.need, drawn.kept) == (by_all.need, by_all.kept)
        own.rollback()
    # some units were told by what is kept, and some were not
    assert all(0 < len(units) < 9 for units in asked)


def test_who_sees_a_part_and_who_changed_something_add_up_all(app, session):
    units = arranged(session, Random(1))
    mine = frozenset(one.id for one in units[:3])
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        periods = keep(own, AT.date(), ["submitted"])
        period = next(one for one in periods if one.code == "2024-12")
        recent = recent_months(own, period)
        assert by_kept.held_by_kept(own, period, "submitted", recent) is not None
        own.enter(Scope.of(mine))
        assert by_kept.held_by_kept(own, period, "submitted", recent) is None
        assert {one.investor_id for one in held_capital(own, period, "submitted", recent)} <= mine
        own.enter(DISTRICT)
        one = own.query(Allocation).filter_by(budget_year=2024).first()
        make_line(own, one, kind="supplement", amount=7)
        assert by_kept.held_by_kept(own, period, "submitted", recent) is None
        own.rollback()


@pytest.mark.parametrize("back", [1, 2, 3])
def test_a_project_with_nothing_in_all_counts_in_no_month(app, session, back):
    """Of no plan, 2 đồng were paid in August and given back in October: beside one with capital."""
    periods = {code: make_period(session, code) for code in MONTHS}
    first = make_allocation(session, 500)
    unit = first.project.investor
    other = make_allocation(session, None, project=make_project(session, investor=unit))
    for code, amounts in {"2024-08": {"completed": 2}, "2024-10": {"returned": back}}.items():
        sent = make_submission(session, period=periods[code], investor=unit, status="submitted")
        entry = make_entry(session, project=other.project, submission=sent)
        make_disbursement(session, entry, other, **amounts)
    session.commit()
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        periods = keep(own, AT.date(), ["submitted"])
        october = next(one for one in periods if one.code == "2024-10")
        recent = recent_months(own, october)
        [one] = by_kept.held_by_kept(own, october, "submitted", recent)
        assert (one.plan, one.paid) == (500, 2 - back)
        months = {} if back == 2 else {"2024-08": 2, "2024-10": -back}
        assert one.recent == months
        own.rollback()
