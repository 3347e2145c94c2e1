"""What earlier budget years disbursed from the same month on, by the sums that are kept of them: it
is what adding up all of it tells, whoever reported it and whoever stands for them today.
"""

from datetime import UTC, date, datetime
from random import Random

import pytest

from models import DISTRICT, Allocation, db
from models.catalogue import CapitalTransfer
from reports.facts import BASES, keep_sums, periods_with_sums
from reports.pace import earlier_sums, pace
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
from tests.test_pace_by_kept import closing_of

TODAY = date(2025, 10, 20)
AT = datetime(2025, 10, 20, 3, tzinfo=UTC)


def arranged(session, chance, *, unlike=False):
    """Three budget years, the closing period of one of them; capital moved to who stands for the
    unit, and to who does not; `unlike`: capital of the year to what was carried over.
    """
    months = {
        year: [make_period(session, f"{year}-{n:02}") for n in (8, 9, 11, 12)]
        for year in (2022, 2023, 2024)
    }
    months[2023].append(closing_of(session, 2023))
    months[2025] = [make_period(session, "2025-09")]
    units, component = [make_investor(session) for _n in range(8)], make_component(session)
    held = []
    for unit in units:
        project = make_project(session, investor=unit, component=component)
        for year, periods in months.items():
            capital = [
                make_allocation(session, amount, project=project, budget_year=year, **key)
                for amount, key in (
                    (900, {"vintage": year}),
                    (chance.choice([None, 300]), {"vintage": year - 1}),
                    (200, {"vintage": year, "source": "HDK"}),
                )
            ]
            day = chance.choice([date(year, 12, 31), date(year + 1, 1, 1)])
            make_line(session, capital[0], kind="adjust", amount=7, effective_on=day)
            for period in periods:
                if chance.random() < 0.2:
                    continue
                status = chance.choice(["submitted", "accepted"])
                sent = make_submission(session, period=period, investor=unit, status=status)
                entry = make_entry(session, project=project, submission=sent)
                for one in capital:
                    amount = chance.choice([{"completed": 3}, {"completed": 5}, {"returned": 1}])
                    make_disbursement(session, entry, one, **amount)
            held += capital[:2] if year < 2025 else []
    event = make_org_event(session, effective_on=date(2024, 1, 1))
    make_succession(session, event, units[1], units[2])
    make_succession(session, event, units[3], units[4])
    make_succession(session, event, units[6], units[5])
    for before, after in ((1, 2), (3, 5), (6, 5)):
        for one in held:
            if one.investor_id != units[before].id or chance.random() < 0.3:
                continue
            vintage = one.vintage - unlike if one.vintage == one.budget_year else one.vintage
            [other] = (
                two for two in held
                if two.investor_id == units[after].id
                and (two.budget_year, two.vintage) == (one.budget_year, vintage)
            )  # fmt: skip
            session.add(
                CapitalTransfer(
                    investor_id=one.investor_id, allocation_id=one.id, event_id=event.id,
                    to_investor_id=other.investor_id, to_allocation_id=other.id,
                    effective_on=date(one.budget_year, chance.choice([8, 9, 10, 12]), 15),
                    until_on=chance.choice([None, None, date(one.budget_year, 12, 30)]),
                )
            )  # fmt: skip
    session.commit()
    return units


def shown(session, basis):
    period = next(one for one in periods_with_sums(session, TODAY) if one.code == "2025-09")
    return [
        pace(session, period=period, basis=basis, detail=detail) for detail in ("group", "investor")
    ]


@pytest.fixture
def asked(monkeypatch):
    """The years and units whose amounts are added up."""
    found, added = [], earlier_sums._added

    def listened(session, years, number, basis, units):
        found.append((sorted(years), units and len(units)))
        return added(session, years, number, basis, units)

    monkeypatch.setattr(earlier_sums, "_added", listened)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_by_what_is_kept_it_is_what_it_is_by_adding_up_all(app, session, monkeypatch, asked, seed):
    arranged(session, Random(seed))
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        assert [one.code for one in keep(own, TODAY)] == [
            "2025-09", "2024-12", "2024-11", "2024-09", "2024-08",
            "2023-13", "2023-12", "2023-09", "2022-12", "2022-09",
        ]  # fmt: skip
        for basis in BASES:
            by_kept = shown(own, basis)
            used = list(asked)
            with monkeypatch.context() as patch:
                patch.setattr("reports.facts.kept.stale_units", lambda *_of: None)
                assert by_kept == shown(own, basis)
            assert any(row.earlier_high for row in by_kept[1].rows)
            # of all years most units were told by what is kept
            assert all(units is not None and units < 8 for _years, units in used)
            asked.clear()
        moved = own.query(CapitalTransfer.allocation_id)
        capital = own.query(Allocation).filter_by(budget_year=2023)
        line = capital.filter(Allocation.id.not_in(moved)).order_by(Allocation.id).first()
        make_line(own, line, kind="supplement", amount=11, effective_on=date(2023, 12, 31))
        own.commit()
        by_kept = shown(own, "submitted")
        assert {units for _years, units in asked} <= {1, 2, 3, 4}
        assert asked
        with monkeypatch.context() as patch:
            patch.setattr("reports.facts.kept.stale_units", lambda *_of: None)
            assert by_kept == shown(own, "submitted")
        own.rollback()


def test_capital_moved_to_that_of_another_kind_is_added_up(app, session, monkeypatch, asked):
    arranged(session, Random(2), unlike=True)
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        keep(own, TODAY)
        by_kept = shown(own, "submitted")
        assert ([2022, 2023, 2024], None) in asked
        with monkeypatch.context() as patch:
            patch.setattr("reports.facts.kept.stale_units", lambda *_of: None)
            assert by_kept == shown(own, "submitted")
        own.rollback()


def test_a_year_whose_sums_are_not_kept_is_added_up(app, session, monkeypatch, asked):
    arranged(session, Random(1))
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        for period in periods_with_sums(own, TODAY):
            if period.budget_year != 2022:
                keep_sums(own, period, "submitted")
                own.commit()
        by_kept = shown(own, "submitted")
        assert ([2022], None) in asked
        assert ([2023], None) not in asked
        with monkeypatch.context() as patch:
            patch.setattr("reports.facts.kept.stale_units", lambda *_of: None)
            assert by_kept == shown(own, "submitted")
        own.rollback()


def test_the_sums_of_earlier_years_follow_the_newest_month_that_is_over(app, session):
    for code in ("2020-09", "2021-09", "2021-10", "2021-12", "2024-12", "2025-09", "2025-10"):
        make_period(session, code)
    for code in ("2026-01", "2026-09", "2026-10"):
        make_period(session, code)
    session.commit()

    def kept(today):
        return {one.code for one in periods_with_sums(session, today)} - {
            "2025-09", "2025-10", "2026-01", "2026-09", "2026-10",
        }  # fmt: skip

    assert kept(date(2026, 10, 30)) == {"2021-09", "2021-12", "2024-12"}
    assert kept(date(2026, 10, 31)) == {"2021-10", "2021-12", "2024-12"}
    make_period(session, "2026-12")
    assert kept(date(2026, 12, 31)) - {"2026-12"} == set()
