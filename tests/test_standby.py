"""A primary and its standby, both real: nothing acknowledged is lost, and every command works."""

import shutil
import subprocess
import sys

import psycopg
import pytest

from tests.cluster import SCRIPT, cluster, is_here
from tests.kills import drill
from tests.pair import pair
from tests.served import ROOT, settings


def test_when_the_primary_dies_under_saves_the_standby_has_all_and_work_goes_on(tmp_path):
    """Synchronous replication; the address names both, so nobody tells the program anything."""
    found = drill(tmp_path, people=3, kills=("database",), seed=3, kind="pair")
    assert found["wrong"] == []
    assert found["check"] == 0
    assert found["kills"] == 1
    assert found["acknowledged"] > 3
    assert all(found[one] for one in ("sent", "locks", "imports"))


@pytest.mark.skipif(not is_here(), reason="needs etcd-server, patroni and haproxy")
def test_a_cluster_promotes_by_itself_and_nothing_acknowledged_is_lost(tmp_path):
    """The worked example of deploy/cluster, with its script."""
    found = drill(tmp_path, people=2, kills=("database",), seed=5, kind="patroni")
    assert found["wrong"] == []
    assert found["check"] == 0
    assert found["acknowledged"] > 1


@pytest.mark.skipif(not is_here(), reason="needs etcd-server, patroni and haproxy")
def test_the_cluster_goes_on_where_it_was_stopped():
    with cluster() as found:
        with psycopg.connect(found.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        before = found.url
        found.run("stop")
        found.start_all()
        assert found.url == before
        for url in (found.url, found.read_url):
            with psycopg.connect(url) as connection:
                assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_the_script_of_the_cluster_says_what_to_install(tmp_path):
    env = {"PATH": "/nowhere", "NO_INSTALL": "1", "PG_PROGRAMS": "/x"}
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("realpath", "dirname", "id"):
        (tools / name).symlink_to(str(shutil.which(name)))
    env["PATH"] = str(tools)
    done = subprocess.run(
        [str(shutil.which("bash")), str(SCRIPT), "start", str(tmp_path / "all")],
        env=env, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "apt-get install etcd-server patroni" in done.stderr


def test_commands_backup_and_restore_find_the_server_that_takes_changes(tmp_path):
    """The address names the standby first, and both by comma."""
    with pair() as both:
        places = f"127.0.0.1:{both.standby.port},127.0.0.1:{both.primary.port}"
        address = f"postgresql://postgres@{places}/postgres?target_session_attrs=read-write"
        env = settings(tmp_path, DATABASE_URL=address)
        copy = str(tmp_path / "all.backup")

        def flask(*arguments, env=env, status=0):
            run = [sys.executable, "-m", "flask", "--app", "app", *arguments]
            done = subprocess.run(
                run, env=env, cwd=ROOT, text=True, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            assert done.returncode == status, done.stdout
            return done.stdout

        flask("db", "upgrade")
        flask("users", "add", "chu", "--full-name", "Chủ", "--role", "admin")
        flask("backup", copy)
        flask("users", "add", "sau", "--full-name", "Sau", "--role", "admin")
        flask("restore", copy)
        flask("check")
        names = "SELECT string_agg(username, ',') FROM user_account"
        assert both.primary.ask(names) == "chu"

        alone = settings(tmp_path, DATABASE_URL=both.standby.url)
        for command in (["db", "upgrade"], ["backup", f"{copy}.2"], ["restore", copy]):
            told = flask(*command, env=alone, status=1)
            assert "DATABASE_OWNER_URL" in told
            assert "target_session_attrs=read-write" in told
            assert "Traceback" not in told
