"""What sums of a table are held against: written figures, as exact as the table writes them."""

from collections.abc import Sequence

from models.base import UNITS, Dong, _n, amount_readings
from models.sheets.cells import is_silent
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.figures import Figures
from models.sheets.layout.rows import Row
from models.sheets.layout.settling import AMOUNTS
from models.sheets.layout.table import Table


class Expecting:
    """Warns where a written sum is none of those that can be meant."""

    def __init__(self, table: Table, figures: Figures, desk: Desk) -> None:
        self._table, self._figures, self._desk = table, figures, desk
        self._columns = [one for one in table.columns.values() if one.field in AMOUNTS]
        self._by_number = table.columns
        self._told: set[tuple[int, int]] = set()
        self._grain = grain_of(table, figures.unit)
        # a column is asked about: what it may be a part of cannot be judged
        self._is_open = desk.asks_of_columns(table.sheet.name)

    def _written(self, row: Row, column: Column) -> int | None:
        cell = self._figures.cell(row.number, column)
        return None if is_silent(cell) else self._figures.seen(row.number, column)

    def _expect(
        self, row: Row, column: Column, written: int, sums: Sequence[int], parts: int = 1
    ) -> None:
        """A warning where none of the sums that can be meant is the one that is written.

        `parts` counts the figures that were added: each may be rounded, as the sum itself.
        """
        if (row.number, column.number) in self._told:
            return
        if any(abs(written - one) * 2 <= (self._grain - 1) * (parts + 1) for one in sums):
            return
        self._told.add((row.number, column.number))
        self._desk.warning(
            "total_mismatch",
            _n("The sum is %(written)s đồng here, but the rows add up to %(total)s đồng."),
            self._figures.at(row.number, column),
            written=Dong(written),
            total=Dong(sums[0]),
        )


def grain_of(table: Table, unit: str | None) -> int:
    """The đồng that the last written digit of all amounts counts, where a file holds only what is
    written: a CSV file in whole triệu is rounded to 1.000.000. Else 1: numbers of a workbook are
    whole, however few of their digits are shown.

    What can be read in two ways tells it only where nothing else does.
    """
    if not table.sheet.grid.is_text or unit not in UNITS:
        return 1
    sure, unclear = set[int](), set[int]()
    for column in table.columns.values():
        for row in table.rows if column.field in AMOUNTS else ():
            text = table.sheet.line(row, column.number)
            found = {
                one.size // 10 ** (len(one.decimals) if one.is_decimal else 0)
                for one in amount_readings(text, column.unit or unit)
            }
            (sure if len(found) == 1 else unclear).update(found)
    return max(1, min(sure or unclear or {UNITS[unit]}))
