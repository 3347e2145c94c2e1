"""What the cells of a unit's form that compute should show, and what was typed over them."""

from collections.abc import Callable, Iterator

from models.sheets.cells import amount, is_silent
from models.sheets.form_marks import FormColumn, FormMarks, FormRow, Holds
from models.sheets.said import Field
from models.sheets.shapes import Cell

AMOUNTS = (Field.ADVANCE, Field.COMPLETED, Field.RECOVERED, Field.RETURNED)
FIGURES = (Field.PROGRESS, Field.VOLUME, Field.ESTIMATE)
GIVEN = (Field.PLAN, Field.BEFORE)  # compared, never imported
COMPUTED = (Field.MONTH, Field.CUMULATIVE, Field.REMAINING)


class Sums:
    """What the cells that compute should show, from what was typed."""

    def __init__(self, marks: FormMarks, cell: Callable[[int, str], Cell | None]) -> None:
        self._cell = cell
        self._columns = {one.field: one for one in marks.columns}
        self.rows = {row.row: row for row in marks.rows}
        self._known: dict[tuple[int, str], int | None] = {}

    @staticmethod
    def is_made(row: FormRow, column: FormColumn) -> bool:
        """Whether the cell computes: across, or down where the row adds others up."""
        if row.holds is Holds.WORDS or (row.holds is not Holds.CAPITAL and not row.adds):
            return False
        return bool(row.adds or column.made_of)

    def of(self, row: FormRow, name: str) -> int | None:
        """What a cell should show by what stands in those that it adds up; None where one of them
        cannot be read.
        """
        key = row.row, name
        if key not in self._known:
            self._known[key] = None  # a form that adds itself up was made by nobody
            self._known[key] = self._made(row, name)
        return self._known[key]

    def _made(self, row: FormRow, name: str) -> int | None:
        column = self._columns[name]
        if row.adds:
            parts = [("+", self._stands(self.rows[one], name)) for one in row.adds]
        elif column.made_of:
            parts = [(sign, self._stands(row, one)) for sign, one in column.made_of]
        else:
            return self._typed(row, column)
        total = 0
        for sign, part in parts:
            if part is None:
                return None
            total += part if sign == "+" else -part
        return total

    def _stands(self, row: FormRow, name: str) -> int | None:
        """The figure in a cell: typed, also over a sum, or made by its formula."""
        written = self._written(row, self._columns[name])
        return written if written is not None else self.of(row, name)

    def _typed(self, row: FormRow, column: FormColumn) -> int | None:
        read = amount(self._cell(row.row, column.column), "dong", signed=True)
        return 0 if read.says_nothing else read.value

    def _written(self, row: FormRow, column: FormColumn) -> int | None:
        """The figure in a cell that should compute and has no formula; None for all others.

        A formula shows what its program made of it, or nothing yet: that is not judged.
        """
        if not self.is_made(row, column):
            return None
        cell = self._cell(row.row, column.column)
        if cell is None or cell.formula is not None or cell.problem is not None:
            return None
        return amount(cell, "dong", signed=True).value

    def typed_over(self, row: FormRow) -> Iterator[tuple[FormColumn, int, int | None]]:
        """Cells of a row that compute and hold another figure: it, and what it should be."""
        for column in self._columns.values():
            if column.field not in (*AMOUNTS, *GIVEN, *COMPUTED):
                continue
            written = self._written(row, column)
            if written is not None and written != (made := self.of(row, column.field)):
                yield column, written, made

    def is_silent(self, row: FormRow) -> bool:
        """Whether nothing is typed in the cells of which a row of capital or a project is made."""
        rows = [self.rows[one] for one in row.adds] if row.adds else [row]
        return all(
            is_silent(self._cell(one.row, self._columns[name].column))
            for one in rows
            for name in AMOUNTS
        )
