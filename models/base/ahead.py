"""A long answer of PostgreSQL, of which the next rows are asked for before those at hand are used:
the server, a process of its own, works meanwhile.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import CursorResult, Dialect, Row, Select


def is_plain(statement: Select[Any], dialect: Dialect) -> bool:
    """Whether rows are read as the driver gives them: no type of a column adds anything."""
    kinds = (column.type.dialect_impl(dialect) for column in statement.selected_columns)
    return all(kind.result_processor(dialect, None) is None for kind in kinds)


def fetched_ahead(found: CursorResult[Any], at_once: int) -> Iterator[Sequence[Row[Any]]]:
    """The rows of an open cursor in blocks, the first by itself as soon as it is there."""
    if (first := found.fetchone()) is None:
        return
    yield [first]
    cursor: Any = found.cursor
    more = sql.SQL("FETCH FORWARD {} FROM {}").format(at_once, sql.Identifier(cursor.name))
    with cursor.connection.pipeline():
        coming = cursor.connection.execute(more, prepare=False)
        while rows := coming.fetchall():
            coming = cursor.connection.execute(more, prepare=False)
            yield rows
