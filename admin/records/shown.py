"""The words of fields at the edge: headings, help and history, as the models say them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from sqlalchemy import BigInteger, Column, Date, Enum

from admin.records.words import words
from admin.words import dong
from models import Base
from models.base import Percent, Shown, UtcDateTime, column_field, field_of


def _with_unit(shown: Shown) -> str:
    return f"{_(shown.label)} ({shown.unit})" if shown.unit else str(_(shown.label))


def heading(model: Any, path: str) -> Any:
    """The label of a field with its unit, looked up in the language of the page."""
    return LazyString(_with_unit, field_of(model, path).shown)


def bare_label(model: Any, path: str) -> str:
    """The label without its unit, where a sentence or a switch names the unit."""
    return str(_(field_of(model, path).shown.label))


def help_text(shown: Shown) -> Any:
    """The line of help beneath a field, or nothing."""
    return lazy_gettext(shown.help) if shown.help else ""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one change, in words."""

    field: str
    old: str
    new: str


def changes_in_words(
    resource: str, changes: Mapping[str, list[Any]], *, all_kept: bool = True
) -> Iterable[Change]:
    """What the audit trail keeps of one row, as the people know the fields and their values.

    Fields that no screen shows come under their own names, or not at all (`all_kept`).
    """
    model = _models().get(resource)
    for name, pair in changes.items():
        old, new = (*pair, None, None)[:2]
        field = column_field(model, name) if model is not None else None
        if field is None and not all_kept:
            continue
        label = name if field is None else LazyString(_with_unit, field.shown)
        column = field.column if field is not None else None
        yield Change(str(label), _value(column, old), _value(column, new))


@cache
def _models() -> dict[str, Any]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def _value(column: "Column[Any] | None", stored: Any) -> str:
    """The trail keeps codes and ISO days; people read words and their own days."""
    if isinstance(stored, list):
        return ", ".join(map(str, stored))
    if stored is None:
        return ""
    if column is None or isinstance(stored, bool):
        return words(stored)
    try:
        if isinstance(column.type, Enum) and column.type.enum_class is not None:
            return words(column.type.enum_class(stored))
        if isinstance(column.type, UtcDateTime):
            return words(datetime.fromisoformat(stored))
        if isinstance(column.type, Date):
            return words(date.fromisoformat(stored))
        if isinstance(column.type, Percent):
            return words(Decimal(stored))
        if isinstance(column.type, BigInteger):
            return dong(int(stored))
    except (ValueError, TypeError, ArithmeticError):
        pass  # a code of earlier days is shown as it was kept
    return str(stored)


def register(app: Flask) -> None:
    """Make the words of changes known to templates."""
    app.jinja_env.globals["changes_in_words"] = changes_in_words
