"""What the cells of a table say: amounts, percentages, days and texts; asked once per column."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from models.base import LONGEST, RuleBroken, _n, read_day
from models.sheets import cells
from models.sheets.a1 import a1
from models.sheets.cells import Mark, Read
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.table import Table
from models.sheets.layout.units import UnitOfAmounts
from models.sheets.outcome import T
from models.sheets.shapes import At, Cell, Finding, Level


class Figures:
    """Reads the cells of one table. What cannot be read is found once, at its cell."""

    def __init__(self, table: Table, units: UnitOfAmounts, desk: Desk) -> None:
        self._table, self._units, self._desk = table, units, desk
        self._headings = {one.number: one.heading for one in table.columns.values()}
        self._marks: dict[int, list[Mark]] = {}
        self._shares: dict[int, bool] = {}
        self._asked: dict[int, list[tuple[str, ...]]] = {}
        self._uncompared: set[int] = set()  # columns in which this was told
        self._amounts: dict[tuple[int, int], int | None] = {}

    @property
    def unit(self) -> str | None:
        """The unit of amounts of the sheet; None while it is open."""
        return self._units.unit

    def at(self, row: int, column: Column) -> At:
        return self._table.sheet.at(row, column.number, self._headings[column.number])

    def cell(self, row: int, column: Column) -> Cell | None:
        return self._table.sheet.rows[row].get(column.number)

    # ------------------------------------------------------------------------------- compared

    def seen(self, row: int, column: Column) -> int | None:
        """The amount of a cell that is only added up or compared: đồng, None where it says none.

        Nothing is found: a sum that cannot be read is not compared.
        """
        key = (row, column.number)
        if key not in self._amounts:
            self._amounts[key] = self._seen(self.cell(row, column), column)
        return self._amounts[key]

    def _seen(self, cell: Cell | None, column: Column) -> int | None:
        if cell is None or (unit := self._units.of(column, cell)) is None:
            return None
        for mark in (None, *self._marks.get(column.number, ())):
            read = cells.amount(cell, unit, signed=True, mark=mark)
            if not read.is_question:
                return read.value
        return None

    def compared(self, row: int, column: Column) -> int | None:
        """The amount of a cell that is compared with what is stored.

        What is wrong with it is a warning: nothing of it is written.
        """
        cell = self.cell(row, column)
        if cell is None or (unit := self._units.of(column, cell)) is None:
            return None
        read = cells.amount(cell, unit, signed=True)
        if read.is_question:
            return self._compared_if_known(row, column, read)
        if read.is_error:
            found = read.finding(self.at(row, column))
            self._desk.findings.append(replace(found, level=Level.WARNING))
        self._amounts[row, column.number] = read.value
        return read.value

    def _compared_if_known(self, row: int, column: Column, read: Read[int]) -> int | None:
        """A figure with two readings, where another cell of its column told which one holds."""
        amount = self.seen(row, column)
        if amount is None and column.number not in self._uncompared:
            self._uncompared.add(column.number)
            self._desk.warning(
                "number_unclear",
                _n(
                    "“%(typed)s” can be read in two ways, as %(small)s or %(large)s đồng, and is "
                    "not compared; nor are others like it in this column."
                ),
                self.at(row, column),
                **read.values,
            )
        return amount

    # ----------------------------------------------------------------------------------- read

    def amount(self, row: int, column: Column, *, signed: bool = False) -> int | None:
        """The amount of a cell that is imported; what is wrong or open with it is found."""
        cell = self.cell(row, column)
        if cell is None:
            return None
        unit = self._units.of(column, cell)
        if unit is None:
            # the unit is asked; what no unit makes readable is told already now
            read = cells.amount(cell, "dong", signed=signed)
            if read.is_error and read.code != "number_not_whole":
                self._find(row, column, read)
            return None
        read = cells.amount(cell, unit, signed=signed)
        if read.is_question:
            read = self._amount_asked(row, column, cell, unit, read, signed)
        elif read.is_error:
            self._find(row, column, read)
        self._amounts[row, column.number] = read.value
        return read.value

    def _amount_asked(
        self, row: int, column: Column, cell: Cell, unit: str, read: Read[int], signed: bool
    ) -> Read[int]:
        """An amount with two readings: as the column was answered, or asked."""
        marks = self._marks.setdefault(column.number, [])
        own = self._answer(row, column, read)
        if own is None:
            for mark in marks:
                if (again := cells.amount(cell, unit, signed=signed, mark=mark)).value is not None:
                    return again
        signs = tuple(mark for mark in ".," if mark in str(cell.value))
        asked = self._asked.setdefault(column.number, [])
        if own is None and signs in asked:
            return Read()  # the question of the column stands open
        given = self._ask(row, column, read)
        if given is None:
            asked.append(signs)
            return Read()
        if (mark_said := cells.mark_meant(cell, unit, int(given))) is not None:
            marks.append(mark_said)
        return Read(int(given))

    def percent(self, row: int, column: Column) -> Decimal | None:
        """The percentage of a cell."""
        cell = self.cell(row, column)
        share = self._shares.get(column.number)
        read = cells.percent(cell, is_share=share)
        if read.is_question and cell is not None:
            asked = self._asked.setdefault(column.number, [])
            if asked and self._answer(row, column, read) is None:
                return None
            given = self._ask(row, column, read)
            if given is None:
                asked.append(())
                return None
            if isinstance(cell.value, Decimal):
                self._shares[column.number] = Decimal(given) != cell.value
            return Decimal(given)
        return self._value(row, column, read)

    def day(self, row: int, column: Column, *, last: bool = False) -> date | None:
        """The day of a cell; each that is open is asked by itself."""
        read = cells.day(self.cell(row, column), last=last)
        if not read.is_question:
            return self._value(row, column, read)
        given = self._ask(row, column, read, _is_day)
        return read_day(given) if given else None

    def text(self, row: int, column: Column) -> str | None:
        """The text of a cell; a dash says nothing."""
        cell = self.cell(row, column)
        if cell is None or (isinstance(cell.value, str) and not cell.value.strip(" -–—._\xa0")):
            return None
        return self._value(row, column, cells.text(cell, LONGEST))

    # --------------------------------------------------------------------------------- findings

    def _value(self, row: int, column: Column, read: Read[T]) -> T | None:
        if read.is_error:
            self._find(row, column, read)
        return read.value

    def _find(self, row: int, column: Column, read: Read[Any]) -> None:
        self._desk.findings.append(read.finding(self.at(row, column)))

    def _answer(self, row: int, column: Column, read: Read[Any]) -> str | None:
        key = f"{read.code}:{self._table.sheet.name}!{a1(row, column.number)}"
        return self._desk.ask.answers.get(key)

    def _ask(
        self,
        row: int,
        column: Column,
        read: Read[Any],
        takes: Callable[[str], bool] | None = None,
    ) -> str | None:
        question: Finding = read.finding(self.at(row, column))
        return self._desk.answer(question, takes)


def _is_day(given: str) -> bool:
    try:
        read_day(given)
    except RuleBroken:
        return False
    return True
