"""How far a standby is behind the primary: asked of both, told to Prometheus."""

import math
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from models import db
from models.base import TELL_ALL, _n

# which servers, which database of theirs (a standby has the same numbers), and who asks
_WHICH = """
    (SELECT system_identifier FROM pg_control_system()),
    (SELECT oid FROM pg_database WHERE datname = current_database()), current_user
"""
_ON_PRIMARY = f"""
    SELECT pg_current_wal_lsn() - '0/0'::pg_lsn, extract(epoch FROM clock_timestamp()),
        (SELECT hash FROM audit_seal ORDER BY number DESC LIMIT 1), {_WHICH}
"""  # nosec B608 # our own words
# of no two servers alike, and the same by whatever address one is asked
_STARTED = "SELECT pg_postmaster_start_time()"
_SAVED = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
# the moments of both are those of the primary's clock
_ON_STANDBY = f"""
    SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn,
        extract(epoch FROM pg_last_xact_replay_timestamp()), seal.number, seal.hash, {_WHICH}
    FROM (SELECT) AS here
    LEFT JOIN (SELECT number, hash FROM audit_seal ORDER BY number DESC LIMIT 1) AS seal ON true
    WHERE pg_is_in_recovery()
"""  # nosec B608 # our own words
# the hash of a seal stands for all before it; what came since, of this person
_SINCE = """
    SELECT pg_current_wal_lsn() - '0/0'::pg_lsn,
        (SELECT hash FROM audit_seal WHERE number = %(number)s),
        %(person)s > 0 AND EXISTS (
            SELECT 1 FROM audit_seal JOIN audit_entry ON audit_entry.id = audit_seal.entry_id
            WHERE audit_seal.number > %(number)s AND audit_entry.user_id = %(person)s
        )
"""
_PATIENCE = 1.0  # seconds in which what is under way arrives
_OF_OTHERS = _n("it is a standby of another database")
_OTHER_ROLE = _n("its role is not that of DATABASE_URL")
_OWN_WAY = _n("it has changes that the primary has not; make it anew from the primary")
_BESIDE = _n("it takes changes beside the primary; stop it and make it anew from the primary")


class Behind(NamedTuple):
    """Where the log of the standby stands, and how far that is behind the primary."""

    at: int
    seconds: float
    bytes: int
    number: int = 0  # of its last seal
    seal: str | None = None
    is_same: bool = True  # as far as the trail goes


class NoStandby(Exception):
    """What DATABASE_READ_URL names is not a standby of this database."""


class TakesChanges(NoStandby):
    """It is the primary itself, as a standby is that was promoted meanwhile: all is read from the
    address that finds the primary, and nothing is wrong.
    """


def how_far_behind() -> Behind:
    """How far behind the standby is now. Raises what the driver raises, or NoStandby."""
    [(end, moment, sealed, *which, role)] = asked(db.engine, _ON_PRIMARY)
    if db.standby is None:
        raise NoStandby(_n("none is named"))
    try:
        found = asked(db.standby, _ON_STANDBY)
    except psycopg.errors.UndefinedTable:
        raise NoStandby(_OF_OTHERS) from None
    except psycopg.errors.InsufficientPrivilege:
        raise NoStandby(_OTHER_ROLE) from None
    if not found:
        if asked(db.standby, _STARTED) != asked(db.engine, _STARTED):
            raise NoStandby(_BESIDE)
        raise TakesChanges(_n("it is no standby"))
    [(at, newest, number, seal, *same, asks)] = found
    if same != which:
        raise NoStandby(_OF_OTHERS)
    if asks != role:  # one that may not read all, or that no wall between units holds back
        raise NoStandby(_OTHER_ROLE)
    at = int(at or 0)
    missing = max(0, int(end) - at)
    age = math.inf if newest is None else max(0.0, float(moment - newest))
    is_same = seal == sealed and at <= end
    return Behind(at, age if missing else 0.0, missing, number or 0, seal, is_same)


def has_all(found: Behind, person: int = 0) -> bool:
    """Whether what the standby has is the primary's, and nothing that this person saved is missing.
    Raises NoStandby where it went a way of its own, as an old primary after another took its place.
    """
    if found.is_same:
        return True
    about = {"number": found.number, "person": person}
    [(end, seal, has_saved)] = asked(db.engine, _SINCE, about)
    if found.at > end or (seal and found.seal != seal):
        raise NoStandby(_OWN_WAY)
    # what a synchronous standby has may be seen on the primary a moment later
    return bool(found.seal == seal) and not has_saved


def what_is_wrong() -> str:
    """Why the standby is never read from, whoever asks; empty where it is, where it is away, or
    where it was promoted to be the primary.
    """
    try:
        found = how_far_behind()
        if not has_all(found):
            time.sleep(_PATIENCE)
            return "" if has_all(found) else _OWN_WAY
    except (TakesChanges, SQLAlchemyError, psycopg.Error):
        return ""
    except NoStandby as error:
        return str(error)
    return ""


def asked(engine: Engine, question: str, values: Any = None) -> list[Any]:
    """The rows of an answer about the server itself, within seconds."""
    raw: Any = engine.raw_connection()  # no transaction of ours, no statement that is counted
    try:
        cursor = raw.cursor()
        cursor.execute(f"SET LOCAL statement_timeout='2s'; {TELL_ALL}")
        cursor.execute(question, values)
        return list(cursor.fetchall())
    finally:
        raw.close()


def end_of_log() -> int:
    """Where the log of the primary stands now; whatever was committed until now is before it."""
    return int(asked(db.engine, _SAVED)[0][0])


def of_the_standby() -> Iterator[GaugeMetricFamily]:
    """Nothing where no standby is named."""
    if db.standby is None:
        return
    found = Behind(0, math.inf, 0)
    try:
        found = how_far_behind()
        has_all(found)
        answers = True
    except (SQLAlchemyError, psycopg.Error, NoStandby):
        answers = False
    about = "The standby answers, and is one of this database."
    yield GaugeMetricFamily("huulung_standby_up", about, value=answers)
    about = "The last change that the standby has is so old, where there are later ones."
    yield GaugeMetricFamily("huulung_standby_lag_seconds", about, value=found.seconds)
    about = "Of the log that the standby has not got."
    yield GaugeMetricFamily("huulung_standby_lag_bytes", about, value=found.bytes)
