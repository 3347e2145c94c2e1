"""What is said to PostgreSQL beside the questions of the program: the limits of a transaction, and
whose rows it is for. In one round trip, and counted as no statement.
"""

import time
from collections.abc import Generator, Mapping
from contextlib import suppress
from typing import Any

import psycopg
from psycopg.generators import execute
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

from models.base.clock import set_by
from models.base.cluster import is_on_cluster
from models.base.standby import only_reads

_DONE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
_OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
_DIRECT = "the server itself is at the other end"
_WHO_AND_WHEN = "SELECT pg_backend_pid(), extract(epoch FROM clock_timestamp())"
_PREPARED_AFTER = 3  # times that a statement is sent whole over one connection


def takes_nothing_now(connection: Connection) -> bool:
    """Whether a statement was refused, and nothing but a rollback is taken."""
    return bool(_raw(connection).info.transaction_status == TransactionStatus.INERROR)


def say(connection: Connection, statements: str) -> list[bytes]:
    """The first row of the last of these statements. Raises what the driver raises."""
    raw = _raw(connection)
    found = raw.wait(_answer(raw.pgconn, statements))
    if found.status not in _DONE:
        raise psycopg.errors.error_from_result(found, raw.info.encoding)
    return [found.get_value(0, one) for one in range(found.nfields) if found.ntuples]


def _answer(pgconn: Any, statements: str) -> Generator[Any, Any, Any]:
    """Send them in one round trip; the last answer, as soon as the driver has waited for it."""
    pgconn.send_query(statements.encode())
    *_before, last = yield from execute(pgconn)
    return last


def say_first(connection: Connection, *parts: str) -> None:
    """Begin a transaction with these statements, where the driver would begin it by itself.

    A cluster hands a setting on to its servers in the words in which it came here, with all that
    was said in the same breath: there each part is said by itself.
    """
    raw, said = _raw(connection), [part for part in parts if part]
    is_apart = is_on_cluster(connection)
    first, *others = said if is_apart else ["; ".join(said)]
    is_idle = raw.info.transaction_status == TransactionStatus.IDLE
    begin = "BEGIN; " if is_idle else ""
    if is_idle and (raw.autocommit or raw.isolation_level is not None):
        raw.execute(first)  # begun as the driver was told to
        _hear(connection, _WHO_AND_WHEN)
    elif is_apart:
        say(connection, begin + first)
        _hear(connection, _WHO_AND_WHEN)
    else:
        _hear(connection, f"{begin}{first}; {_WHO_AND_WHEN}")
    for part in others:
        say(connection, part)


def _hear(connection: Connection, statements: str) -> None:
    """Say these, the last of which tells who answers, and what the clock shows there."""
    asked = time.time()
    process, moment = say(connection, statements)
    if not only_reads(connection):  # a standby has a clock of its own
        set_by(float(moment), asked=asked, answered=time.time())
    connection.info.setdefault(_DIRECT, int(process) == _raw(connection).info.backend_pid)


def keep_plans(connection: Connection, *, may: bool) -> None:
    """From now on the server keeps the plans of statements that come again and again, or it does
    not: planning them anew was half of what it did for a save.

    They `may` be kept for forms that units send: short statements, the same for each of them. What
    is asked of the whole district is planned for the figures that it is asked about. Never behind
    a pooler, where another connection answers the next transaction and knows nothing of what was
    prepared: a pooler names a process of its own at connecting, not the one that answers. Nor on a
    cluster.
    """
    keeps = may and not is_on_cluster(connection) and connection.info.get(_DIRECT, False)
    _raw(connection).prepare_threshold = _PREPARED_AFTER if keeps else None


@event.listens_for(Engine, "rollback")
def _rolled_back(connection: Connection) -> None:
    if not connection.invalidated:
        _roll_back(_raw(connection), connection.info)


@event.listens_for(Pool, "reset")
def _given_back(raw: Any, record: Any, _state: Any) -> None:
    if record is not None:
        _roll_back(raw, record.info)


def _roll_back(raw: Any, info: Mapping[str, Any]) -> None:
    """Before the driver does, which would forget all plans with every page that only read: they
    would matter if a table were made and taken back, which no request does.
    """
    if info.get(_DIRECT) and raw.info.transaction_status in _OPEN:
        with suppress(psycopg.Error):  # gone: the driver will say so
            raw.wait(_answer(raw.pgconn, "ROLLBACK"))


def _raw(connection: Connection) -> Any:
    return connection.connection.dbapi_connection
