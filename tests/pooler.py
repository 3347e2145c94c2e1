"""PgBouncer before a database: one connection to the server, lent for a transaction at a time."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from tests.served import wait_until

SETTINGS = """
[databases]
pooled = host={host} port={port} dbname={database} user={user} password={password}
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = {size}
server_reset_query =
logfile = {folder}/log
pidfile = {folder}/pid
"""


class Pooler:
    """PgBouncer in a folder; it can be killed and started again."""

    def __init__(self, program: str, folder: Path, user: int | None) -> None:
        self.command, self.folder, self.user = (
            [program, "-q", f"{folder}/pgbouncer.ini"],
            folder,
            user,
        )
        self.url = f"postgresql+psycopg://anybody@/pooled?host={folder}&port=6432"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, user=self.user)
        wait_until((self.folder / ".s.PGSQL.6432").exists, "PgBouncer listens")

    def kill(self) -> None:
        """Without a word (-9)."""
        self.process.kill()
        self.process.wait()
        for name in ("pid", ".s.PGSQL.6432"):
            (self.folder / name).unlink(missing_ok=True)


@contextmanager
def pooled(address: str) -> Iterator[str]:
    """The same database through PgBouncer, as Debian's package brings it."""
    with pooler(address) as found:
        yield found.url


@contextmanager
def pooler(address: str, size: int = 1) -> Iterator[Pooler]:
    """The pooler itself, with so many connections to the server."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise SystemExit("The tests need PgBouncer: sudo apt-get install pgbouncer")
    url = make_url(address)
    with tempfile.TemporaryDirectory(prefix="pool-") as name:
        folder = Path(name)
        file = folder / "pgbouncer.ini"
        host = url.query.get("host") or url.host
        known = {"host": host, "port": url.port or 5432, "database": url.database}
        known |= {"user": url.username, "password": url.password, "folder": folder, "size": size}
        file.write_text(SETTINGS.format(**known))
        user: int | None = None
        if os.geteuid() == 0:  # it refuses to run as root, and only the server's own gets in
            user = Path(str(host)).stat().st_uid
            shutil.chown(folder, user)
            shutil.chown(file, user)
        found = Pooler(program, folder, user)
        try:
            yield found
        finally:
            found.process.terminate()
            found.process.wait(20)
