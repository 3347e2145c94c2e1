"""Sheets for tests: grids from workbooks and from tables written down as lists."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from models.sheets import Book, Cell, Grid, Span

Table = Sequence[Sequence[Any]]


def grid(
    rows: Table,
    *,
    name: str = "T4",
    top: int = 1,
    left: int = 1,
    spans: Iterable[tuple[int, int, int, int]] = (),
    hidden_rows: Iterable[int] = (),
    hidden_columns: frozenset[int] = frozenset(),
    is_hidden: bool = False,
    is_text: bool = False,
) -> Grid:
    """A sheet with the table at the cell (`top`, `left`); numbers become those of a spreadsheet.

    A `Cell` stands for itself, so that formats, formulas and their errors can be told.
    """
    cells = {
        (top + down, left + right): _cell(value)
        for down, row in enumerate(rows)
        for right, value in enumerate(row)
        if value is not None and value != ""
    }
    return Grid(
        name=name,
        cells=cells,
        spans=tuple(Span(*bounds) for bounds in spans),
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=hidden_columns,
        is_hidden=is_hidden,
        is_text=is_text,
    )


def book(*grids: Grid) -> Book:
    return Book(grids=grids)


def _cell(value: Any) -> Cell:
    if isinstance(value, Cell):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(Decimal(repr(value)))
    return Cell(value)
