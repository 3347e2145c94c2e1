"""Planning a report file: monthly of one unit, or consolidated of many."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.base import Dong, _n
from models.calendar import Period
from models.catalogue import Project
from models.filing import ProjectRow, Told, overlaid
from models.imports.capital_meant import options_between
from models.imports.compared import compare, months_told, take_cumulative
from models.imports.figures import FACTS, MOVES, Figures, Open
from models.imports.form_age import note_age
from models.imports.judged import judge
from models.imports.notes import Notes
from models.imports.only_compared import compare_closed
from models.imports.planned import Plan, PlannedRow
from models.imports.report_rows import rows_of_report
from models.imports.resolved import Works
from models.imports.said import Said
from models.imports.unit_sheets import (
    UnitSheet,
    period_of,
    projects_of,
    sheets_of,
    unit_of,
)
from models.imports.writes import ReportWrite, Writes
from models.sheets import Ask, Field, Kind, Known, Line, Reading, Value

MONEY = (*MOVES, Field.CUMULATIVE, Field.PLAN, Field.BEFORE)
SAID = frozenset({*MOVES, Field.CUMULATIVE, *FACTS})


def plan_reports(
    session: Session, reading: Reading, ask: Ask, *, known: Known, at: datetime
) -> Plan:
    """What a report file would write, in the same number of queries for each unit of it."""
    notes = Notes(reading, ask)
    period = period_of(session, reading, ask, notes)
    if period is None:
        return Plan(kind=ask.kind, findings=tuple(notes.findings))
    lines = _lines(session, period, reading, ask, known, notes)
    units = sheets_of(session, period, lines, at=at)
    note_age(units, reading, notes)
    months = months_told(reading, period.budget_year)
    taking = {id(unit): _said(unit, reading, months, notes) for unit in units if unit.is_open}
    _ask_capital([one.figures for said in taking.values() for one in said], notes)
    rows: list[PlannedRow] = []
    writes = []
    for unit in units:
        if unit.is_open:
            fresh, write = _plan_unit(unit, taking[id(unit)], notes)
            rows += fresh
            writes.append(write)
        elif ask.kind is Kind.CONSOLIDATED:
            rows += compare_closed(unit, reading, notes)
        else:
            notes.refuse("report_closed", unit.why_closed, notes.whole_sheet)
    return Plan(
        kind=ask.kind,
        findings=tuple(notes.findings),
        rows=tuple(rows),
        writes=Writes(reports=tuple(writes)),
    )


def _lines(
    session: Session, period: Period, reading: Reading, ask: Ask, known: Known, notes: Notes
) -> list[tuple[Line, Project]]:
    """The lines that say something, each with its project; what has none is a finding."""
    works = Works(known, notes)
    saying = [line for line in reading.lines if any(one.field in SAID for one in line.values)]
    named = [(line, code) for line in saying if (code := works.code_of(line)) is not None]
    projects = projects_of(session, [code for _line, code in named])
    unit = unit_of(session, period, reading, ask, notes) if ask.kind is Kind.MONTHLY else None
    if unit is None and ask.kind is Kind.MONTHLY:
        return []
    found = []
    for line, code in named:
        project = projects.get(code)
        if project is None or (unit is not None and project.investor_id != unit.id):
            _foreign(line, notes)
        elif line.unit is not None and works.unit_code(code) not in (None, line.unit):
            _wrong_unit(line, code, notes)
        else:
            found.append((line, project))
    return found


def _foreign(line: Line, notes: Notes) -> None:
    """Nothing is told about the stranger, not even that there is one."""
    if not notes.is_blocked(line.at):
        notes.error(
            "row_foreign",
            _n(
                "The project of this row is not one of this unit. Correct the row, or choose "
                "another unit."
            ),
            line.at,
        )


def _wrong_unit(line: Line, code: str, notes: Notes) -> None:
    if not notes.is_blocked(line.at):
        notes.error(
            "row_conflict",
            _n("Project %(project)s is not one of unit %(unit)s. Correct one of the two."),
            line.at,
            project=code,
            unit=line.unit,
        )


def _said(
    unit: UnitSheet, reading: Reading, months: frozenset[tuple[str, str]], notes: Notes
) -> list[Said]:
    """What the file says of each project of a unit that takes figures."""
    rows, found = unit.rows, []
    for project_id, lines in unit.lines.items():
        row = rows.get(project_id)
        if row is None:
            notes.refuse("row_conflict", unit.absent[project_id], lines[0].at)
            continue
        values = values_of(lines, unit.sheet.period.code)
        figures = Figures(row, reading, notes, months)
        figures.take(one for one in values if one.field in MOVES)
        take_cumulative(figures, values)
        said = Said(row, figures, values, lines[0].at)
        said.take_facts(notes)
        found.append(said)
    return found


def values_of(lines: Iterable[Line], period: str) -> list[Value]:
    """The values of these lines but those of other months."""
    return [value for line in lines for value in line.values if value.month in (None, period)]


def _ask_capital(every: Sequence[Figures], notes: Notes) -> None:
    """Ask once a file which capital is meant, and for single cells that the answer leaves open."""
    waiting = [
        (figures, one)
        for figures in every
        for one in list(figures.open)
        if not _settled_alone(figures, one, notes)
    ]
    alike = [one for _figures, one in waiting if len({row.vintage for row in one.rows}) == 1]
    options = options_between([one.rows for one in alike]) if alike else ()
    answer = notes.answer("source_unclear", None, options)
    if alike and answer is None:
        notes.question(
            "source_unclear",
            _n(
                "The file does not tell from which capital this was disbursed, where a "
                "project has several. Choose one, or in proportion to the plan."
            ),
            notes.whole_sheet,
            options,
            for_file=True,
        )
    asked_together = {id(one) for one in alike}
    for figures, one in waiting:
        if id(one) not in asked_together or (
            answer is not None and not figures.settle(one, answer)
        ):
            _ask_cell(figures, one, notes)


def _settled_alone(figures: Figures, one: Open, notes: Notes) -> bool:
    given = notes.answer("source_unclear", one.at, options_between([one.rows]))
    return given is not None and figures.settle(one, given)


def _ask_cell(figures: Figures, one: Open, notes: Notes) -> None:
    notes.question(
        "source_unclear",
        _n("%(project)s: which capital are these %(amount)s đồng of?"),
        one.at,
        options_between([one.rows]),
        project=figures.project.code,
        amount=Dong(one.amount),
    )


def _plan_unit(
    unit: UnitSheet, said: Sequence[Said], notes: Notes
) -> tuple[list[PlannedRow], ReportWrite]:
    for one in said:
        compare(one.figures, one.values)
    told = [one.told() for one in said]
    after = overlaid(unit.sheet, told)
    rows: list[PlannedRow] = []
    then = {row.project_id: row for row in after.projects}
    for one, say in zip(said, told, strict=True):
        rows += rows_of_report(unit.sheet.period.code, one, then[one.row.project_id], say)
    judge(unit.sheet, after, said, told, notes)
    changed = [one for one, row in zip(told, said, strict=True) if _changes(row.row, one)]
    return rows, ReportWrite(
        investor_id=unit.sheet.investor.id,
        period_id=unit.sheet.period.id,
        version=unit.sheet.version,
        told=tuple(changed),
    )


def _changes(row: ProjectRow, told: Told) -> bool:
    """Whether storing it would change anything."""
    if any(getattr(row, name) != value for name, value in told.facts.items()):
        return True
    rows = {one.allocation_id: one for one in row.allocations}
    return any(
        getattr(rows[key], name) != amount
        for key, amounts in told.amounts.items()
        for name, amount in amounts.items()
    )
