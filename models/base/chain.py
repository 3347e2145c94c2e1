"""The chain over the audit trail: a gap, a change or something slipped in shows.

Every entry has a seal in a table of its own: its digest and a hash over that and the hash of the
seal before. Seals are set as the last thing before a commit, by one transaction after the other,
so that nobody waits for others longer than a commit takes. A plain chain can be made anew by
whoever rules the database; therefore its end (number and hash) is told by `flask audit verify`
and kept in every backup: noted elsewhere, it shows that the end was cut off or all was rewritten.

Rows of seals hold nothing of anybody. The digest is salted: where a person became a pseudonym,
the salt of the seal before goes, so that names cannot be tried against it, and the entry is
sealed again at the end of the chain. Earlier seals stay, and with them every end ever noted.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Engine, Integer, String, Table, event, insert, select
from sqlalchemy.engine import Connection

from models.base.database import Base

SEALED = (
    *("id", "at", "user_id", "user_name", "action", "resource", "row_id", "label"),
    *("investor_id", "import_run", "changes", "search_text"),
)
SEALS = Table(
    "audit_seal",
    Base.metadata,
    # counted here, without a gap: a sequence leaves some where a transaction is taken back
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("entry_id", BigInteger, nullable=False, index=True),
    Column("salt", String(32)),
    Column("digest", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
# by a number of our own among the locks of the database
_TURN_AND_END = (
    "SELECT pg_advisory_xact_lock(7041912); "
    "SELECT number, hash FROM audit_seal ORDER BY number DESC LIMIT 1"
)
_WAIT_FOR_TURN = "SELECT pg_advisory_lock(7041912), pg_advisory_unlock(7041912)"
_UNSEALED, _MARKS = "entries without a seal", "savepoints among them"


class End(NamedTuple):
    """The last seal: how many there are, and its hash, which stands for all of them."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}-{self.hash}" if self.number else "0"


NO_END = End(0, "")


class Unsealed(NamedTuple):
    """An entry that this transaction wrote."""

    entry_id: int
    salt: str
    digest: str


def digest_of(entry: Mapping[str, Any], salt: str) -> str:
    """SHA-256 of an entry as it is stored, every column of it, beginning with its salt."""
    at = entry["at"].astimezone(UTC).isoformat(timespec="microseconds")
    values = {name: entry.get(name) for name in SEALED} | {"at": at}
    values["investor_id"] = values["investor_id"] or None  # once it was null where it is 0 now
    told = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{salt}\n{told}".encode("utf-8", "surrogatepass")).hexdigest()


def linked(before: End, entry_id: int, digest: str) -> End:
    """The seal that follows `before`."""
    number = before.number + 1
    told = f"{before.hash}\n{number}\n{entry_id}\n{digest}"
    return End(number, hashlib.sha256(told.encode()).hexdigest())


def end_of(connection: Connection) -> End:
    """The present end of the chain."""
    last = select(SEALS.c.number, SEALS.c.hash).order_by(SEALS.c.number.desc()).limit(1)
    found = connection.execute(last).first()
    return End(*found) if found else NO_END


def settled_end_of(connection: Connection) -> End:
    """The same when what it stands for can be read everywhere: the servers of a cluster end a
    transaction a moment after its seal is seen, before its turn is given to the next.
    """
    end = end_of(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_WAIT_FOR_TURN)
    return end


def to_be_sealed(connection: Connection, entries: Iterable[Mapping[str, Any]]) -> None:
    """Entries as they were written; they get their seals when the transaction ends."""
    waiting = connection.info.setdefault(_UNSEALED, [])
    for entry in entries:
        salt = secrets.token_hex(16)
        waiting.append(Unsealed(entry["id"], salt, digest_of(entry, salt)))


def has_unsealed(connection: Connection) -> bool:
    """Whether this transaction has written entries itself: what they tell is not in the chain."""
    return bool(connection.info.get(_UNSEALED))


@event.listens_for(Engine, "commit")
def _seal(connection: Connection) -> None:
    """After everything else: whoever has this lock asks for no other and ends at once."""
    connection.info.pop(_MARKS, None)
    waiting: list[Unsealed] = connection.info.pop(_UNSEALED, [])
    if not waiting:
        return
    end, seals = _end_in_turn(connection), []
    for one in waiting:
        end = linked(end, one.entry_id, one.digest)
        seals.append(one._asdict() | end._asdict())
    connection.execute(insert(SEALS), seals)


def _end_in_turn(connection: Connection) -> End:
    """The end of the chain, which nobody else moves from now on."""
    if connection.dialect.name != "postgresql":  # SQLite lets one write at a time anyway
        return end_of(connection)
    # in one round trip; each statement sees what was committed when its own turn came
    asked: Any = connection.exec_driver_sql(_TURN_AND_END)
    asked.cursor.nextset()
    found = asked.cursor.fetchone()
    asked.close()
    return End(*found) if found else NO_END


@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    if connection.invalidated:  # gone, and what was noted of it
        return
    for name in (_UNSEALED, _MARKS):
        connection.info.pop(name, None)


@event.listens_for(Engine, "savepoint")
def _mark(connection: Connection, _name: str | None) -> None:
    waiting = connection.info.get(_UNSEALED, ())
    connection.info.setdefault(_MARKS, []).append(len(waiting))


@event.listens_for(Engine, "release_savepoint")
def _unmark(connection: Connection, _name: str, _context: None) -> None:
    connection.info[_MARKS].pop()


@event.listens_for(Engine, "rollback_savepoint")
def _forget_since(connection: Connection, _name: str, _context: None) -> None:
    """What was written since the savepoint was never there."""
    since = connection.info[_MARKS].pop()
    if waiting := connection.info.get(_UNSEALED):
        del waiting[since:]
