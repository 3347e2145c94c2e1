"""How long a server of PostgreSQL may keep silent.

A server that is suspended, or whose disk hangs, goes on to acknowledge what it is sent: its limits
for a statement are its own to keep, those of the network do not end the waiting, and a save whose
standby is gone waits without any. So the program's connections wait for as long as a page may and
a little more; then they are closed, and it is said that the database does not answer.
"""

from typing import Any

import psycopg
from psycopg.errors import _WaitTimeout  # named by the driver, in what it says of `wait`
from psycopg.pq import TransactionStatus

from models.base.waiting import OF_COMMANDS, limits

GRACE = 5.0  # seconds: the server gives up before, and says why
WITHIN = "answers_within"  # among the settings of a connection: seconds until a transaction begins


class Unsure(psycopg.OperationalError):
    """The server did not answer to COMMIT: what was to be saved may be there, or not."""


class Answering(psycopg.Connection[Any]):
    """A connection that is closed where the server does not answer in time."""

    begins_within = OF_COMMANDS.lock

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As the driver's, for no longer than the server may take in this place; a command may
        wait for a statement as long as it takes.

        Outside a transaction one begins, or it is asked whether anybody is there: by a pooler as
        soon as it has a connection to lend.
        """
        lock, statement = limits()
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            most = min(self.begins_within, lock) if statement else OF_COMMANDS.lock
        else:
            most = statement and statement + GRACE
        most = timeout or most
        try:
            return super().wait(gen, interval, most or None)
        except _WaitTimeout as error:
            self.pgconn.finish()
            said = f"the server has not answered for {most:.0f} seconds"
            raise psycopg.OperationalError(said) from error

    def commit(self) -> None:
        """As the driver's. Raises Unsure where it stays unknown whether it was committed."""
        try:
            super().commit()
        except psycopg.OperationalError as error:
            if error.sqlstate is None:  # no word of the server
                raise Unsure(str(error)) from error
            raise

    def rollback(self) -> None:
        """As the driver's; of a connection that is lost nothing remains to be taken back, and the
        page that says so is not to fail over it.
        """
        try:
            super().rollback()
        except psycopg.OperationalError:
            if not self.closed:
                raise


def connected(dialect: Any, _record: Any, args: Any, settings: dict[str, Any]) -> Any:
    """The driver's connection of an engine; None leaves it to the dialect (SQLite)."""
    if dialect.driver != "psycopg":
        return None
    known = dict(settings)
    within = known.pop(WITHIN, Answering.begins_within)
    found = Answering.connect(*args, **known)
    found.begins_within = within
    return found
