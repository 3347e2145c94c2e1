"""What changed between two versions of a report, cell by cell, with what lies behind each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Allocation,
    AuditEntry,
    Decision,
    Disbursement,
    EventKind,
    Period,
    ProgressEntry,
    Reopening,
    Submission,
    SubmissionEvent,
)
from models.base import Actor, read_id
from models.ledger import counted_periods
from reports.facts import Line, Source, gather, total
from reports.frozen.versions import Frozen, newest_version, read_version

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
_TRACED = ("disbursement", "progress_entry", "allocation_line")


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
class Trace:
    """One act behind a difference: who, when, what, old and new."""

    at: datetime
    who: str
    action: str
    resource: str
    changes: dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why figures were changed, in somebody's words."""

    at: datetime
    who: str
    text: str


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


def has_changed(session: Session, period: Period, *, basis: str = "submitted") -> bool:
    """Whether the entries of a locked period say something else than its newest version."""
    number = newest_version(session, period)
    if number is None:
        return False
    frozen = read_version(session, period, number, basis).source
    now = gather(session, period=period, basis=basis)
    return any(_cells(a, b) for a, b in _pairs(frozen.lines, now.lines))


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
    traces = _traces(session, b.period, [line for line, _c in found], since, until)
    reasons = _reasons(session, b.period, units, since, until)
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
        if (old or None) != (new or None):
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


def _traces(
    session: Session, period: Period, lines: Sequence[Line], since: datetime, until: datetime
) -> dict[int, list[Trace]]:
    """What the audit trail says of entries, amounts and ledger lines of these projects.

    Only of entries whose figures are in the compared period: what was typed for a later month
    is no cause of a difference here.
    """
    projects = [line.project_id for line in lines]
    submissions = {
        str(submission_id)
        for submission_id in session.scalars(
            select(Submission.id)
            .join(Period, Period.id == Submission.period_id)
            .where(
                Submission.investor_id.in_({line.investor_id for line in lines}),
                counted_periods(period),
            )
        )
    }
    entry_of = {
        str(entry_id): project_id
        for entry_id, project_id, submission_id in session.execute(
            select(ProgressEntry.id, ProgressEntry.project_id, ProgressEntry.submission_id).where(
                ProgressEntry.project_id.in_(projects)
            )
        )
        if str(submission_id) in submissions
    }
    allocation_of = {
        str(allocation_id): project_id
        for allocation_id, project_id in session.execute(
            select(Allocation.id, Allocation.project_id).where(Allocation.project_id.in_(projects))
        )
    }
    rows = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.investor_id.in_({line.investor_id for line in lines}),
            AuditEntry.resource.in_(_TRACED),
            AuditEntry.at > since,
            AuditEntry.at <= until,
        )
        .order_by(AuditEntry.at, AuditEntry.id)
    ).all()
    for row in rows:  # entries that are gone since
        named = _named(row)
        if row.resource == "progress_entry" and named.get("submission_id") in submissions:
            entry_of.setdefault(row.row_id, int(named.get("project_id", 0)))
    amounts = _owners_of_amounts(session, {r.row_id for r in rows if r.resource == "disbursement"})
    found: dict[int, list[Trace]] = defaultdict(list)
    for row in rows:
        project_id = _project_of(row, period, entry_of, allocation_of, amounts)
        if project_id is not None:
            found[project_id].append(
                Trace(
                    at=row.at,
                    who=row.user_name,
                    action=row.action,
                    resource=row.resource,
                    changes={k: v for k, v in row.changes.items() if not k.endswith("_id")},
                )
            )
    return found


def _named(row: AuditEntry) -> dict[str, str]:
    """The keys and days that a row of the audit trail names, the new before the old."""
    return {
        name: str(next(v for v in (*reversed(pair), "") if v is not None))
        for name, pair in row.changes.items()
        if name.endswith("_id") or name == "effective_on"
    }


def _project_of(
    row: AuditEntry,
    period: Period,
    entry_of: Mapping[str, int],
    allocation_of: Mapping[str, int],
    amounts: Mapping[str, tuple[str, str]],
) -> int | None:
    """The project in whose figures of the period an act shows; None for an act of elsewhere."""
    named = _named(row)
    if row.resource == "progress_entry":
        return entry_of.get(row.row_id)
    entry_id, allocation_id = amounts.get(row.row_id, ("", ""))
    if row.resource == "disbursement":
        return entry_of.get(named.get("entry_id") or entry_id)
    if named.get("effective_on", "") > period.data_to.isoformat():
        return None
    return allocation_of.get(named.get("allocation_id") or allocation_id)


def _owners_of_amounts(session: Session, row_ids: set[str]) -> dict[str, tuple[str, str]]:
    """Entry and allocation of each disbursement, ids as the audit trail writes them."""
    rows = session.execute(
        select(Disbursement.id, Disbursement.entry_id, Disbursement.allocation_id).where(
            Disbursement.id.in_([key for text in row_ids if (key := read_id(text)) is not None])
        )
    )
    return {str(row_id): (str(entry), str(allocation)) for row_id, entry, allocation in rows}


def _reasons(
    session: Session, period: Period, units: Sequence[int], since: datetime, until: datetime
) -> dict[int, list[Reason]]:
    """Reasons of returns and reopenings, and decisions of the lines added in between."""
    found: dict[int, list[Reason]] = defaultdict(list)
    for row in session.scalars(
        select(Reopening).where(
            Reopening.investor_id.in_(units),
            Reopening.period_id == period.id,
            Reopening.from_at > since,
            Reopening.from_at <= until,
        )
    ):
        found[row.investor_id].append(Reason(at=row.from_at, who=row.user_name, text=row.reason))
    events = session.scalars(
        select(SubmissionEvent)
        .join(Submission, Submission.id == SubmissionEvent.submission_id)
        .where(
            Submission.investor_id.in_(units),
            Submission.period_id == period.id,
            SubmissionEvent.kind == EventKind.RETURNED,
            SubmissionEvent.at > since,
            SubmissionEvent.at <= until,
        )
    )
    for event in events:
        found[event.investor_id].append(
            Reason(at=event.at, who=event.user_name, text=event.reason or "")
        )
    for entry in session.scalars(
        select(AuditEntry).where(
            AuditEntry.resource == "period",
            AuditEntry.row_id == str(period.id),
            AuditEntry.action == "reopen",
            AuditEntry.at > since,
            AuditEntry.at <= until,
        )
    ):
        for unit in units:
            found[unit].append(
                Reason(at=entry.at, who=entry.user_name, text=str(entry.changes["reason"][1]))
            )
    _add_decisions(session, found, units, since, until)
    return {unit: sorted(reasons, key=lambda one: one.at) for unit, reasons in found.items()}


def _add_decisions(
    session: Session,
    found: dict[int, list[Reason]],
    units: Sequence[int],
    since: datetime,
    until: datetime,
) -> None:
    rows = session.scalars(
        select(AuditEntry).where(
            AuditEntry.investor_id.in_(units),
            AuditEntry.resource == "allocation_line",
            AuditEntry.action == "insert",
            AuditEntry.at > since,
            AuditEntry.at <= until,
        )
    ).all()
    wanted = {row.changes["decision_id"][1] for row in rows if "decision_id" in row.changes}
    decisions = {
        row.id: row for row in session.scalars(select(Decision).where(Decision.id.in_(wanted)))
    }
    for row in rows:
        decision = decisions.get(row.changes.get("decision_id", [None, None])[1])
        if decision is not None and row.investor_id is not None:
            text = f"{decision}: {decision.summary or ''}".rstrip(": ")
            found[row.investor_id].append(Reason(at=row.at, who=row.user_name, text=text))
