"""Values to text, in the language of the page; pure functions, also filters of the templates."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.numbers import get_decimal_symbol, get_group_symbol
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _

from models.base import UNITS, in_unit, local
from models.calendar import WEEKDAYS, PeriodCode
from reports.tables import UNITS as UNIT_WORDS
from reports.writing import MOST_PLACES

ROMAN = ("", "I", "II", "III", "IV")


def dong(amount: int | None) -> str:
    """Whole đồng with thousands: 1.234.567; nothing for None."""
    return "" if amount is None else _grouped(Decimal(amount))


def money(amount: int | None, unit: str = "dong", places: int | None = None) -> str:
    """An amount in đồng shown in `unit`; rounded half-up, only here (domain §2.5).

    With `places` it has just as many decimals as its neighbours in a column, 0 is 0.
    """
    if amount is None:
        return ""
    if places is not None and amount:
        return _written(f"{in_unit(amount, unit, places):,.{places}f}")
    shown = in_unit(amount, unit, MOST_PLACES[unit])
    return _grouped(shown.normalize() if shown == shown.to_integral_value() else shown)


def percent(rate: Decimal | None) -> str:
    """A rate with two decimals: 15,65; nothing where there is no plan."""
    if rate is None:
        return ""
    return _written(f"{rate:,.2f}")


def number(value: Decimal | int | None) -> str:
    """A plain number such as physical progress: 12,5."""
    return "" if value is None else _grouped(Decimal(value))


def _grouped(value: Decimal) -> str:
    return _written(f"{value:,.3f}".rstrip("0").rstrip("."))


def _written(figure: str) -> str:
    """A figure as Python groups it with the signs of the language: what Babel makes of it in ten
    times the time, and a page has thousands.
    """
    return figure.translate(_signs(get_locale() or "vi"))


@cache
def _signs(language: Locale | str) -> dict[int, str]:
    return str.maketrans({",": get_group_symbol(language), ".": get_decimal_symbol(language)})


def day(value: date | None) -> str:
    """dd/mm/yyyy; of an instant the day in Vietnam."""
    if isinstance(value, datetime):
        value = local(value)
    return "" if value is None else f"{value:%d/%m/%Y}"


def moment(value: datetime | None) -> str:
    """HH:MM dd/mm/yyyy on a clock in Vietnam."""
    return "" if value is None else f"{local(value):%H:%M %d/%m/%Y}"


def exact_moment(value: datetime | None) -> str:
    """HH:MM:SS dd/mm/yyyy, where a second decides."""
    return "" if value is None else f"{local(value):%H:%M:%S %d/%m/%Y}"


def deadline(value: datetime | None) -> str:
    """`23:59 ngày 09/4/2024 (thứ Ba)`: the stored moment, so that nobody has to interpret."""
    if value is None:
        return ""
    there = local(value)
    if str(get_locale() or "vi").startswith("vi"):
        weekday = WEEKDAYS[there.weekday()]
        return f"{there:%H:%M} ngày {there:%d/%m/%Y} ({weekday})"
    return f"{there:%H:%M} on {there:%A}, {there:%d/%m/%Y}"


def month_label(code: PeriodCode | str | Any) -> str:
    """`Tháng 3/2024`, `Quý I/2024`, `Chỉnh lý năm 2024` in the language of the page."""
    known = code if isinstance(code, PeriodCode) else PeriodCode.parse(str(code))
    if known.kind == "quarter":
        return _(
            "Quarter %(number)s/%(year)s",
            number=ROMAN[known.number],
            year=known.budget_year,
        )
    if known.kind == "closing":
        return _("Closing period of %(year)s", year=known.budget_year)
    return _("Month %(number)s/%(year)s", number=known.number, year=known.budget_year)


def in_sentence(name: str) -> str:
    """A label as it stands inside a sentence: `Báo cáo tháng 3/2024`."""
    return name[:1].lower() + name[1:]


def unit_label(unit: str) -> str:
    """The name of a display unit."""
    return _(UNIT_WORDS[unit])


FILTERS = (
    dong,
    money,
    percent,
    number,
    day,
    moment,
    exact_moment,
    deadline,
    month_label,
    in_sentence,
)


def register(app: Flask) -> None:
    """Make the functions known to templates under their own names."""
    for function in (*FILTERS, unit_label):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["UNITS"] = tuple(UNITS)
