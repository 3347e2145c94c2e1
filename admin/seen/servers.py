"""The servers that one address of the database names, each asked by itself: the driver takes the
first that takes changes and never looks whether there is another one.
"""

from typing import NamedTuple

import psycopg
from sqlalchemy import URL, Engine, NullPool, create_engine
from sqlalchemy.exc import SQLAlchemyError

from admin.seen.standby import asked
from models.base import waiting_at_most

PATIENCE = 5.0  # seconds for each answer of a server, beside those for connecting
_WHICH = """
    SELECT current_setting('transaction_read_only') = 'off',
        CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())
            ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END,
        (SELECT coalesce(max(number), 0) FROM audit_seal)
"""


class OneServer(NamedTuple):
    """What a server says of itself; nothing where it does not answer."""

    name: str
    takes_changes: bool | None = None
    timeline: int = 0
    seals: int = 0  # of its audit trail


def servers_of(engine: Engine) -> list[OneServer]:
    """Each of the servers that the address names, where it names several."""
    places = [str(engine.url.query.get(word, "")).split(",") for word in ("host", "port")]
    if len(places[0]) < 2:
        return []
    return [_ask(engine.url, host, port) for host, port in zip(*places, strict=True)]


def _ask(url: URL, host: str, port: str) -> OneServer:
    name = f"{host}:{port}"
    alone = {"host": host, "port": port, "target_session_attrs": "any"}
    try:
        with waiting_at_most(PATIENCE):
            one = create_engine(url.update_query_dict(alone), poolclass=NullPool)
            [(takes_changes, timeline, seals)] = asked(one, _WHICH)
    except (SQLAlchemyError, psycopg.Error):
        return OneServer(name)
    return OneServer(name, takes_changes, timeline, seals)
