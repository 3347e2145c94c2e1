"""How long the database may keep somebody waiting: for a lock, and for a statement.

Set for each transaction and not for the connection, so that it holds behind a pool of connections
that is shared by transactions. A command that was asked for by hand or by a timer may take its
time; a page may not: whoever looks at it waits, and so does everybody behind.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from flask import current_app, has_app_context, has_request_context
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

from models.base.asides import say_first
from models.base.cluster import settings
from models.base.standby import only_reads
from models.base.wall import telling

# lock_not_available, query_canceled, too_many_connections
_BUSY_STATES = frozenset({"55P03", "57014", "53300"})
_SQLITE_BUSY = frozenset({5, 6, 9})  # SQLITE_BUSY, SQLITE_LOCKED, SQLITE_INTERRUPT
# The server asks a silent client whether it is there: the rows of one whose packets are lost
# would be held for two hours otherwise.
_VANISHED = "SET LOCAL tcp_keepalives_idle=30; SET LOCAL tcp_user_timeout=30000"
_STEPS = 50_000  # of SQLite, between two looks at the clock: some milliseconds


class Limits(NamedTuple):
    """Seconds; 0 sets no limit."""

    lock: float
    statement: float


OF_COMMANDS = Limits(lock=60, statement=0)
_given: ContextVar[Limits | None] = ContextVar("limits", default=None)


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """In here the database is waited for so long in each place, whoever asks."""
    token = _given.set(Limits(seconds, seconds))
    try:
        yield
    finally:
        _given.reset(token)


def limits() -> Limits:
    """Those given by `waiting_at_most`; those of a page while one is asked for, else those of
    commands.
    """
    if given := _given.get():
        return given
    if not (has_app_context() and has_request_context()):
        return OF_COMMANDS
    config = current_app.config
    return Limits(config["DB_LOCK_SECONDS"], config["DB_STATEMENT_SECONDS"])


def limit_waiting(connection: Connection) -> None:
    """Tell the database the limits of the transaction that begins, and whose rows it is for."""
    lock, statement = (round(seconds * 1000) for seconds in limits())
    try:
        if connection.dialect.name == "sqlite":
            said = f"PRAGMA busy_timeout={lock}"
            _cut_off_after(connection, statement / 1000)
            connection.connection.cursor().execute(said)  # no statement of ours to be counted
        else:
            said = f"SET LOCAL lock_timeout={lock}; SET LOCAL statement_timeout={statement}; "
            said += "SET LOCAL jit=off"  # compiled anew for each statement: longer than it saves
            said += f"; {_VANISHED}"
            said += "; SET TRANSACTION READ ONLY" if only_reads(connection) else ""
            say_first(connection, settings(connection), said, telling(connection))
    except connection.dialect.loaded_dbapi.Error as error:
        connection.invalidate(error)  # gone since it was last used
        raise OperationalError(said, None, error) from error


def _cut_off_after(connection: Connection, seconds: float) -> None:
    """SQLite knows no limit for a statement: it is asked now and then whether to go on. The time
    counts from the beginning of the transaction; 0 sets no limit.
    """
    raw: Any = connection.connection.dbapi_connection
    end = time.monotonic() + seconds
    look = (lambda: time.monotonic() > end) if seconds else None
    raw.set_progress_handler(look, _STEPS)


def is_busy(error: BaseException) -> bool:
    """Whether it was waited for as long as may be, so that trying again is all there is to do."""
    if isinstance(error, TimeoutError):  # no connection was free
        return True
    orig = getattr(error, "orig", None)
    if not isinstance(error, DBAPIError) or orig is None:
        return False
    state, code = getattr(orig, "sqlstate", None), getattr(orig, "sqlite_errorcode", 0)
    return state in _BUSY_STATES or code & 0xFF in _SQLITE_BUSY
