"""The values of one row: what its cells say of the project, each with its capital."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from models.base import Dong, _n, net_of
from models.sheets.cells import is_silent, progress_told
from models.sheets.layout.capital import Capital, of_column
from models.sheets.layout.column import Column, Rest
from models.sheets.layout.desk import Desk
from models.sheets.layout.figures import Figures
from models.sheets.layout.nesting import capital_above, parts_below
from models.sheets.layout.rows import Row
from models.sheets.layout.settling import AMOUNTS, FLOW_FIELDS, MOVES, imported_fields
from models.sheets.layout.splits import first_split
from models.sheets.layout.table import Table
from models.sheets.layout.understanding import TOLD, WORDS
from models.sheets.layout.years import Years
from models.sheets.said import Field, Value
from models.sheets.shapes import At, Kind, Option
from models.sheets.words import line_kind_of, status_of

_STATUSES = ("planned", "active", "completed", "suspended")
_ONLY_ADDED = frozenset({None, Field.TOTAL, Field.REMAINING, Field.RATE, Field.NUMBER, Field.NOTE})
# what is taken away is often written with a minus under “giảm” as well
_SIGNED = frozenset({Field.AMOUNT, Field.DECREASE})

# what a row of one capital can say of its project
_OF_LEDGER = frozenset({Field.DECISION, Field.LINE_KIND})
_OF_PARTS = TOLD | _OF_LEDGER


class Values:
    """Makes the values of rows, column by column."""

    def __init__(
        self, table: Table, figures: Figures, desk: Desk, kind: Kind, *, is_alone: bool = True
    ) -> None:
        self._table, self._figures, self._desk, self._kind = table, figures, desk, kind
        columns = list(table.columns.values())
        has_moves = any(one.field in MOVES and not one.month for one in columns)
        self._compared = {Field.PLAN, Field.PLAN_AFTER, Field.BEFORE}
        self._compared |= {Field.CUMULATIVE} if has_moves else set()
        self._sums_flows = kind is Kind.TREASURY and not table.of(Field.CONFIRMED)
        self._skipped = FLOW_FIELDS if kind is Kind.TREASURY else frozenset()
        self._percents = {
            one.number
            for one in columns
            if one.field is Field.PROGRESS
            or (one.field is Field.PROGRESS_TEXT and self._is_share(one))
        }
        self._years = Years(table, kind, desk, is_alone=is_alone)
        self._imported = imported_fields(columns)
        read = [
            one
            for one in columns
            if one.field not in _ONLY_ADDED or one.total_of in self._imported or one.is_second
        ]
        self.plain = [one for one in read if not one.is_crossing]
        self.crossing = [one for one in read if one.is_crossing]

    def _is_share(self, column: Column) -> bool:
        """Whether a column of progress holds nothing but numbers: they are percentages."""
        rows = self._table.sheet.rows
        found = [rows[row][column.number] for row in self._table.rows if column.number in rows[row]]
        return bool(found) and all(not isinstance(cell.value, str) for cell in found)

    # --------------------------------------------------------------------------------- one row

    def of(self, row: Row, columns: list[Column]) -> list[Value]:
        """What a row says in these columns; of a row with parts by capital, what they say."""
        found: list[Value] = []
        for column in columns:
            for one in self._cells(row, column):
                found += self._value(one, column)
        if self._sums_flows:
            found += self._summed(row, columns)
        return found

    def is_nothing(self, row: Row) -> bool:
        """Whether all amounts of a row are noughts."""
        amounts = [one for one in self.plain if one.field in AMOUNTS]
        told = [one for one in amounts if not is_silent(self._figures.cell(row.number, one))]
        return all(self._figures.seen(row.number, one) == 0 for one in told)

    def is_only_compared(self, value: Value) -> bool:
        """Whether a value is never written: a plan, what was before, another month."""
        return value.field in self._compared or value.month is not None

    def _cells(self, row: Row, column: Column) -> list[Row]:
        """The rows whose cell counts: those of the parts by capital where they say something; of
        words the first that says any (`outside.tell_words` names the others).
        """
        if column.field in AMOUNTS and row.capitals:
            parts = [one for part in row.capitals for one in self._cells(part, column)]
            if parts and not row.is_of_capital:
                return parts
            return [*self._own(row, column), *parts]
        if column.field not in _OF_PARTS:
            return self._own(row, column)
        told = [one for one in (row, *parts_below(row)) if self._own(one, column)]
        return told if column.field in _OF_LEDGER else told[:1]

    def _own(self, row: Row, column: Column) -> list[Row]:
        return [] if is_silent(self._figures.cell(row.number, column)) else [row]

    def _value(self, row: Row, column: Column) -> Iterator[Value]:
        field = column.field
        if field is None or field in self._skipped:
            return
        if field is Field.TOTAL:
            yield from self._of_total(row, column)
            return
        if field in AMOUNTS:
            yield from self._amount(row, column, field)
            return
        at = self._figures.at(row.number, column)
        said = self._said(row.number, column, field)
        if column.number in self._percents:
            field = Field.PROGRESS
        elif field is Field.PROGRESS_TEXT and not self._percents and isinstance(said, str):
            percent, said = progress_told(said) or (None, said)
            if percent is not None:
                yield Value(field=Field.PROGRESS, value=percent, at=at)
        if said is not None and said != "":
            yield Value(field=field, value=said, at=at)

    def _said(self, number: int, column: Column, field: Field) -> int | Decimal | date | str | None:
        """What a cell says that is no amount of capital."""
        if column.number in self._percents:
            return self._figures.percent(number, column)
        if field in WORDS or field is Field.DECISION:
            return self._figures.text(number, column)
        if field in (Field.START, Field.END):
            return self._figures.day(number, column, last=field is Field.END)
        if field is Field.INVESTMENT:
            return self._figures.amount(number, column)
        if field in (Field.STATUS, Field.LINE_KIND):
            return self._word(number, column)
        return None

    def _amount(self, row: Row, column: Column, field: Field) -> Iterator[Value]:
        if column.month:
            amount = self._figures.seen(row.number, column)
        elif field in self._compared:
            amount = self._figures.compared(row.number, column)
        else:
            amount = self._figures.amount(row.number, column, signed=field in _SIGNED)
        if amount is None:
            return
        at = self._figures.at(row.number, column)
        capital = self._capital(row, column, at, amount)
        if capital is None:
            return
        yield _value(field, amount, at, capital, column.month)

    def _of_total(self, row: Row, column: Column) -> Iterator[Value]:
        """What a total says that its parts do not: all of it where they are empty, or the rest."""
        amount = self._figures.seen(row.number, column)
        if column.total_of in self._compared:  # split by nature beside a split by source
            yield from self._amount(row, column, column.total_of)
            return
        if not amount or column.total_of is None:
            return
        finer = self._finer(column)
        told = [
            self._figures.seen(row.number, one)
            for one in finer
            if not is_silent(self._figures.cell(row.number, one))
        ]
        if not told:
            yield from self._amount(row, column, column.total_of)
        elif column.rest is not None and None not in told:
            members = [self._table.columns[number] for number in column.members]
            parts = sum(self._figures.seen(row.number, one) or 0 for one in members)
            yield from self._rest(row, column, amount, parts)

    def _rest(self, row: Row, column: Column, amount: int, parts: int) -> Iterator[Value]:
        at = self._figures.at(row.number, column)
        if amount == parts or column.total_of is None:
            return
        if column.rest is Rest.UNKNOWN or amount < parts:
            self._desk.error(
                "total_mismatch",
                _n(
                    "The sum is %(written)s đồng here, but its parts make %(total)s đồng; of the "
                    "others no column says which capital they are."
                ),
                at,
                written=Dong(amount),
                total=Dong(parts),
            )
            return
        capital = self._capital(row, column, at, amount - parts)
        if capital is not None:
            yield _value(column.total_of, amount - parts, at, capital)

    def _finer(self, column: Column) -> list[Column]:
        """All columns of parts of a total, sums among them; those that split it otherwise."""
        if column.is_second:
            return first_split(column, self._table.columns.values())
        return [
            one
            for one in self._table.columns.values()
            if one.number in column.members
            or (
                column.total_of in (one.field, one.total_of)
                and one.month == column.month
                and one.is_finer_than(column)
            )
        ]

    def _capital(self, row: Row, column: Column, at: At, amount: int) -> Capital | None:
        """Of which capital the cell is; column and row must not contradict each other.

        Where a figure is only compared the row counts, such as that of carried-over capital below
        “Kế hoạch vốn năm 2024”; a nought says that there is none.
        """
        own = row.capital.over(capital_above(row))
        head = of_column(column)
        is_imported = column.field in self._imported or column.total_of in self._imported
        if head.contradicts(own) and (is_imported or not amount):
            if amount:
                self._desk.error(
                    "row_conflict",
                    _n(
                        "The head of this column and the name of this row speak of different "
                        "capital. Correct one of them, or move %(amount)s đồng."
                    ),
                    at,
                    amount=Dong(amount),
                )
            return None
        return self._years.told(own.over(head), column, is_imported=is_imported)

    def _summed(self, row: Row, columns: list[Column]) -> Iterator[Value]:
        """What a statement confirms where it tells only the kinds of payment: their net."""
        flows = [one for one in columns if one.field in FLOW_FIELDS]
        sums: dict[Capital, dict[Field, int]] = {}
        places: dict[Capital, At] = {}
        for column in flows:
            for one in self._cells(row, column):
                amount = self._figures.amount(one.number, column)
                at = self._figures.at(one.number, column)
                capital = None if amount is None else self._capital(one, column, at, amount)
                if amount is None or capital is None or column.field is None:
                    continue
                parts = sums.setdefault(capital, {})
                parts[column.field] = parts.get(column.field, 0) + amount
                places.setdefault(capital, at)
        for capital, parts in sums.items():
            amount = net_of(
                advance=parts.get(Field.ADVANCE, 0),
                completed=parts.get(Field.COMPLETED, 0),
                recovered=parts.get(Field.RECOVERED, 0),
                returned=parts.get(Field.RETURNED, 0),
                correction=0,
            )
            yield _value(Field.CONFIRMED, amount, places[capital], capital)

    def _word(self, number: int, column: Column) -> str | None:
        """A state of a project or a kind of line, in the words of the stored codes."""
        text = self._table.sheet.line(number, column.number)
        if column.field is Field.LINE_KIND:
            kinds = line_kind_of(text)
            return kinds[0].value if len(kinds) == 1 else text  # judged where lines are planned
        status = status_of(text)
        if status is not None:
            return status.value
        return self._desk.choose(
            "name_unclear",
            _n("“%(text)s” is no state of a project that is known. Which one is meant?"),
            self._figures.at(number, column),
            tuple(Option(one) for one in _STATUSES),
            text=text[:80],
        )


def _value(field: Field, amount: int, at: At, capital: Capital, month: str | None = None) -> Value:
    return Value(
        field=field,
        value=amount,
        at=at,
        vintage=capital.vintage,
        is_carried=capital.is_carried,
        source=capital.source,
        among=capital.among,
        nature=capital.nature,
        month=month,
    )
