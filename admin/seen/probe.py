"""Whether the database answers, found out within a bound, whatever hangs."""

import threading
from collections.abc import Callable
from typing import TypeVar

from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from models.base import waiting_at_most

PATIENCE = 4.0  # seconds until an answer is given in any case
# without these tables no page is answered; a lock on one of them hangs them all
_TABLES = ("user_account", "sign_in", "setting")

Answer = TypeVar("Answer")
_asking = threading.Lock()


def stored_revision(engine: Engine) -> str | None:
    """The schema's revision. Raises TimeoutError or SQLAlchemyError where it is not told."""
    return _within(PATIENCE, lambda: _look(engine, PATIENCE))


def database_answers(engine: Engine) -> bool:
    """Whether the database tells its revision in time."""
    try:
        stored_revision(engine)
    except (SQLAlchemyError, TimeoutError):
        return False
    return True


def _look(engine: Engine, patience: float) -> str | None:
    # the database gives up a little before we do; where it is silent, the thread does soon after
    with waiting_at_most(patience * 0.9), engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        for table in _TABLES if revision else ():
            connection.execute(text(f"SELECT 1 FROM {table} LIMIT 1"))  # nosec B608 # ours
        return revision


def _within(patience: float, ask: Callable[[], Answer]) -> Answer:
    """The answer of `ask`, asked by a thread of its own, one at a time: what hangs is one thread,
    and whoever asks waits twice `patience` at most.
    """
    if not _asking.acquire(timeout=patience):
        raise TimeoutError("an earlier question is not answered yet")
    found: list[Answer] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(ask())
        except BaseException as error:
            failed.append(error)
        finally:
            _asking.release()

    thread = threading.Thread(target=run, name="ready?", daemon=True)
    thread.start()
    thread.join(patience)
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError("no answer")
    return found[0]
