"""What a request asks of the database: how often, for how long, and which statement was slow."""

import logging
import re
import time
from typing import Any

from sqlalchemy import Engine, event

from admin.seen.requests import current

log = logging.getLogger("slow-query")
LONGEST = 2_000  # characters of a statement
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_limit = {"ms": 500}


def watch(slow_ms: int) -> None:
    """Statements that take `slow_ms` milliseconds or longer are written to the log; 0: none."""
    _limit["ms"] = slow_ms


@event.listens_for(Engine, "before_cursor_execute")
def _begins(connection: Any, *_rest: Any) -> None:
    connection.info["begun"] = time.perf_counter()


@event.listens_for(Engine, "after_cursor_execute")
def _ends(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    _took(connection, statement)


@event.listens_for(Engine, "handle_error")
def _fails(context: Any) -> None:
    """A statement that was refused, or cut off for its length, took its time as well."""
    if context.connection is not None and context.statement:
        _took(context.connection, context.statement)


def _took(connection: Any, statement: str) -> None:
    begun = connection.info.pop("begun", None)
    if begun is None:
        return
    seconds = time.perf_counter() - begun
    seen = current()
    if seen is not None:
        seen.queries += 1
        seen.query_seconds += seconds
    if _limit["ms"] and seconds * 1000 >= _limit["ms"]:
        log.warning(
            "slow query",
            extra={
                "ms": round(seconds * 1000),
                "action": seen.action if seen else None,
                "statement": without_values(statement),
            },
        )


def without_values(statement: str) -> str:
    """The statement as it was written, on one line: values travel beside it, quoted ones go."""
    return _QUOTED.sub("'?'", " ".join(statement.split()))[:LONGEST]
