"""When the one lock of SQLite is taken: at the first thing that is written, and then at once.

SQLite has one lock for all who write. A posted form that held it from its first question on kept
everybody waiting while it read and computed. So a page reads without it; where the first row is
written, locked or put under a savepoint, the reading ends and the lock is taken. What was read
before may be older than what is there then, as on PostgreSQL: rows that must not change in
between are read `with_for_update`, and the others are met by their version.

Turning a transaction that has read into one that writes would fail under load instead of
waiting; that is why the old one ends. A command takes the lock from the start.

Whoever waits stands in a queue. SQLite by itself asks the less often the longer somebody has
waited, ten times a second in the end, and whoever just came is served first: in a crowd of sixteen
one waited for seconds. Here one of each process asks, at even intervals; the others stand behind.
"""

import sqlite3
import threading
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

_LATER = "takes the lock when it writes"
_TURN = threading.Lock()  # to ask for the lock, of those in this process who wait
_PAUSE = 0.002  # seconds between two times of asking
_BUSY = 5  # SQLITE_BUSY
_READING = ("SELECT", "PRAGMA", "WITH", "EXPLAIN", "BEGIN")


def begin_sqlite(connection: Connection, *, writes: bool, is_page: bool) -> None:
    """Begin a transaction of SQLite that may write, or one that only reads."""
    later = writes and is_page
    connection.info.pop(_LATER, None)
    if writes and not later:
        _take_lock(connection)
    else:
        connection.exec_driver_sql("BEGIN")
    if later:
        connection.info[_LATER] = True


def _take_lock(connection: Connection, *, reading: bool = False) -> None:
    """Begin to write, after what was read, if so; waits as long as SQLite was told to."""
    cursor: Any = connection.connection.cursor()
    try:
        if reading:
            cursor.execute("COMMIT")
        [patience] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            _ask_in_turn(cursor, patience / 1000)
        finally:
            cursor.execute(f"PRAGMA busy_timeout={patience}")
    except connection.dialect.loaded_dbapi.Error as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error
    finally:
        cursor.close()


def _ask_in_turn(cursor: Any, patience: float) -> None:
    end = time.monotonic() + patience
    is_first = _TURN.acquire(timeout=patience)
    try:
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                is_busy = error.sqlite_errorcode & 0xFF == _BUSY
                if not (is_busy and is_first and time.monotonic() < end):
                    raise
                time.sleep(_PAUSE)
            else:
                return
    finally:
        if is_first:
            _TURN.release()


@event.listens_for(Engine, "before_cursor_execute")
def _lock_before_writing(
    connection: Connection, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: Any
) -> None:
    if _LATER not in connection.info or _only_reads(statement, context):
        return
    del connection.info[_LATER]
    _take_lock(connection, reading=True)


def _only_reads(statement: str, context: Any) -> bool:
    asked = getattr(getattr(context, "compiled", None), "statement", None)
    locks = getattr(asked, "_for_update_arg", None) is not None
    return not locks and statement.lstrip().upper().startswith(_READING)
