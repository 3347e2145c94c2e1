"""systemd units, logrotate and the container's files: each is checked or run here.

No container is built (there is no engine here): its files are read, and what they copy and start
must be there.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.nginx import program, replaced
from tests.served import ROOT, served, settings, wait_until

UNITS = sorted((ROOT / "deploy/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
CONTAINER = ROOT / "deploy/container"
# how exposed systemd finds a service, of 100: the web server of nobody's hardening has 96
MOST_EXPOSED = 25


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """The units as they would be on this machine: our folder, our user."""
    folder = tmp_path_factory.mktemp("units")
    (folder / "bin").mkdir()
    for name in ("gunicorn", "flask"):
        (folder / "bin" / name).symlink_to(Path(sys.executable).parent / name)
    for unit in UNITS:
        text = unit.read_text().replace("/srv/huulung/.venv/bin", str(folder / "bin"))
        text = text.replace("/srv/huulung", str(ROOT)).replace("=huulung\n", "=root\n")
        (folder / unit.name).write_text(text)
    return folder


def test_systemd_understands_every_unit(here):
    files = [str(here / unit.name) for unit in UNITS]
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "huulung-" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_may_do_little(here, unit):
    done = subprocess.run(
        [
            *(program("systemd-analyze"), "security", "--no-pager", "--offline=true"),
            *(f"--threshold={MOST_EXPOSED}", str(here / unit.name)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-400:]


@pytest.mark.parametrize("unit", [one for one in UNITS if one.suffix == ".timer"], ids=str)
def test_a_timer_has_a_time_that_comes_and_a_service(unit):
    times = re.findall(r"^OnCalendar=(.*)$", unit.read_text(), re.MULTILINE)
    assert times
    assert unit.with_suffix(".service").exists()
    for time in times:
        subprocess.run(
            [program("systemd-analyze"), "calendar", time], check=True, capture_output=True
        )


def started_by(unit):
    [line] = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
    assert "/srv/huulung/.venv/bin/" in line
    ours = line.replace("/srv/huulung/.venv/bin", str(Path(sys.executable).parent))
    return shlex.split(ours.replace("%%", "%"))


def test_the_web_unit_starts_what_the_tests_of_the_server_start():
    command = started_by(ROOT / "deploy/systemd/huulung-web.service")
    assert command[1:] == [
        *("-c", "gunicorn.conf.py", "--bind", "127.0.0.1:5000", "app:create_app()")
    ]
    subprocess.run(
        [*command, "--check-config"], cwd=ROOT, env=settings(Path("/tmp")) | {"LOG_FILE": ""},
        check=True, capture_output=True,
    )  # fmt: skip


def test_the_timers_commands_work(tmp_path):
    env = settings(tmp_path, LOG_FILE="", SMTP_URL="smtp://127.0.0.1:9", MAIL_FROM="a@b.example")
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=env, check=True, capture_output=True)
    for name, folder in (("reminders", None), ("figures", None), ("backup", tmp_path / "backups")):
        command = started_by(ROOT / f"deploy/systemd/huulung-{name}.service")
        if folder:
            folder.mkdir()
            command[-1] = command[-1].replace("/var/backups/huulung", str(folder))
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert list((tmp_path / "backups").rglob("*"))


def test_a_log_that_is_turned_over_loses_no_line(tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir(mode=0o700)
    pairs = {"/var/log/huulung/": f"{logs}/"}
    text = replaced((ROOT / "deploy/logrotate.conf").read_text(), pairs)
    owner = "root" if os.geteuid() == 0 else None
    text = text.replace("su huulung huulung", f"su {owner} {owner}" if owner else "")
    config = tmp_path / "logrotate.conf"
    config.write_text(text)
    config.chmod(0o644)
    with served(tmp_path, LOG_FILE=str(logs / "app.log"), WEB_CONCURRENCY="1") as server:
        server.get("/before")
        wait_until(lambda: "/before" in (logs / "app.log").read_text(), "the line before")
        subprocess.run(
            [program("logrotate"), "-f", "-s", str(tmp_path / "state"), str(config)],
            check=True,
            capture_output=True,
        )
        assert not (logs / "app.log").exists()
        server.get("/after")
        wait_until((logs / "app.log").exists, "a new file")
        wait_until(lambda: "/after" in (logs / "app.log").read_text(), "the line after")
    [old] = logs.glob("app.log-*")
    assert "/before" in old.read_text()
    assert (logs / "app.log").stat().st_mode & 0o077 == 0


# ---------------------------------------------------------------- the container


def instructions():
    """Instruction and rest of every line of the Containerfile, continued lines joined."""
    text = (CONTAINER / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]


def test_the_container_copies_what_there_is_and_all_that_runs():
    copied = [
        source
        for word, rest in instructions()
        if word == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    ]
    assert all((ROOT / source).exists() for source in copied)
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    needed = folders | {"app.py", "config.py", "gunicorn.conf.py", "migrations"}
    needed |= {"templates", "static", "translations"}
    assert needed <= set(copied)


def test_the_container_runs_as_nobody_special_and_starts_the_server():
    words = instructions()
    assert [rest for word, rest in words if word == "USER"] == ["huulung"]
    last = max(n for n, (word, _rest) in enumerate(words) if word == "RUN")
    assert words.index(("USER", "huulung")) > last
    [command] = [yaml.safe_load(rest) for word, rest in words if word == "CMD"]
    assert command[:3] == ["gunicorn", "-c", "gunicorn.conf.py"]
    assert command[-1] == "app:create_app()"
    assert all(word.isupper() for word, _rest in words)
    for word, rest in words:
        if word == "RUN":
            subprocess.run(["sh", "-n", "-c", rest], check=True)


def test_the_container_is_healthy_whatever_the_site_is_called(tmp_path):
    """The server alone: of what the image says, podman forgets the check and docker asks it of
    each service, where nothing answers.
    """
    assert "HEALTHCHECK" not in dict(instructions())
    services = yaml.safe_load((CONTAINER / "compose.yaml").read_text())["services"]
    assert {name for name, one in services.items() if "healthcheck" in one} == {"web", "database"}
    word, *command = services["web"]["healthcheck"]["test"]
    assert (word, command) == ("CMD", ["python", "healthy.py"])  # podman takes words apart
    with served(tmp_path, WEB_CONCURRENCY="1", TRUSTED_HOSTS=".example.vn,127.0.0.1") as server:
        for hosts, code in ((".example.vn,localhost", 0), ("elsewhere.vn", 1)):
            env = os.environ | {"TRUSTED_HOSTS": hosts}
            done = subprocess.run(
                [sys.executable, CONTAINER / "healthy.py", str(server.port)],
                env=env, capture_output=True, check=False,
            )  # fmt: skip
            assert done.returncode == code, done.stderr


def test_the_services_fit_together():
    told = yaml.safe_load((CONTAINER / "compose.yaml").read_text())
    services = told["services"]
    assert set(services) == {"database", "migrate", "web", "reminders", "figures", "backup"}
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        if name != "database":
            assert service["read_only"]
            assert service["cap_drop"] == ["ALL"]
            build = (CONTAINER / service["build"]["context"]).resolve()
            assert build == ROOT
            assert (build / service["build"]["dockerfile"]).exists()
        for volume in service.get("volumes", []):
            what = volume.split(":")[0]
            assert what in told["volumes"] or (CONTAINER / what).is_file()
            if what in told["volumes"] and name != "database":  # root's, where the image has none
                made = rf"install -d -m 0700 -o huulung {volume.split(':')[1]}$"
                assert any(re.search(made, rest) for _word, rest in instructions()), volume
    assert services["web"]["ports"] == ["127.0.0.1:5000:5000"]  # the proxy's alone
    grace = int(services["web"]["stop_grace_period"].removesuffix("s"))
    [patience] = re.findall(r"graceful_timeout = (\d+)", (ROOT / "gunicorn.conf.py").read_text())
    assert grace > int(patience)


def test_the_commands_in_the_services_are_ours(tmp_path):
    known = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "--help"],
        cwd=ROOT, env=settings(tmp_path), capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    text = (CONTAINER / "compose.yaml").read_text()
    used = set(re.findall(r"flask --app app (\w+)", text)) | {"db"}
    assert used == {"db", "reminders", "figures", "backup"}
    assert all(re.search(rf"^  {name} ", known, re.MULTILINE) for name in used)
    assert shutil.which("sh")
