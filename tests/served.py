"""The application as production runs it: gunicorn with our settings, on a free port."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TOKEN = "a-token-of-the-tests"
PATIENCE = 60.0  # seconds until something that should happen counts as never


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_until(happened: Any, what: str) -> Any:
    """The first answer of `happened` that is true; it is asked again and again, for a minute."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        found = happened()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"never: {what}")


class Served:
    """A running server: its address, its log, and how to ask and to stop it."""

    def __init__(self, folder: Path, app: str, env: dict[str, str]) -> None:
        self.folder, self.port, self.app, self.env = folder, free_port(), app, env
        self.log = folder / "app.log"
        self.start()

    def start(self) -> None:
        """Start it; again, on the same port, where it was ended."""
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py")),
                *("--bind", f"127.0.0.1:{self.port}", self.app),
            ],
            env=self.env,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=headers)
            reply = connection.getresponse()
            return reply.status, reply.read().decode()
        finally:
            connection.close()

    def children(self) -> list[int]:
        """The processes that answer requests."""
        process = self.process.pid
        return [
            int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()
        ]

    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended: {self.log.read_text()}")
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def settings(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a production on a SQLite file in `folder`."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    return (
        kept
        | {
            "APP_ENV": "production",
            "SECRET_KEY": "mV8rQz2Lw6Tn0Xc4Hy9Kb3Jd7Pf1Gs5Ua-eRoWiB",
            "DATABASE_URL": f"sqlite:///{folder / 'served.sqlite3'}",
            "TRUSTED_HOSTS": "localhost,127.0.0.1",
            "PROXY_HOPS": "0",
            "METRICS_TOKEN": TOKEN,
            "LOG_FILE": str(folder / "app.log"),
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder),
        }
        | more
    )


@contextmanager
def served(folder: Path, app: str = "app:create_app()", **more: str) -> Iterator[Served]:
    """gunicorn on a free port with a migrated database, until the block ends. Only the migration
    is told of a DATABASE_OWNER_URL.
    """
    env = settings(folder, **more)
    run = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
    subprocess.run(run, env=env, cwd=ROOT, check=True, capture_output=True)
    env.pop("DATABASE_OWNER_URL", None)
    server = Served(folder, app, env)
    try:
        wait_until(server.answers, "the server answers")
        yield server
    finally:
        if server.process.poll() is None:
            server.process.send_signal(signal.SIGTERM)
        server.process.wait(PATIENCE)
