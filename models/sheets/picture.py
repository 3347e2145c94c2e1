"""The part of a sheet that people look at while they say what its columns mean.

A picture is plain data (text, numbers, true and false), so that it can be kept beside a run and
shown long after the file was closed.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import TypedDict

from models.sheets.a1 import letters
from models.sheets.said import SheetSeen
from models.sheets.shapes import Cell, Grid, Span
from models.sheets.shown import shown

ABOVE = 14  # rows of titles above the head
BELOW = 10  # rows of the table below it
BARE = 25  # rows of a sheet in which no head was found
MOST_COLUMNS = 40
MOST_FOUND = 60  # rows that are shown for what was found in them
LONGEST = 160  # characters of one cell


class ShownCell(TypedDict):
    """`text` as one sees it; `kind` is text, number or error."""

    column: int
    text: str
    kind: str
    wide: int
    tall: int


class ShownRow(TypedDict):
    """`gap`: rows are left out between the one above and this one."""

    number: int
    head: bool
    hidden: bool
    gap: bool
    cells: list[ShownCell]


class Picture(TypedDict):
    """`columns` are letters, those hidden in the file as well in `hidden`; `more` were left out."""

    sheet: str
    columns: list[str]
    hidden: list[str]
    more: int
    rows: list[ShownRow]


def picture_of(grid: Grid, seen: SheetSeen | None, found_in: Collection[int] = ()) -> Picture:
    """The titles, the head and the first rows of a sheet, and of the rows in `found_in` as many
    as can be shown, the first ones first.
    """
    head = seen.head if seen is not None else None
    numbers = _rows(grid, head, found_in)
    visible = set(numbers)
    used = [column for row, column in grid.cells if row in visible]
    last = max(used, default=0)
    width = min(last, MOST_COLUMNS)
    corners = {(span.top, span.left): span for span in grid.spans if span.top in visible}
    covered: set[tuple[int, int]] = set()
    rows: list[ShownRow] = []
    for position, number in enumerate(numbers):
        gap = position > 0 and numbers[position - 1] != number - 1
        rows.append(
            {
                "number": number,
                "head": head is not None and head[0] <= number <= head[1],
                "hidden": number in grid.hidden_rows,
                "gap": gap,
                "cells": _cells(grid.cells, number, width, visible, corners, covered),
            }
        )
    return {
        "sheet": grid.name,
        "columns": [letters(column) for column in range(1, width + 1)],
        "hidden": [letters(column) for column in sorted(grid.hidden_columns) if column <= width],
        "more": last - width,
        "rows": rows,
    }


def _rows(grid: Grid, head: tuple[int, int] | None, found_in: Collection[int]) -> list[int]:
    filled = sorted({row for row, _column in grid.cells})
    if not filled:
        return []
    if head is None:
        top = range(filled[0], min(filled[-1], filled[0] + BARE - 1) + 1)
    else:
        top = range(
            max(filled[0], head[0] - ABOVE),
            max(head[1], min(filled[-1], head[1] + BELOW)) + 1,
        )
    there = set(filled)
    more = [row for row in dict.fromkeys(found_in) if row in there and row not in top]
    return sorted({*top, *more[:MOST_FOUND]})


def _cells(
    known: Mapping[tuple[int, int], Cell],
    row: int,
    width: int,
    visible: set[int],
    corners: Mapping[tuple[int, int], Span],
    covered: set[tuple[int, int]],
) -> list[ShownCell]:
    """The cells of one row from left to right; those under a merged block are left out."""
    cells: list[ShownCell] = []
    for column in range(1, width + 1):
        if (row, column) in covered:
            continue
        wide = tall = 1
        if (span := corners.get((row, column))) is not None:
            wide = min(span.right, width) - column + 1
            while row + tall <= span.bottom and row + tall in visible:
                tall += 1
            covered.update(
                (row + down, column + right) for down in range(tall) for right in range(wide)
            )
        cell = known.get((row, column))
        cells.append(
            {
                "column": column,
                "text": _text(cell),
                "kind": _kind(cell),
                "wide": wide,
                "tall": tall,
            }
        )
    return cells


def _kind(cell: Cell | None) -> str:
    if cell is not None and cell.problem is not None:
        return "error"
    return "number" if cell is not None and isinstance(cell.value, Decimal) else "text"


def _text(cell: Cell | None) -> str:
    text = shown(cell)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
