"""Figures of many projects in one row, where a report shows no project: added up in SQL."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    FromClause,
    Select,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from models import Period, UnitSum
from models.base import among, summed
from reports.facts.figures import paid_of, plan_of
from reports.facts.kept import (
    SUMS,
    Stale,
    asked_now,
    itself,
    kept_of_office,
    kept_of_units,
    live_rows,
    stale_units,
)

Adding = Callable[[FromClause], Select[Any]]
_HELD = ("component_id", "investor_id", "projects")


def by_component(
    session: Session, *, period: Period, basis: str, stale: Stale | None = None
) -> list[Any]:
    """A row for each component: its id, the sums of `Figures`, how many projects have one, of how
    many an estimate is told, and those estimates in đồng.

    One query more, or a few where the office keeps sums. Who knows already what of these is
    `stale` asks by itself whether that is still so.
    """
    if stale is not None:
        asked = _asked(period, [_components], stale)
        return list(session.execute(asked, asked_now(session, period, stale.units)))
    return _read(session, period, basis, [_components])


def by_unit(
    session: Session, *, period: Period, basis: str, of: Collection[int] | None = None
) -> list[Any]:
    """A row for each unit, or each `of` these: its id, its plan and what is disbursed of it, in
    đồng.
    """
    return _read(session, period, basis, [_units], of)


def by_component_and_unit(
    session: Session, *, period: Period, basis: str
) -> tuple[list[Any], list[Any]]:
    """Both, of one moment."""
    rows = _read(session, period, basis, [_components, _units])
    return [row[1:] for row in rows if row[0] == 0], [row[1:4] for row in rows if row[0] == 1]


def holdings(
    session: Session,
    stale: Stale,
    *,
    period: Period,
    by: Sequence[str],
    components: Collection[int] | None = None,
) -> list[Any]:
    """By `component_id`, `investor_id` or both, under all or some components: how many pairs of
    them there are, and of how many projects there are figures. Of the sums that are kept, and of
    those that are `stale`: see `by_component`.
    """
    kept = kept_of_units(period, stale, by_component=True)
    parts = [kept.with_only_columns(*(kept.selected_columns[name] for name in _HELD))]
    if stale.units:
        live = live_rows(stale.basis, of="units").subquery("live")
        pair = live.c.component_id, live.c.investor_id
        projects = summed(live.c.projects).label("projects")
        parts.append(select(*pair, projects).group_by(*pair))
    each = union_all(*parts).subquery("each")
    keys = [each.c[key] for key in by]
    asked = (
        select(*keys, func.count(), summed(each.c.projects))
        .where(each.c.projects != 0)  # what has no figures may still have lines behind it
        .group_by(*keys)
    )
    if components is not None:
        asked = asked.where(among(each.c.component_id, components))
    return list(session.execute(asked, asked_now(session, period, stale.units)))


def _read(
    session: Session,
    period: Period,
    basis: str,
    kinds: Sequence[Adding],
    of: Collection[int] | None = None,
) -> list[Any]:
    stale = stale_units(session, itself(period), basis)
    if stale is not None:
        changed = stale.units if of is None else stale.units.intersection(of)
        asked = _asked(period, kinds, stale, of)
        rows = list(session.execute(asked, asked_now(session, period, changed)))
        if stale.is_still_so(session):
            return rows
    asked = _asked_anew(basis, tuple(kinds), "" if of is None else "units")
    return list(session.execute(asked, asked_now(session, period, of)))


def _asked(
    period: Period,
    kinds: Sequence[Adding],
    stale: Stale,
    of: Collection[int] | None = None,
) -> Select[Any] | CompoundSelect[Any]:
    """The statement of what is kept and of what is `stale`, of all units or of these."""
    units = kept_of_units(period, stale)
    if of is not None:
        units = units.where(among(UnitSum.investor_id, of))
    kept: dict[Adding, Sequence[Select[Any]]] = {
        _components: kept_of_office(period, stale),
        _units: [units],
    }
    live = live_rows(stale.basis, of="units") if stale.units else None
    return _together(kinds, kept, live)


@cache
def _asked_anew(basis: str, kinds: Sequence[Adding], of: str) -> Select[Any] | CompoundSelect[Any]:
    """The statement of what is so now, of all units, or of those that its parameters name."""
    return _together(kinds, {}, live_rows(basis, of=of))


def _together(
    kinds: Sequence[Adding],
    kept: Mapping[Adding, Sequence[Select[Any]]],
    live_now: Select[Any] | None,
) -> Select[Any] | CompoundSelect[Any]:
    """One kind of rows, or more, each behind its number."""
    live: FromClause | None = None
    if live_now is not None:
        live = live_now.subquery("live") if len(kinds) == 1 else live_now.cte("now")
    found = [adding(_every(kept.get(adding, ()), adding, live)) for adding in kinds]
    if len(found) == 1:
        return found[0]
    most = max(len(one.selected_columns) for one in found)
    return union_all(*(_numbered(n, one, most) for n, one in enumerate(found)))


def _every(kept: Sequence[Select[Any]], adding: Adding, live: Any) -> FromClause:
    """What is kept and what is so now, one below the other."""
    parts = list(kept)
    if live is not None:
        owner = () if adding is _components else (live.c.investor_id,)
        parts.append(select(live.c.component_id, *owner, *(live.c[name] for name in SUMS)))
    return union_all(*parts).subquery("every") if len(parts) > 1 else parts[0].subquery("every")


def _components(every: FromClause) -> Select[Any]:
    sums = {name: summed(every.c[name]) for name in SUMS}
    return (
        select(every.c.component_id, *(amount.label(name) for name, amount in sums.items()))
        .group_by(every.c.component_id)
        .having(sums["projects"] != 0)
    )


def _units(every: FromClause) -> Select[Any]:
    return (
        select(
            every.c.investor_id,
            summed(plan_of(every.c)).label("plan"),
            summed(paid_of(every.c)).label("paid"),
        )
        .group_by(every.c.investor_id)
        .having(summed(every.c.projects) != 0)
    )


def _numbered(n: int, asked: Select[Any], width: int) -> Select[Any]:
    rows = asked.subquery()
    lacking = width - len(rows.c)
    return select(
        literal_column(str(n)),
        *rows.c,
        *(cast(null(), BigInteger).label(f"none_{m}") for m in range(lacking)),
    )
