"""When the one lock of SQLite is taken: at the first thing that is written, and then at once.

SQLite has one lock for all who write. A posted form that held it from its first question on kept
everybody waiting while it read and computed. So a page reads without it; where the first row is
written, locked or put under a savepoint, the reading ends and the lock is taken. What was read
before may be older than what is there then, as on PostgreSQL: rows that must not change in
between are read `with_for_update`, and the others are met by their version.

Turning a transaction that has read into one that writes would fail under load instead of
waiting; that is why the old one ends. A command takes the lock from the start.
"""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

_LATER = "takes the lock when it writes"
_READING = ("SELECT", "PRAGMA", "WITH", "EXPLAIN", "BEGIN")


def begin_sqlite(connection: Connection, *, writes: bool, is_page: bool) -> None:
    """Begin a transaction of SQLite that may write, or one that only reads."""
    later = writes and is_page
    connection.info.pop(_LATER, None)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes and not later else "BEGIN")
    if later:
        connection.info[_LATER] = True


@event.listens_for(Engine, "before_cursor_execute")
def _lock_before_writing(
    connection: Connection, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: Any
) -> None:
    if _LATER not in connection.info or _only_reads(statement, context):
        return
    del connection.info[_LATER]
    raw: Any = connection.connection.cursor()
    try:
        raw.execute("COMMIT")
        raw.execute("BEGIN IMMEDIATE")
    except connection.dialect.loaded_dbapi.Error as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error
    finally:
        raw.close()


def _only_reads(statement: str, context: Any) -> bool:
    asked = getattr(getattr(context, "compiled", None), "statement", None)
    locks = getattr(asked, "_for_update_arg", None) is not None
    return not locks and statement.lstrip().upper().startswith(_READING)
