"""Days as cells hold them: true dates, written days, and what is less than a day."""

import calendar
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from models.base import FIRST_YEAR, LAST_YEAR, RuleBroken, _n, plain, read_day
from models.sheets.outcome import Read, asked, broken, exact_number, is_silent, wrong
from models.sheets.shapes import Cell, Option
from models.sheets.shown import shown
from models.sheets.words_base import Phrase, spoken
from models.sheets.words_times import periods_of, without_periods

# What may stand around a period without telling its day
_ABOUT = Phrase(r"(?:đầu|giữa|cuối|trong|khoảng|từ|kỳ|dự kiến|[\s.,;:()-])*")
_YEARS_ALONE = Phrase(r"(?:năm )?(20\d\d|19\d\d)(?:\s*[-/]\s*(?:năm )?(20\d\d|19\d\d))?")
_SHORT_YEAR = re.compile(r"(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?[/.-] ?(\d\d)", re.ASCII)
_WITH_CLOCK = re.compile(r"(.+?)[T ]00:00(:00(\.0+)?)?")
# 5.2024 or 10.2020, typed for a month and kept as a number without its last noughts
_DECIMAL_MONTH = re.compile(r"(\d{1,2})\.(\d{2,4})")
# What spreadsheets count their days from, in their two calendars
_EPOCHS = (date(1899, 12, 30), date(1904, 1, 1))
_LONGEST = 100  # characters of a written day


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
    if len(typed) > _LONGEST:
        return _no_day(cell)
    found = _WITH_CLOCK.fullmatch(typed)
    try:
        return Read(read_day(found[1] if found else typed))
    except RuleBroken as refused:
        if (span := _span(typed)) is not None:
            return _which(cell, span, last)
        if short := _SHORT_YEAR.fullmatch(typed):
            try:
                meant = read_day(f"{short[1]}/{short[3]}/20{short[4]}")
                return _question(cell, (_option(meant),))
            except RuleBroken:
                pass
        return wrong("date_unreadable", refused.message, **refused.values)


def _span(text: str) -> tuple[date, date] | None:
    """First and last day of the months or years that stand alone in a text."""
    said = spoken(text)
    if found := _YEARS_ALONE.fullmatch(said):
        first, last = int(found[1]), int(found[2] or found[1])
        if not FIRST_YEAR <= first <= last <= LAST_YEAR:
            return None
        return date(first, 1, 1), date(last, 12, 31)
    periods = periods_of(text)
    if len(periods) != 1 or not _ABOUT.fullmatch(without_periods(text)):
        return None
    period = periods[0]
    if period.year is None or period.day is not None or period.last > 12:
        return None
    end = calendar.monthrange(period.year, period.last)[1]
    return date(period.year, period.first, 1), date(period.year, period.last, end)


def _numbered(cell: Cell, number: Decimal, last: bool) -> Read[date]:
    if number == number.to_integral_value():
        if FIRST_YEAR <= number <= LAST_YEAR:
            span = _span(str(int(number)))
            return _which(cell, span, last) if span else _no_day(cell)
        if 0 < number < 100_000:
            days = [epoch + timedelta(days=int(number)) for epoch in _EPOCHS]
            options = tuple(_option(one) for one in days if _is_ours(one))
            if options:
                return _question(cell, options)
    month = _DECIMAL_MONTH.fullmatch(f"{number:f}")
    if month and (span := _span(f"{month[1]}/{month[2]:0<4}")):
        return _which(cell, span, last)
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
    return FIRST_YEAR <= value.year <= LAST_YEAR


def _no_day(cell: Cell) -> Read[date]:
    return wrong(
        "date_unreadable",
        _n("“%(typed)s” is not a day. Write dd/mm/yyyy, for example 09/04/2024."),
        typed=shown(cell)[:60],
    )
