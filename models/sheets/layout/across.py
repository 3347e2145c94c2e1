"""Totals, remainders and rates beside the figures of one row, made again and compared."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from models.base import _n, net_of, rate
from models.sheets.cells import is_silent, rates
from models.sheets.layout.column import Column
from models.sheets.layout.expecting import Expecting
from models.sheets.layout.rows import Row
from models.sheets.layout.settling import FLOW_FIELDS, MOVES
from models.sheets.layout.splits import compare_splits, sums_told
from models.sheets.said import Field

_TOLERANCE = Decimal("0.01")


class Across(Expecting):
    """Compares the figures of a row with each other."""

    def _across(self, row: Row) -> None:
        if self._is_open:  # what is asked about may be a part
            return
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
            lambda ones: self._has_open(row, ones),
            self._desk,
            self._grain,
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
            sums: tuple[int, ...] = _sums_of(flows)
        else:
            sums = sums_told(
                column, told, lambda one: self._figures.seen(row.number, one), self._columns
            )
        self._expect(row, column, written, tuple(dict.fromkeys(sums)), len(told))

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
        months = [one for one in self._columns if one.field in MOVES]
        if any(one.month for one in months) and self._has_open(row, months):
            return
        sums = self._of_months(row, months)
        for field in sorted({one.field for one in self._columns if one.field}, key=str):
            parts = [one for one in self._columns if one.field is field and not one.month]
            if self._has_open(row, parts):
                return
            values = [self._figures.seen(row.number, one) for one in parts]
            if field in MOVES | {Field.PLAN, Field.AMOUNT} and any(
                value is not None for value in values
            ):
                sums.append(sum(value for value in values if value is not None))
        if sums:
            meant = tuple(dict.fromkeys([*self._of_flows(row), *sums]))
            self._expect(row, column, written, meant, len(self._columns))

    def _of_months(self, row: Row, columns: Sequence[Column]) -> list[int]:
        """What a total beside columns of several months may be: all of them."""
        told = [self._figures.seen(row.number, one) for one in columns]
        is_told = any(one.month for one in columns) and any(value is not None for value in told)
        return [sum(value for value in told if value is not None)] if is_told else []

    def _of_flows(self, row: Row) -> list[int]:
        """What a total of the kinds of payment may be, where a row tells several."""
        flows: dict[Field, int] = {}
        for one in self._columns:
            value = self._figures.seen(row.number, one)
            if one.field in FLOW_FIELDS and not one.month and value is not None:
                flows[one.field] = flows.get(one.field, 0) + value
        return list(_sums_of(flows)) if len(flows) > 1 else []

    def _remaining(self, row: Row, column: Column) -> None:
        written = self._written(row, column)
        plan, paid = self._plan(row, column), self._paid_so_far(row, column)
        if written is not None and plan is not None and paid is not None:
            self._expect(row, column, written, (plan - paid,), 2)

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
        rounded = Decimal((self._grain - 1) * (100 + exact)) / (2 * Decimal(plan))
        if any(abs(one - exact) <= _TOLERANCE + rounded for one in written):
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


def _sums_of(flows: dict[Field, int]) -> tuple[int, ...]:
    """What totals of the kinds of payment are in use: the net, all of them, what was paid out."""
    return _net(flows), sum(flows.values()), _paid(flows)


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
