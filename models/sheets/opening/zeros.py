"""Zeros that programs store for formulas which they never calculated, proved or left in doubt.

A program that writes formulas without calculating them leaves a zero as their result, and asks for
a calculation when the file is opened. Such a zero may hide any figure. It is taken where the
formula is a plain sum of cells whose figures stand in the sheet and that is zero indeed.
"""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from models.sheets.a1 import column_of
from models.sheets.shapes import Cell

MOST = 500_000  # cells that are added up in all: what a sheet of honest sums needs many times over
_PASSES = 4  # sums of sums of sums
_REF = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}"
_RANGE = rf"{_REF}(?::{_REF})?"
_TERM = re.compile(rf"([+-]?)(?:({_REF})(?![:(])|SUM\(({_RANGE}(?:[,;]{_RANGE})*)\))")
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")

Place = tuple[int, int]


def with_proven_zeros(cells: dict[Place, Cell], doubtful: Collection[Place]) -> None:
    """Give the doubtful cells of a sheet their zero where the sheet itself proves it."""
    left, adder = set(doubtful), _Adder(cells)
    for _pass in range(_PASSES):
        proven = {place for place in left if adder.result(cells[place].formula or "") == 0}
        for place in proven:
            old = cells[place]
            cells[place] = Cell(Decimal(0), old.format, old.formula, None, old.font)
        left = left - proven
        if not proven or not left:
            break


class _Adder:
    """Adds up cells of one sheet, as far as that stays cheap."""

    def __init__(self, cells: Mapping[Place, Cell]) -> None:
        self.cells, self.left = cells, MOST

    def result(self, formula: str) -> Decimal | None:
        """Of a formula that only adds and subtracts cells; None for any other, and where one of
        the cells holds no figure that can be relied on.
        """
        text = formula.strip().removeprefix("=").replace(" ", "").upper()
        total, end = Decimal(0), 0
        while end < len(text):
            term = _TERM.match(text, end)
            if term is None or (end and not term[1]):
                return None
            amount = self._one(term[2]) if term[2] else self._all(term[3])
            if amount is None:
                return None
            total, end = total + (-amount if term[1] == "-" else amount), term.end()
        return total if end else None

    def _one(self, name: str) -> Decimal | None:
        """What a cell adds by its name: an empty one nothing; a text is an error."""
        cell = self.cells.get(_at(name))
        if cell is None:
            return Decimal(0)
        return cell.value if isinstance(cell.value, Decimal) and cell.problem is None else None

    def _all(self, ranges: str) -> Decimal | None:
        """What SUM gives: texts count nothing, an error or a doubt spoils it."""
        total = Decimal(0)
        for one in re.split("[,;]", ranges):
            first, _colon, last = one.partition(":")
            (top, left), (bottom, right) = _at(first), _at(last or first)
            self.left -= (abs(bottom - top) + 1) * (abs(right - left) + 1)
            if self.left < 0:
                return None
            for row in range(min(top, bottom), max(top, bottom) + 1):
                for column in range(min(left, right), max(left, right) + 1):
                    cell = self.cells.get((row, column))
                    if cell is not None and cell.problem is not None:
                        return None
                    if cell is not None and isinstance(cell.value, Decimal):
                        total += cell.value
        return total


def _at(name: str) -> Place:
    found = _PLACE.fullmatch(name)
    if found is None:
        raise ValueError(name)
    return int(found[2]), column_of(found[1])
