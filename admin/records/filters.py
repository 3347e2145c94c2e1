"""Filters of lists. Each has a lasting name, so that other pages may link to a narrowed list:
`/admin/entry/?flt0_period=2024-03`. Options are asked for at every request, within the scope.
"""

from collections.abc import Callable, Iterable
from datetime import time, timedelta
from enum import StrEnum
from typing import Any

from flask_admin.model.filters import BaseFilter
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from sqlalchemy import Select
from sqlalchemy.orm import QueryableAttribute

from admin.records.lookup import LONGEST, matches, row_id
from admin.records.shown import heading
from admin.words import choices, month_label
from models.base import UtcDateTime, at_local, column_field, read_day, read_line

_BETWEEN = "\0"


class Filter(BaseFilter):
    """`column` equals the value.

    The name is that of the column's field; `name` gives another one, or another field.
    """

    compares: Any = _l("is")

    def __init__(self, code: str, column: Any, *, name: Any = None, **kwargs: Any) -> None:
        told = column if name is None else name
        if isinstance(told, QueryableAttribute):
            field = column_field(told.class_, told.key)
            name = heading(told.class_, field.name) if field is not None else told.key
        super().__init__(name, **kwargs)
        self.code, self.column = code, column

    def operation(self) -> Any:
        return self.compares

    def clean(self, value: str) -> Any:
        return read_line(value, LONGEST)

    def apply(self, query: Select[Any], value: Any, alias: Any = None) -> Select[Any]:
        return query.where(self.column == value)


class ChoiceFilter(Filter):
    """One member of an enumeration."""

    def __init__(self, code: str, column: Any, **kwargs: Any) -> None:
        super().__init__(code, column, **kwargs)
        self.kind: type[StrEnum] = column.type.enum_class

    def get_options(self, view: Any) -> list[tuple[str, str]]:
        return choices(self.kind)

    def clean(self, value: str) -> StrEnum:
        return self.kind(value)


class RowFilter(Filter):
    """A row of another table, by id; `rows` gives the (id, words) to choose from."""

    def __init__(
        self, code: str, column: Any, rows: Callable[[], Iterable[tuple[Any, str]]], **kwargs: Any
    ) -> None:
        super().__init__(code, column, **kwargs)
        self.rows = rows

    def get_options(self, view: Any) -> list[tuple[str, str]]:
        return [(str(key), words) for key, words in self.rows()]

    def clean(self, value: str) -> int:
        number = row_id(value.strip())
        if number is None:
            raise ValueError(value)
        return number


class ValueFilter(Filter):
    """One of the values that occur, such as a year."""

    def __init__(
        self, code: str, column: Any, values: Callable[[], Iterable[Any]], **kwargs: Any
    ) -> None:
        super().__init__(code, column, **kwargs)
        self.values = values

    def get_options(self, view: Any) -> list[tuple[str, str]]:
        return [(str(value), str(value)) for value in self.values()]

    def clean(self, value: str) -> Any:
        if self.column.type.python_type is int:
            number = row_id(value.strip())
            if number is None or number > 32_000:
                raise ValueError(value)
            return number
        return super().clean(value)


class PeriodFilter(ValueFilter):
    """A period by its code, offered by its name."""

    def get_options(self, view: Any) -> list[tuple[str, str]]:
        return [(code, month_label(code)) for code in self.values()]


def option_tags(options: Iterable[tuple[str, Any]], chosen: str | None) -> Markup:
    """What a choice offers, as HTML, the `chosen` value selected. Made fit for a page all at once:
    a nation has thousands of units, and one by one they took a quarter of the time of a list.
    """
    told = [(str(value), str(words)) for value, words in options]
    # no text of ours holds the mark that stands between them
    fit = str(escape(_BETWEEN.join(part for option in told for part in option))).split(_BETWEEN)
    tags = (
        f'<option value="{value}"{" selected" if own == chosen else ""}>{words}</option>'
        for (own, _words), value, words in zip(told, fit[::2], fit[1::2], strict=True)
    )
    return Markup("".join(tags))  # noqa: S704  # nosec B704 # of escaped pieces


class WordsFilter(Filter):
    """The folded text of a column holds all words typed."""

    compares = _l("contains")

    def apply(self, query: Select[Any], value: Any, alias: Any = None) -> Select[Any]:
        return query.where(matches(value, self.column))


class FromDayFilter(Filter):
    compares = _l("from")

    def __init__(self, code: str, column: Any, **kwargs: Any) -> None:
        super().__init__(code, column, data_type="datepicker", **kwargs)

    def clean(self, value: str) -> Any:
        return read_day(value)

    def apply(self, query: Select[Any], value: Any, alias: Any = None) -> Select[Any]:
        if isinstance(self.column.type, UtcDateTime):
            return query.where(self.column >= at_local(value, time.min))
        return query.where(self.column >= value)


class UntilDayFilter(FromDayFilter):
    compares = _l("until")

    def apply(self, query: Select[Any], value: Any, alias: Any = None) -> Select[Any]:
        if isinstance(self.column.type, UtcDateTime):
            return query.where(self.column < at_local(value + timedelta(days=1), time.min))
        return query.where(self.column <= value)


class YesNoFilter(Filter):
    """Whether a condition holds."""

    def get_options(self, view: Any) -> list[tuple[str, Any]]:
        return [("1", _("Yes")), ("0", _("No"))]

    def clean(self, value: str) -> bool:
        if value not in {"0", "1"}:
            raise ValueError(value)
        return value == "1"

    def apply(self, query: Select[Any], value: bool, alias: Any = None) -> Select[Any]:
        return query.where(self.column if value else ~self.column)
