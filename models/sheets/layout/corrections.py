"""What somebody said about columns and the head, in place of what a program would take."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models.base import RuleBroken, _n
from models.calendar import PeriodCode
from models.capital import Nature, Source
from models.sheets.a1 import column_of, letters
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.heads import Head, flattened
from models.sheets.layout.sheet import Sheet
from models.sheets.layout.table import Table
from models.sheets.said import Field
from models.sheets.shapes import At

_ROWS = re.compile(r"\s*([1-9]\d{0,5})\s*(?:[-:]\s*([1-9]\d{0,5}))?\s*")
_MOST_ROWS = 12
_UNITS = ("dong", "nghin", "trieu")


def head_named(sheet: Sheet, rows: str, desk: Desk) -> Head | None:
    """The head in the rows that somebody named: `6`, or `6-8`."""
    found = _ROWS.fullmatch(rows)
    top = int(found[1]) if found else 0
    bottom = int(found[2] or found[1]) if found else 0
    if not top <= bottom < top + _MOST_ROWS or bottom > sheet.last_row or not top:
        desk.error(
            "head_missing",
            _n("“%(rows)s” names no rows of a head. Write the first and the last: 6-8"),
            At(sheet.name),
            rows=rows[:40],
        )
        return None
    return flattened(sheet, top, bottom)


def with_corrections(table: Table, corrections: Mapping[str, str], desk: Desk) -> Table:
    """The table with the columns that somebody corrected; a column without a head may be named."""
    columns = dict(table.columns)
    for place, meaning in corrections.items():
        name, _, letter = place.rpartition("!")
        if name != table.sheet.name or not re.fullmatch(r"[A-Z]{1,3}", letter):
            continue
        number = column_of(letter)
        column = columns.get(number) or Column(number=number, place=(table.head.bottom, number))
        corrected = _corrected(column, meaning)
        if corrected is None:
            desk.error(
                "column_unknown",
                _n("“%(meaning)s” is no meaning of a column that is known here."),
                _place(table, column),
                meaning=meaning[:80],
            )
        else:
            columns[number] = corrected
    return table.with_columns(sorted(columns.values(), key=lambda one: one.number))


def _place(table: Table, column: Column) -> At:
    if column.path:
        return table.sheet.at(*column.place, column.heading)
    return At(table.sheet.name, f"{letters(column.number)}{column.place[0]}")


def _corrected(column: Column, meaning: str) -> Column | None:
    """A column as somebody wants it read; None where the words say nothing that is known."""
    words = meaning.split()
    blank = replace(
        column, vintage=None, is_carried=False, source=None, among=(), nature=None, month=None,
        total_of=None, members=(), is_total=False,
    )  # fmt: skip
    if words == ["-"]:
        return replace(blank, field=None, is_aside=True, is_corrected=True)
    if not words or words[0] not in Field.__members__.values():
        return None
    found = replace(blank, field=Field(words[0]), is_aside=False, is_corrected=True)
    for word in words[1:]:
        name, _, value = word.partition("=")
        told = _told(name, value)
        if told is None:
            return None
        found = replace(found, **told)
    return found


def _told(name: str, value: str) -> dict[str, Any] | None:
    if name == "vintage" and value == "carried":
        return {"is_carried": True}
    if name == "vintage" and re.fullmatch(r"20\d\d", value):
        return {"vintage": int(value)}
    if name == "source" and value in Source.__members__:
        return {"source": value}
    if name == "nature" and value in Nature.__members__:
        return {"nature": value}
    if name == "unit" and value in _UNITS:
        return {"unit": value}
    if name == "month":
        try:
            return {"month": str(PeriodCode.parse(value))}
        except RuleBroken:
            return None
    return None
