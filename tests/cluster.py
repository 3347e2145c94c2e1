"""The worked example of deploy/cluster: PostgreSQL under Patroni, behind HAProxy, on loopback."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.postgres import debian_programs
from tests.served import ROOT

SCRIPT = ROOT / "deploy" / "cluster" / "cluster.sh"
PORTS = 8


def is_here() -> bool:
    """Whether all that the script starts is installed."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    programs = ("etcd", "patroni", "haproxy", "curl", "psql", "setpriv")
    return debian_programs() is not None and all(shutil.which(one, path=path) for one in programs)


class Patroni:
    """The cluster of the script; to a drill one database that is killed and comes back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, act: str) -> str:
        env = os.environ | {"PORTS": str(_free_row())}
        done = subprocess.run(
            [str(SCRIPT), act, str(self.folder)], env=env, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=180,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout

    def start_all(self) -> None:
        told = dict(line.split("=", 1) for line in self.run("start").splitlines() if "=" in line)
        self.url, self.read_url = told["DATABASE_URL"], told["DATABASE_READ_URL"]

    def kill(self) -> None:
        self.run("kill")

    def start(self) -> None:
        """Patroni promotes by itself; nobody does anything."""


def _free_row() -> int:
    """The first of eight ports in a row of which none is taken."""
    for first in range(15_430, 19_000, PORTS):
        with ExitStack() as stack:
            try:
                for port in range(first, first + PORTS):
                    one = stack.enter_context(socket.socket())
                    one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise AssertionError("no free ports")


@contextmanager
def cluster() -> Iterator[Patroni]:
    """All started, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="cluster-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        found = Patroni(Path(name) / "all")
        try:
            found.start_all()
            yield found
        finally:
            found.run("stop")
