"""What columns hold whose heads leave it open, where the figures beside them prove it."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from models.sheets.layout.column import Column
from models.sheets.layout.table import Table
from models.sheets.layout.vocabulary import Noun
from models.sheets.said import Field

_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_LEAST = 3  # rows that prove it


def is_what_was_spent(table: Table, columns: Iterable[Column], bare: Sequence[Column]) -> bool:
    """Whether columns about disbursement, without a time, hold all of it since the year began.

    Proved by the remainder: plan less their total leaves what stands as remaining, in every row
    that tells the three, and the total is not just that of the month.
    """
    if any(one.noun is not Noun.DISBURSED for one in bare):
        return False
    plan = _whole(one for one in columns if one.field is Field.PLAN)
    left = _whole(one for one in columns if one.field is Field.REMAINING)
    month = _whole(one for one in columns if one.field is Field.MONTH and not one.month)
    spent = _whole(bare)
    if plan is None or left is None or spent is None:
        return False
    proved, is_other = 0, False
    for row in table.rows:
        told = [_number(table, row, one) for one in (plan, spent, left)]
        if None in told:
            continue
        given, paid, rest = (one or Decimal(0) for one in told)
        if abs(given - paid - rest) > 1 or (paid and abs(given - paid - rest) >= paid):
            return False
        proved += paid != 0
        is_other = is_other or (month is not None and _number(table, row, month) != paid)
    return proved >= _LEAST and is_other


def _whole(columns: Iterable[Column]) -> Column | None:
    """The one of them that is of all capital."""
    found = [one for one in columns if not one.tells_capital and not one.is_crossing]
    return found[0] if len(found) == 1 else None


def _number(table: Table, row: int, column: Column) -> Decimal | None:
    cell = table.sheet.rows[row].get(column.number)
    value = cell.value if cell is not None else None
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return Decimal(value.strip())
    return value if isinstance(value, Decimal) and value.is_finite() else None
