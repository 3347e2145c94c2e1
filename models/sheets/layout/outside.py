"""What stands outside of what is read: hidden rows that are read, figures that are not."""

import re
from collections.abc import Iterable, Iterator, Sequence

from models.base import _n
from models.sheets.a1 import a1, letters
from models.sheets.cells import amount, is_figure, is_silent, is_unseen
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.nesting import parts_below
from models.sheets.layout.rows import Row, RowKind
from models.sheets.layout.says import Time
from models.sheets.layout.settling import MOVES, imported_fields
from models.sheets.layout.table import Table
from models.sheets.layout.understanding import TOLD, WORDS
from models.sheets.layout.vocabulary import FLOWS, Noun
from models.sheets.said import Field
from models.sheets.shapes import At, Cell

_MOST = 20


def tell_hidden(table: Table, rows: Sequence[Row], desk: Desk) -> None:
    """Name the hidden rows that are read, one warning for each block of them."""
    hidden = [row.number for row in rows if row.number in table.sheet.grid.hidden_rows]
    blocks = list(_blocks(hidden))
    for first, last in blocks[:_MOST]:
        desk.warning(
            "rows_hidden",
            _n("Hidden rows are read as well: %(rows)s."),
            At(table.sheet.name, a1(first, 1)),
            rows=f"{first}" if first == last else f"{first}-{last}",
        )
    if len(blocks) > _MOST:
        first, last = blocks[_MOST][0], blocks[-1][1]
        desk.warning(
            "rows_hidden",
            _n("Further hidden rows between %(first)s and %(last)s are read as well."),
            At(table.sheet.name, a1(first, 1)),
            first=first,
            last=last,
        )


def tell_hidden_columns(table: Table, rows: Sequence[Row], desk: Desk) -> None:
    """Name the hidden columns whose cells are read: nobody saw what they hold."""
    filled = {column for row in rows for column in table.sheet.rows[row.number]}
    hidden = sorted(
        one.number
        for one in table.columns.values()
        if one.number in table.sheet.grid.hidden_columns & filled and one.field not in _UNREAD
    )
    if hidden:
        row, column = table.columns[hidden[0]].place
        desk.warning(
            "columns_hidden",
            _n("Hidden columns are read as well: %(columns)s."),
            table.sheet.at(row, column),
            columns=", ".join(map(letters, hidden)),
        )


def tell_unseen(table: Table, rows: Sequence[Row], desk: Desk) -> None:
    """Name the figures that are read and that nobody sees: their number format does not show them
    (`;;;`), or a block merged over them shows its first cell alone.
    """
    sheet = table.sheet
    read = [one.number for one in table.columns.values() if one.field not in _UNREAD]
    found = [
        (row.number, column)
        for row in rows
        for column in read
        if (cell := sheet.rows[row.number].get(column)) is not None
        and (is_unseen(cell) or sheet.origin(row.number, column) != (row.number, column))
        and _says(cell)
    ]
    if found:
        _tell(
            table,
            found,
            desk,
            _n(
                "%(count)s cells hold figures that are not shown, by their number format or below "
                "a merged cell, and are read as well: %(cells)s."
            ),
            code="cells_hidden",
        )


_UNREAD = frozenset({None, Field.NUMBER, Field.REMAINING, Field.RATE, Field.NOTE})


def _blocks(numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    first = last = None
    for number in numbers:
        if last is not None and first is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = number
    if first is not None and last is not None:
        yield first, last


def tell_outside(table: Table, rows: Sequence[Row], below: Sequence[Row], desk: Desk) -> None:
    """Name figures right of the table, in columns without a head, and below its end."""
    first = min(table.columns, default=0)
    found = [
        (row.number, column)
        for row in rows
        for column, cell in table.sheet.rows[row.number].items()
        if column not in table.columns and _is_figure(cell) and column > first
    ]
    found += [
        (row.number, column)
        for row in below
        for column, cell in table.sheet.rows[row.number].items()
        if _is_figure(cell)
    ]
    if found:
        _tell(table, found, desk)


def tell_words(table: Table, rows: Sequence[Row], below: Sequence[Row], desk: Desk) -> None:
    """Name words that no project gets: in a further row of it by capital, in a row of a sum or of
    the total, unless a row that it adds up says them, too, or between that and the signatures.
    """
    found = [
        (row.number, column.number)
        for row in below
        for column in table.columns.values()
        if column.field in WORDS
        and not row.is_below
        and not row.title
        and not is_silent(table.sheet.rows[row.number].get(column.number))
    ]
    found += [
        (number, column.number)
        for column in table.columns.values()
        if column.field in TOLD
        for number in _unread(table, rows, column)
    ]
    if found:
        _tell(
            table,
            sorted(found),
            desk,
            _n(
                "%(count)s cells about progress or difficulties stand in a row of a sum, below it, "
                "or in a further row of one project, and are left aside: %(cells)s. Write them to "
                "the first row of a project."
            ),
        )


_SUMS = frozenset({RowKind.TOTAL, RowKind.PAGE})
_RATE = re.compile(r"[\d.,]+ ?%?")  # of a sum that of all its rows


def _unread(table: Table, rows: Sequence[Row], column: Column) -> Iterator[int]:
    said = {
        row.number: table.sheet.line(row.number, column.number)
        for row in rows
        if not is_silent(table.sheet.rows[row.number].get(column.number))
    }
    for row in rows:
        own = said.get(row.number, "")
        if row.kind is RowKind.SUBJECT and not row.is_section:
            told = [one.number for one in (row, *parts_below(row)) if one.number in said]
            yield from (one for one in told[1:] if said[one] != said[told[0]])
        elif own and column.field in WORDS and (row.is_section or row.kind in _SUMS):
            below = rows if row.kind in _SUMS else _rows_in(row)
            texts = (said[one.number] for one in below if one is not row and one.number in said)
            if not _RATE.fullmatch(own) and not any(text in own for text in texts):
                yield row.number


def _rows_in(section: Row) -> Iterator[Row]:
    """All rows of a section, however deep they are nested."""
    left = [*section.children, *section.capitals]
    while left:
        row = left.pop()
        yield row
        left += [*row.children, *row.capitals]


def tell_unread(table: Table, desk: Desk) -> None:
    """Name the figures of a second table in a sheet, which is none of this kind."""
    found = [
        (number, column)
        for number in table.rows
        for column, cell in table.sheet.rows[number].items()
        if _is_figure(cell) and column > min(table.columns, default=0)
    ]
    if found:
        _tell(table, found, desk)


def tell_aside(table: Table, rows: Sequence[Row], desk: Desk) -> None:
    """Name the figures of payments that are of another time, where none of the period is read: the
    heads of the table may have slipped.
    """
    imported = imported_fields(table.columns.values()) & REPORTED
    cells = [(row.number, table.sheet.rows[row.number]) for row in rows]
    told = {column for _, found in cells for column, cell in found.items() if _says(cell)}
    if any(
        one.number in told and not one.month and {one.field, one.total_of} & imported
        for one in table.columns.values()
    ):
        return
    aside = {
        one.number
        for one in table.columns.values()
        if one.is_aside and one.noun in _PAYMENTS and one.time not in (None, Time.MONTH)
    }
    found = [
        (number, column)
        for number, row in cells
        for column, cell in row.items()
        if column in aside and _says(cell)
    ]
    if found:
        _tell(
            table,
            found,
            desk,
            _n(
                "%(count)s cells hold payments under a head that is not of the period, and are left"
                " aside: %(cells)s. Nothing is read as disbursed in the period."
            ),
        )


_PAYMENTS = FLOWS | {Noun.DISBURSED}
REPORTED = MOVES | {Field.CUMULATIVE}


def _says(cell: Cell) -> bool:
    """Whether a cell holds a figure that is not nought."""
    return _is_figure(cell) and cell.value != 0 and amount(cell, "dong").value != 0


OUTSIDE = _n(
    "%(count)s cells with figures stand outside of the table and are left aside: %(cells)s."
)


def _tell(
    table: Table,
    found: Sequence[tuple[int, int]],
    desk: Desk,
    message: str = OUTSIDE,
    code: str = "cells_outside",
) -> None:
    row, column = found[0]
    desk.warning(
        code,
        message,
        table.sheet.at(row, column),
        count=len(found),
        cells=", ".join(a1(*one) for one in found[:5]) + (" …" if len(found) > 5 else ""),
    )


def _is_figure(cell: Cell) -> bool:
    return is_figure(cell) or cell.problem is not None
