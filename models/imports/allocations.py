"""Planning a decision with its annex: lines of the ledger, with the refusals of the ledger."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Dong, _n, among, local_day
from models.capital import Allocation, AllocationLine, LineKind
from models.catalogue import Project
from models.exchange.package import text_of
from models.imports.capital_compared import PLANS, compare_plans
from models.imports.capital_lines import (
    AMOUNTS,
    Change,
    Key,
    ask_capital,
    changes_of,
    key_of,
    kind_of_file,
    refuse_doubles,
)
from models.imports.capital_weighed import Stored, balance, doubt, doubt_decision, weigh
from models.imports.decisions import Meant, decision_meant
from models.imports.notes import Notes
from models.imports.planned import Plan, PlannedRow, planned
from models.imports.resolved import Works
from models.imports.unit_sheets import projects_of
from models.imports.writes import DecisionWrite, LineWrite, Writes
from models.sheets import Ask, Known, Line, Reading


def plan_allocations(
    session: Session, reading: Reading, ask: Ask, *, known: Known, at: datetime
) -> Plan:
    """What an annex would book. In the same number of queries whatever its length."""
    notes = Notes(reading, ask)
    meant = decision_meant(session, reading, notes)
    kind = kind_of_file(reading, notes)
    year = _year(reading, meant, kind, notes)
    lines = _lines(session, reading, known, notes)
    held = _held(session, [project for _line, project in lines])
    if meant is None or year is None:
        return Plan(kind=ask.kind, findings=tuple(notes.findings))
    changes = [
        change
        for line, project in lines
        for change in changes_of(
            line, project, kind, year=year, reading=reading, held=held[project.id], notes=notes
        )
    ]
    ask_capital(changes, notes)
    refuse_doubles(changes, notes)
    settled = [one for one in changes if one.is_settled and not one.is_refused]
    keys = {key_of(one): one for rows in held.values() for one in rows}
    stored = _stored(session, meant)
    fresh = [one for one in settled if not _is_stored(one, keys, stored, meant, notes)]
    weigh(session, fresh, keys, meant, notes)
    doubt(session, fresh, keys, notes, day=local_day(at))
    doubt_decision(fresh, meant, notes, day=local_day(at))
    balance(fresh, stored, meant, notes)
    compare_plans(session, lines, changes, keys, stored, meant, year, reading, notes)
    return Plan(
        kind=ask.kind,
        findings=tuple(notes.findings),
        rows=(meant.row(), *_rows(settled, fresh, meant)) if settled else (),
        writes=_writes(fresh, meant, stored),
    )


# ------------------------------------------------------------------------------ what is meant


def _year(reading: Reading, meant: Meant | None, kind: LineKind | None, notes: Notes) -> int | None:
    """The budget year: told by the title, else that of the decision. In December a first
    allocation is for the next year as a rule, so it is asked.
    """
    if reading.budget_year is not None or meant is None:
        return reading.budget_year
    year = meant.issued_on.year
    if meant.issued_on.month < 12 or kind not in (LineKind.INITIAL, LineKind.CARRY_IN):
        return year
    given = notes.ask(
        "year_unclear",
        _n("Of which budget year is this capital? The title does not tell."),
        meant.at,
        (str(year + 1), str(year)),
        for_file=True,
    )
    return None if given is None else int(given)


def _lines(
    session: Session, reading: Reading, known: Known, notes: Notes
) -> list[tuple[Line, Project]]:
    works = Works(known, notes)
    named = [(line, _code(line, works)) for line in reading.lines]
    projects = projects_of(session, [code for _line, code in named if code is not None])
    found = []
    for line, code in named:
        if code is None:
            continue
        if code in projects:
            found.append((line, projects[code]))
        elif not notes.is_blocked(line.at):
            notes.error("name_unknown", _n("There is no project here."), line.at)
    return found


def _code(line: Line, works: Works) -> str | None:
    """The project of a line that says something of capital; what only tells a plan is not asked."""
    fields = {one.field for one in line.values}
    if fields.intersection(AMOUNTS):
        return works.code_of(line)
    return line.work if fields.intersection(PLANS) else None


def _held(session: Session, projects: Sequence[Project]) -> dict[int, list[Allocation]]:
    """The capital of these projects, all years."""
    found: dict[int, list[Allocation]] = defaultdict(list)
    ids = {project.id for project in projects}
    rows = session.scalars(
        select(Allocation).where(among(Allocation.project_id, ids)).order_by(Allocation.id)
    )
    for row in rows:
        found[row.project_id].append(row)
    return found


# ------------------------------------------------------------------------------ what is stored


def _stored(session: Session, meant: Meant) -> Stored:
    """The lines that the decision has already, by allocation."""
    found: Stored = defaultdict(list)
    if meant.stored is not None:
        rows = session.scalars(
            select(AllocationLine).where(AllocationLine.decision_id == meant.stored.id)
        )
        for row in rows:
            found[row.allocation_id].append(row)
    return found


def _is_stored(
    change: Change,
    keys: Mapping[Key, Allocation],
    stored: Stored,
    meant: Meant,
    notes: Notes,
) -> bool:
    """Whether the decision gave this amount already. Another amount is not added to it."""
    allocation = keys.get(change.key)
    lines = stored.get(allocation.id, []) if allocation is not None else []
    if not lines:
        return False
    amounts = [line.amount for line in lines]
    if change.amount in amounts or change.amount == sum(amounts):
        return True
    change.is_refused = True
    if not notes.is_blocked(change.at):
        notes.error(
            "row_conflict",
            _n(
                "%(project)s: under decision %(number)s %(stored)s đồng of this capital are "
                "booked already, the file says %(amount)s đồng. Correct the file, or the ledger "
                "by a line of its own."
            ),
            change.at,
            project=change.project.code,
            number=meant.number,
            stored=Dong(sum(amounts)),
            amount=Dong(change.amount),
        )
    return True


# ------------------------------------------------------------------------------ rows and writes


def _rows(settled: Sequence[Change], fresh: Sequence[Change], meant: Meant) -> list[PlannedRow]:
    new = {id(one) for one in fresh}
    found = []
    for one in settled:
        if one.is_refused:
            continue
        _project, budget_year, vintage, source, nature = one.key
        told = {
            "project_code": one.project.code,
            "budget_year": budget_year,
            "vintage": vintage,
            "source": source,
            "nature": nature,
            "kind": one.kind,
            "amount": one.amount,
            "decision_number": meant.number,
            "decision_issued_on": meant.issued_on,
            "effective_on": meant.effective_on,
        }
        values = {name: text_of(value) for name, value in told.items()}
        found.append(planned("allocations", values, None if id(one) in new else values, one.at))
    return found


def _writes(changes: Sequence[Change], meant: Meant, stored: Stored) -> Writes:
    if not changes:
        return Writes()
    return Writes(
        decision=DecisionWrite(
            number=meant.number,
            issued_on=meant.issued_on.isoformat(),
            issuer=meant.issuer,
            summary=meant.summary,
            effective_on=meant.effective_on.isoformat(),
            id=meant.stored.id if meant.stored is not None else None,
            lines_seen=sum(len(lines) for lines in stored.values()),
        ),
        lines=tuple(
            LineWrite(
                project_id=one.project.id,
                budget_year=one.year,
                vintage=one.vintage,
                source=one.key[3],
                nature=one.key[4],
                kind=one.kind.value,
                amount=one.amount,
                effective_on=meant.effective_on.isoformat(),
                sheet=one.at.sheet,
                cell=one.at.cell,
            )
            for one in changes
        ),
    )
