"""What changed between two versions of a report, cell by cell, with what lies behind each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import (
    Period,
)
from models.base import Actor
from reports.facts import Line, Source, gather, total
from reports.frozen.causes import Reason, Trace, reasons_of, traces_of
from reports.frozen.reading import Frozen, newest_version, read_version

FIGURES = (
    "plan_total",
    "plan_year",
    "plan_central",
    "plan_local",
    "plan_investment",
    "plan_recurrent",
    "plan_carried",
    "disbursed_month",
    "disbursed_total",
    "disbursed_year",
    "disbursed_carried",
    "rate_total",
    "remaining",
)
TOLD = ("physical_progress", "progress_text", "obstacles", "estimate")
_NO_WORDS = (("", None), (None, ""))  # alike; a figure that is not there is no 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One side of a comparison: a frozen version, or the entries as they are now."""

    period: Period
    number: int | None
    at: datetime
    by: str
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One figure or text that differs; amounts in đồng, rates in percent."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One project whose figures differ. Only one side has it when it came or went."""

    project_id: int
    investor_id: int
    code: str
    name: str
    investor: str
    cells: tuple[Cell, ...]
    traces: tuple[Trace, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    a: Side
    b: Side
    totals: tuple[Cell, ...]
    differences: tuple[Difference, ...]
    units: tuple[Cell, ...]


def side(session: Session, period: Period, *, number: int, basis: str) -> Side:
    """A version of a period by its number. Raises NotFound."""
    frozen: Frozen = read_version(session, period, number, basis)
    return Side(
        period=period, number=number, at=frozen.frozen_at, by=frozen.by, source=frozen.source
    )


def live(session: Session, period: Period, *, basis: str, at: datetime, actor: Actor) -> Side:
    """The entries as they are at this moment."""
    source = gather(session, period=period, basis=basis)
    return Side(period=period, number=None, at=at, by=actor.name, source=source)


def has_changed(
    session: Session, period: Period, *, basis: str = "submitted", read: Frozen | None = None
) -> bool:
    """Whether the entries of a locked period say something else than its newest version; `read` is
    a version of it that is there already.
    """
    number = newest_version(session, period)
    if number is None:
        return False
    if read is None or (read.number, read.basis) != (number, basis):
        read = read_version(session, period, number, basis)
    now = gather(session, period=period, basis=basis)
    return any(_cells(a, b) for a, b in _pairs(read.source.lines, now.lines) if a != b)


def changed_lines(a: Source, b: Source) -> list[Line]:
    """The lines of projects that differ between two states of a report."""
    pairs = _pairs(a.lines, b.lines)
    return [one for pair in pairs if _cells(*pair) and (one := pair[1] or pair[0])]


def compare(session: Session, a: Side, b: Side) -> Comparison:
    """Every cell in which `b` differs from `a`, and the acts and reasons between the two."""
    since, until = min(a.at, b.at), max(a.at, b.at)
    found = [
        (one, cells)
        for pair in _pairs(a.source.lines, b.source.lines)
        if (cells := _cells(*pair)) and (one := pair[1] or pair[0])
    ]
    units = sorted({line.investor_id for line, _cells_ in found})
    traces = traces_of(session, b.period, [line for line, _c in found], since, until)
    reasons = reasons_of(session, b.period, units, since, until)
    names = {**a.source.units, **b.source.units}
    return Comparison(
        a=a,
        b=b,
        totals=_figure_cells(total(_f(a.source)), total(_f(b.source))),
        units=_unit_cells(a.source, b.source),
        differences=tuple(
            Difference(
                project_id=line.project_id,
                investor_id=line.investor_id,
                code=line.code,
                name=line.name,
                investor=names[line.investor_id].short_name,
                cells=cells,
                traces=tuple(traces.get(line.project_id, ())),
                reasons=tuple(reasons.get(line.investor_id, ())),
            )
            for line, cells in found
        ),
    )


def _f(source: Source) -> Iterable[Any]:
    return (line.figures for line in source.lines)


def _pairs(a: Sequence[Line], b: Sequence[Line]) -> list[tuple[Line | None, Line | None]]:
    before = {line.project_id: line for line in a}
    after = {line.project_id: line for line in b}
    order = sorted({**before, **after}.values(), key=lambda line: (line.code, line.project_id))
    return [(before.get(line.project_id), after.get(line.project_id)) for line in order]


def _cells(a: Line | None, b: Line | None) -> tuple[Cell, ...]:
    empty = total(())
    cells = list(_figure_cells(a.figures if a else empty, b.figures if b else empty))
    for name in TOLD:
        old = getattr(a.told, name) if a is not None and a.told is not None else None
        new = getattr(b.told, name) if b is not None and b.told is not None else None
        if (old, new) not in _NO_WORDS and old != new:
            cells.append(Cell(name=name, old=old, new=new))
    if a is not None and b is not None and a.name != b.name:
        cells.append(Cell(name="name", old=a.name, new=b.name))
    return tuple(cells)


def _figure_cells(a: Any, b: Any) -> tuple[Cell, ...]:
    return tuple(
        Cell(name=name, old=getattr(a, name), new=getattr(b, name))
        for name in FIGURES
        if getattr(a, name) != getattr(b, name)
    )


def _unit_cells(a: Source, b: Source) -> tuple[Cell, ...]:
    """Units that were renamed, or whose report came in or went back between the two."""
    cells = []
    for unit_id in sorted({*a.units, *b.units}):
        old, new = a.units.get(unit_id), b.units.get(unit_id)
        if old and new and old.short_name != new.short_name:
            cells.append(Cell(name="investor", old=old.short_name, new=new.short_name))
        if old and new and old.has_reported != new.has_reported:
            name = new.short_name
            cells.append(Cell(name=name, old=old.has_reported, new=new.has_reported))
    return tuple(cells)
