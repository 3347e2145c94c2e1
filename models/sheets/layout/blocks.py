"""Amounts in cells merged over several rows or columns: of which they are cannot be told."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from models.base import _n
from models.sheets.a1 import letters
from models.sheets.cells import is_figure, is_silent
from models.sheets.layout.desk import Desk
from models.sheets.layout.figures import Figures
from models.sheets.layout.rows import Row, RowKind
from models.sheets.layout.settling import AMOUNTS
from models.sheets.layout.table import Table
from models.sheets.layout.understanding import TOLD
from models.sheets.said import Field


def tell_merged(
    table: Table, rows: Sequence[Row], imported: frozenset[Field], figures: Figures, desk: Desk
) -> None:
    """Refuse amounts whose cell is merged over the rows of several projects, or over several
    columns of amounts; name such words.
    """
    _tell_wide(table, rows, imported, figures, desk)
    subjects = sorted(
        row.number for row in rows if row.kind is RowKind.SUBJECT and not row.is_section
    )
    for span in table.sheet.grid.spans:
        column = table.columns.get(span.left)
        if span.bottom == span.top or column is None:
            continue
        if column.field not in imported and column.field not in TOLD:
            continue
        inside = bisect_right(subjects, span.bottom) - bisect_left(subjects, span.top)
        if inside < 2 or span.top not in table.sheet.rows:
            continue
        if is_silent(figures.cell(span.top, column)):
            continue
        if column.field not in imported:
            desk.warning(
                "cells_outside",
                _n(
                    "The words stand in one cell for the rows %(first)s to %(last)s, and are read "
                    "for the first of them alone. Write to each row what is its own."
                ),
                figures.at(span.top, column),
                first=span.top,
                last=span.bottom,
            )
        else:
            desk.error(
                "number_unreadable",
                _n(
                    "The amount stands in one cell for the rows %(first)s to %(last)s. Write to "
                    "each row what is its own."
                ),
                figures.at(span.top, column),
                first=span.top,
                last=span.bottom,
            )


def _tell_wide(
    table: Table, rows: Sequence[Row], imported: frozenset[Field], figures: Figures, desk: Desk
) -> None:
    told = {row.number for row in rows if row.kind in (RowKind.SUBJECT, RowKind.CAPITAL)}
    amounts = [one for one in table.columns.values() if one.field in AMOUNTS]
    for span in table.sheet.grid.spans:
        if span.left == span.right or span.top not in told:
            continue
        inside = [one for one in amounts if span.left <= one.number <= span.right]
        is_read = any({one.field, one.total_of} & imported for one in inside)
        first = table.columns.get(span.left)
        if len(inside) < 2 or first is None or not is_read:
            continue
        cell = figures.cell(span.top, first)
        others = [one for one in inside if one.number > span.left]
        is_alone = all(is_silent(figures.cell(span.top, one)) for one in others)
        if cell is not None and is_figure(cell) and is_alone:
            desk.error(
                "number_unreadable",
                _n(
                    "The amount stands in one cell for the columns %(first)s to %(last)s. Write to "
                    "each column what is its own."
                ),
                figures.at(span.top, first),
                first=letters(span.left),
                last=letters(span.right),
            )
