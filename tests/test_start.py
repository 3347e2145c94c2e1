"""Production serves no invented accounts and no unknown proxy; what it writes is its owner's."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from admin.access import start
from app import create_app
from config import Config
from models import Setting, db
from models.people import DEMO_PASSWORD, hash_password
from tests.factories import make_user
from tests.served import free_port, settings

ROOT = Path(__file__).parent.parent
KEY = "mV8rQz2Lw6Tn0Xc4Hy9Kb3Jd7Pf1Gs5U"


@pytest.fixture
def production(app, session, monkeypatch, tmp_path):
    """Makes the application again, as production, on the database of this test."""
    made = []

    def flask_here(name):
        made.append(Flask(name, instance_path=str(tmp_path), root_path=str(ROOT)))
        return made[-1]

    def make(*, url="", hops=1):
        session.commit()
        return create_app(
            Config(
                secret_key=KEY,
                database_url=url or app.config["SQLALCHEMY_DATABASE_URI"],
                environment="production",
                trusted_hosts=("localhost",),
                proxy_hops=hops,
            )
        )

    monkeypatch.setattr("app.Flask", flask_here)
    monkeypatch.setattr("admin.seen.lines.configure", lambda _settings: None)
    umask = os.umask(0o077)
    yield make
    os.umask(umask)
    for one in made:
        with one.app_context():
            db.engine.dispose()


def test_production_starts_with_people_of_its_own(production, session):
    make_user(session, "admin", username="admin", password_hash=hash_password("một câu khác hẳn"))
    client = production().test_client()
    assert client.get("/login", base_url="https://localhost").status_code == 200


def test_production_refuses_a_database_of_demonstration_data(production, session):
    session.add(Setting(key="demo_data", value="true"))
    with pytest.raises(SystemExit, match="DATABASE_URL"):
        production()


@pytest.mark.parametrize("name", ["admin", "nguoikhac"])
def test_production_refuses_the_demonstration_s_password_whoever_has_it(production, session, name):
    make_user(session, "admin", password_hash=hash_password("một câu khác hẳn"))
    person = make_user(session, "officer", username=name)
    person.password_hash = hash_password(DEMO_PASSWORD)
    with pytest.raises(SystemExit, match=rf"knows: {name}\..*users password"):
        production()
    person.enabled = False  # who cannot sign in harms nobody
    production()


def test_passwords_are_looked_at_once(production, session, monkeypatch):
    person = make_user(session, password_hash=hash_password("một câu khác hẳn"))
    looked = []
    monkeypatch.setattr(start, "password_fits", lambda *given: looked.append(given) or False)
    production()
    production()
    assert len(looked) == 1
    person.password_hash = hash_password("lại một câu khác")
    production()
    assert len(looked) == 2


def test_a_start_looks_at_passwords_for_a_while_and_the_next_goes_on(
    production, session, monkeypatch, tmp_path
):
    """Two of five, then two more, the last one, none; remembered in the folder that systemd names,
    where the code itself may not be written to.
    """
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    for number in range(5):
        make_user(session, password_hash=f"hash {number}")
    looked, moments = [], iter(range(1000))
    monkeypatch.setattr(start, "password_fits", lambda _plain, hashed: looked.append(hashed))
    monkeypatch.setattr(start, "LOOKS", 2)
    monkeypatch.setattr(start, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    for count in (2, 4, 5, 5):
        production()
        assert len(set(looked)) == len(looked) == count
    assert len((tmp_path / "state/passwords_looked_at").read_text().split()) == 5


def test_the_demonstration_s_password_opens_nothing_before_a_start_has_come_to_it(
    production, session, monkeypatch
):
    monkeypatch.setattr(start, "LOOKS", -1)
    for name, plain in (("known", DEMO_PASSWORD), ("own", "một câu khác hẳn")):
        make_user(session, "officer", username=name, password_hash=hash_password(plain))
    client = production().test_client()

    def sign_in(username, password):
        there = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/"}}
        page = client.get("/login", **there).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        form = {"csrf_token": token, "username": username, "password": password}
        return client.post("/login", data=form, **there).status_code

    assert sign_in("known", DEMO_PASSWORD) == 422
    assert sign_in("own", "một câu khác hẳn") == 302


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_production_refuses_a_role_that_owns_the_tables(production, app, owner_app):
    """Nor does it serve with it a database that answers only after the start."""
    if owner_app is app:
        pytest.skip("on a server of somebody else no role is made")
    assert production().test_client().get("/login", base_url="https://localhost").status_code == 200
    owners = owner_app.config["SQLALCHEMY_DATABASE_URI"]
    with pytest.raises(SystemExit, match=r"wall is down: the role .* owns the tables.*Two roles"):
        production(url=owners)
    late = production(url="postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2")
    with owner_app.app_context():
        engine = db.engine
    with late.app_context():
        db.engines[None] = engine
    reply = late.test_client().get("/login", base_url="https://localhost")
    assert (reply.status_code, "second wall is down" in reply.text) == (503, True)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_production_refuses_a_table_that_lost_its_wall(production, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE remark DISABLE ROW LEVEL SECURITY")
    try:
        with pytest.raises(SystemExit, match="no row-level security on remark"):
            production()
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE remark ENABLE ROW LEVEL SECURITY")


def test_a_database_that_is_away_is_asked_later(production, app, session):
    session.add(Setting(key="demo_data", value="true"))
    session.commit()
    made = production(url="postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2")
    client = made.test_client()
    assert client.get("/healthz", base_url="https://localhost").status_code == 200
    with app.app_context():
        engine = db.engine
    with made.app_context():
        db.engines[None] = engine  # it is back
    reply = client.get("/login", base_url="https://localhost")
    assert reply.status_code == 503
    assert "demonstration" in reply.text


def test_a_proxy_that_nobody_named_is_refused_with_what_to_set(production, caplog):
    client = production(hops=0).test_client()
    assert client.get("/login", base_url="https://localhost").status_code == 200
    for name in start.FORWARDED:
        caplog.clear()
        reply = client.get("/login", base_url="https://localhost", headers={name: "for=10.0.0.1"})
        assert (reply.status_code, "PROXY_HOPS" in reply.text) == (503, True), name
        assert f"{name}) but PROXY_HOPS is 0" in caplog.text
    named = production(hops=1).test_client()
    behind = {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"}
    assert named.get("/login", base_url="https://localhost", headers=behind).status_code == 200


def test_other_names_of_hosts_are_not_answered(production):
    client = production().test_client()
    assert client.get("/login", base_url="https://evil.example").status_code == 400


# ---------------------------------------------------------------- from outside


def flask(env, *arguments):
    """A command as an operator with the widest umask types it."""
    run = [sys.executable, "-m", "flask", "--app", "app", *arguments]
    return subprocess.run(
        run, cwd=ROOT, env=env, check=True, capture_output=True, text=True, umask=0
    )


def open_to_others(folder):
    return sorted(
        f"{path.relative_to(folder)} {path.stat().st_mode & 0o777:o}"
        for path in folder.rglob("*")
        if path.stat().st_mode & 0o077
    )


def test_an_operator_s_files_are_private_and_a_demonstration_is_not_served(tmp_path):
    """One database: made, kept and read under the widest umask, then with demonstration data."""
    env, file = settings(tmp_path), tmp_path / "served.sqlite3"
    flask(env, "db", "upgrade")
    assert open_to_others(tmp_path) == []
    file.chmod(0o644)  # as an earlier version left it
    with closing(sqlite3.connect(file)) as held:  # keeps the write-ahead log in being
        held.execute("SELECT count(*) FROM setting").fetchone()
        told = flask(env, "users", "add", "quantri", "--full-name", "Q", "--role", "admin").stdout
        flask(env, "backup", str(tmp_path / "b.zip"))
        assert (tmp_path / "b.zip").exists()
        assert open_to_others(tmp_path) == []
        held.execute("INSERT INTO setting (key, value) VALUES ('demo_data', 'true')")
        held.commit()
    plain = told.split("Mật khẩu lần đầu: ")[1].split()[0]
    assert plain not in (tmp_path / "app.log").read_text()
    run = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:create_app()"]
    run += ["--bind", f"127.0.0.1:{free_port()}"]
    done = subprocess.run(
        run, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode != 0
    assert "DATABASE_URL" in done.stderr


@pytest.mark.parametrize("verb", ["upgrade", "current"])
def test_a_database_of_a_newer_program_is_told_at_the_terminal_too(tmp_path, verb):
    """With the log in a file as well: who types the command reads why it ended."""
    env = settings(tmp_path)
    with closing(sqlite3.connect(tmp_path / "served.sqlite3")) as newer:
        newer.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        newer.execute("INSERT INTO alembic_version VALUES ('9999')")
        newer.commit()
    with pytest.raises(subprocess.CalledProcessError) as refused:
        flask(env, "db", verb)
    for told in (refused.value.stderr, (tmp_path / "app.log").read_text()):
        assert "Can't locate revision identified by '9999'" in told
        assert "start the version that fits" in told
        assert "Traceback" not in told
