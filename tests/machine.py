"""A stand-in for a Linux server: its folders in one of ours, its programs by small ones.

What changes a machine (apt-get, useradd, systemctl …) is stood in for: systemctl really starts,
stops and restarts what a unit says; git copies this working tree; all else is really run.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import make_url

from tests.postgres import Server
from tests.served import ROOT, free_port
from tests.stand_in import DROP_USER, moved, stand_in

_NOTHING = ("apt-get", "useradd", "nginx", "chown")
_SHIM = """#!{python}
import sys
sys.path.insert(0, {root!r})
from tests.stand_in import stand_in
sys.exit(stand_in({name!r}, sys.argv[1:], {folder!r}))
"""


class Machine:
    """The server: where its folders lie, and how to run a piece of a shell on it."""

    def __init__(self, folder: Path, database: Server) -> None:
        self.folder, self.port = folder, free_port()
        self.bin = folder / "shims"
        self.bin.mkdir()
        for name in (*_NOTHING, *DROP_USER, "git", "make", "scp", "systemctl", "install"):
            file = self.bin / name
            file.write_text(
                _SHIM.format(python=sys.executable, root=str(ROOT), name=name, folder=str(folder))
            )
            file.chmod(0o755)
        for place in ("/srv", "/etc/systemd/system", "/etc/logrotate.d", "/etc/nginx/conf.d",
                      "/var/backups", "/var/log", "/usr/local/bin", "/root"):  # fmt: skip
            (folder / place[1:]).mkdir(parents=True)
        url = make_url(database.url)
        (folder / "machine.json").write_text(
            json.dumps({"port": self.port, "socket": url.query["host"]})
        )
        path = [str(self.bin), str(folder / "usr/local/bin")]
        path += [str(database.programs)] if database.programs else []
        self.env = {
            "PATH": ":".join([*path, os.environ["PATH"], "/usr/sbin", "/sbin"]),
            "HOME": str(folder / "root"),
            "LANG": "C.UTF-8",
            "PGHOST": str(url.query["host"]),
            "PGUSER": url.username or "postgres",
        }

    def here(self, text: str) -> str:
        return moved(text, self.folder)

    def run(self, shell: str) -> str:
        """What a piece of shell says; an AssertionError where one of its commands fails."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.here(shell)],
            cwd=self.folder, env=self.env, text=True, check=False, timeout=300,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode == 0, f"{shell}\n{done.stdout}"
        return done.stdout

    def stop(self) -> None:
        stand_in("systemctl", ["stop", "huulung-web"], str(self.folder))
