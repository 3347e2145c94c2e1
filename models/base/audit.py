"""Who changed what, when, from what to what: written in the same transaction, never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from itertools import count
from typing import Any

from flask import g, has_app_context
from sqlalchemy import (
    JSON,
    BigInteger,
    Index,
    Integer,
    String,
    Text,
    event,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, attributes, mapped_column
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from models.base.audit_names import RowNames, folded_once
from models.base.bounds import InvestorScoped
from models.base.chain import SEALS, to_be_sealed
from models.base.clock import now
from models.base.columns import EXPORT, hidden, shown
from models.base.database import Base, UnitOrOffice, UtcDateTime
from models.base.errors import _n
from models.base.scope import ScopedSession, scoped_by
from models.base.text import fold

SILENT = frozenset({"search_text", "sort_text", "version"})
SECRET = frozenset({"password_hash"})
TOLD_BY_ACT = frozenset({"last_login_at"})  # a change that the entry of a sign-in tells already
# frozen figures and files are kept whole where they lie
BULKY: dict[str, frozenset[str]] = {
    "report_version": frozenset({"content"}),
    "version_part": frozenset({"content"}),
    "letter_template": frozenset({"content"}),
    "import_file": frozenset({"content"}),
    "import_run": frozenset({"result", "writes", "written", "worker", "reading_since"}),
}

# machinery of signing in and of forms (what one signs in with is noted as an act, without its
# secrets), sums, and what was sent: it is kept whole where it lies, and the sending is noted
UNNOTED = frozenset(
    {
        "login_attempt",
        "form_key",
        "sign_in",
        "code_maker",
        "recovery_code",
        "passkey",
        "sent_entry",
        "sent_disbursement",
        "counted_disbursement",
        "unit_sum",
        "office_sum",
    }
)


@dataclass(frozen=True)
class Actor:
    """The person, or the command, in whose name the present changes are made; and the import
    that makes them, where one does.
    """

    user_id: int | None
    name: str
    import_run: int | None = None


SYSTEM = Actor(None, "system")


def act_as(actor: Actor) -> None:
    """Name the author of all changes of this request or command."""
    g.actor = actor


def current_actor() -> Actor:
    """In whose name changes are made now; outside of requests and commands the system's."""
    actor: Actor = g.get("actor", SYSTEM) if has_app_context() else SYSTEM
    return actor


@scoped_by("investor_id")
class AuditEntry(Base):
    """One changed row. `changes` maps a field to [old, new]; both databases refuse to alter it."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_row", "resource", "row_id"),
        Index("ix_audit_entry_investor", "investor_id", "at"),
    )
    __mapper_args__ = {"primary_key": ["id"]}  # counted by the database: no two are alike

    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, info=shown(_n("Time")))
    user_id: Mapped[int | None] = mapped_column(
        BigInteger, index=True, info=hidden("the name as it was then stands in its place")
    )
    user_name: Mapped[str] = mapped_column(String(200), info=shown(_n("Person")))
    action: Mapped[str] = mapped_column(String(20), info=shown(_n("Action")))
    resource: Mapped[str] = mapped_column(String(40), info=shown(_n("Kind of record")))
    row_id: Mapped[str] = mapped_column(String(60), info=shown(_n("Row")))
    label: Mapped[str] = mapped_column(String(300), default="", info=shown(_n("Record")))
    # with the owner in it, as every key of a table of units: a cluster distributes by it
    investor_id: Mapped[int | None] = mapped_column(
        UnitOrOffice, primary_key=True, nullable=False, default=0
    )
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
        index=True,
    )
    import_run: Mapped[int | None] = mapped_column(BigInteger, info=shown(_n("Import")))
    changes: Mapped[dict[str, list[Any]]] = mapped_column(
        JSON, info=shown(_n("What changed"), out={EXPORT: "a table of its own in every row"})
    )
    # filled as the entry is written: it is never changed afterwards
    search_text: Mapped[str] = mapped_column(
        Text, default="", server_default="", info=hidden("the folded copy for the search")
    )


_ENTRY: Any = AuditEntry.__table__
_past = partial(attributes.get_history, passive=PASSIVE_NO_INITIALIZE)


def record(
    session: ScopedSession,
    *,
    action: str,
    resource: str,
    row_id: object = "",
    label: str = "",
    changes: dict[str, list[Any]] | None = None,
) -> None:
    """Note something that is no change of a row (a sign-in, a restore) in the audit trail."""
    actor = current_actor()
    entry = {
        "at": now(),
        "user_id": actor.user_id,
        "user_name": actor.name,
        "action": action,
        "resource": resource,
        "row_id": str(row_id),
        "label": label[:300],
        "investor_id": None,
        "import_run": actor.import_run,
        "changes": changes or {},
        "search_text": fold(f"{label} {actor.name}"),
    }
    with session.trusted() as connection:
        write_entries(connection, [entry])


def write_entries(connection: Connection, entries: Sequence[dict[str, Any]]) -> None:
    """Append entries to the trail: the one way in, for each is sealed with its transaction. The
    connection sees the whole district.
    """
    if connection.dialect.name == "postgresql":
        stored = insert(_ENTRY).returning(_ENTRY.c.id, sort_by_parameter_order=True)
        keys: Iterable[int] = connection.scalars(stored, entries)
        entries = [one | {"id": key} for key, one in zip(keys, entries, strict=True)]
    else:
        entries = [one | {"id": key} for key, one in zip(_free(connection), entries, strict=False)]
        connection.execute(insert(_ENTRY), entries)
    to_be_sealed(connection, entries)


def _free(connection: Connection) -> Iterable[int]:
    """Ids for new entries: SQLite would give the id of an entry that is gone once more."""
    known = (select(func.max(one)).scalar_subquery() for one in (AuditEntry.id, SEALS.c.entry_id))
    highest = connection.execute(select(*known).with_for_update()).one()  # takes the lock, too
    return count(max(one or 0 for one in highest) + 1)


@event.listens_for(ScopedSession, "after_flush")
def _write_down(session: ScopedSession, _context: Any) -> None:
    found = [
        (row, entry)
        for action, touched in (
            ("insert", session.new),
            ("update", session.dirty),
            ("delete", session.deleted),
        )
        for row in touched
        if (entry := _entry(row, action)) is not None
    ]
    if not found:
        return
    with session.trusted(of={entry["investor_id"] for _row, entry in found}) as connection:
        _write(session, connection, found)


def _write(session: ScopedSession, connection: Connection, found: list[tuple[Any, Any]]) -> None:
    actor, at = current_actor(), now()
    names = RowNames(session, connection, [row for row, _entry in found])
    stamp = {
        "at": at,
        "user_id": actor.user_id,
        "user_name": actor.name,
        "import_run": actor.import_run,
    }
    rows, who = [], folded_once(actor.name)
    for row, entry in found:
        shown, more = names.of(row)
        own = folded_once(entry["label"]) if entry["label"] else ""
        entry["label"] = (entry["label"] or shown)[:300]
        rows.append(entry | stamp | {"search_text": f"{own} {more} {who}"})
    write_entries(connection, rows)


def _entry(row: Any, action: str) -> dict[str, Any] | None:
    mapper = inspect(row).mapper
    if mapper.class_.__tablename__ in UNNOTED:
        return None
    changes = _changes(row, mapper, action)
    if not changes:
        return None
    is_named_by_id = isinstance(row, InvestorScoped) and hasattr(row, "id")
    keys = [row.id] if is_named_by_id else mapper.primary_key_from_instance(row)
    label = next(
        (
            str(v)
            for name in ("code", "username", "number", "name", "key")
            if (v := getattr(row, name, None))
        ),
        "",
    )
    return {
        "action": action,
        "resource": mapper.class_.__tablename__,
        "row_id": "/".join(map(str, keys)),
        "label": label[:300],
        "investor_id": row.investor_id if isinstance(row, InvestorScoped) else None,
        "changes": changes,
    }


def _changes(row: Any, mapper: Any, action: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    columns, relations = _noted(mapper)
    for name in columns:
        if action == "insert":
            old, new = None, getattr(row, name)
        elif action == "delete":
            old, new = getattr(row, name), None
        elif name not in TOLD_BY_ACT and (history := _past(row, name)).has_changes():
            old, new = (side[0] if side else None for side in (history.deleted, history.added))
        else:
            continue
        if action == "update" and not history.deleted and name == getattr(row, "flagged", ""):
            continue  # as it was: `Owned.outdate`
        if old != new or (action == "update" and not history.deleted):  # it was never read
            found[name] = ["•••"] * 2 if name in SECRET else [_plain(old), _plain(new)]
    for name in relations:
        history = _past(row, name)
        if action == "delete" and history.unchanged:
            found[name] = [sorted(map(str, history.unchanged)), []]
        elif history.added or history.deleted:
            found[name] = [
                sorted(str(other) for other in side)
                for side in (
                    [*history.unchanged, *history.deleted],
                    [*history.unchanged, *history.added],
                )
            ]
    return found


@cache
def _noted(mapper: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns of a table that the trail keeps, and lists of other rows that it keeps."""
    columns = tuple(prop.key for prop in mapper.column_attrs if _is_noted(prop, mapper))
    return columns, tuple(one.key for one in mapper.relationships if one.secondary is not None)


def _is_noted(prop: Any, mapper: Any) -> bool:
    is_bulk = prop.key in BULKY.get(mapper.local_table.name, ())
    return not is_bulk and prop.key not in SILENT and hasattr(prop.columns[0], "table")


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
