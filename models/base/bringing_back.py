"""Deleted records come back from the trail: the entry of a deletion holds what the record said.

They come back as they were, with their id, with the rows that they were linked to, as far as these
are there, and with what was deleted along with them; asked are all rules that a new record is
asked. What the trail does not keep (contents of files, passwords) cannot come back. Nothing new
bears the id of a removed record, for with it came its history.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Integer, cast, event, func, inspect, select
from sqlalchemy.orm import Session

from models.base.audit import BULKY, SECRET, AuditEntry, _noted
from models.base.database import Base, Surrogate
from models.base.errors import RuleBroken, _n
from models.base.finding import TableName
from models.base.recording import attribute_of, deleted_with, mapped_tables, typed_values
from models.base.scope import ScopedSession


def can_come_back(entry: AuditEntry) -> bool:
    """Whether an entry tells of a deletion, and all that the record held."""
    return entry.action == "delete" and entry.resource in set(mapped_tables()) - set(BULKY)


def bring_back(session: Session, entry: AuditEntry) -> tuple[Any, list[str]]:
    """The record whose deletion `entry` tells of, in the session and flushed, and the names of
    what it was linked to and cannot be found any more; the caller commits.

    Raises RuleBroken where it is there, what it belongs to is gone, or a rule refuses it.
    """
    if not can_come_back(entry):
        raise RuleBroken(_n("The trail does not hold all of this record; it cannot come back."))
    row = _again(session, entry)
    missing = _link_again(session, row, entry)
    session.add(row)
    session.flush()
    below = deleted_with(type(row))
    together = select(AuditEntry).where(
        AuditEntry.action == "delete",
        AuditEntry.at == entry.at,
        AuditEntry.user_name == entry.user_name,
        AuditEntry.resource.in_(below),
    )
    for other in session.scalars(together.order_by(AuditEntry.id)).all() if below else ():
        if _hangs_on(row, other):
            session.add(_again(session, other))
    session.flush()
    return row, missing


def _link_again(session: Session, row: Any, entry: AuditEntry) -> list[str]:
    """The trail names what a record was linked to; a name that is not there once is left out."""
    missing: list[str] = []
    for name in _noted(inspect(type(row)))[1]:
        told = (entry.changes.get(name) or [()])[0]
        if not told:
            continue
        named: dict[str, list[Any]] = defaultdict(list)
        for other in session.scalars(select(inspect(type(row)).relationships[name].mapper.class_)):
            named[str(other)].append(other)
        setattr(row, name, [named[one][0] for one in told if len(named[one]) == 1])
        missing += [one for one in told if len(named[one]) != 1]
    return missing


def _again(session: Session, entry: AuditEntry) -> Any:
    kind = mapped_tables()[entry.resource]
    mapper = inspect(kind)
    told = {name: pair[0] for name, pair in entry.changes.items() if name not in SECRET}
    names, _lists = _noted(mapper)
    values = typed_values(kind, {name: told.get(name) for name in names if name not in SECRET})
    key = tuple(values[attribute_of(kind, one).key] for one in mapper.primary_key)
    if session.get(kind, key if len(key) > 1 else key[0]) is not None:
        raise RuleBroken(_n("This record is there again already."))
    _check_parents(session, kind, values)
    return kind(**values)


def _check_parents(session: Session, kind: Any, values: dict[str, Any]) -> None:
    kinds = mapped_tables()
    for constraint in kind.__table__.foreign_key_constraints:
        pairs = [
            (element.column, values[attribute_of(kind, element.parent).key])
            for element in constraint.elements
        ]
        if any(value is None for _column, value in pairs):
            continue
        table = constraint.elements[0].column.table
        parent = kinds[table.name]
        wanted = [attribute_of(parent, column) == value for column, value in pairs]
        if not session.scalar(select(1).select_from(parent).where(*wanted)):
            raise RuleBroken(
                _n("It cannot come back: what it belongs to is gone (%(table)s). Bring that back."),
                table=TableName(table.name),
            )


def _hangs_on(row: Any, other: AuditEntry) -> bool:
    """Whether a record that was deleted in the same moment lay under this one."""
    table = Base.metadata.tables[other.resource]
    for constraint in table.foreign_key_constraints:
        if constraint.elements[0].column.table is row.__table__ and all(
            other.changes.get(element.parent.name, [None])[0]
            == getattr(row, attribute_of(type(row), element.column).key)
            for element in constraint.elements
        ):
            return True
    return False


@event.listens_for(ScopedSession, "before_flush")
def _number(session: ScopedSession, _context: Any, _instances: Any) -> None:
    """SQLite numbers a row after the last one that is there, also where a later one was removed;
    the sequences of PostgreSQL go on by themselves.
    """
    fresh: dict[Any, list[Surrogate]] = defaultdict(list)
    for row in session.new:
        if isinstance(row, Surrogate) and row.id is None:
            fresh[type(row)].append(row)
    if not fresh or session.get_bind().dialect.name != "sqlite":
        return
    with session.trusted() as connection:
        for kind, rows in fresh.items():
            there = select(func.max(kind.id)).scalar_subquery()
            told = (
                select(func.max(cast(AuditEntry.row_id, Integer)))
                .where(AuditEntry.resource == kind.__tablename__)
                .scalar_subquery()
            )
            last = select(func.max(func.coalesce(there, 0), func.coalesce(told, 0)))
            for number, row in enumerate(rows, connection.scalars(last).one() + 1):
                row.id = number
