"""How far a standby is behind the primary: asked of both, told to Prometheus."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from models import db

# which servers, which database of theirs (a standby has the same numbers), and who asks
_WHICH = """
    (SELECT system_identifier FROM pg_control_system()),
    (SELECT oid FROM pg_database WHERE datname = current_database()), current_user
"""
_ON_PRIMARY = f"SELECT pg_current_wal_lsn() - '0/0'::pg_lsn, {_WHICH}"
_SAVED = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
_ON_STANDBY = f"""
    SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn, {_WHICH},
        extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
    WHERE pg_is_in_recovery()
"""  # nosec B608 # our own words


class Behind(NamedTuple):
    """Where the log of the standby stands, and how far that is behind the primary."""

    at: int
    seconds: float
    bytes: int


class NoStandby(Exception):
    """What DATABASE_READ_URL names is not a standby of this database."""


def how_far_behind() -> Behind:
    """How far behind the standby is now. Raises what the driver raises, or NoStandby."""
    [(end, *which, role)] = _asked(db.engine, _ON_PRIMARY)
    if db.standby is None:
        raise NoStandby("none is named")
    found = _asked(db.standby, _ON_STANDBY)
    if not found:
        raise NoStandby("it is no standby")
    [(at, *same, asks, age)] = found
    if same != which:
        raise NoStandby("it is a standby of another database")
    if asks != role:  # one that may not read all, or that no wall between units holds back
        raise NoStandby("its role is not that of DATABASE_URL")
    missing = max(0, int(end) - int(at or 0))
    seconds = 0.0 if not missing else math.inf if age is None else max(0.0, float(age))
    return Behind(int(at or 0), seconds, missing)


def _asked(engine: Engine, question: str) -> list[Any]:
    raw: Any = engine.raw_connection()  # no transaction of ours, no statement that is counted
    try:
        cursor = raw.cursor()
        cursor.execute("SET LOCAL statement_timeout='2s'")
        cursor.execute(question)
        return list(cursor.fetchall())
    finally:
        raw.close()


def end_of_log() -> int:
    """Where the log of the primary stands now; whatever was committed until now is before it."""
    return int(_asked(db.engine, _SAVED)[0][0])


def of_the_standby() -> Iterator[GaugeMetricFamily]:
    """Nothing where no standby is named."""
    if db.standby is None:
        return
    found = Behind(0, math.inf, 0)
    try:
        found = how_far_behind()
        answers = True
    except (SQLAlchemyError, psycopg.Error, NoStandby):
        answers = False
    yield GaugeMetricFamily("huulung_standby_up", "The standby answers.", value=answers)
    about = "The last change that the standby has is so old, where there are later ones."
    yield GaugeMetricFamily("huulung_standby_lag_seconds", about, value=found.seconds)
    about = "Of the log that the standby has not got."
    yield GaugeMetricFamily("huulung_standby_lag_bytes", about, value=found.bytes)
