"""Columns that only say of which capital they are, right of the amount that they are parts of."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from models.base import UNITS, _n, amount_readings, fold, plain
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.settling import AMOUNTS, FLOW_FIELDS, MOVES, is_bare
from models.sheets.layout.table import Table
from models.sheets.said import Field
from models.sheets.shapes import Cell, Option
from models.sheets.words import is_total

_MOVED = MOVES | {Field.AMOUNT, Field.CUMULATIVE, Field.CONFIRMED}
_SUM = re.compile(r"(tong|cong)\b(?! don)")
_SIGNS = re.compile(r"[-–—:/,(|]")
_ROUNDED = Decimal("0.01")  # what rounded figures are off by, at the most
_PART = re.compile(r"(trong do|chia ra|bao gom|gom)\b")


def parts_beside(table: Table, columns: Sequence[Column]) -> list[Column]:
    """The columns with those read as parts that stand right of their sum without a group head.

    “Giải ngân trong tháng | Trong đó: NSTW”: by the word, or because they add up in every row.
    """
    found: list[Column] = []
    whole: Column | None = None
    run: list[Column] = []
    for column in [*columns, Column(number=0)]:
        is_part = is_bare(column) and column.tells_capital and not column.is_total
        if whole is not None and is_part and column.is_finer_than(_of_capital(whole, column)):
            run.append(column)
            continue
        if (
            whole is not None
            and run
            and (are_called_parts(table, run) or _adds_up(table, whole, run))
        ):
            run = [_as_part(one, whole) for one in run]
        found += run
        run = []
        if column.number:
            found.append(column)
        is_amount = column.field in AMOUNTS and not column.is_crossing
        whole = column if is_amount else None
    return found


def _of_capital(whole: Column, part: Column) -> Column:
    return replace(part, vintage=whole.vintage, is_carried=whole.is_carried, source=whole.source,
                   among=whole.among, nature=whole.nature)  # fmt: skip


def _as_part(part: Column, whole: Column) -> Column:
    """The part as it is read: of the field of its sum, and of its year where it tells none."""
    own_year = part.vintage or part.is_carried
    return replace(
        part,
        field=whole.field,
        month=whole.month,
        vintage=part.vintage if own_year else whole.vintage,
        is_carried=part.is_carried if own_year else whole.is_carried,
        source=part.source or (None if part.among else whole.source),
        nature=part.nature or whole.nature,
    )


def are_called_parts(table: Table, run: Sequence[Column]) -> bool:
    """Whether heads say “trong đó” of one of these columns."""
    return any(_PART.match(table.sheet.fold(text)) for one in run for text in one.path)


def is_called_sum(column: Column) -> bool:
    """Whether the head of a column calls it a sum, before or behind its other words: “Tổng giải
    ngân”, “Giải ngân trong tháng - Tổng số”.
    """
    last = column.path[-1] if column.path else ""
    return column.is_total or bool(_SUM.match(fold(last))) or is_total(_SIGNS.split(last)[-1])


def _adds_up(table: Table, whole: Column, run: Sequence[Column]) -> bool:
    """Whether the parts make the whole in most rows that say something of both.

    Not in all: a sum that was typed wrong is told at its cell.
    """
    compared, equal = _compared(table, whole, run)
    return compared > 0 and 2 * equal > compared


def is_no_sum(table: Table, whole: Column, parts: Sequence[Column]) -> bool:
    """Whether a column that no word calls a sum is none of these parts in most of the rows: it may
    hold money of its own. Of kinds of payment a sum may be any of several.
    """
    if any(one.field in FLOW_FIELDS for one in parts):
        return False
    compared, equal = _compared(table, whole, parts, within=_ROUNDED)
    return 2 * equal < compared


def _compared(
    table: Table, whole: Column, parts: Sequence[Column], within: Decimal = Decimal(0)
) -> tuple[int, int]:
    """How many rows tell a sum and parts of it, and in how many of them it is the right one, or
    off by no more than this share of it.
    """
    compared = equal = 0
    for row in table.rows:
        cells = table.sheet.rows[row]
        written = _number(cells.get(whole.number))
        figures = [_number(cells.get(one.number)) for one in parts]
        told = [value for value in figures if value is not None]
        if written is None or not told:
            continue
        compared += 1
        equal += abs(sum(told) - written) <= within * abs(written)
    return compared, equal


def _number(cell: Cell | None) -> Decimal | None:
    """The number of a cell, also where it is written as text in one certain way."""
    value = cell.value if cell is not None else None
    if isinstance(value, Decimal):
        return value
    readings = amount_readings(plain(value), "trieu") if isinstance(value, str) else ()
    return readings[0].exact / UNITS["trieu"] if len(readings) == 1 else None


def beside_asked(table: Table, columns: Sequence[Column], desk: Desk) -> list[Column]:
    """The columns with those asked about that may go on with the amounts to their left.

    “Giải ngân trong tháng NSTW | NSH”: of the month as well, or of something else.
    """
    found: list[Column] = []
    for column in columns:
        left = found[-1] if found else None
        may_go_on = left is not None and left.field in _MOVED and left.tells_capital
        is_open = is_bare(column) and column.tells_capital and not column.is_crossing
        if left is not None and may_go_on and is_open and table.holds_something(column.number):
            column = _asked(table, column, left, desk)
        found.append(column)
    return found


def _asked(table: Table, column: Column, left: Column, desk: Desk) -> Column:
    field = str(left.field)
    given = desk.choose(
        "column_unknown",
        _n(
            "“%(heading)s” only says of which capital it is. Does it hold the same as "
            "“%(left)s”, or is it to be left aside?"
        ),
        table.sheet.at(*column.place, column.heading),
        (Option(field, _n("the same")), Option("-", _n("leave it aside"))),
        heading=column.heading,
        left=left.heading,
    )
    if given == field:
        return replace(column, field=left.field, month=left.month)
    return replace(column, is_aside=True)
