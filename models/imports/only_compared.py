"""Rows of a report that takes no figures any more: held against it, and differences told."""

from typing import Any

from models.base import Dong, _n, fold
from models.filing import ProjectRow
from models.imports.amounts import DIRECT
from models.imports.capital_meant import Rows, choices_of
from models.imports.figures import FACTS
from models.imports.notes import Notes
from models.imports.planned import PlannedRow, planned
from models.imports.report_rows import money_row
from models.imports.unit_sheets import UnitSheet
from models.sheets import Field, Level, Reading, Value

_SUMS = {Field.MONTH: "this_period", Field.CUMULATIVE: "after"} | DIRECT


def compare_closed(unit: UnitSheet, reading: Reading, notes: Notes) -> list[PlannedRow]:
    """Tell where the file differs from a report that is sent or locked; the rows that agree."""
    notes.refuse("report_closed", unit.why_closed, unit.place, Level.WARNING)
    rows = unit.rows
    agreed: list[PlannedRow] = []
    for project_id, lines in unit.lines.items():
        row = rows.get(project_id)
        if row is None:
            notes.refuse("row_conflict", unit.absent[project_id], lines[0].at, Level.WARNING)
            continue
        same: dict[int, Value] = {}
        for line in lines:
            for value in line.values:
                if value.month in (None, unit.sheet.period.code):
                    _compare(row, value, reading, notes, same)
        agreed += [
            planned("disbursements", stored, stored, same[one.allocation_id].at)
            for one in row.allocations
            if one.allocation_id in same and not one.is_blank
            for stored in (money_row(row, one, unit.sheet.period.code),)
        ]
    return agreed


def _compare(
    row: ProjectRow, value: Value, reading: Reading, notes: Notes, same: dict[int, Value]
) -> None:
    if value.field in FACTS:
        stored = getattr(row, FACTS[value.field])
        if stored != value.value and not _is_told_in(stored, value.value):
            _tell(row, value, stored, notes)
        return
    name = _SUMS.get(value.field)
    if name is None:
        return
    choices = choices_of(row, value, reading)
    for rows in choices:
        if isinstance(value.value, int) and notes.agrees(value.value, _sum(rows, name)):
            for one in rows:
                same.setdefault(one.allocation_id, value)
            return
    _tell(row, value, _sum(choices[-1], name), notes)


def _is_told_in(stored: Any, written: Any) -> bool:
    """Whether the reported words stand within those written: a consolidated report puts the
    percentage before them, and the words of several projects into one cell.
    """
    return (
        isinstance(stored, str)
        and isinstance(written, str)
        and bool(stored.strip())
        and fold(stored) in fold(written)
    )


def _sum(rows: Rows, name: str) -> int:
    return sum(getattr(one, name) or 0 for one in rows)


def _tell(row: ProjectRow, value: Value, stored: Any, notes: Notes) -> None:
    written: Any = value.value
    if isinstance(written, int) or isinstance(stored, int):
        written, stored = Dong(written or 0), Dong(stored or 0)
    notes.warning(
        "report_closed",
        _n(
            "%(project)s: “%(written)s” is written here, “%(stored)s” is reported. Nothing changes."
        ),
        value.at,
        project=row.code,
        written=written,
        stored="" if stored is None else stored,
    )
