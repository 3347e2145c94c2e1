"""Values of a table as they are read on paper, in the marks of a language."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.base import MARKS, local
from reports.writing.table import Column, Kind, Row, Table

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """The text without signs that no XML can hold, and with one kind of line break."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def text_of(table: Table, column: Column, row: Row) -> str:
    """One cell as text: amounts with all their decimals, differences with their sign, codes as
    words; a gap is empty."""
    value = row.values[column.key]
    if value is None or value == "":
        return ""
    return _WRITERS[column.kind](table, column, value)


def texts_of(table: Table) -> dict[str, list[str]]:
    """All cells as text: of each printed column its rows."""
    return {one.key: [text_of(table, one, row) for row in table.rows] for one in table.printed}


def printed_rate(rate: Decimal, language: str = "vi") -> str:
    """A rate with two decimals, `15,65`, as sentences and drawings say it."""
    return f"{rate:.2f}".replace(".", MARKS[language][1])


def _text(_table: Table, column: Column, value: Any) -> str:
    return str(column.words.get(value, value))


def _money(table: Table, _column: Column, value: Any) -> str:
    return "0" if value == 0 else _marked(table, table.shown(value))


def _percent(table: Table, _column: Column, value: Any) -> str:
    return _marked(table, value)


def _points(table: Table, _column: Column, value: Any) -> str:
    return ("+" if value > 0 else "") + _marked(table, value)


def _count(table: Table, _column: Column, value: Any) -> str:
    return _marked(table, Decimal(value))


def _day(_table: Table, _column: Column, value: date) -> str:
    return f"{value:%d/%m/%Y}"


def _moment(_table: Table, _column: Column, value: datetime) -> str:
    return f"{local(value):%H:%M:%S %d/%m/%Y}"


def _marked(table: Table, value: Decimal) -> str:
    """1234.5 → 1.234,5 with the marks of the table's language."""
    group, decimal = MARKS[table.head.language]
    return f"{value:,f}".replace(",", "\0").replace(".", decimal).replace("\0", group)


_WRITERS: dict[Kind, Callable[[Table, Column, Any], str]] = {
    Kind.TEXT: _text,
    Kind.MONEY: _money,
    Kind.PERCENT: _percent,
    Kind.POINTS: _points,
    Kind.COUNT: _count,
    Kind.YEAR: _text,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
}
