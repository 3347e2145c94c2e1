"""Figures of many projects as one line each, where a report shows no project: added up in SQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, case, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from models import Period
from models.base import among, summed
from reports.facts.kept import (
    SUMS,
    asked_now,
    itself,
    kept_of_office,
    kept_of_units,
    live_rows,
    stale_units,
)

_HELD = ("component_id", "investor_id", "projects")


def together(
    session: Session,
    *,
    period: Period,
    basis: str,
    by: str,
    programmes: Mapping[int, int],
) -> list[Any]:
    """By component, or by investor and programme: the sums of `Figures`, how many `projects` have
    one, of how many an estimate is `told`, and those `estimates` in đồng.

    `programmes`: by component the one at the top of its tree. One query more, or a few where the
    office keeps sums.
    """
    stale = stale_units(session, itself(period), basis)
    if stale is not None:
        is_whole = by == "component"
        parts = [*kept_of_office(period, stale)] if is_whole else [kept_of_units(period, stale)]
        if stale.units:
            parts.append(_live(period, basis, by, of="units"))
        asked = asked_now(session, period, stale.units)
        rows = list(session.execute(_summed(parts, by, programmes), asked))
        if stale.is_still_so(session):
            return rows
    every = _summed([_live(period, basis, by)], by, programmes)
    return list(session.execute(every, asked_now(session, period)))


def holdings(
    session: Session,
    *,
    period: Period,
    basis: str,
    by: Sequence[str],
    components: Collection[int] | None = None,
) -> list[Any] | None:
    """By `component_id`, `investor_id` or both, under all or some components: how many pairs of
    them there are, and of how many projects there are figures. None where the office keeps no sums
    that say it.
    """
    stale = stale_units(session, itself(period), basis)
    if stale is None:
        return None
    kept = kept_of_units(period, stale)
    parts = [kept.with_only_columns(*(kept.selected_columns[name] for name in _HELD))]
    if stale.units:
        parts.append(_summed([_live(period, basis, "each", of="units")], "each", {}, _HELD[2:]))
    each = union_all(*parts).subquery("each")
    keys = [each.c[key] for key in by]
    asked = select(*keys, func.count(), summed(each.c.projects)).group_by(*keys)
    if components is not None:
        asked = asked.where(among(each.c.component_id, components))
    rows = list(session.execute(asked, asked_now(session, period, stale.units)))
    return rows if stale.is_still_so(session) else None


def _live(period: Period, basis: str, by: str, of: str = "") -> Select[Any]:
    live = live_rows(period, basis, of=of)
    owner = () if by == "component" else (live.c.investor_id,)
    return select(live.c.component_id, *owner, *(live.c[name] for name in SUMS))


def _summed(
    parts: list[Select[Any]],
    by: str,
    programmes: Mapping[int, int],
    names: Collection[str] = SUMS,
) -> Select[Any]:
    every = union_all(*parts).subquery("every") if len(parts) > 1 else parts[0].subquery("every")
    is_by_unit = by != "component" and bool(programmes)
    row = select(
        (
            case(dict(programmes), value=every.c.component_id)
            if is_by_unit
            else every.c.component_id
        ).label("component_id"),
        every.c.get("investor_id", literal_column("0")).label("investor_id"),
        *(every.c[name] for name in names),
    ).subquery("row")
    sums = {name: summed(row.c[name]) for name in names}
    return (
        select(
            row.c.component_id,
            row.c.investor_id,
            *(amount.label(name) for name, amount in sums.items()),
        )
        .group_by(row.c.component_id, row.c.investor_id)
        .having(sums["projects"] != 0)
    )
