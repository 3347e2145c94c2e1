"""Values of records as text and badges, for lists, details and the page of a conflict."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from admin.words import (
    day,
    dong,
    label,
    moment,
    month_label,
    number,
    page_language,
    unit_called,
)
from models import Allocation, Investor, Period, ProgressEntry, Submission


def badge(code: Any) -> Markup:
    """A state as colour, sign and word."""
    return _badge(code if isinstance(code, StrEnum) else str(code), page_language())


@lru_cache(maxsize=1_000, typed=True)  # one state can be of several kinds, with a word for each
def _badge(code: str, _language: str) -> Markup:
    word = label(code) if isinstance(code, StrEnum) else ""
    macros: Any = current_app.jinja_env.get_template("macros/ui.html").module
    return Markup("{}").format(macros.badge(str(code), word))


def link(address: str, text: Any) -> Markup:
    """A link; both parts are escaped."""
    return Markup('<a href="{}">{}</a>').format(address, text)


def words(value: Any) -> str:
    """Any stored value in words."""
    match value:
        case None:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case StrEnum():
            return label(value)
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case Decimal():
            return number(value)
        case list():
            return ", ".join(map(str, value))
        case _:
            return called(value)


def called(row: Any) -> str:
    """What a record is called: a unit as it is today, and its report as it was then; a period, and
    what belongs to one, by the name of the period; capital by its project, year, source and nature
    in words, not in codes.
    """
    match row:
        case Investor():
            return unit_called(row)
        case Period():
            return month_label(row.code)
        case Submission():
            return f"{unit_called(row.investor, row.period.data_to)} · {called(row.period)}"
        case Allocation():
            key = [row.project.code, str(row.budget_year), label(row.source), label(row.nature)]
            carried = [_("capital of %(year)s", year=row.vintage)] if row.is_carried else []
            return " · ".join(key + carried)
        case ProgressEntry():
            return f"{row.project} · {called(row.submission.period)}"
        case _:
            return str(row)


def type_formatters() -> dict[type, Any]:
    """How Flask-Admin writes a value of each type; the order decides."""
    return {
        kind: lambda _view, value, _name: words(value)
        for kind in (type(None), bool, StrEnum, datetime, date, Decimal, list, Period, Investor)
    }


def as_money(_view: Any, _context: Any, row: Any, name: str) -> str:
    """Column formatter: đồng with thousands."""
    return dong(getattr(row, name))


def as_badge(_view: Any, _context: Any, row: Any, name: str) -> Any:
    """Column formatter: a state as a badge."""
    value = getattr(row, name)
    return "" if value is None else badge(value)
