"""The one way in which entries of the audit trail are ever changed: a person becomes a pseudonym.

The guards of the tables are taken away and put back in the same transaction, which only the owner
of the tables can do; others see them in place at any moment.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Connection

from models.base.among import among, batched
from models.base.audit import AuditEntry
from models.base.chain import SEALS, to_be_sealed
from models.base.scope import ScopedSession
from models.base.triggers import TRIGGERS
from models.base.wall import need_owner

_ENTRY: Any = AuditEntry.__table__
AT_ONCE = 500


def rewrite_trail(session: ScopedSession, entries: Mapping[int, Mapping[str, Any]]) -> None:
    """Give entries, by id, other values of `user_name`, `label`, `changes` and `search_text`.

    They are sealed again, and the caller records right after this what it was done for: the
    chain is whole only where such an entry follows. What the earlier seals said of them can
    never be found out again.
    """
    if not entries:
        return
    with session.trusted() as connection:
        need_owner(connection)
        _rewrite(connection, entries)


def _rewrite(connection: Connection, entries: Mapping[int, Mapping[str, Any]]) -> None:
    with _unguarded(connection, _ENTRY.name, SEALS.name):
        connection.execute(
            update(_ENTRY).where(_ENTRY.c.id == bindparam("which")),
            [{"which": key, **values} for key, values in entries.items()],
        )
        connection.execute(
            update(SEALS).where(SEALS.c.entry_id == bindparam("which")).values(salt=None),
            [{"which": key} for key in entries],
        )
    for some in batched(sorted(entries), AT_ONCE):
        stored = select(_ENTRY).where(among(_ENTRY.c.id, some)).order_by(_ENTRY.c.id)
        to_be_sealed(connection, map(dict, connection.execute(stored).mappings()))


@contextmanager
def _unguarded(connection: Connection, *tables: str) -> Iterator[None]:
    guards = [
        (table, name, statement)
        for name, statement in TRIGGERS[connection.dialect.name].items()
        for table in tables
        if f" ON {table} " in statement
    ]
    is_postgres = connection.dialect.name == "postgresql"  # there readers go on meanwhile
    for table, name, _statement in guards:
        connection.exec_driver_sql(
            f"ALTER TABLE {table} DISABLE TRIGGER {name}" if is_postgres else f"DROP TRIGGER {name}"
        )
    yield
    for table, name, statement in guards:
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ENABLE TRIGGER {name}" if is_postgres else statement
        )
