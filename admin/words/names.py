"""What a unit is called on a day: a new name that is entered ahead waits for its day."""

from datetime import date
from typing import Any

from flask import Flask, g

from models import Investor, db
from models.base import today
from models.catalogue import names_on
from reports.facts import name_in, short_name_in


def unit_called(unit: Investor, day: date | None = None, *, whole: bool = False) -> str:
    """The short name of a unit on a day, that of today where none is given; `whole`: the full one.

    A page asks once for the names of a day, however many units it names.
    """
    names = _names(day or today())
    if whole:
        return name_in(names, unit.id, unit.name)
    return short_name_in(names, unit.id, unit.short_name)


def names_today() -> dict[int, dict[str, Any]]:
    """By unit: the names of today, of those that have another one already (`names_on`)."""
    return _names(today())


def _names(day: date) -> dict[int, dict[str, Any]]:
    asked: dict[date, dict[int, dict[str, Any]]] = g.setdefault("names_on", {})
    if day not in asked:
        asked[day] = names_on(db.session(), day)
    return asked[day]


def register(app: Flask) -> None:
    """Make `called` known to templates: `unit | called(day)`."""
    app.jinja_env.filters["called"] = unit_called
