"""Plan and disbursement of units in earlier budget years: added up, or by sums that are kept."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session

from models import Allocation, AllocationLine, Period
from models.base import summed
from models.calendar import MONEY_KINDS
from models.capital import IS_CARRIED
from models.ledger import (
    IN_BUDGET,
    Question,
    add_up,
    counts_alike,
    held_by,
    moved_between,
    moved_during,
)
from reports.facts import (
    CLOSING,
    LAST_MONTH,
    Kinds,
    heir_of,
    kinds_by_unit,
    kinds_of_others,
    stale_of,
)

Months = Mapping[int, Period]  # of one budget year by their numbers


class OfYear(NamedTuple):
    """What a unit had of one kind of capital in a budget year, in đồng: the plan at the end of
    December, what was disbursed up to a month, and in all; one of these, or all. Without a unit:
    what many had together.
    """

    year: int
    unit: int | None
    is_carried: int
    plan: int = 0
    before: int = 0
    whole: int = 0


def last_of(months: Months) -> Period:
    """The period with which a budget year ends."""
    return months.get(CLOSING) or months[LAST_MONTH]


def sums_of_years(
    session: Session,
    years: Mapping[int, Months],
    number: int,
    basis: str,
    heirs: Mapping[int, int],
    units: Collection[int] | None = None,
    apart: Collection[int] | None = None,
) -> Iterator[OfYear]:
    """Of these budget years and all units, or some: up to the month with this number. Units are
    those by which it was reported, or others for which the same one stands today (`heirs`). Who
    needs some of all `apart` may get the others together.
    """
    rest = dict(years)
    if units is None:
        for year, months in years.items():
            if (kept := _kept(session, year, months, number, basis, heirs, apart)) is not None:
                del rest[year]
                yield from kept
    if rest:
        yield from _added(session, rest, number, basis, units)


def _kept(
    session: Session,
    year: int,
    months: Months,
    number: int,
    basis: str,
    heirs: Mapping[int, int],
    own: Collection[int] | None,
) -> list[OfYear] | None:
    """By the sums that are kept; None where they do not tell it. They count an amount with the
    unit that holds the capital: that matters where another one stands for it.
    """
    december, until, last = months[LAST_MONTH], months[number], last_of(months)
    for n, one in months.items():
        if (n <= number) != (one.data_to <= until.data_to) or one.data_to > last.data_to:
            return None
    periods = list({one.id: one for one in (december, until, last)}.values())
    stale = stale_of(session, periods, basis)
    if stale is None or not counts_alike(session, date.min, last.data_to):
        return None
    apart = {
        unit
        for pair in moved_during(session, date.min, last.data_to)
        if len({heir_of(unit, heirs) for unit in pair}) > 1
        for unit in pair
    }
    stale = stale.with_units(moved_between(session, apart) if apart else ())
    if stale is None:
        return None
    at = 1 + periods.index(until), 1 + periods.index(last)
    known: list[tuple[int | None, Kinds]] = list(kinds_by_unit(session, periods, stale, own))
    if own is not None:
        known.append((None, kinds_of_others(session, periods, stale, own)))
    found = [
        OfYear(year, unit, is_carried, kind[0], kind[at[0]], kind[at[1]])
        for unit, kinds in known
        for is_carried, kind in enumerate(kinds)
        if any(kind)
    ]
    if stale.units:
        found += _added(session, {year: months}, number, basis, stale.units)
    return found if stale.is_still_so(session) else None


def _added(
    session: Session,
    years: Mapping[int, Months],
    number: int,
    basis: str,
    units: Collection[int] | None,
) -> Iterator[OfYear]:
    where = held_by(units)
    carried = case((IS_CARRIED, 1), else_=0)
    plans = session.execute(
        select(
            Allocation.budget_year,
            Allocation.investor_id,
            carried.label("is_carried"),
            summed(AllocationLine.amount),
        )
        .join(Allocation.lines)
        .where(
            IN_BUDGET,
            *where,
            or_(
                *(
                    and_(
                        Allocation.budget_year == year,
                        AllocationLine.effective_on <= months[LAST_MONTH].data_to,
                    )
                    for year, months in years.items()
                )
            ),
        )
        .group_by(Allocation.budget_year, Allocation.investor_id, carried)
    )
    for year, unit, is_carried, plan in plans:
        yield OfYear(year, unit, is_carried, plan=plan)
    money = add_up(
        session,
        lambda reported: Question(
            by={"year": Period.budget_year, "unit": Allocation.investor_id, "is_carried": carried},
            sums={
                "before": case((Period.number <= number, reported.net), else_=0),
                "whole": reported.net,
            },
            where=(
                Period.budget_year.in_(list(years)),
                Period.kind.in_(MONEY_KINDS),
                # as of the period of each amount, to which a guard of the table sees
                Allocation.budget_year.in_(list(years)),
                *where,
            ),
        ),
        basis=basis,
    )
    for row in money:
        yield OfYear(
            row.year, row.unit, row.is_carried, before=int(row.before), whole=int(row.whole)
        )
