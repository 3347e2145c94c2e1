"""Packets to the database, or from it, lost in the middle: of a page, a save, COMMIT, a file.
What is lost does not come later, and nobody is told that the line is broken.
"""

import http.client
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
import sqlalchemy as sa

from app import create_app
from config import Config
from models import db
from tests.crowd import Person, arrange, cookie_of
from tests.factories import make_user
from tests.line import line_to
from tests.pair import Server
from tests.postgres import application_role, with_role
from tests.served import ROOT, served, settings, wait_until
from tests.test_silent_servers import CONNECT, LIMITS, LOCK, SAID, STATEMENT, timed

LONGEST = STATEMENT + 5 + 2 * (CONNECT + LOCK) + 2  # seconds, as for a server that says nothing
ROWS = 40_000
EXPORT = "/admin/holiday/export/csv/"
TEXTS = "SELECT string_agg(progress_text, ',' ORDER BY investor_id) FROM progress_entry"


@pytest.fixture(scope="module")
def server():
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        found = Server(Path(name) / "one", fsync="off")
        found.make()
        found.start()
        try:
            yield found
        finally:
            found.stop("immediate")


@pytest.fixture(scope="module")
def office(server, tmp_path_factory):
    """The program at the end of a line; people of units and an officer who are signed in."""
    folder = tmp_path_factory.mktemp("office")
    _bound, role = application_role(server.url)
    with line_to(server.port) as line:
        env = {
            "DATABASE_URL": with_role(server.url, role).replace(str(server.port), str(line.port)),
            "DATABASE_OWNER_URL": server.url,
            **LIMITS,
        }
        with served(folder, **env) as program:
            with click.Context(click.Command("arrange")):
                app = create_app(Config.from_env(settings(folder, DATABASE_URL=server.url)))
            people = arrange(app, 6)
            with app.app_context(), sa.orm.Session(db.engine) as session:
                officer = make_user(session, "officer")
                session.commit()
                known = officer.id, officer.get_id()
            with app.app_context():
                cookie = cookie_of(app, *known)
                db.session.commit()
                db.engine.dispose()
            yield program, line, people, Person(0, cookie)


@contextmanager
def lost(line, said, **how):
    loss = line.lose(said, **how)
    try:
        yield loss
    finally:
        line.lose_nothing()
    assert loss.has_begun.is_set()


LOSSES = [{"asking": True}, {"asking": False}, {"asking": False, "more": 150}]


@pytest.mark.parametrize("how", LOSSES)
def test_a_page_says_in_time_that_the_database_does_not_answer(office, how):
    program, line, people, _officer = office
    with lost(line, b"FROM progress_entry", **how):
        (status, text), seconds = timed(lambda: people[0].ask(program.port, "/admin/entry/"))
    assert (status, SAID in text) == (503, True)
    assert seconds < LONGEST
    assert people[0].ask(program.port, "/admin/entry/")[0] == 200


@pytest.mark.parametrize("number", range(3))
def test_a_save_that_is_cut_off_is_not_acknowledged_and_not_there(office, server, number):
    program, line, people, _officer = office
    one = people[number]
    with lost(line, b"INSERT INTO progress_entry", **LOSSES[number]):
        was_saved, seconds = timed(lambda: one.save(program.port))
    assert (was_saved, one.statuses[503]) == (False, 1)
    assert seconds < LONGEST
    wait_until(lambda: not server.ask("SELECT count(*) FROM pg_locks WHERE NOT granted"), "quiet")
    assert one.save(program.port)
    assert server.ask(f"SELECT count(*) FROM progress_entry WHERE investor_id = {one.unit_id}") == 1


@pytest.mark.parametrize(("number", "is_there"), [(3, False), (4, True)])
def test_of_a_save_whose_commit_is_cut_off_it_is_said_that_it_is_not_known(
    office, server, number, is_there
):
    program, line, people, _officer = office
    one = people[number]
    assert one.save(program.port)
    with lost(line, b"COMMIT", asking=not is_there):
        was_saved, seconds = timed(lambda: one.save(program.port))
    assert (was_saved, one.statuses[503]) == (False, 1)
    assert seconds < LONGEST
    text = f"SELECT progress_text FROM progress_entry WHERE investor_id = {one.unit_id}"
    assert server.ask(text) == f"lần {one.tried if is_there else one.saved}"
    assert one.save(program.port)


def test_who_asks_whether_it_is_ready_is_answered_in_time_and_hears_when_it_is_again(office):
    program, line, _people, _officer = office
    with lost(line, b"FROM user_account LIMIT 1", asking=False):
        (status, said), seconds = timed(lambda: program.get("/readyz"))
    assert (status, said) == (503, "database\n")
    assert seconds < 6
    wait_until(lambda: all(program.get("/readyz")[0] == 200 for _ in range(9)), "ready again")


@pytest.fixture(scope="module")
def many_days(office, server):
    """A table of some megabytes."""
    server.ask(
        "INSERT INTO holiday (day, kind, name, source_note, version)"
        " SELECT DATE '1900-01-01' + n,"
        f" 'holiday', 'Ngày nghỉ số ' || n, 'Thông báo', 1 FROM generate_series(1, {ROWS}) n"
    )


@pytest.mark.usefixtures("many_days")
@pytest.mark.parametrize(
    ("command", "said", "told"),
    [
        (["backup"], b"COPY public.holiday", "pg_dump không chạy được"),
        (["data", "dump"], b"FROM holiday", "Mất kết nối với cơ sở dữ liệu giữa chừng"),
    ],
)
def test_what_a_command_was_writing_when_the_line_broke_is_not_left(
    office, server, tmp_path, command, said, told
):
    """Where packets are lost for good, the system ends the connection after 60 s: here at once."""
    _program, line, _people, _officer = office
    place, target = tmp_path / "kept", tmp_path / "kept" / "one"
    place.mkdir()
    through = server.url.replace(str(server.port), str(line.port))
    env = settings(tmp_path, DATABASE_URL=through, **LIMITS)
    run = [sys.executable, "-m", "flask", "--app", "app", *command, str(target)]
    with lost(line, said, asking=False, more=100_000, ends=True):
        done = subprocess.run(run, env=env, cwd=ROOT, text=True, capture_output=True, timeout=100)
    assert done.returncode == 1, done.stdout
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert list(place.iterdir()) == []
    done = subprocess.run(run, env=env, cwd=ROOT, text=True, capture_output=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert list(place.iterdir())


@pytest.mark.usefixtures("many_days")
def test_a_file_that_stops_half_way_is_not_taken_for_whole(office):
    program, line, _people, officer = office
    for is_half in (True, False):
        link = http.client.HTTPConnection("127.0.0.1", program.port, timeout=60)
        if is_half:
            loss = line.lose(b"FETCH FORWARD", asking=False, more=400_000)
        link.request("GET", EXPORT, headers={"Cookie": "=".join(officer.cookie)})
        reply, began = link.getresponse(), time.monotonic()
        assert reply.status == 200
        if is_half:
            with pytest.raises(http.client.IncompleteRead) as cut:
                reply.read()
            assert time.monotonic() - began < LONGEST
            assert 100 < cut.value.partial.count(b"\n") < ROWS
            assert loss.has_begun.is_set()
            line.lose_nothing()
        else:
            assert reply.read().count(b"\n") > ROWS
        link.close()
