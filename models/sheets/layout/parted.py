"""Rows of a text that another sign parts than their head, or that a sign within a cell parts."""

from collections.abc import Sequence

from models.base import _n
from models.sheets.cells import is_figure
from models.sheets.layout.desk import Desk
from models.sheets.layout.rows import Row, RowKind
from models.sheets.layout.table import Table
from models.sheets.shapes import Cell

_SIGNS = ",;\t"


def tell_parted(table: Table, rows: Sequence[Row], desk: Desk) -> None:
    """Refuse rows that have more cells than their head: a sign within a cell, such as the comma of
    an amount, parted it, and what stands in its columns is not what was written. And rows that
    are one cell, which another sign would part into as many as the head has: nothing of them
    would be read.
    """
    widths, head = table.sheet.grid.widths, table.head
    most = max((widths.get(one, 0) for one in range(head.top, head.bottom + 1)), default=0)
    told = [row.number for row in rows if row.kind is not RowKind.WORDS]
    wider = [number for number in told if widths.get(number, 0) > most]
    if wider:
        desk.error(
            "cells_outside",
            _n(
                "Rows with more cells than the head: %(rows)s. The sign between the cells stands "
                "within a cell, such as the comma in 1,000,000, and parts it. Put such cells in "
                "quotation marks, or save the table as .xlsx."
            ),
            table.sheet.at(wider[0], most + 1),
            rows=_named(wider),
        )
    whole = [number for number in told if most > 2 and _is_whole(table, number, most)]
    if whole:
        desk.error(
            "cells_outside",
            _n(
                "Rows parted by another sign than the head: %(rows)s. Use one sign between the "
                "cells of the whole table, or save it as .xlsx."
            ),
            table.sheet.at(whole[0], 1),
            rows=_named(whole),
        )


def _is_whole(table: Table, number: int, most: int) -> bool:
    """Whether a row is one cell that another sign would part into as many as the head has, with a
    figure among them: names and notes have commas, too.
    """
    cell = table.sheet.cell(number, 1)
    if table.sheet.grid.widths.get(number) != 1 or cell is None:
        return False
    parted = [str(cell.value).split(sign) for sign in _SIGNS]
    return any(
        len(cells) >= most and any(is_figure(Cell(one)) for one in cells[1:]) for cells in parted
    )


def _named(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows[:5])) + (" …" if len(rows) > 5 else "")
