"""Days as cells hold them: true dates, written days, and what is less than a day."""

import calendar
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from models.base import RuleBroken, _n, fold, plain, read_day
from models.sheets.outcome import Read, asked, broken, exact_number, is_silent, wrong
from models.sheets.shapes import Cell, Option
from models.sheets.shown import shown

_MONTH = re.compile(
    r"(?:t|thang) ?(\d{1,2})(?: ?[-/.,] ?| nam | )(\d{4})|(\d{1,2}) ?[-/.] ?(\d{4})"
)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_QUARTER = re.compile(r"(?:quy|q) ?(iv|i{1,3}|[1-4])(?: ?[-/.,] ?| nam | )(\d{4})")
_YEAR = re.compile(r"(?:nam )?(\d{4})")
_WITH_CLOCK = re.compile(r"(.+?)[T ]00:00(:00(\.0+)?)?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
# What spreadsheets count their days from, in their two calendars
_EPOCHS = (date(1899, 12, 30), date(1904, 1, 1))
_YEARS = (1990, 2100)


def day(cell: Cell | None, *, last: bool = False) -> Read[date]:
    """The day of a cell: a true date, or text in a form of `read_day`.

    A month, a quarter or a year alone is the question `date_unclear` with its first and last day
    as options, the last day first where `last`; so is a bare number that could be a stored day.
    What no calendar has is `date_unreadable`.
    """
    if cell is None or is_silent(cell):
        return Read()
    if (failed := broken(cell)) is not None:
        return failed
    value = cell.value
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Read(value) if _is_ours(value) else _no_day(cell)
    if isinstance(value, Decimal):
        return _numbered(cell, exact_number(value), last)
    if isinstance(value, str):
        return _written(cell, value, last)
    return _no_day(cell)


def _written(cell: Cell, text: str, last: bool) -> Read[date]:
    typed = plain(text)
    found = _WITH_CLOCK.fullmatch(typed)
    try:
        return Read(read_day(found[1] if found else typed))
    except RuleBroken as refused:
        span = _span(fold(typed))
        if span is not None:
            return _which(cell, span, last)
        return wrong("date_unreadable", refused.message, **refused.values)


def _span(text: str) -> tuple[date, date] | None:
    """First and last day of a month, quarter or year that stands alone in folded text."""
    months: tuple[int, int]
    if found := _MONTH.fullmatch(text):
        month, year = int(found[1] or found[3]), int(found[2] or found[4])
        months = month, month
    elif found := _ISO_MONTH.fullmatch(text):
        month, year = int(found[2]), int(found[1])
        months = month, month
    elif found := _QUARTER.fullmatch(text):
        quarter, year = _ROMAN.get(found[1]) or int(found[1]), int(found[2])
        months = 3 * quarter - 2, 3 * quarter
    elif found := _YEAR.fullmatch(text):
        months, year = (1, 12), int(found[1])
    else:
        return None
    if not 1 <= months[0] <= 12 or not _YEARS[0] <= year <= _YEARS[1]:
        return None
    return date(year, months[0], 1), date(year, months[1], calendar.monthrange(year, months[1])[1])


def _numbered(cell: Cell, number: Decimal, last: bool) -> Read[date]:
    if number == number.to_integral_value():
        if _YEARS[0] <= number <= _YEARS[1]:
            span = _span(str(int(number)))
            return _which(cell, span, last) if span else _no_day(cell)
        if 0 < number < 100_000:
            days = [epoch + timedelta(days=int(number)) for epoch in _EPOCHS]
            options = tuple(_option(one) for one in days if _is_ours(one))
            if options:
                return _question(cell, options)
    return _no_day(cell)


def _which(cell: Cell, span: tuple[date, date], last: bool) -> Read[date]:
    return _question(cell, tuple(_option(one) for one in (span[::-1] if last else span)))


def _question(cell: Cell, options: tuple[Option, ...]) -> Read[date]:
    return asked(
        "date_unclear",
        _n("“%(typed)s” is not one day. Which day is meant?"),
        options,
        typed=shown(cell)[:60],
    )


def _option(value: date) -> Option:
    return Option(value.isoformat(), f"{value.day:02d}/{value.month:02d}/{value.year}")


def _is_ours(value: date) -> bool:
    return _YEARS[0] <= value.year <= _YEARS[1]


def _no_day(cell: Cell) -> Read[date]:
    return wrong(
        "date_unreadable",
        _n("“%(typed)s” is not a day. Write dd/mm/yyyy, for example 09/04/2024."),
        typed=shown(cell)[:60],
    )
