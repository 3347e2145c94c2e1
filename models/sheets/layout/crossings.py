"""Heads that name a component or unit under a name that is not known: asked, not left aside."""

import re
from collections.abc import Sequence
from dataclasses import replace

from models.base import _n
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.table import Table
from models.sheets.names import Names
from models.sheets.shapes import Option

_LIKE_A_NAME = re.compile(
    r"(tieu du an|du an|tda|da) ?(so )?(\d|[ivx]+\b)|(ubnd|xa|thi tran|phong|trung tam) \w"
)


def with_crossings(
    table: Table, columns: Sequence[Column], names: Names, desk: Desk
) -> list[Column]:
    """The columns with those made crossings whose heads are near to names, or refused."""
    has_others = any(one.is_crossing for one in columns)
    return [_named(table, one, names, desk, has_others) for one in columns]


def _named(table: Table, column: Column, names: Names, desk: Desk, has_others: bool) -> Column:
    if not _is_nothing_else(column) or not table.holds_something(column.number):
        return column
    text = column.path[-1]
    looks_like_it = _LIKE_A_NAME.match(table.sheet.fold(text)) is not None
    if not (looks_like_it or has_others):
        return column
    options = names.part(text).options or names.unit(text).options
    at = table.sheet.at(*column.place, column.heading)
    if options:
        return _asked(column, text, options, names, desk, table)
    if looks_like_it:
        desk.error(
            "name_unknown",
            _n("There is no component or unit “%(text)s” here."),
            at,
            text=text[:200],
        )
    return column


def _is_nothing_else(column: Column) -> bool:
    """Whether a head says nothing that is understood."""
    says_nothing = column.noun is None and column.time is None and column.field is None
    return (
        says_nothing
        and bool(column.path)
        and not (column.is_crossing or column.is_total or column.tells_capital)
        and not (column.is_aside or column.is_corrected)
    )


def _asked(
    column: Column,
    text: str,
    options: Sequence[Option],
    names: Names,
    desk: Desk,
    table: Table,
) -> Column:
    given = desk.choose(
        "name_unclear",
        _n("“%(text)s” is not known under exactly this name. Which one is meant?"),
        table.sheet.at(*column.place, column.heading),
        options,
        takes=lambda code: code == names.part(code).code or code == names.unit(code).code,
        text=text[:200],
    )
    if given is None:
        return replace(column, is_aside=True)
    if names.part(given).code == given:
        return replace(column, part=given)
    return replace(column, holder=given)
