"""The cells of a unit's form: whether they still are what the marks say, and what they hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from models.base import LONGEST, Dong, _n, clean_line
from models.sheets.a1 import a1, column_of
from models.sheets.cells import amount, is_figure, is_silent, line, percent, shown, text
from models.sheets.form_marks import FormColumn, FormMarks, FormRow, Holds
from models.sheets.layout.titles import is_of
from models.sheets.outcome import Read
from models.sheets.own_form_sums import AMOUNTS, FIGURES, GIVEN, Sums
from models.sheets.said import Field, Line, Value
from models.sheets.shapes import Ask, At, Cell, Finding, Grid, Level
from models.sheets.words import periods_of, unit_of_amounts

_MEANT = frozenset({*AMOUNTS, Field.MONTH, Field.CUMULATIVE})


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

    @cached_property
    def retitled(self) -> At | None:
        """Where another month or unit of amounts stands above the table than the form was made
        for; None for nowhere.
        """
        top = min(self.marks.head_rows)
        for (row, column), cell in self.grid.cells.items():
            if row >= top or not isinstance(cell.value, str):
                continue
            periods = periods_of(cell.value)
            is_of_other = periods and not any(is_of(one, self.marks.period) for one in periods)
            if is_of_other or unit_of_amounts(cell.value) not in (None, "dong"):
                return At(self.grid.name, a1(row, column), value=shown(cell))
        return None

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
            if row not in heads and (row, column) not in known and is_figure(cell):
                yield At(self.grid.name, a1(row, column), value=shown(cell))

    @staticmethod
    def _may_hold(row: FormRow, column: FormColumn) -> bool:
        if column.field in ("number", "label", "code"):
            return True
        if row.holds is Holds.WORDS:
            return False
        return column.field not in FIGURES or row.holds is Holds.PROJECT

    # ----------------------------------------------------------------------- what it says

    def lines(self, unit: str) -> Iterator[Line]:
        """One line for each row of capital, project or text, with what was read from it.

        A project whose row says nothing has its line, too: it tells that the form knows it.
        """
        for row in self.marks.rows:
            values = (*self._values(row), *self._typed_over(row))
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
        yield self._value(row, name, value, at)

    def _typed_over(self, row: FormRow) -> Iterator[Value]:
        """Figures that somebody typed over a sum. Where nothing stands in the cells that it adds
        up, that is what was meant; else the two are held against each other.
        """
        for column, written, made in self.sums.typed_over(row):
            at = self.at(row.row, column)
            name = Field(column.field)
            is_meant = name in _MEANT and row.project and self.sums.is_silent(row)
            if is_meant or (name is Field.CUMULATIVE and row.holds is Holds.CAPITAL):
                yield self._value(row, name, written, at)
            elif made is not None:
                self.findings.append(
                    Finding(
                        level=Level.WARNING,
                        code="total_mismatch",
                        message=_n(
                            "The sum is %(written)s đồng here, but the rows add up to %(total)s "
                            "đồng."
                        ),
                        values={"written": Dong(written), "total": Dong(made)},
                        at=at,
                    )
                )

    @cached_property
    def sums(self) -> Sums:
        return Sums(self.marks, lambda row, letters: self.cell(row, letters))

    @staticmethod
    def _value(row: FormRow, name: Field, value: Any, at: At) -> Value:
        is_capital = row.holds is Holds.CAPITAL
        return Value(
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


def _answered(given: str, at: At, columns: Mapping[str, FormColumn]) -> Any:
    """An answer as the value of its cell: percent as a decimal, amounts in đồng."""
    try:
        if at.heading == columns[Field.PROGRESS].path:
            return Decimal(given)
        return int(given)
    except (InvalidOperation, ValueError):
        return None
