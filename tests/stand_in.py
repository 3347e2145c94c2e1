"""What stands in for the programs that change a machine (tests/machine.py); imports little, because
each call of one starts a Python.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.served import ROOT, wait_until

_LEFT = (".git", ".venv", "instance", "tests", "bench", "docs", "__pycache__", ".*_cache")
_FOLDERS = ("/srv/huulung", "/etc/", "/var/backups/", "/var/log/", "/usr/local/bin/", "/root/")
DROP_USER = ("sudo", "runuser")


def moved(text: str, folder: Path) -> str:
    """A text with the folders and the port of the stand-in."""
    known = json.loads((folder / "machine.json").read_text())
    text = text.replace("/var/run/postgresql", known["socket"])
    text = text.replace("@127.0.0.1/huulung", f"@/huulung?host={known['socket']}")
    for place in _FOLDERS:
        text = text.replace(place, f"{folder}{place}")
    return text.replace("127.0.0.1:5000", f"127.0.0.1:{known['port']}")


def stand_in(name: str, args: list[str], where: str) -> int:
    """What the program `name` does on the stand-in; its exit status."""
    folder = Path(where)
    if name in DROP_USER:  # sudo -u postgres COMMAND …, runuser -u huulung -- COMMAND …
        os.execvp((rest := args[2:][args[2] == "--" :])[0], rest)
    if name == "install":  # all belongs to whoever runs the tests
        owners = {n + k for n, arg in enumerate(args) if arg in ("-o", "-g") for k in (0, 1)}
        rest = [arg for n, arg in enumerate(args) if n not in owners]
        os.execv(str(shutil.which("install", path="/usr/bin:/bin")), ["install", *rest])
    if name == "scp":
        *files, target = args
        for file in files:
            shutil.copy(file, target.partition(":")[2])
    if name == "make":
        link = Path(args[1]) / ".venv"
        if not link.exists():
            link.symlink_to(ROOT / ".venv")
    if name == "git":
        _git(args, folder)
    if name == "systemctl":
        _systemctl(args, folder)
    return 0


def _git(args: list[str], folder: Path) -> None:
    if args[0] == "clone":
        target = Path(args[-1])
        shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*_LEFT))
        for file in (target / "deploy").rglob("*"):
            if file.is_file():
                file.write_text(moved(file.read_text(), folder))
    if "rev-parse" in args:
        sys.stdout.write("0" * 40 + "\n")


def _systemctl(args: list[str], folder: Path) -> None:
    units = [arg.removesuffix(".service") for arg in args[1:] if not arg.startswith("-")]
    for unit in units:
        if unit.startswith("huulung"):
            name = unit if "." in unit else f"{unit}.service"
            assert (folder / "etc/systemd/system" / name).exists(), f"no unit {name}"
    if "huulung-web" not in units:
        return
    if args[0] in {"stop", "restart", "disable"}:
        _stop(folder)
    if args[0] in {"start", "restart", "enable"}:
        _start(folder)


def _stop(folder: Path) -> None:
    pid = folder / "web.pid"
    if pid.exists():
        number = int(pid.read_text())
        os.kill(number, signal.SIGTERM)
        wait_until(lambda: not _runs(number), "the server has stopped")
        pid.unlink()


def _runs(number: int) -> bool:
    """Whether it runs; one that has ended and that nobody waited for does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _start(folder: Path) -> None:
    known = json.loads((folder / "machine.json").read_text())
    unit = (folder / "etc/systemd/system/huulung-web.service").read_text()
    told: dict[str, Any] = dict(
        line.split("=", 1) for line in unit.splitlines() if "=" in line and line[0] != "#"
    )
    lines = Path(told["EnvironmentFile"]).read_text().splitlines()
    env = os.environ | dict(line.split("=", 1) for line in lines if line)
    env["WEB_CONCURRENCY"] = "1"  # the tests have other work to do
    process = subprocess.Popen(
        shlex.split(told["ExecStart"]), cwd=told["WorkingDirectory"], env=env,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    (folder / "web.pid").write_text(str(process.pid))
    ask = ["curl", "-fsS", "-o", "/dev/null", f"http://127.0.0.1:{known['port']}/healthz"]
    wait_until(
        lambda: subprocess.run(ask, capture_output=True, check=False).returncode == 0,
        "the server answers",
    )
