"""What a transaction says first where PostgreSQL is a cluster with Citus (docs/scale.md)."""

from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

# Triggers run beside the rows that they guard; statements go to one server after the other, as
# keys between copied and distributed tables need it; what is read first may be large, as the trail
# of a nation is; and what is set from then on is told to the servers, above all whose rows a
# transaction is for.
SETTINGS = (
    "SET LOCAL citus.enable_unsafe_triggers = on",
    "SET LOCAL citus.multi_shard_modify_mode = 'sequential'",
    "SET LOCAL citus.max_intermediate_result_size = -1",
    "SET LOCAL citus.propagate_set_commands = 'local'",
)
_IS_THERE = "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')"
_known: WeakKeyDictionary[Engine, bool] = WeakKeyDictionary()


def has_citus(connection: Connection) -> bool:
    """Whether this PostgreSQL is one of a cluster, or can become it; asked anew."""
    cursor = connection.connection.cursor()  # no statement of ours that would be counted
    try:
        cursor.execute(_IS_THERE)
        [is_there] = cursor.fetchone() or (False,)
    finally:
        cursor.close()
    return bool(is_there)


def settings(connection: Connection) -> str:
    """What is said at the beginning of a transaction; asked once for each pool of connections."""
    if connection.engine not in _known:
        _known[connection.engine] = has_citus(connection)
    connection.dialect.on_cluster = _known[connection.engine]  # type: ignore[attr-defined]
    return "; ".join(SETTINGS) if _known[connection.engine] else ""


def is_on_cluster(connection: Connection) -> bool:
    """Whether what this transaction asks is asked of a cluster."""
    return bool(getattr(connection.dialect, "on_cluster", False))
