"""A table of a sheet: its head, its columns as they are read, and the rows of its body."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from models.sheets.layout.column import Column, columns_of
from models.sheets.layout.heads import Head, heads_of
from models.sheets.layout.settling import settled
from models.sheets.layout.sheet import Sheet
from models.sheets.layout.titles import Titles, titles_of
from models.sheets.names import Names
from models.sheets.said import Field
from models.sheets.shapes import Kind

NAMING = frozenset({Field.PROJECT, Field.PROJECT_CODE, Field.UNIT, Field.PART})


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table; `rows` are the rows below its head that hold something, to the next head.

    `pages` are the rows of heads that come again: nothing of them is read. `columns` are those
    with a head, by their number.
    """

    sheet: Sheet
    head: Head
    titles: Titles
    columns: dict[int, Column]
    rows: tuple[int, ...]
    pages: frozenset[int] = frozenset()

    def of(self, *fields: Field) -> list[Column]:
        """The columns that are read as one of these fields, from left to right."""
        return [one for one in self.columns.values() if one.field in fields]

    def heading(self, column: int) -> str:
        return self.head.heading(column)

    def holds_something(self, column: int) -> bool:
        """Whether any cell of the body in this column is filled."""
        return any(column in self.sheet.rows[row] for row in self.rows)

    def with_columns(self, columns: Iterable[Column]) -> "Table":
        return replace(self, columns={one.number: one for one in columns})

    def settled(self, kind: Kind, period: str | None) -> "Table":
        return self.with_columns(settled(list(self.columns.values()), kind, period))


def tables_of(sheet: Sheet, names: Names, head: Head | None = None) -> list[Table]:
    """The tables of a sheet from top to bottom; `head` is one that somebody named."""
    heads = [head] if head else heads_of(sheet)
    found: list[Table] = []
    for place, one in enumerate(heads):
        end = heads[place + 1].top - 1 if place + 1 < len(heads) else sheet.last_row
        rows = tuple(sheet.between(one.bottom + 1, end))
        if found and one.is_same_as(found[-1].head):
            again = frozenset(sheet.between(one.top, one.bottom))
            last = found[-1]
            found[-1] = replace(last, rows=(*last.rows, *rows), pages=last.pages | again)
            continue
        titles = titles_of(sheet, one, names, is_first=not found)
        if found:
            titles = titles.below(found[0].titles)
        under = titles.parts[0] if len(titles.parts) == 1 else None
        columns = {
            column.number: column
            for column in columns_of(one, names, under)
            if column.place[1] == column.number or _is_filled(sheet, rows, column.number)
        }
        found.append(Table(sheet=sheet, head=one, titles=titles, columns=columns, rows=rows))
    return found


def _is_filled(sheet: Sheet, rows: Iterable[int], column: int) -> bool:
    return any(column in sheet.rows[row] for row in rows)
