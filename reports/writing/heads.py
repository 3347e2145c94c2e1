"""The printed heads of a table: the paths of its columns as merged cells."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.writing.table import Column, Table


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadCell:
    """One head over `rows` rows and `cols` columns, from the top left cell on."""

    row: int
    col: int
    rows: int
    cols: int
    text: str


def head_depth(columns: Sequence[Column]) -> int:
    """How many rows the heads take."""
    return max((len(column.path) for column in columns), default=1)


def heads(table: Table) -> tuple[HeadCell, ...]:
    """The heads row by row; neighbours under one group share its cell, a short path reaches
    down to the last row."""
    columns = table.printed
    depth = head_depth(columns)
    found: list[HeadCell] = []
    for row in range(depth):
        col = 0
        while col < len(columns):
            path = columns[col].path
            if row >= len(path):  # covered from above
                col += 1
                continue
            is_last = row == len(path) - 1
            cols = 1 if is_last else _shared(columns, col, row)
            rows = depth - row if is_last else 1
            found.append(HeadCell(row=row, col=col, rows=rows, cols=cols, text=path[row]))
            col += cols
    return tuple(found)


def _shared(columns: Sequence[Column], col: int, row: int) -> int:
    """Columns from `col` on that stand under the same group of this row."""
    group = columns[col].path[: row + 1]
    count = 1
    while (
        col + count < len(columns)
        and len(columns[col + count].path) > row + 1
        and columns[col + count].path[: row + 1] == group
    ):
        count += 1
    return count
