"""Keys of owned rows: unique by construction, whatever number of processes and servers make them.

The key of an owned table is (investor_id, id); SQLite numbers only single-column keys, and a
sequence for each table would not survive distribution. So the database hands out blocks of 4,096
numbers and each process gives those of its own block: on PostgreSQL a block is a step of the one
sequence `id_block`, taken on the connection that needs it, so that no second one is waited for;
on SQLite, whose one lock may be held just then, a step of a file beside the database.

Nothing is to be set for a second server, and nothing can be set wrong.
"""

import fcntl
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from flask import has_app_context
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from models.base.database import db

BLOCK = 4_096  # ids; the last one is below 2**53, so that a browser's number holds it
LEASE = 1.0  # seconds; then a new block, so that ids of all processes follow the time
SEQUENCE = "id_block"
_NEXT = f"SELECT nextval('{SEQUENCE}')"
_EPOCH_MS = 1_577_836_800_000  # 2020-01-01; before, an id was the millisecond since and a number
_lock = threading.Lock()


class _Block(NamedTuple):
    number: int
    ids: Iterator[int]
    end: float


class _Nowhere:
    """Where ids are made that no database is known for."""


_NOWHERE = _Nowhere()
_held: WeakKeyDictionary[Engine | _Nowhere, _Block] = WeakKeyDictionary()


def _forget() -> None:
    _held.clear()
    _lock.release()


# a child takes blocks of its own
os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_forget)


def new_id() -> int:
    """A fresh opaque id, below 2**53 and above those of earlier seconds."""
    place = db.engine if has_app_context() else _NOWHERE
    if (found := _of_block(place)) is not None:
        return found
    if isinstance(place, _Nowhere) or place.dialect.name != "postgresql":
        return _first_of_block(place, _step_of_file(_beside(place)))
    with db.session().trusted() as connection:
        return _first_of_block(place, _step_of_sequence(connection))


def id_of_row(context: Any) -> int:
    """The same, as the default of a column: by the connection that the row goes through."""
    connection: Connection = context.root_connection
    place = connection.engine
    if (found := _of_block(place)) is not None:
        return found
    is_postgres = connection.dialect.name == "postgresql"
    step = _step_of_sequence(connection) if is_postgres else _step_of_file(_beside(place))
    return _first_of_block(place, step)


def _of_block(place: Engine | _Nowhere) -> int | None:
    with _lock:
        block = _held.get(place)
        return next(block.ids, None) if block and time.monotonic() < block.end else None


def _first_of_block(place: Engine | _Nowhere, number: int) -> int:
    first, rest = number * BLOCK, range(number * BLOCK + 1, (number + 1) * BLOCK)
    with _lock:
        block = _held.get(place)
        if block is None or block.number < number:  # another thread may have taken one, too
            _held[place] = _Block(number, iter(rest), time.monotonic() + LEASE)
    return first


def _step_of_sequence(connection: Connection) -> int:
    """Even numbers. Not undone by a rollback, nor by the loss of a server: a row whose number
    came later is written after it.
    """
    cursor: Any = connection.connection.cursor()  # no statement of ours that would be counted
    try:
        cursor.execute(_NEXT)
        return int(cursor.fetchone()[0])
    except connection.dialect.loaded_dbapi.Error as error:
        if connection.dialect.is_disconnect(error, connection.connection, cursor):
            connection.invalidate(error)
        raise OperationalError(_NEXT, None, error) from error
    finally:
        cursor.close()


def _step_of_file(place: str) -> int:
    """Odd numbers: the step after the last one, or the millisecond, whichever is later. So it
    matters neither that the file is lost nor that the clock is put back.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    file = os.open(place, flags, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = int(os.pread(file, 32, 0) or b"0")
        fresh = max(last + 2, time.time_ns() // 1_000_000 - _EPOCH_MS) | 1
        os.pwrite(file, b"%020d" % fresh, 0)
        return fresh
    finally:
        os.close(file)


def _beside(place: Engine | _Nowhere) -> str:
    """The file that counts: beside the database, else one of this user."""
    name = None if isinstance(place, _Nowhere) else place.url.database
    if name and name != ":memory:":
        return f"{name}-ids"
    return str(Path(tempfile.gettempdir()) / f"huulung-{os.getuid()}-ids")
