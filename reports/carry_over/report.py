"""Carried-over capital by vintage, unit and project, or a page of it that is read alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from models import Period
from models.base import sees_a_part
from reports.carry_over.rows import CarriedPlace, CarriedRow, RowBuilder
from reports.consolidated import OWN_TOTAL, TOTAL, Cut
from reports.facts import (
    Carried,
    Unit,
    by_owner,
    carried_by_unit,
    carried_capital,
    carrying_projects,
    returns_of,
    units_of,
)
from reports.frozen import Frozen, carried_in, shown_version

TRIES = 3  # while units go on saving


@dataclass(frozen=True, kw_only=True, slots=True)
class CarryOver:
    """The report; a place for each row. `frozen` is the version that it is of; `lacks` the number
    of one that was to be shown and does not hold it. `many`: how many rows it has where those here
    are a page of them; `vintages` are those of all, each with the number of its row.
    """

    period: Period
    rows: tuple[CarriedRow, ...]
    places: tuple[CarriedPlace, ...]
    vintages: tuple[tuple[int, int], ...] = ()
    frozen: Frozen | None = None
    lacks: int | None = None
    many: int = 0


def carry_over(
    session: Session,
    *,
    period: Period,
    detail: str = "investor",
    basis: str = "submitted",
    version: int | str | None = None,
    cut: Cut | None = None,
) -> CarryOver:
    """Capital of earlier years as of the last day of a period: what may be disbursed, under which
    decision and until when, what is, and what becomes of the rest.

    State budget sources only; the total is the carried-over capital of the consolidated report
    of the same state: a locked period shows its newest version, or the one asked for, `version`
    "live" the entries as they are now. The youngest vintage comes first. A fixed number of
    queries. `cut` says which of so many rows a screen shows: of projects those of a page alone
    are read, where the sums made ahead tell the rest.
    """
    frozen = shown_version(session, period, version, basis)
    kept = carried_in(frozen) if frozen is not None else None
    if frozen is not None and kept is not None:
        lines = {line.project_id: line for line in frozen.source.lines}
        builder = _builder(session, period, detail, frozen.source.units, by_owner(kept, lines))
        return _made(period, builder, lines, frozen=frozen)
    lacks = frozen.number if frozen is not None else None
    projects: Mapping[int, Any] = {}
    told = None
    if detail != "project":
        told = carried_by_unit(session, period, basis)
    elif cut is not None and (page := _page(session, period, basis, cut)) is not None:
        return replace(page, lacks=lacks)
    if told is None:
        every = carried_capital(session, period, basis)
        projects = carrying_projects(session, period, basis, every)
        held: Mapping[int, Sequence[Carried]] = by_owner(every, projects)
    else:
        held = told.held
    units = units_of(session, period, returns_of(session, period, basis), held.keys())
    return _made(period, _builder(session, period, detail, units, held), projects, lacks=lacks)


def _page(session: Session, period: Period, basis: str, cut: Cut) -> CarryOver | None:
    """Some rows of the report by project; None where all are shown, or all have to be read."""
    for _again in range(TRIES):
        told = carried_by_unit(session, period, basis, count_projects=True)
        if told is None:
            return None
        units = units_of(session, period, returns_of(session, period, basis), told.held.keys())
        builder = _builder(session, period, "project", units, told.held, told.together)
        part = range(builder.many)[cut(builder.many)]
        if len(part) == builder.many:
            return None
        shown = builder.shown(part)
        held = carried_capital(session, period, basis, shown)
        projects = carrying_projects(session, period, basis, held, shown)
        is_all_there = builder.build(part, projects, by_owner(held, projects))
        # with nothing changed of them all is as it was before, whatever happened elsewhere
        changed = told.stale.changed_since(session)
        if is_all_there and changed is not None and shown.isdisjoint(changed):
            return replace(_report(period, builder), many=builder.many)
    return None


def _builder(
    session: Session,
    period: Period,
    detail: str,
    units: Mapping[int, Unit],
    held: Mapping[int, Sequence[Carried]],
    together: Mapping[int, int] | None = None,
) -> RowBuilder:
    name = OWN_TOTAL if sees_a_part(session) else TOTAL
    return RowBuilder(units, held, together or {}, detail=detail, day=period.data_to, name=name)


def _made(
    period: Period, builder: RowBuilder, projects: Mapping[int, Any], **version: Any
) -> CarryOver:
    """The report with all of its rows."""
    builder.build(range(builder.many), projects)
    return replace(_report(period, builder), **version)


def _report(period: Period, builder: RowBuilder) -> CarryOver:
    return CarryOver(
        period=period,
        rows=tuple(builder.rows),
        places=tuple(builder.places),
        vintages=tuple(builder.vintages),
    )
