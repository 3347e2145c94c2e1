"""Sums, rates and remainders of a table, made again from its rows and compared: never imported."""

from collections.abc import Iterable, Sequence

from models.base import Dong, _n
from models.sheets.layout.across import Across
from models.sheets.layout.column import Column
from models.sheets.layout.rows import Row, RowKind

_PARTS = frozenset({RowKind.SUBJECT, RowKind.CAPITAL})


class Compare(Across):
    """Compares what the sheet adds up with what it holds. Warnings at the cells of the sums."""

    def rows(self, rows: Sequence[Row]) -> None:
        """Compare the sums down the columns, then those across each row."""
        self._counted = _counted(rows)
        self._leaves = sum(not one.children for one in rows if one.kind is RowKind.SUBJECT)
        for column in self._columns:
            self._down(column, rows)
        for row in rows:
            if row.kind is not RowKind.PAGE and row.kind is not RowKind.WORDS:
                self._across(row)

    # ----------------------------------------------------------------------------- down a column

    def _down(self, column: Column, rows: Sequence[Row]) -> None:
        parts = (row for row in rows if row.kind in _PARTS and not row.children)
        if any(self._has_open(row, [column]) for row in parts):
            return  # what is not read is no nought
        leaves = self._sums(column, rows)
        running, since_total, since_section = 0, 0, 0
        pending: list[tuple[Row, int]] = []
        whole = 0
        for row in rows:
            if row.kind in _PARTS and row.above is None:
                whole += leaves[row.number]
        for row in rows:
            if row.kind is RowKind.SUBJECT and not row.is_section:
                value = leaves[row.number]
                running, since_total = running + value, since_total + value
                since_section += value
            elif row.is_section:
                since_section = 0
            if row.is_section or row.capitals:
                self._parts(row, column, leaves)
            if row.kind is RowKind.TOTAL:
                pending.append((row, running))
                self._total(row, column, (whole, running, since_total, since_section))
                since_total = 0

    def _sums(self, column: Column, rows: Sequence[Row]) -> dict[int, int]:
        """What stands in each row, or below it where it is a sum: from the last row to the first,
        for what lies in a row stands below it, however deep rows are nested.
        """
        sums: dict[int, int] = {}
        for row in reversed(rows):
            if row.children:
                sums[row.number] = sum(sums[one.number] for one in row.children)
                continue
            parts = self._of_parts(row, column)
            own = self._figures.seen(row.number, column) or 0
            if row.is_of_capital:
                sums[row.number] = own + (parts or 0)
            else:
                sums[row.number] = own if parts is None else parts
        return sums

    def _of_parts(self, row: Row, column: Column) -> int | None:
        """The sum of a row's parts by capital; None where they say nothing."""
        found = [
            value for part in row.capitals if (value := self._part_value(part, column)) is not None
        ]
        return sum(found) if found else None

    def _part_value(self, part: Row, column: Column) -> int | None:
        nested = self._of_parts(part, column)
        return self._figures.seen(part.number, column) if nested is None else nested

    def _parts(self, row: Row, column: Column, leaves: dict[int, int]) -> None:
        """A section against its rows, a project against its parts by capital."""
        written = self._written(row, column)
        if written is None or row.is_of_capital:
            return
        if row.children and self._is_loose(row):
            self._refuse(row, column, written, leaves[row.number])
        elif row.children:
            self._expect(row, column, written, (leaves[row.number],), self._counted[row.number])
        elif (parts := self._of_parts(row, column)) is not None:
            self._expect(row, column, written, (parts,), len(row.capitals))

    def _is_loose(self, row: Row) -> bool:
        """Whether nothing but their order says that rows lie below one of a unit or component."""
        return all(
            one.work_code is None
            and not one.children
            and not (one.depth is not None and row.depth is not None and one.depth > row.depth)
            for one in row.children
        )

    def _refuse(self, row: Row, column: Column, written: int, total: int) -> None:
        """A sum that is none, of rows that may stand beside it: it may be a figure of its own."""
        if written != total:
            self._desk.error(
                "total_mismatch",
                _n(
                    "The sum is %(written)s đồng here, but the rows below it add up to %(total)s "
                    "đồng. Correct it; if it is no sum of these rows, number them (I, 1, 1.1)."
                ),
                self._figures.at(row.number, column),
                written=Dong(written),
                total=Dong(total),
            )

    def _total(self, row: Row, column: Column, sums: Iterable[int]) -> None:
        written = self._written(row, column)
        if written is not None:
            self._expect(row, column, written, tuple(dict.fromkeys(sums)), self._leaves)


def _counted(rows: Sequence[Row]) -> dict[int, int]:
    """How many figures the sum of each row adds up, from the last row to the first."""
    found: dict[int, int] = {}
    for row in reversed(rows):
        found[row.number] = sum(found[one.number] for one in row.children) or 1
    return found
