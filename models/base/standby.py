"""The second address of the database: a standby that only reads (see admin/access/standby.py)."""

from flask import g, has_app_context
from sqlalchemy.engine import Connection, Engine

READ = "read"  # the key of its engine
ONLY_READS = "only_reads"  # the mark of its connections


def engine_in_force() -> Engine | None:
    """The engine that the rest of this request reads from, if it is not the ordinary one."""
    found: Engine | None = g.get("reads_from") if has_app_context() else None
    return found


def only_reads(connection: Connection) -> bool:
    """Whether nothing may be changed through this connection, whatever server it leads to."""
    return bool(connection.get_execution_options().get(ONLY_READS))
