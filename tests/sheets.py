"""Sheets for tests: grids from workbooks and from tables written down as lists."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

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


def grids_of(path: Path) -> Book:
    """The sheets of a workbook, read with openpyxl: what a reader of files would hand on."""
    formulas = openpyxl.load_workbook(path)
    stored = openpyxl.load_workbook(path, data_only=True)
    grids = []
    for sheet in formulas:
        cells = {}
        for row in sheet.iter_rows():
            for one in row:
                if one.value is None:
                    continue
                value = stored[sheet.title][one.coordinate].value
                is_formula = one.data_type == "f"
                cells[one.row, one.column] = _stored(one, value, is_formula)
        grids.append(
            Grid(
                name=sheet.title,
                cells=cells,
                spans=tuple(
                    Span(one.min_row, one.min_col, one.max_row, one.max_col)
                    for one in sheet.merged_cells.ranges
                ),
                is_hidden=sheet.sheet_state != "visible",
                hidden_rows=frozenset(
                    row for row, kept in sheet.row_dimensions.items() if kept.hidden
                ),
            )
        )
    return Book(grids=tuple(grids))


def _stored(one: Any, value: Any, is_formula: bool) -> Cell:
    problem = None
    if is_formula and value is None:
        problem = "uncalculated"
    elif isinstance(value, str) and is_formula and value.startswith("#"):
        problem, value = value, None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = Decimal(repr(value))
    elif isinstance(value, date) and hasattr(value, "date"):
        value = value.date()
    return Cell(value, one.number_format, one.value if is_formula else None, problem)
