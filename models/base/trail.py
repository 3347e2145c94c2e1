"""The one way in which entries of the audit trail are ever changed: a person becomes a pseudonym.

The guards of the table are taken away and put back in the same transaction, which only the owner
of the table can do; others see them in place at any moment.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, update

from models.base.audit import AuditEntry
from models.base.scope import ScopedSession
from models.base.triggers import TRIGGERS
from models.base.wall import need_owner

_ENTRY: Any = AuditEntry.__table__


def rewrite_trail(session: ScopedSession, entries: Mapping[int, Mapping[str, Any]]) -> None:
    """Give entries, by id, other values of `user_name`, `label`, `changes` and `search_text`."""
    if not entries:
        return
    with session.trusted() as connection:
        _rewrite(connection, entries)


def _rewrite(connection: Connection, entries: Mapping[int, Mapping[str, Any]]) -> None:
    need_owner(connection)
    guards = {
        name: statement
        for name, statement in TRIGGERS[connection.dialect.name].items()
        if f" ON {_ENTRY.name} " in statement
    }
    is_postgres = connection.dialect.name == "postgresql"  # there readers go on meanwhile
    for name in guards:
        connection.exec_driver_sql(
            f"ALTER TABLE {_ENTRY.name} DISABLE TRIGGER {name}"
            if is_postgres
            else f"DROP TRIGGER {name}"
        )
    connection.execute(
        update(_ENTRY).where(_ENTRY.c.id == bindparam("which")),
        [{"which": key, **values} for key, values in entries.items()],
    )
    for name, statement in guards.items():
        connection.exec_driver_sql(
            f"ALTER TABLE {_ENTRY.name} ENABLE TRIGGER {name}" if is_postgres else statement
        )
