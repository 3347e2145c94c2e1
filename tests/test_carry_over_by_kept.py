"""Capital of earlier years by the sums made ahead is what adding up all of it tells: of random
offices, with all of which these sums do not tell everything.
"""

from datetime import date
from random import Random

import pytest

from models import DISTRICT, Allocation, db
from reports.carry_over import carry_over
from reports.facts import BASES, carried_by_unit, carried_capital, carried_kept
from tests.factories import make_allocation, make_decision, make_line
from tests.test_kept_sums import keep
from tests.test_pace_by_kept import AT, arranged

DETAILS = ("group", "investor")


def carry_on(session, chance, units):
    """Some of what these hold goes on into the next year, and some has a second decision."""
    decision = make_decision(session, issued_on=date(2024, 2, 1))
    for unit in units[::3]:
        for one in session.query(Allocation).filter_by(investor_id=unit.id, vintage=2023):
            if chance.random() < 0.5:
                make_line(session, one, kind="supplement", amount=3, decision=decision)
            if chance.random() < 0.5:
                next_year = make_allocation(
                    session, None, project=one.project, budget_year=2025, vintage=2023
                )
                make_line(
                    session, next_year, kind="carry_in", amount=5, effective_on=date(2025, 1, 10)
                )
    session.commit()


@pytest.mark.parametrize("seed", range(4))
def test_by_what_is_kept_it_is_what_it_is_by_adding_up_all(app, session, monkeypatch, seed):
    chance = Random(seed)
    carry_on(session, chance, arranged(session, chance))
    asked = []

    def listened(session, period, basis, units=None):
        asked.append(units)
        return carried_capital(session, period, basis, units)

    monkeypatch.setattr(carried_kept, "carried_capital", listened)
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        periods = keep(own, AT.date())
        assert {"2024-Q3", "2024-13", "2024-06"} <= {one.code for one in periods}
        for period in periods:
            for basis in BASES:
                for detail in DETAILS:
                    shown = carry_over(own, period=period, basis=basis, detail=detail)
                    with monkeypatch.context() as patch:
                        patch.setattr("reports.facts.kept.stale_units", lambda *_of: None)
                        whole = carry_over(own, period=period, basis=basis, detail=detail)
                    assert shown == whole, (period.code, basis, detail)
        own.rollback()
    # some units were told by what is kept, and some were not
    assert asked
    assert all(0 < len(units) < 9 for units in asked)


def test_a_change_in_the_same_transaction_has_all_of_it_added_up(app, session):
    arranged(session, Random(1))
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        period = next(one for one in keep(own, AT.date(), ["submitted"]) if one.code == "2024-12")
        assert carried_by_unit(own, period, "submitted")
        one = own.query(Allocation).filter_by(budget_year=2024, vintage=2023).first()
        make_line(own, one, kind="supplement", amount=7)
        assert carried_by_unit(own, period, "submitted") is None
        own.rollback()
