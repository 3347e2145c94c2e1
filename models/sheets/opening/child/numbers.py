"""Numbers as spreadsheets keep them, and the days among them."""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

_DIGITS = Context(prec=15, rounding=ROUND_HALF_EVEN, traps=[])
_LONGEST_DIGITS = 400  # what a program may write for the largest number there is
_PLAIN = re.compile(r"-?[0-9]{1,15}|-?[0-9]{1,7}\.[0-9]{1,8}")
_LAST_DAY = 2_958_466  # one after 31/12/9999 by the epoch of 1900
_LARGEST = 308  # powers of ten: no spreadsheet keeps more
_NONE = Decimal("NaN")
_LONGEST = 40  # digits written out; what is larger keeps its exponent

# The formats that have a number only; of 14 the order is that of the reader's own settings.
BUILTIN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm",
    37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)", 41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_1904 = datetime.fromisoformat("1904-01-01")  # a day in a sheet has no zone
# By (epoch of 1904, after the 29th of February 1900 that never was): the day 0.
_EPOCHS = {
    (True, True): _1904,
    (True, False): _1904,
    (False, True): datetime.fromisoformat("1899-12-30"),
    (False, False): datetime.fromisoformat("1899-12-31"),
}
_ASIAN_DAYS = {*range(27, 37), *range(50, 59)}
# What is shown as it stands: quoted, escaped, padding, fill, brackets; and names of no format.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|general|standard', re.IGNORECASE)


def builtin(number: int) -> str:
    """The format with this number, empty for General."""
    return "dd/mm/yyyy" if number in _ASIAN_DAYS else BUILTIN.get(number, "")


@lru_cache(maxsize=4_096)
def is_of_days(number_format: str) -> bool:
    """Whether numbers in this format are shown as days; hours alone are a time or a duration."""
    first = _LITERAL.sub("", number_format).split(";")[0]
    return re.search(r"[dy]|mmm", first, re.IGNORECASE) is not None


def number(text: str) -> str | None:
    """A number as a file has it, with the 15 digits that spreadsheets keep; None if it is none.

    `54.65432200000001` is what a sum in binary fractions leaves of 54.654322.
    """
    if _PLAIN.fullmatch(text) and not text.startswith("-0"):
        return text
    value = _DIGITS.create_decimal(text.strip()) if len(text) < _LONGEST_DIGITS else _NONE
    if not value.is_finite() or value.adjusted() > _LARGEST:
        return None
    if not value:
        return "0"
    value = value.normalize()
    return f"{value:f}" if -_LONGEST < value.adjusted() < _LONGEST else str(value)


def digits(value: float) -> str:
    """The fifteen digits of a number that a file keeps in binary."""
    return f"{value:.15g}"


def day(text: str, *, from_1904: bool) -> tuple[str, bool] | None:
    """The day that a number stands for (ISO), and whether it has a time; None if there is none.

    The 29th of February 1900 that the epoch of 1900 counts was no day; what is before the first
    day is a duration or a time, not a day.
    """
    value = Decimal(text)
    if not 1 <= value < _LAST_DAY:
        return None
    whole, part = divmod(value, 1)
    if whole == 60 and not from_1904:
        return None
    seconds = int((part * 86_400).to_integral_value(ROUND_HALF_EVEN))
    try:
        moment = _EPOCHS[from_1904, whole > 60] + timedelta(days=int(whole), seconds=seconds)
    except OverflowError:
        return None
    return (moment.isoformat(), True) if seconds % 86_400 else (moment.date().isoformat(), False)


def iso_day(text: str) -> tuple[str, bool] | None:
    """A day written out, as some programs store it."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    moment = moment.replace(tzinfo=None, microsecond=0)
    if len(text.strip()) <= 10 or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return date(moment.year, moment.month, moment.day).isoformat(), False
    return moment.isoformat(), True
