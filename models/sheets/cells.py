"""What one cell says: an amount, a percentage, a day or a text, or why that cannot be told.

An outcome is never a guess. What has two readings is a question with plain values as options,
what has none is an error; a cell that holds no figure (a dash, `x`, spaces) says nothing, which
is not zero.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.base import (
    MAX_DONG,
    UNITS,
    AmountReading,
    Dong,
    RuleBroken,
    _n,
    amount_readings,
    check_code,
    clean,
    clean_line,
    format_dong,
    plain,
)
from models.sheets.cells_days import day
from models.sheets.cells_percent import percent, progress_told, rates
from models.sheets.outcome import (
    Read,
    asked,
    broken,
    exact_number,
    has_no_words,
    is_silent,
    wrong,
)
from models.sheets.shapes import Cell, Option
from models.sheets.shown import is_percent, is_unseen, shown, unit_shown, unit_written

__all__ = [
    "Mark",
    "Read",
    "amount",
    "day",
    "is_date",
    "is_figure",
    "is_silent",
    "is_unseen",
    "line",
    "mark_meant",
    "percent",
    "progress_told",
    "rates",
    "shown",
    "text",
    "unit_shown",
    "unit_written",
]

# A difference of two sums loses digits: a formula's result this near to whole đồng is whole.
_NOISE = Decimal("0.001")
_SCIENTIFIC = re.compile(r"[-+]?\d+([.,]\d+)?[eE][-+]?\d+")


@dataclass(frozen=True, slots=True)
class Mark:
    """What an answer said of a mark in a column: `.` or `,`, and whether it is the decimal one."""

    sign: str
    is_decimal: bool


# ------------------------------------------------------------------------------------- amounts


def amount(
    cell: Cell | None, unit: str, *, signed: bool = False, mark: Mark | None = None
) -> Read[int]:
    """The đồng of a cell in a column that counts in `unit` (`dong`, `nghin`, `trieu`).

    True numbers count to 15 significant digits. Text is read as `amount_readings` does; with
    two readings it is the question `number_unclear`, unless `mark` says what the mark of this
    column is. Negative amounts are errors unless `signed`.
    """
    if cell is None or is_silent(cell):
        return Read()
    if (failed := broken(cell)) is not None:
        return failed
    value = cell.value
    if isinstance(value, Decimal):
        if not value.is_finite() or (value and is_percent(cell)):
            return _unreadable(cell)
        if abs(value) * UNITS[unit] > MAX_DONG + 1:  # what a binary fraction is off comes below
            return _in_dong(cell, value * UNITS[unit], signed)
        exact = exact_number(value) * UNITS[unit]
        near = exact.to_integral_value()
        if cell.formula is not None and abs(exact - near) < _NOISE:
            exact = near
        return _in_dong(cell, exact, signed)
    if isinstance(value, str):
        return _written(cell, value, unit, signed, mark)
    return _unreadable(cell)


def _written(cell: Cell, text: str, unit: str, signed: bool, mark: Mark | None) -> Read[int]:
    typed = plain(text)
    readings = amount_readings(typed, unit)
    if mark is not None and len(readings) > 1:
        readings = tuple(one for one in readings if _holds(one, mark)) or readings
    if not readings:
        return _scientific(cell) if _SCIENTIFIC.fullmatch(typed) else _unreadable(cell)
    reads = [_in_dong(cell, one.exact, signed) for one in readings]
    good = [one for one in reads if one.value is not None]
    if len(good) == 1 or len(reads) == 1:
        return (good or reads)[0]
    if not good:
        return reads[-1]
    amounts = sorted({one.value for one in good if one.value is not None}, key=abs)
    return asked(
        "number_unclear",
        _n("“%(typed)s” can be read in two ways. Is it %(small)s or %(large)s đồng?"),
        tuple(Option(str(one), format_dong(one)) for one in amounts),
        typed=typed[:60],
        small=Dong(amounts[0]),
        large=Dong(amounts[-1]),
    )


def _holds(reading: AmountReading, mark: Mark) -> bool:
    """Whether a reading agrees with what is known of the marks of its column."""
    return reading.mark == mark.sign and reading.is_decimal == mark.is_decimal


def mark_meant(cell: Cell | None, unit: str, answer: int) -> Mark | None:
    """What an answered amount says of the mark in this cell; None where it is none of its readings.

    With it `amount(other, unit, mark=…)` reads the other cells of the column without asking.
    """
    if cell is None or not isinstance(cell.value, str):
        return None
    for reading in amount_readings(plain(cell.value), unit):
        if reading.mark and reading.dong == answer:
            return Mark(reading.mark, reading.is_decimal)
    return None


def _in_dong(cell: Cell, exact: Decimal, signed: bool) -> Read[int]:
    if abs(exact) > MAX_DONG:
        return wrong(
            "number_unreadable",
            _n("“%(typed)s” is too large: at most %(most)s đồng."),
            typed=shown(cell)[:60],
            most=Dong(MAX_DONG),
        )
    if exact != exact.to_integral_value():
        return wrong(
            "number_not_whole",
            _n(
                "“%(typed)s” is not a whole number of đồng here. Write all its decimals, or check "
                "the unit of amounts."
            ),
            typed=shown(cell)[:60],
        )
    if exact < 0 and not signed:
        return wrong(
            "number_negative",
            _n(
                "“%(typed)s” is negative, which this column does not take. In a report, money "
                "paid back goes into a column of its own (returned)."
            ),
            typed=shown(cell)[:60],
        )
    return Read(int(exact))


def _unreadable(cell: Cell) -> Read[Any]:
    if is_date(cell):
        return wrong(
            "number_unreadable",
            _n("“%(typed)s” is a day where an amount belongs. Give the cell a number format."),
            typed=shown(cell)[:60],
        )
    if isinstance(cell.value, Decimal) and is_percent(cell):
        return wrong(
            "number_unreadable",
            _n(
                "“%(typed)s” is a percentage where an amount belongs. Give the cell another format."
            ),
            typed=shown(cell)[:60],
        )
    return wrong(
        "number_unreadable",
        _n("“%(typed)s” is not an amount. Write figures only, such as %(example)s"),
        typed=shown(cell)[:60],
        example=format_dong(1_234_567),
    )


def _scientific(cell: Cell) -> Read[Any]:
    return wrong(
        "number_unreadable",
        _n(
            "“%(typed)s” is a shortened number of which the last figures are lost. Write the "
            "whole amount."
        ),
        typed=shown(cell)[:60],
    )


# ------------------------------------------------------------------------------------------ texts


def text(cell: Cell | None, most: int) -> Read[str]:
    """The cleaned text of a cell, never cut; nothing where it is empty or only a dash.

    Numbers and days as one sees them.

    Errors: `text_too_long` above `most` characters, and what stands in for a failed formula.
    """
    if cell is None or (cell.value is None and cell.problem is None):
        return Read()
    if (failed := broken(cell)) is not None:
        return failed
    value = clean(cell.value) if isinstance(cell.value, str) else shown(cell)
    if has_no_words(value):
        return Read()
    try:
        check_code(value)
    except RuleBroken as refused:
        return wrong("encoding_unclear", refused.message, **refused.values)
    if len(value) > most:
        return wrong(
            "text_too_long",
            _n("The text has %(length)s characters; at most %(most)s are possible."),
            length=len(value),
            most=most,
        )
    return Read(value)


def line(cell: Cell | None) -> str:
    """The text of a cell on one line, for names and heads; empty where it has none."""
    if cell is None or cell.value is None:
        return ""
    return clean_line(cell.value) if isinstance(cell.value, str) else shown(cell)


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a figure: a number, or one that is written as text."""
    if isinstance(cell.value, str):
        return not is_silent(cell) and bool(amount_readings(plain(cell.value), "dong"))
    return isinstance(cell.value, Decimal)


def is_date(cell: Cell | None) -> bool:
    """Whether a cell holds a day or a moment, not the text of one."""
    return cell is not None and isinstance(cell.value, date)
