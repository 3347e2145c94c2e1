"""The cells of a unit's form: whether they still are what the marks say, and what they hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from models.base import LONGEST, clean, clean_line
from models.sheets.a1 import a1, column_of
from models.sheets.cells import amount, is_silent, line, percent, shown, text
from models.sheets.form_marks import FormColumn, FormMarks, FormRow, Holds
from models.sheets.outcome import Read
from models.sheets.said import Field, Line, Value
from models.sheets.shapes import Ask, At, Cell, Finding, Grid, Known

AMOUNTS = (Field.ADVANCE, Field.COMPLETED, Field.RECOVERED, Field.RETURNED)
FIGURES = (Field.PROGRESS, Field.VOLUME, Field.ESTIMATE)
GIVEN = (Field.PLAN, Field.BEFORE)  # compared, never imported
_COMPUTED = (Field.MONTH, Field.CUMULATIVE, Field.REMAINING)


@dataclass
class FormCells:
    """One page of a form with its marks. `lines` collects findings on the way."""

    grid: Grid
    marks: FormMarks
    ask: Ask
    findings: list[Finding] = field(default_factory=list)

    @cached_property
    def columns(self) -> dict[str, FormColumn]:
        return {one.field: one for one in self.marks.columns}

    def cell(self, row: int, letters: str) -> Cell | None:
        return self.grid.cells.get((row, column_of(letters)))

    def at(self, row: int, column: FormColumn | str, heading: str = "") -> At:
        letters = column if isinstance(column, str) else column.column
        heading = heading or ("" if isinstance(column, str) else column.path)
        return At(self.grid.name, f"{letters}{row}", heading, shown(self.cell(row, letters)))

    # --------------------------------------------------------------- is it still as given out

    @cached_property
    def changed(self) -> At | None:
        """The first place where something else stands than the marks say; None for none."""
        return next(self._changes(), None)

    def _changes(self) -> Iterator[At]:
        for column in self.marks.columns:
            texts = {
                clean_line(line(self.cell(row, column.column))) for row in self.marks.head_rows
            }
            if clean_line(column.heading) not in texts:
                yield self.at(self.marks.head_rows[0], column)
        for row in self.marks.rows:
            for letters, told in ((self.marks.labels, row.label), (self.marks.codes, row.project)):
                if clean_line(line(self.cell(row.row, letters))) != clean_line(told):
                    yield self.at(row.row, letters)
        yield from self._figures_elsewhere()
        yield from self._overtyped()

    def _figures_elsewhere(self) -> Iterator[At]:
        """Figures where the form has none: somebody put them there to be reported."""
        known = {
            (row.row, column_of(column.column))
            for row in self.marks.rows
            for column in self.marks.columns
            if self._may_hold(row, column)
        }
        words = column_of(self.marks.words)
        known |= {(row.row, words) for row in self.marks.rows if row.holds is Holds.WORDS}
        heads = set(self.marks.head_rows)
        for (row, column), cell in self.grid.cells.items():
            if row not in heads and (row, column) not in known and _is_figure(cell):
                yield At(self.grid.name, a1(row, column), value=shown(cell))

    @staticmethod
    def _may_hold(row: FormRow, column: FormColumn) -> bool:
        if column.field in ("number", "label", "code"):
            return True
        if row.holds is Holds.WORDS:
            return False
        return column.field not in FIGURES or row.holds is Holds.PROJECT

    def _overtyped(self) -> Iterator[At]:
        """Sums over which a figure was typed that is not the sum: which is meant is not known."""
        sums = _Sums(self)
        for row in self.marks.rows:
            for column in self.marks.columns:
                if column.field not in (*AMOUNTS, *GIVEN, *_COMPUTED) or not sums.is_made(
                    row, column
                ):
                    continue
                cell = self.cell(row.row, column.column)
                if cell is None or cell.formula is not None or cell.problem is not None:
                    continue
                read = amount(cell, "dong", signed=True)
                if not read.says_nothing and read.value != sums.of(row, column.field):
                    yield self.at(row.row, column)

    # ----------------------------------------------------------------------- what it says

    def lines(self, unit: str) -> Iterator[Line]:
        """One line for each row of capital, project or text, with what was read from it.

        A project whose row says nothing has its line, too: it tells that the form knows it.
        """
        for row in self.marks.rows:
            values = tuple(self._values(row))
            if values or row.holds is Holds.PROJECT:
                yield Line(
                    at=self.at(row.row, self.marks.labels),
                    unit=unit,
                    work=row.project,
                    name=row.label,
                    values=values,
                )

    def _values(self, row: FormRow) -> Iterator[Value]:
        if row.holds is Holds.WORDS:
            yield from self._words(row)
        elif row.holds is Holds.PROJECT:
            for name in FIGURES:
                yield from self._figure(row, name)
        elif row.holds is Holds.CAPITAL:
            for name in (*GIVEN, *AMOUNTS):
                yield from self._figure(row, name)

    def _figure(self, row: FormRow, name: Field) -> Iterator[Value]:
        column = self.columns[name]
        cell = self.cell(row.row, column.column)
        at = self.at(row.row, column)
        read: Read[Any]
        read = (
            percent(cell) if name is Field.PROGRESS else amount(cell, "dong", signed=name in GIVEN)
        )
        if name in GIVEN and read.value is None:
            return  # not imported; without it there is nothing to compare
        value = self._settled(read, at)
        if value is None:
            return
        is_capital = row.holds is Holds.CAPITAL
        yield Value(
            field=name,
            value=value,
            at=at,
            vintage=row.vintage if is_capital else None,
            source=row.source if is_capital else None,
            nature=row.nature if is_capital else None,
        )

    def _words(self, row: FormRow) -> Iterator[Value]:
        cell = self.cell(row.row, self.marks.words)
        if is_silent(cell):
            return
        at = self.at(row.row, self.marks.words, row.label)
        value = self._settled(text(cell, LONGEST), at)
        if value is not None:
            yield Value(field=Field(row.field), value=value, at=at)

    def _settled(self, read: Read[Any], at: At) -> Any:
        """The value of a cell, answered where it was asked; else the finding is kept."""
        if read.level is None:
            return read.value
        finding = read.finding(at)
        given = self.ask.answers.get(finding.answer or "", "").strip()
        if given and given in {option.value for option in read.options}:
            return _answered(given, at, self.columns)
        self.findings.append(finding)
        return None


class _Sums:
    """What the cells that compute should show, from what was typed."""

    def __init__(self, cells: FormCells) -> None:
        self.cells = cells
        self.rows = {row.row: row for row in cells.marks.rows}
        self._known: dict[tuple[int, str], int | None] = {}

    @staticmethod
    def is_made(row: FormRow, column: FormColumn) -> bool:
        """Whether the cell computes: across, or down where the row adds others up."""
        if row.holds is Holds.WORDS or (row.holds is not Holds.CAPITAL and not row.adds):
            return False
        return bool(row.adds or column.made_of)

    def of(self, row: FormRow, name: str) -> int | None:
        """The amount, None where a cell beneath cannot be read."""
        key = row.row, name
        if key not in self._known:
            self._known[key] = None  # a form that adds itself up was made by nobody
            self._known[key] = self._made(row, name)
        return self._known[key]

    def _made(self, row: FormRow, name: str) -> int | None:
        column = self.cells.columns[name]
        if row.adds:
            parts = [("+", self.of(self.rows[one], name)) for one in row.adds if one in self.rows]
        elif column.made_of:
            parts = [(sign, self.of(row, one)) for sign, one in column.made_of]
        else:
            read = amount(self.cells.cell(row.row, column.column), "dong", signed=True)
            return (
                read.value
                if read.level is None and read.value is not None
                else (0 if read.says_nothing else None)
            )
        total = 0
        for sign, part in parts:
            if part is None:
                return None
            total += part if sign == "+" else -part
        return total


def words_elsewhere(
    grid: Grid, labels: Mapping[str, str], known: Known
) -> tuple[set[int], list[Line]]:
    """Rows of a form that hold one text of a project, wherever they stand now, and what they say.

    Such a row is no row of a table: read in the ordinary way its text would name a project.
    """
    works = {work.code: work for work in known.works}
    rows: set[int] = set()
    lines: list[Line] = []
    for (row, column), cell in grid.cells.items():
        name = labels.get(clean_line(line(cell)))
        if name is None or row in rows:
            continue
        rows.add(row)
        others = {
            place: other for place, other in grid.cells.items()
            if place[0] == row and place != (row, column)
        }  # fmt: skip
        code = next((line(one) for one in others.values() if line(one) in works), None)
        said = [(at, one) for at, one in others.items() if line(one) != code and not is_silent(one)]
        if code is None or not said:
            continue
        (_row, where), one = max(said, key=lambda pair: len(shown(pair[1])))
        at = At(grid.name, a1(row, where), line(cell), shown(one))
        value = Value(field=Field(name), value=clean(str(one.value or "")), at=at)
        lines.append(Line(at=at, unit=works[code].unit_code, work=code, values=(value,)))
    return rows, lines


def _is_figure(cell: Cell) -> bool:
    if isinstance(cell.value, Decimal):
        return True
    return isinstance(cell.value, str) and amount(cell, "dong", signed=True).value is not None


def _answered(given: str, at: At, columns: Mapping[str, FormColumn]) -> Any:
    """An answer as the value of its cell: percent as a decimal, amounts in đồng."""
    try:
        if at.heading == columns[Field.PROGRESS].path:
            return Decimal(given)
        return int(given)
    except (InvalidOperation, ValueError):
        return None
