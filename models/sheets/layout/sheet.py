"""A sheet as a reader goes over it: rows in order, what is blank, what is merged."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from models.base import fold
from models.sheets.a1 import letters
from models.sheets.cells import line, shown
from models.sheets.shapes import At, Cell, Grid, Span

# A merged block is looked at cell by cell; a block over a whole column is no layout.
_LARGEST_BLOCK = 20_000
_LARGEST_BLOCKS = 400_000  # all together
_NONE: dict[int, Cell] = {}


class Sheet:
    """The cells of a grid that hold something, by rows and columns counted from 1 as in the file.

    Cells of spaces alone hold nothing. `line` and `folded` are the text of a cell on one line, and
    the same without marks and capitals; both are kept, names stand in many cells.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.name = grid.name
        rows: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in grid.cells.items():
            if not _is_blank(cell):
                rows.setdefault(row, {})[column] = cell
        self.rows: dict[int, dict[int, Cell]] = {
            row: dict(sorted(rows[row].items())) for row in sorted(rows)
        }
        self._numbers = list(self.rows)
        self.last_row = self._numbers[-1] if self._numbers else 0
        self.columns = sorted({column for cells in self.rows.values() for column in cells})
        last_column = self.columns[-1] if self.columns else 0
        self._lines: dict[tuple[int, int], str] = {}
        self._cleaned: dict[str, str] = {}
        self._shown: dict[tuple[object, str], str] = {}
        self._folded: dict[str, str] = {}
        self._names: dict[int, str] = {}
        self._origin: dict[tuple[int, int], tuple[int, int]] = {}
        self._spans: dict[int, list[Span]] = {}
        left = _LARGEST_BLOCKS
        for span in grid.spans:
            bottom, right = min(span.bottom, self.last_row), min(span.right, last_column)
            size = (bottom - span.top + 1) * (right - span.left + 1)
            if not 0 < size <= min(_LARGEST_BLOCK, left):  # one below the last row gives no room
                continue
            left -= size
            self._spans.setdefault(span.top, []).append(span)
            for row in range(span.top, bottom + 1):
                for column in range(span.left, right + 1):
                    self._origin[row, column] = (span.top, span.left)

    def between(self, first: int, last: int) -> list[int]:
        """The rows from `first` to `last` that hold something."""
        numbers = self._numbers
        return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]

    def spans_from(self, row: int) -> list[Span]:
        """The merged blocks that begin in a row."""
        return self._spans.get(row, [])

    def cell(self, row: int, column: int) -> Cell | None:
        """What stands in exactly this cell."""
        return self.rows.get(row, _NONE).get(column)

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """The cell that holds what this one shows: the first of its merged block, or itself."""
        return self._origin.get((row, column), (row, column))

    def line(self, row: int, column: int) -> str:
        """The text of exactly this cell, on one line."""
        place = (row, column)
        found = self._lines.get(place)
        if found is None:
            cell = self.rows.get(row, _NONE).get(column)
            value = cell.value if cell is not None else None
            if isinstance(value, str):
                found = self._cleaned.get(value)
                if found is None:
                    found = self._cleaned[value] = line(cell)
            else:
                found = line(cell)
            self._lines[place] = found
        return found

    def fold(self, text: str) -> str:
        """`text` without marks and capitals; kept, as the same texts come again and again."""
        if text not in self._folded:
            self._folded[text] = fold(text)
        return self._folded[text]

    def folded(self, row: int, column: int) -> str:
        return self.fold(self.line(row, column))

    def texts(self, row: int) -> Iterator[tuple[int, str]]:
        """Columns and texts of the cells in a row that hold something."""
        for column in self.rows.get(row, ()):
            yield column, self.line(row, column)

    def at(self, row: int, column: int, heading: str = "") -> At:
        """The place of a cell, with what one sees there."""
        cell = self.rows.get(row, _NONE).get(column)
        is_text = cell is not None and isinstance(cell.value, str) and cell.problem is None
        value = self.line(row, column) if is_text else self._number(cell)
        return At(self.name, f"{self._letters(column)}{row}", heading, value)

    def _number(self, cell: Cell | None) -> str:
        """A cell that is no text as one sees it; the same figures stand in many cells."""
        if cell is None or cell.problem is not None:
            return shown(cell)
        key = (cell.value, cell.format)
        found = self._shown.get(key)
        if found is None:
            found = self._shown[key] = shown(cell)
        return found

    def _letters(self, column: int) -> str:
        if column not in self._names:
            self._names[column] = letters(column)
        return self._names[column]


def _is_blank(cell: Cell) -> bool:
    if cell.problem is not None:
        return False
    value = cell.value
    if isinstance(value, str):
        return not value[:1].isalnum() and (not value.strip() or not line(cell))
    return value is None
