"""The checks of a table, asked before its rows are written: the place of a fault stays known."""

import re
import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import CheckConstraint, Table
from sqlalchemy.exc import CompileError


def check_together(table: Table, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of the first check that these values break; () where all hold.

    A check is asked only when all its columns are among the values.
    """
    for names, statement in _statements(table):
        if all(name in values for name in names):
            row = _scratch().execute(statement, [_plain(values[name]) for name in names])
            if row.fetchone()[0] == 0:
                return names
    return ()


@cache
def _scratch() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", check_same_thread=False)


@cache
def _statements(table: Table) -> tuple[tuple[tuple[str, ...], str], ...]:
    found = []
    for check in table.constraints:
        if not isinstance(check, CheckConstraint):
            continue
        try:
            text = str(check.sqltext.compile(compile_kwargs={"literal_binds": True}))
        except CompileError:  # pragma: no cover  (a check nobody wrote yet)
            continue
        text = re.sub(rf"\b{table.name}\.", "", text)
        names = tuple(
            column.name
            for column in table.columns
            if re.search(rf"(?<![\w']){column.name}(?![\w'])", text)
        )
        if names:
            columns = ", ".join(f"? AS {name}" for name in names)
            found.append((names, f"SELECT {text} FROM (SELECT {columns})"))  # nosec B608 # ours
    return tuple(sorted(found))


def _plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return int(value * 100)
        case _:
            return value
