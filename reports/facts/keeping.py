"""Add up the figures of units ahead (`flask figures sum`), and prove what was kept."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import add
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from models import WHOLE, Investor, OfficeSum, Period, ScopedSession, UnitSum
from models.base import among, settled_end_of, summed
from models.calendar import MONEY_KINDS
from reports.facts.counted import live_with_counts
from reports.facts.kept import (
    COUNTS,
    SUMS,
    asked_now,
    itself,
    kept_in,
    stale_since,
    stale_units,
)
from reports.facts.plain import BASES
from reports.facts.year import LAST_MONTH, beside

_UNIT: Any = UnitSum.__table__
_OFFICE: Any = OfficeSum.__table__
# as many entries may be looked through again and again before the sums are said to be newer
_LOOKED_THROUGH = 1_000
_KEPT = (*SUMS, *COUNTS.values())
_NAMES = ("period_id", "basis", "investor_id", "component_id", *_KEPT)
# the period of which sums are kept; `:period_id` is the one whose entries tell of its progress
_OF: Any = SimpleNamespace(id=bindparam("kept_of", type_=_UNIT.c.period_id.type))
# units; those of fewer are added up while a page is opened
MANY = 1_000


def periods_with_sums(session: Session, today: date) -> list[Period]:
    """Those of the two newest budget years that have begun: what people open every day; and those
    of earlier years that the newest month which is over is held against.
    """
    begun = Period.data_from <= today
    newest = select(func.max(Period.budget_year)).where(begun).scalar_subquery()
    asked = or_(Period.budget_year >= newest - 1, *_earlier(session, today))
    order = (Period.data_to.desc(), Period.code)
    return list(session.scalars(select(Period).where(begun, asked).order_by(*order)))


def _earlier(session: Session, today: date) -> list[ColumnElement[bool]]:
    over = Period.kind.in_(MONEY_KINDS), Period.data_to <= today
    order = (Period.data_to.desc(), Period.budget_year.desc())
    last = session.scalar(select(Period).where(*over).order_by(*order).limit(1))
    return [beside(last)] if last is not None and last.number < LAST_MONTH else []


def lacks_sums(session: Session, today: date) -> int:
    """How many units an office has that is large, and of one of whose periods no sums are made
    ahead or those that are have become old; 0 where all is well.
    """
    units = session.scalar(select(func.count()).select_from(Investor)) or 0
    if units < MANY:
        return 0
    lacking = (
        stale_units(session, itself(period), basis) is None
        for period in periods_with_sums(session, today)
        for basis in BASES
    )
    return units if any(lacking) else 0


def forget_sums(session: ScopedSession, *, but: Collection[Period] = ()) -> None:
    """Drop the sums that are kept, but for those of these periods: pages then add up all."""
    kept = [one.id for one in but]
    with session.trusted() as connection:
        _alone(connection)
        for table in (_OFFICE, _UNIT):
            connection.execute(delete(table).where(table.c.period_id.not_in(kept)))


def keep_sums(session: ScopedSession, period: Period, basis: str) -> int | None:
    """Keep the sums of a period as they are now; of how many units they were added up anew, None
    for all. What others save meanwhile they will find told by the audit trail.
    """
    with session.trusted() as connection:
        _alone(connection)
        sealed = settled_end_of(connection).number
    session.expire_all()  # the period, too, is read after that
    found = stale_units(session, itself(period), basis)
    stale = found.units if found is not None else None
    if stale is not None and not stale:
        return _say_newer(session, period, basis, sealed)
    asked = asked_now(session, period, stale) | {"kept_of": period.id}
    with session.trusted() as connection:
        gone = kept_in(UnitSum, period, basis)
        if stale is not None:
            gone = and_(gone, among(_UNIT.c.investor_id, stale))
        connection.execute(delete(_UNIT).where(gone))
        connection.execute(_keep_units(basis, "" if stale is None else "units"), asked)
        of_units = insert(_UNIT).from_select(_NAMES, _of_each(basis, stale))
        connection.execute(of_units, {"kept_of": period.id})
        connection.execute(delete(_OFFICE).where(kept_in(OfficeSum, period, basis)))
        for by_component in (True, False):
            whole = {"kept_of": period.id, "as_of": sealed}
            connection.execute(_keep_office(basis, by_component=by_component), whole)
    return None if stale is None else len(stale)


def _alone(connection: Connection) -> None:
    """Nobody else makes or drops sums from now on; pages read them. SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE office_sum IN SHARE ROW EXCLUSIVE MODE")


def _say_newer(session: ScopedSession, period: Period, basis: str, sealed: int) -> int:
    own = kept_in(OfficeSum, period, basis)
    with session.trusted() as connection:
        connection.execute(
            _OFFICE.update()
            .where(own, _OFFICE.c.sealed < sealed - _LOOKED_THROUGH)
            .values(sealed=sealed)
        )
    return 0


# made once: making them costs as much as their answer for a district
@cache
def _by_unit(basis: str, of: str = "") -> Select[Any]:
    live = live_with_counts(basis, of=of).subquery("every")
    keys = (live.c.investor_id, live.c.component_id)
    return select(
        _OF.id,
        literal(basis),
        *keys,
        *(summed(live.c[name]).label(name) for name in _KEPT),
    ).group_by(*keys)


@cache
def _keep_units(basis: str, of: str) -> Insert:
    return insert(_UNIT).from_select(_NAMES, _by_unit(basis, of))


def _of_each(basis: str, units: Collection[int] | None) -> Select[Any]:
    """All of a unit, of each or of these, whose components alone are there yet."""
    unit = _UNIT.c.investor_id
    whole = select(
        _OF.id,
        literal(basis),
        unit,
        literal(WHOLE),
        *(summed(_UNIT.c[name]).label(name) for name in _KEPT),
    ).where(kept_in(UnitSum, _OF, basis), _UNIT.c.component_id != WHOLE)
    return whole.where(*(() if units is None else (among(unit, units),))).group_by(unit)


@cache
def _keep_office(basis: str, *, by_component: bool) -> Insert:
    keys = (_UNIT.c.component_id,) if by_component else ()
    whole = select(
        _OF.id,
        literal(basis),
        bindparam("as_of", type_=_OFFICE.c.sealed.type),
        *(keys or (literal(WHOLE),)),
        *(func.coalesce(summed(_UNIT.c[name]), 0) for name in _KEPT),
    ).where(kept_in(UnitSum, _OF, basis), _UNIT.c.component_id != WHOLE)
    names = ("period_id", "basis", "sealed", "component_id", *_KEPT)
    return insert(_OFFICE).from_select(names, whole.group_by(*keys) if keys else whole)


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptOtherwise:
    """A unit whose kept sums of a period are not what they should be; None for the office."""

    period: str
    basis: str
    unit: str | None


def prove_sums(session: ScopedSession) -> Iterator[KeptOtherwise]:
    """Every unit whose kept sums are not those of its projects, though nothing has changed since
    they were kept; and every period in which the sum of the office is not that of its units.
    """
    kept = (
        select(OfficeSum)
        .where(OfficeSum.component_id == WHOLE)
        .order_by(OfficeSum.period_id, OfficeSum.basis)
    )
    periods = {one.id: one for one in session.scalars(select(Period))}
    for whole in session.scalars(kept):
        yield from _differing(session, periods[whole.period_id], whole.basis, whole.sealed)


def _differing(
    session: ScopedSession, period: Period, basis: str, sealed: int
) -> Iterator[KeptOtherwise]:
    asked = asked_now(session, period) | {"kept_of": period.id}
    kept = select(UnitSum.investor_id, UnitSum.component_id, *(getattr(UnitSum, n) for n in _KEPT))
    stored = {tuple(row) for row in session.execute(kept.where(kept_in(UnitSum, period, basis)))}
    parts = {row for row in stored if row[1] != WHOLE}
    live = {tuple(row[2:]) for row in session.execute(_by_unit(basis), asked)}
    stale = stale_since(session, sealed, itself(period), basis)
    if stale is None:
        return  # nobody is shown them
    units = {row[0] for row in parts ^ live} - stale.units
    units |= {row[0] for row in (stored - parts) ^ set(_together(parts))}
    known = select(Investor.id, Investor.short_name).where(among(Investor.id, units))
    names = {unit: name for unit, name in session.execute(known)}  # noqa: C416
    for unit in sorted(units):
        yield KeptOtherwise(period=period.code, basis=basis, unit=names.get(unit, str(unit)))
    whole = [sum(amounts) for amounts in zip(*(row[2:] for row in parts), strict=True)]
    told = session.execute(
        select(*(getattr(OfficeSum, name) for name in _KEPT)).where(
            kept_in(OfficeSum, period, basis), OfficeSum.component_id == WHOLE
        )
    ).one()
    if list(told) != (whole or [0] * len(_KEPT)):
        yield KeptOtherwise(period=period.code, basis=basis, unit=None)


def _together(rows: Iterable[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Of (unit, component, amounts) those of all components of each unit."""
    found: dict[int, tuple[int, ...]] = {}
    for unit, _component, *amounts in rows:
        found[unit] = tuple(map(add, found.get(unit, (0,) * len(amounts)), amounts))
    return ((unit, WHOLE, *amounts) for unit, amounts in found.items())
