"""The capital that only the title tells; asked where it tells several years at once."""

from collections.abc import Sequence
from dataclasses import replace

from models.base import _n
from models.sheets.layout.capital import NO_CAPITAL, Capital
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.rows import Row, RowKind
from models.sheets.layout.table import Table
from models.sheets.shapes import Kind, Option

_OF_CAPITAL = frozenset({RowKind.SUBJECT, RowKind.CAPITAL})


def tell_unclear(table: Table, rows: Sequence[Row], desk: Desk) -> None:
    """Refuse what stands in a column of years and is no year: taken for nothing, the figures of its
    row would go to the capital of the year.
    """
    told = (one.unclear_year for one in rows if one.has_figures and one.kind in _OF_CAPITAL)
    for place in dict.fromkeys(one for one in told if one is not None):
        at = table.sheet.at(*place, table.heading(place[1]))
        desk.error(
            "source_unclear",
            _n(
                "“%(text)s” is no year of capital. Write one year, such as 2024, or leave the cell "
                "empty for the year's own capital."
            ),
            at,
            text=at.value[:60],
        )


class Years:
    """Adds to the capital of a figure what the title tells."""

    def __init__(self, table: Table, kind: Kind, desk: Desk, *, is_alone: bool) -> None:
        self._table, self._desk = table, desk
        titles = table.titles
        self._is_open = titles.is_of_several_years
        # of several tables each has its own source; of one alone the reading tells it
        self._title = (
            NO_CAPITAL if is_alone else Capital(source=titles.source, nature=titles.nature)
        )
        if not self._is_open and titles.vintages:
            year = titles.vintages[0]
            # of the year's own capital nothing need be said, unless it is given out
            if year.is_carried or kind is Kind.ALLOCATIONS:
                self._title = replace(self._title, vintage=year.year, is_carried=year.is_carried)
        self._answers: dict[int, str | None] = {}

    def told(self, capital: Capital, column: Column, *, is_imported: bool) -> Capital | None:
        """The capital with its year; None where years stand together and it is open which."""
        capital = capital.over(self._title)
        is_open = self._is_open or column.is_mixed
        if capital.vintage or capital.is_carried or not is_open:
            return capital
        if not is_imported:
            return None  # not compared: with carried capital or without, nobody can tell
        given = self._asked(column)
        return None if given is None else replace(capital, is_carried=given == "carried")

    def _asked(self, column: Column) -> str | None:
        if column.number not in self._answers:
            self._answers[column.number] = self._desk.choose(
                "source_unclear",
                _n(
                    "The title or the head speaks of capital of the year and of carried-over "
                    "capital. Of which are the amounts of “%(heading)s”: the year's own (year), or "
                    "carried over (carried)? If both, put them into two columns."
                ),
                self._table.sheet.at(*column.place, column.heading),
                (
                    Option("year", _n("capital of the year")),
                    Option("carried", _n("carried-over capital")),
                ),
                heading=column.heading,
            )
        return self._answers[column.number]
