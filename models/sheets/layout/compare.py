"""Sums, rates and remainders of a table, made again from its rows and compared: never imported."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from models.base import Dong, _n, net_of, rate
from models.sheets.cells import is_silent, rates
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.figures import Figures
from models.sheets.layout.rows import Row, RowKind
from models.sheets.layout.settling import AMOUNTS, FLOW_FIELDS, MOVES
from models.sheets.layout.splits import compare_splits
from models.sheets.layout.table import Table
from models.sheets.said import Field

Sum = Callable[[int], int | None]
_TOLERANCE = Decimal("0.01")
_FLOW_SIGNS = {
    Field.ADVANCE: 1, Field.COMPLETED: 1, Field.RECOVERED: -1, Field.RETURNED: -1,
}  # fmt: skip


class Compare:
    """Compares what the sheet adds up with what it holds. Warnings at the cells of the sums."""

    def __init__(self, table: Table, figures: Figures, desk: Desk) -> None:
        self._table, self._figures, self._desk = table, figures, desk
        self._columns = [one for one in table.columns.values() if one.field in AMOUNTS]
        self._by_number = table.columns
        self._told: set[tuple[int, int]] = set()

    def rows(self, rows: Sequence[Row]) -> None:
        """Compare the sums down the columns, then those across each row."""
        for column in self._columns:
            self._down(column, rows)
        for row in rows:
            if row.kind is not RowKind.PAGE and row.kind is not RowKind.WORDS:
                self._across(row)

    # ----------------------------------------------------------------------------- down a column

    def _down(self, column: Column, rows: Sequence[Row]) -> None:
        leaves = self._sums(column, rows)
        running, since_total, since_section = 0, 0, 0
        pending: list[tuple[Row, int]] = []
        whole = 0
        for row in rows:
            if row.kind in (RowKind.SUBJECT, RowKind.CAPITAL) and row.above is None:
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
            self._expect(row, column, written, (leaves[row.number],))
        elif (parts := self._of_parts(row, column)) is not None:
            self._expect(row, column, written, (parts,))

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
            self._expect(row, column, written, tuple(dict.fromkeys(sums)))

    def _written(self, row: Row, column: Column) -> int | None:
        cell = self._figures.cell(row.number, column)
        return None if is_silent(cell) else self._figures.seen(row.number, column)

    def _expect(self, row: Row, column: Column, written: int, sums: tuple[int, ...]) -> None:
        """A warning where none of the sums that can be meant is the one that is written."""
        if written in sums or (row.number, column.number) in self._told:
            return
        self._told.add((row.number, column.number))
        self._desk.warning(
            "total_mismatch",
            _n("The sum is %(written)s đồng here, but the rows add up to %(total)s đồng."),
            self._figures.at(row.number, column),
            written=Dong(written),
            total=Dong(sums[0]),
        )

    # ------------------------------------------------------------------------------ across a row

    def _across(self, row: Row) -> None:
        for column in self._table.columns.values():
            cell = self._figures.cell(row.number, column)
            if cell is None:
                continue
            if column.members:
                if column.rest is None:
                    self._members(row, column)
            elif column.field is Field.TOTAL and not column.is_second:
                self._loose_total(row, column)
            elif column.field is Field.REMAINING:
                self._remaining(row, column)
            elif column.field is Field.RATE:
                self._rate(row, column)
        compare_splits(
            self._columns,
            lambda one: self._figures.seen(row.number, one),
            lambda one: self._figures.at(row.number, one),
            self._desk,
        )

    def _members(self, row: Row, column: Column) -> None:
        """A total against the columns that it adds up."""
        written = self._written(row, column)
        members = [self._by_number[number] for number in column.members]
        values = [(one, self._figures.seen(row.number, one)) for one in members]
        told = [(one, value) for one, value in values if value is not None]
        if written is None or not told or self._has_open(row, members):
            return
        flows = {one.field: value for one, value in told if one.field in FLOW_FIELDS}
        if len(flows) == len(told) and flows:
            sums: tuple[int, ...] = (_net(flows), sum(flows.values()), _paid(flows))
        else:
            sums = (sum(value for _, value in told),)
        self._expect(row, column, written, tuple(dict.fromkeys(sums)))

    def _has_open(self, row: Row, columns: Iterable[Column]) -> bool:
        """Whether a cell holds something that is not read: its sum cannot be judged then."""
        return any(
            self._figures.seen(row.number, one) is None
            and not is_silent(self._figures.cell(row.number, one))
            for one in columns
        )

    def _loose_total(self, row: Row, column: Column) -> None:
        """A total without words of what: it has to be the sum of one kind of columns."""
        written = self._written(row, column)
        if written is None:
            return
        sums = []
        for field in sorted({one.field for one in self._columns if one.field}, key=str):
            parts = [one for one in self._columns if one.field is field and not one.month]
            values = [self._figures.seen(row.number, one) for one in parts]
            if field in MOVES | {Field.PLAN, Field.AMOUNT} and any(
                value is not None for value in values
            ):
                sums.append(sum(value for value in values if value is not None))
        if sums:
            self._expect(row, column, written, tuple(sums))

    def _remaining(self, row: Row, column: Column) -> None:
        written = self._written(row, column)
        plan, paid = self._plan(row, column), self._paid_so_far(row, column)
        if written is not None and plan is not None and paid is not None:
            self._expect(row, column, written, (plan - paid,))

    def _rate(self, row: Row, column: Column) -> None:
        """A printed rate against that of plan and disbursement; of the month where it says so."""
        written = rates(self._figures.cell(row.number, column))
        plan = self._plan(row, column)
        is_of_month = column.time is not None and column.time.value == "month"
        paid = self._month(row, column) if is_of_month else self._paid_so_far(row, column)
        if not written or plan is None or paid is None:
            return
        right = rate(paid, plan)
        if right is None or any(abs(one - right) <= _TOLERANCE for one in written):
            return
        exact = Decimal(paid) * 100 / Decimal(plan)
        if any(abs(one - exact) <= _TOLERANCE for one in written):
            return
        self._desk.warning(
            "rate_mismatch",
            _n("The rate is written as %(written)s %%, but it is %(rate)s %%."),
            self._figures.at(row.number, column),
            written=_percent(written[0]),
            rate=_percent(right),
        )

    # --------------------------------------------------------------- what rates are made of

    def _plan(self, row: Row, column: Column) -> int | None:
        return self._amount_of(row, column, Field.PLAN)

    def _paid_so_far(self, row: Row, column: Column) -> int | None:
        """Cumulative disbursement, told or made of what was before and the month."""
        for field in (Field.CUMULATIVE, Field.CONFIRMED):
            told = self._amount_of(row, column, field)
            if told is not None:
                return told
        if any(one.field in (Field.CUMULATIVE, Field.CONFIRMED) for one in self._columns):
            return None
        month = self._month(row, column)
        before = self._amount_of(row, column, Field.BEFORE)
        if month is None:
            return None
        return month + before if before is not None else None

    def _month(self, row: Row, column: Column) -> int | None:
        return self._amount_of(row, column, Field.MONTH)

    def _amount_of(self, row: Row, column: Column, field: Field) -> int | None:
        """The amount of one kind in a row, of the same capital: as a total, or added up."""
        same = [
            one for one in self._columns if not one.month and field in (one.field, one.total_of)
        ]
        exact = [one for one in same if one.capital == column.capital]
        if len(exact) == 1 and (value := self._figures.seen(row.number, exact[0])) is not None:
            return value
        parts = [one for one in same if one.field is field and one.is_finer_than(column)]
        if not parts or self._has_open(row, parts):
            return None
        values = [self._figures.seen(row.number, one) for one in parts]
        told = [value for value in values if value is not None]
        return sum(told) if told else None


def _net(flows: dict[Field, int]) -> int:
    return int(
        net_of(
            advance=flows.get(Field.ADVANCE, 0),
            completed=flows.get(Field.COMPLETED, 0),
            recovered=flows.get(Field.RECOVERED, 0),
            returned=flows.get(Field.RETURNED, 0),
            correction=0,
        )
    )


def _paid(flows: dict[Field, int]) -> int:
    return flows.get(Field.ADVANCE, 0) + flows.get(Field.COMPLETED, 0)


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")
