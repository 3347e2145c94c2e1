"""One value in a cell: how each type of column is written, and read again."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Enum, Integer, String

from models.base import MAX_DONG, Percent, UtcDateTime, check_code, local, read_text
from models.exchange.package.cells import day, moment, one_of, progress, whole, yes_or_no

LONGEST = 100_000
_SMALL = 2**31 - 1


def text_of(value: Any) -> str:
    """The cell of one value; the readers of the package give the same value back."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case StrEnum():
            return value.value
        case datetime():
            return local(value).isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return str(value)


def amounts_of(row: Any) -> dict[str, int]:
    """The four amounts of a disbursement as `disbursements.csv` has them, in đồng.

    Corrections are folded in, so that the totals of this file alone stay right.
    """
    correction = row.correction or 0
    return {
        "advance": row.advance or 0,
        "completed": (row.completed or 0) + max(correction, 0),
        "recovered": row.recovered or 0,
        "returned": (row.returned or 0) + max(-correction, 0),
    }


def is_text(column: Column[Any]) -> bool:
    """Whether an empty cell of the column is an empty text rather than nothing."""
    return isinstance(column.type, String) and not isinstance(column.type, Enum)


def reader_of(column: Column[Any]) -> Callable[[str], Any] | None:
    """How a cell of a table's column is read; None where the package cannot tell."""
    match column.type:
        case Percent():
            return progress
        case UtcDateTime():
            return moment
        case Enum(enum_class=kind) if kind is not None and issubclass(kind, StrEnum):
            return one_of(kind)
        case Date():
            return day
        case Boolean():
            return yes_or_no
        case BigInteger():
            return whole(-MAX_DONG, MAX_DONG)
        case Integer():
            return whole(-_SMALL, _SMALL)
        case String():
            return _lines(column.type.length or LONGEST)
    return None


def _lines(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        check_code(text)
        return read_text(text, limit)

    return read
