"""Rows for any schema, made from what the database says of itself: keys, checks, lengths.

Nothing is kept by hand, so that a table or a column of any revision is filled. Values are drawn;
what a check or a key refuses is drawn again.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

TRIES = 200
NOT_OURS = frozenset({"alembic_version"})
Row = dict[str, Any]


def tables_of(connection: sa.Connection) -> list[sa.Table]:
    """The tables as they stand, those that others point to first. To ask the database for them is
    dear: once after each change of the schema is enough.
    """
    known = sa.MetaData()
    known.reflect(connection)
    return [table for table in known.sorted_tables if table.name not in NOT_OURS]


def contents(
    connection: sa.Connection,
    tables: Sequence[sa.Table],
    known_by: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> dict[str, dict[Any, Row]]:
    """Table → key → row, of all that is stored in these tables."""
    found: dict[str, dict[Any, Row]] = {}
    for table in tables:
        key = known_by.get(table.name) or [column.name for column in table.primary_key]
        rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
        found[table.name] = {tuple(row[name] for name in key): row for row in rows}
    return found


def _numbers_itself(connection: sa.Connection, column: sa.Column[Any]) -> bool:
    """Whether the database gives a key that is not said."""
    is_given = column.server_default is not None or column.identity is not None
    return is_given or connection.dialect.name == "sqlite"


class Filling:
    """Fills every table of a database; values are never used twice, whatever the revision."""

    def __init__(self, seed: int) -> None:
        self.dice, self.numbers, self.unit = Random(seed), count(1), 0

    def fill(self, connection: sa.Connection, tables: Sequence[sa.Table], rows: int = 3) -> None:
        """Up to `rows` more rows in every table of `tables_of`, fewer where its keys leave no room
        for more. AssertionError names a table that takes none.
        """
        looked = sa.inspect(connection)
        for table in tables:
            checks = [str(one["sqltext"]) for one in looked.get_check_constraints(table.name)]
            if "investor_id" in table.c:
                self.unit = connection.execute(sa.text("SELECT max(id) FROM investor")).scalar()
            for _ in range(rows):
                why = self._insert(connection, table, checks)
            if not connection.scalar(sa.select(sa.func.count()).select_from(table)):
                raise AssertionError(f"no row for {table.name}: {why}")

    def _insert(
        self, connection: sa.Connection, table: sa.Table, checks: list[str]
    ) -> DBAPIError | None:
        """Store one more row; what the database has against it where none was found."""
        why: DBAPIError | None = None
        for _ in range(TRIES):
            row = self._drawn(connection, table, checks)
            if row is None:
                continue
            try:
                with connection.begin_nested():
                    connection.execute(table.insert().values(row))
            except DBAPIError as error:
                why = error
            else:
                return None
        return why

    def _drawn(self, connection: sa.Connection, table: sa.Table, checks: list[str]) -> Row | None:
        """A row that points to rows that are there; None where they do not go together."""
        row: Row = {}
        if "investor_id" in table.c and self.dice.random() < 0.8:
            row["investor_id"] = self.unit  # mostly of one unit, so that rows meet
        if not self._points(connection, table, row):
            return None
        own_key = [one.name for one in table.primary_key]
        for column in table.columns:
            if column.name in row:
                continue
            is_number = type(column.type) in (sa.INTEGER, sa.BIGINT)
            if own_key == [column.name] and is_number and _numbers_itself(connection, column):
                continue
            row[column.name] = self._value(column, checks)
        return row

    def _points(self, connection: sa.Connection, table: sa.Table, row: Row) -> bool:
        """Fill in the columns that point elsewhere; whether there was something to point to."""
        for key in sorted(table.foreign_key_constraints, key=lambda one: -len(one.columns)):
            pairs = [(one.parent.name, one.column) for one in key.elements]
            may_be_empty = [name for name, _to in pairs if table.c[name].nullable]
            if may_be_empty and self.dice.random() < 0.4:
                row |= {name: row.get(name) for name in may_be_empty}
                continue
            parent = sa.select(*(to for _name, to in pairs))
            for name, to in pairs:
                if row.get(name) is not None:
                    parent = parent.where(to == row[name])
            found = connection.execute(parent).all()
            if found:
                row |= dict(
                    zip((name for name, _to in pairs), self.dice.choice(found), strict=True)
                )
            elif not may_be_empty:
                return False
        return True

    def _value(self, column: sa.Column[Any], checks: list[str]) -> Any:
        if column.nullable and self.dice.random() < 0.3:
            return None
        about = [one for one in checks if re.search(rf"\b{column.name}\b", one)]
        kind, number = column.type, next(self.numbers)
        if isinstance(kind, sa.JSON):
            return {"số": [number, "Hoà", None]}
        if isinstance(kind, sa.Boolean):
            return self.dice.random() < 0.5
        if isinstance(kind, sa.LargeBinary):
            return f"tệp {number}\0".encode()
        if isinstance(kind, sa.DateTime):
            at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=number)
            return at if kind.timezone else at.replace(tzinfo=None)  # SQLite keeps none
        if isinstance(kind, sa.Date):
            return date(2024, 1, 1) + timedelta(days=number)
        if isinstance(kind, sa.Numeric | sa.Integer):
            bounds = [one for one in about if "BETWEEN" in one or ">=" in one]
            if "year" in column.name or column.name == "vintage":
                is_free = column.name == "year" or column.table.name == "capital_term"
                return self.dice.randint(2000, 2100) if is_free else 2024
            return number if not bounds else self.dice.randint(0, 1000)
        known = [text for one in about for text in re.findall(r"'([^']*)'", one)]
        if known:
            return self.dice.choice(known)
        text = f"Hoà Bình {number} – “đủ”"
        length = getattr(kind, "length", None)
        return text if length is None or len(text) <= length else str(number)[-length:]
