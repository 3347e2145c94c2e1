"""Servers that are there and say nothing: suspended, or behind a line that swallows all."""

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import click
import psycopg
import pytest
import sqlalchemy as sa

from app import create_app
from config import Config
from models import db
from tests.crowd import arrange
from tests.factories import make_component, make_investor
from tests.pair import pair
from tests.postgres import application_role, with_role
from tests.served import ROOT, served, settings, wait_until

CONNECT, LOCK, STATEMENT = 2, 2, 4
LIMITS = {
    "DB_CONNECT_SECONDS": str(CONNECT),
    "DB_LOCK_SECONDS": str(LOCK),
    "DB_STATEMENT_SECONDS": str(STATEMENT),
}
SAID = "Hiện không kết nối được hệ thống"


@contextmanager
def swallowing():
    """A port of loopback that takes no connection and refuses none: its queue is full."""
    with socket.socket() as one, socket.socket() as first, socket.socket() as second:
        one.bind(("127.0.0.1", 0))
        one.listen(0)
        port = one.getsockname()[1]
        for link in (first, second):
            link.setblocking(False)
            link.connect_ex(("127.0.0.1", port))
        time.sleep(0.2)
        yield port


@contextmanager
def accepting():
    """A port of loopback that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as one:
        yield one.getsockname()[1]


@contextmanager
def office(folder, both, url):
    """The program on the database of that address, and people of units who are signed in."""
    _bound, role = application_role(both.primary.url)
    env = {"DATABASE_URL": with_role(url, role), "DATABASE_OWNER_URL": url, **LIMITS}
    with served(folder, **env) as server:
        with click.Context(click.Command("arrange")):
            app = create_app(Config.from_env(settings(folder, **env)))
        people = arrange(app, 3)
        with app.app_context():
            db.engine.dispose()
        yield server, people


def timed(ask):
    began = time.monotonic()
    found = ask()
    return found, time.monotonic() - began


@pytest.mark.parametrize("kind", [swallowing, accepting])
def test_a_first_host_that_swallows_all_costs_a_moment_and_every_command_works(tmp_path, kind):
    with pair() as both, kind() as dead:
        url = both.url.replace("127.0.0.1:", f"127.0.0.1:{dead},127.0.0.1:", 1)
        with office(tmp_path, both, url) as (server, people):
            for one in people:
                assert one.save(server.port)
                assert one.waited[-1] < 3 * CONNECT, one.waited
            assert server.get("/readyz")[0] == 200
        env = settings(tmp_path, DATABASE_URL=url, **LIMITS)
        for command in (["db", "upgrade"], ["backup", str(tmp_path / "x.backup")], ["check"]):
            run = [sys.executable, "-m", "flask", "--app", "app", *command]
            done, seconds = timed(
                lambda run=run: subprocess.run(
                    run, env=env, cwd=ROOT, check=False, capture_output=True, timeout=100
                )
            )
            print(command, seconds)
            assert done.returncode == 0, done.stdout + done.stderr


def test_a_primary_that_falls_silent_is_said_in_time_and_work_goes_on_when_it_is_back(tmp_path):
    with pair() as both, office(tmp_path, both, both.primary.url) as (server, people):
        saver, other, third = people
        assert all(one.save(server.port) for one in people)

        # in the middle of a save, which waits for a row that somebody holds
        found = []
        with psycopg.connect(both.primary.url) as holder:
            holder.execute("SELECT * FROM submission FOR UPDATE")
            saving = threading.Thread(
                target=lambda: found.append(timed(lambda: saver.save_again(server.port)))
            )
            saving.start()
            waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            wait_until(lambda: both.primary.ask(waits), "the save waits")
            with both.primary.silent():
                for one in (other, third):
                    (status, text), seconds = timed(lambda one=one: one.ask(server.port, "/admin/"))
                    print("page", status, seconds)
                    assert (status, SAID in text) == (503, True)
                    assert seconds < 2 * (CONNECT + LOCK) + 2
                assert server.get("/healthz")[0] == 200
                assert server.get("/readyz")[0] == 503
                saving.join()
        [(was_saved, seconds)] = found
        print("save", seconds, saver.statuses)
        assert not was_saved
        assert saver.statuses[503] == 1
        assert seconds < STATEMENT + 5 + 2 * (CONNECT + LOCK) + 2
        # nothing of it came later, and all go on
        wait_until(lambda: server.get("/readyz")[0] == 200, "it is ready again")
        texts = "SELECT string_agg(progress_text, ',') FROM progress_entry"
        assert both.primary.ask(texts) == "lần 1,lần 1,lần 1"
        assert all(one.save(server.port) for one in people)


def test_a_synchronous_standby_that_falls_silent_hangs_nobody_for_good(tmp_path):
    with pair() as both, office(tmp_path, both, both.primary.url) as (server, people):
        saver, other, _third = people
        assert saver.save(server.port)
        with both.standby.silent():
            was_saved, seconds = timed(lambda: saver.save(server.port))
            print("save", seconds, saver.statuses)
            assert not was_saved
            assert saver.statuses[503] == 1
            assert seconds < STATEMENT + 5 + 2 * (CONNECT + LOCK) + 2
            assert other.ask(server.port, "/admin/")[0] == 200
        assert saver.save(server.port)
        assert other.save(server.port)


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_save_whose_commit_was_not_answered_is_not_said_to_be_lost(app, session, client_for):
    """The line is cut just before COMMIT, so that nobody hears what came of it."""
    officer = client_for("officer")

    def cut(connection):
        line = socket.socket(fileno=os.dup(connection.connection.dbapi_connection.fileno()))
        with line:
            line.shutdown(socket.SHUT_RDWR)

    form = {"code": "D01", "name": "Mô hình nuôi dê", "start_on": "01/01/2024", "status": "active"}
    form |= {"component": make_component(session).id, "investor": make_investor(session).id}
    session.commit()
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "commit", cut)
    try:
        reply = officer.post_form("/admin/project/new/", form)
    finally:
        sa.event.remove(engine, "commit", cut)
    assert reply.status_code == 503
    assert "chưa rõ nội dung này đã được lưu hay chưa" in reply.text
    assert "Mô hình nuôi dê" in reply.text
    assert "chưa được lưu" not in reply.text.lower()
    assert officer.post_form("/admin/project/new/", form).status_code == 302
