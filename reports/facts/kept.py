"""Sums of units that were added up ahead, and what of them still is so.

Nothing keeps them up to date: the audit trail tells of which units anything was changed since. What
these have now is added up anew, what they had is taken off the sum of the office. So a page of an
office of ten thousand units costs what happened in the last minutes.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from models import WHOLE, OfficeSum, Period, Project, UnitSum
from models.base import among, sees_a_part, summed, touched_since
from models.ledger import moved_between
from reports.facts.figures import NAMES, by_project, with_projects
from reports.facts.narrowed import values_of
from reports.facts.telling import telling, telling_period

SUMS = (*NAMES, "projects", "told", "estimates")
# amount: how many rows stand behind it, of what is disbursed those of the period itself
COUNTS = {name: name.replace("plan_", "lines_") for name in NAMES if name.startswith("plan_")} | {
    "disbursed_year": "amounts_year",
    "disbursed_carried": "amounts_carried",
}
# what figures are made of, by the name under which the audit trail notes a change of it (of what is
# counted: that all was counted anew); of two tables that change for other reasons every day the
# fields that matter
_DAYS = ("kind", "budget_year", "data_from", "data_to")
MADE_OF: dict[str, frozenset[str] | None] = {
    **dict.fromkeys(
        (
            *("allocation", "allocation_line", "capital_transfer", "counted_disbursement"),
            *("disbursement", "progress_entry", "sending", "submission"),
        )
    ),
    "period": frozenset(_DAYS),
    "project": frozenset({"component_id", "investor_id"}),
}
_OF_NOBODY_ALONE = frozenset({"capital_transfer", "counted_disbursement", "period"})
# beyond these adding up all is as fast
ENTRIES, UNITS = 100_000, 3_000


@dataclass(frozen=True)
class Stale:
    """The `units` of which something has changed since the sums of some `periods` were kept, and
    those with which their capital was exchanged; told when the audit trail had `end` entries.
    """

    units: frozenset[int]
    end: int
    periods: ColumnElement[bool]
    basis: str

    def is_still_so(self, session: Session) -> bool:
        """Whether sums that were read since go together: nothing came in between that concerns
        more than one unit. One unit more is as it was, or as it is.
        """
        if _kept_since(session, self.periods, self.basis) is None:
            return False
        meanwhile = {name: MADE_OF[name] for name in _OF_NOBODY_ALONE}
        touched = touched_since(session, self.end, meanwhile, at_most=ENTRIES)
        return touched is not None and not touched.units

    def with_units(self, units: Collection[int]) -> "Stale | None":
        """The same with these units, of which what is kept does not tell all; None where they are
        too many.
        """
        every = self.units.union(units)
        return replace(self, units=every) if len(every) <= UNITS else None

    def changed_since(self, session: Session) -> frozenset[int] | None:
        """The units of which something has changed since this was told; None: of all."""
        if _kept_since(session, self.periods, self.basis) is None:
            return None
        later = stale_since(session, self.end, self.periods, self.basis)
        return None if later is None else later.units


def stale_units(session: Session, periods: ColumnElement[bool], basis: str) -> Stale | None:
    """What of the sums that are kept of these periods is not so now; None where the sums are not
    kept, or are not to be used: by who sees a part, or when something was changed that is not of
    one unit.
    """
    sealed = None if sees_a_part(session) else _kept_since(session, periods, basis)
    return stale_since(session, sealed, periods, basis) if sealed is not None else None


def stale_of(session: Session, periods: Sequence[Period], basis: str) -> Stale | None:
    """The same of these periods, each with the days with which it was read."""
    every = or_(*map(itself, periods))
    stale = stale_units(session, every, basis)
    known = session.scalar(select(func.count()).select_from(Period).where(every))
    return stale if known == len(periods) else None


def _kept_since(session: Session, periods: ColumnElement[bool], basis: str) -> int | None:
    """How many entries the audit trail had when the first of these periods was added up; None if
    one of them is not kept.
    """
    wanted, kept, sealed = session.execute(
        select(func.count(Period.id), func.count(OfficeSum.period_id), func.min(OfficeSum.sealed))
        .outerjoin(
            OfficeSum,
            and_(
                OfficeSum.period_id == Period.id,
                OfficeSum.basis == basis,
                OfficeSum.component_id == WHOLE,
            ),
        )
        .where(periods)
    ).one()
    return sealed if 0 < wanted == kept else None


def stale_since(
    session: Session, sealed: int, periods: ColumnElement[bool], basis: str
) -> Stale | None:
    """The same of sums that were begun when the audit trail had `sealed` entries."""
    touched = touched_since(session, sealed, MADE_OF, at_most=ENTRIES)
    if touched is None or touched.units.keys() & _OF_NOBODY_ALONE:
        return None
    units = {one for of_table in touched.units.values() for one in of_table if one is not None}
    units = moved_between(session, units) if units else units
    if len(units) > UNITS:
        return None
    return Stale(frozenset(units), touched.end, periods, basis)


def itself(period: Period) -> ColumnElement[bool]:
    """Condition on Period: this one, with the days with which it was read."""
    return and_(
        Period.id == period.id, *(getattr(Period, name) == getattr(period, name) for name in _DAYS)
    )


def asked_now(
    session: Session, period: Period, units: Collection[int] | None = None
) -> dict[str, Any]:
    """The values of the parameters of `live_rows`: of all, or of these units."""
    told_in = telling_period(session, period)
    told = {"period_id": told_in.id if told_in is not None else None}
    return values_of(period, units=units) | told


@cache
def live_rows(basis: str, *, of: str = "") -> Select[Any]:
    """What every project has now that has a figure: its component, its owner and `SUMS`."""
    whole, own = with_projects(by_project(basis, told=telling(basis, of), of=of))
    return (
        select(
            Project.component_id,
            Project.investor_id,
            *(whole.c.get(name, literal(1)).label(name) for name in SUMS),
        )
        .select_from(whole)
        .join(Project, own)
    )


def kept_of_office(period: Period, stale: Stale) -> tuple[Select[Any], Select[Any]]:
    """By component: what is kept of the office, and of the stale units what is taken off it."""
    office = select(OfficeSum.component_id, *(getattr(OfficeSum, name) for name in SUMS))
    units = select(UnitSum.component_id, *((-getattr(UnitSum, name)).label(name) for name in SUMS))
    return (
        office.where(kept_in(OfficeSum, period, stale.basis), OfficeSum.component_id != WHOLE),
        units.where(
            kept_in(UnitSum, period, stale.basis),
            UnitSum.component_id != WHOLE,
            among(UnitSum.investor_id, stale.units),
        ),
    )


def kept_of_units(period: Period, stale: Stale, *, by_component: bool = False) -> Select[Any]:
    """By unit, or by component and unit: what is kept of those that are not stale."""
    is_whole = UnitSum.component_id == WHOLE
    return select(
        UnitSum.component_id, UnitSum.investor_id, *(getattr(UnitSum, name) for name in SUMS)
    ).where(
        kept_in(UnitSum, period, stale.basis),
        ~is_whole if by_component else is_whole,
        ~among(UnitSum.investor_id, stale.units),
    )


def kept_in(kept: Any, period: Period, basis: str) -> ColumnElement[bool]:
    """Condition on UnitSum or OfficeSum: sums of this period on the basis."""
    return and_(kept.period_id == period.id, kept.basis == basis)


def disbursed_by_month(session: Session, stale: Stale) -> list[Any]:
    """(budget year, number, net đồng) of the periods, by what is kept: of all but the units that
    are stale.
    """
    parts = [_of_months(OfficeSum, OfficeSum.disbursed_month, stale)]
    if stale.units:
        less = _of_months(UnitSum, -UnitSum.disbursed_month, stale)
        parts.append(less.where(among(UnitSum.investor_id, stale.units)))
    every = union_all(*parts).subquery("every")
    net = summed(every.c.net).label("net")
    asked = select(every.c.year, every.c.number, net).group_by(every.c.year, every.c.number)
    return list(session.execute(asked))


def disbursed_by_unit(session: Session, period: Period, stale: Stale) -> list[Any]:
    """(unit, net đồng) of the period itself, by what is kept: of all but the units that are
    stale.
    """
    kept = kept_of_units(period, stale)
    net = kept.selected_columns.disbursed_month.label("net")
    return list(session.execute(kept.with_only_columns(UnitSum.investor_id, net)))


def _of_months(kept: Any, net: Any, stale: Stale) -> Select[Any]:
    columns = Period.budget_year.label("year"), Period.number, net.label("net")
    return of_periods(kept, columns, stale).where(kept.component_id == WHOLE)


def of_periods(kept: Any, columns: Iterable[Any], stale: Stale) -> Select[Any]:
    """These columns of what is kept in the periods, of UnitSum or OfficeSum."""
    joined = select(*columns).join(kept, kept.period_id == Period.id)
    return joined.where(stale.periods, kept.basis == stale.basis)
