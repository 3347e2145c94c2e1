"""A primary and a synchronous standby on loopback: one is killed, the other promoted."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.durable_postgres import NOBODY, Cluster
from tests.served import free_port, wait_until

# a receiver asks again soon, and a slot is not needed: nothing is written while it is away
QUICK = {"wal_retrieve_retry_interval": "200ms", "max_wal_senders": "6", "wal_keep_size": "64MB"}


class Server(Cluster):
    """One PostgreSQL on a port of loopback."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        settings = {"listen_addresses": "127.0.0.1", "port": str(self.port), **QUICK} | settings
        super().__init__(folder, **settings)
        folder.mkdir(mode=0o755, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        self.url = self.url_of("postgres")

    def url_of(self, role: str) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/postgres"

    def ask(self, question: str) -> object:
        """The one answer of a question, asked as the master of all."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
            found = connection.execute(question)  # type: ignore[arg-type]
            row = found.fetchone() if found.description else None
        return row[0] if row else None

    def copy_of(self, primary: "Server") -> None:
        """Become its standby; to be started."""
        self.run("pg_basebackup", "-D", str(self.data), "-R", "-c", "fast", "-d", primary.url)

    def promote(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "promote")


class Pair:
    """The two; to a drill they are one database that is killed and comes back."""

    def __init__(self, folder: Path) -> None:
        self.primary = Server(folder / "one", synchronous_standby_names="*")
        self.standby = Server(folder / "two", hot_standby_feedback="on")

    def start_both(self) -> None:
        self.primary.make()
        self.primary.start()
        self.standby.copy_of(self.primary)
        self.standby.start()
        streams = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        wait_until(lambda: self.primary.ask(streams), "the standby follows")

    @property
    def url(self) -> str:
        """Both by comma, as people write it: whichever takes changes answers."""
        places = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        return f"postgresql://postgres@{places}/postgres?target_session_attrs=read-write"

    def kill(self) -> None:
        self.primary.kill()

    def start(self) -> None:
        """Work goes on: the standby becomes the primary."""
        self.standby.promote()


@contextmanager
def pair() -> Iterator[Pair]:
    """Both started, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        both = Pair(Path(name))
        try:
            both.start_both()
            yield both
        finally:
            for server in (both.standby, both.primary):
                if server.is_running():
                    with suppress(SystemExit):
                        server.stop("immediate")
