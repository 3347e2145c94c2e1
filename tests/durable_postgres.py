"""A PostgreSQL of our own that forgets nothing: it can be killed, started again and recovered.

The other throw-away server (tests/postgres.py) is fast because it may lose everything.
"""

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

from tests.postgres import debian_programs, run_program, wheel_programs
from tests.served import wait_until

NOBODY = 65534  # PostgreSQL refuses to run as root
SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
}


def programs() -> Path:
    """Where initdb lies: Debian's, else that of the wheel. SystemExit where there is none."""
    found = debian_programs() or wheel_programs()
    if not (found / "initdb").exists():
        raise SystemExit("this needs the programs of a PostgreSQL server")
    return found


class Cluster:
    """The data in `folder`, and the server on it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.data = folder, folder / "data"
        self.settings = SETTINGS | settings
        self.url = f"postgresql+psycopg://postgres@/postgres?host={folder}"

    def run(self, program: str, *arguments: str) -> None:
        owner = NOBODY if os.geteuid() == 0 else None
        run_program(programs() / program, *arguments, folder=self.folder, owner=owner)

    def make(self) -> None:
        made = f"-U postgres -A trust -E UTF8 --locale=C.UTF-8 -X {self.folder / 'wal'}"
        self.run("initdb", "-D", str(self.data), *made.split())

    def start(self) -> None:
        """Returns when it answers; after a kill it has recovered by then."""
        said = " ".join(f"-c {name}='{value}'" for name, value in self.settings.items())
        where = f"-k {self.folder} {said}"
        log = str(self.folder / "server.log")
        self.run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", log, "-o", where, "start")

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def signal(self, number: signal.Signals) -> list[int]:
        """Every process of it at once; which they are."""
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        processes = [main, *map(int, children)]
        for one in processes:
            with suppress(ProcessLookupError):
                os.kill(one, number)
        return processes

    @contextmanager
    def silent(self) -> Iterator[None]:
        """It runs, and the machine takes what is sent to it, but nothing answers in here."""
        self.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """Without a word (-9)."""
        processes = self.signal(signal.SIGKILL)
        wait_until(
            lambda: not any(Path(f"/proc/{one}").exists() for one in processes), "all are gone"
        )

    def is_running(self) -> bool:
        return (self.data / "postmaster.pid").exists()


@contextmanager
def durable_server(
    data_on: Callable[[Path], AbstractContextManager[object]] = nullcontext, **settings: str
) -> Iterator[Cluster]:
    """A started server for as long as the block lasts; its data, without its log, lie `data_on`
    a disk of their own.
    """
    with (
        tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name,
        data_on(Path(name) / "data"),
    ):
        folder = Path(name)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        folder.chmod(0o755)
        cluster = Cluster(folder, **settings)
        cluster.make()
        cluster.start()
        try:
            yield cluster
        finally:
            if cluster.is_running():
                with suppress(SystemExit):
                    cluster.stop("immediate")
