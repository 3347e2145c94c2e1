"""Amounts in cells merged over several rows: of which of them they are cannot be told."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from models.base import _n
from models.sheets.cells import is_silent
from models.sheets.layout.desk import Desk
from models.sheets.layout.figures import Figures
from models.sheets.layout.rows import Row, RowKind
from models.sheets.layout.table import Table
from models.sheets.layout.understanding import TOLD
from models.sheets.said import Field


def tell_merged(
    table: Table, rows: Sequence[Row], imported: frozenset[Field], figures: Figures, desk: Desk
) -> None:
    """Refuse amounts whose cell is merged over the rows of several projects; name such words."""
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
