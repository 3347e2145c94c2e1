"""Servers of the program on machines whose clocks differ by minutes: they go by the database's."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click
import pyotp
import pytest
import sqlalchemy as sa
from itsdangerous import SignatureExpired, URLSafeTimedSerializer
from lxml import html

from admin.access.signed import Stamped
from app import create_app
from config import Config
from models import Period, Submission, User, db
from models.base import clock, drift, now
from models.people import CodeMaker, hash_password, seal
from tests.crowd import PAGE, arrange
from tests.postgres import application_role, throw_away_server
from tests.served import ROOT, TOKEN, served, settings

OFF = 600  # seconds that the clock of the other machine is set forward, or back
PASSWORD = "ba con trâu trắng"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SET = "import os, time_machine\ntime_machine.travel({}, tick=True).start()\n"


def shifted(folder, seconds):
    """The environment of a machine whose clock is set so many seconds forward."""
    place = folder / f"clock{seconds}"
    place.mkdir(exist_ok=True)
    moment = f"__import__('time').time() + {seconds}"
    (place / "sitecustomize.py").write_text(SET.format(moment))
    return {"PYTHONPATH": f"{place}{os.pathsep}{ROOT}"}


@contextmanager
def two_machines(folder, seconds):
    """A server with the right clock and one with another on one database, and who works there."""
    with throw_away_server() as server:
        bound, _role = application_role(server.url)
        address = {"DATABASE_URL": bound, "DATABASE_OWNER_URL": server.url}
        for name in ("right", "other"):
            (folder / name).mkdir()
        with served(folder / "right", **address) as right:
            with click.Context(click.Command("arrange")):
                app = create_app(Config.from_env(settings(folder, DATABASE_URL=server.url)))
            crowd = arrange(app, 2)
            with served(folder / "other", **address, **shifted(folder, seconds)) as other:
                yield app, right, other, crowd
            with app.app_context():
                db.engine.dispose()


def comes_in(app, person, port):
    """Whether name, password and the code of a telephone open the door of that server."""
    with app.app_context(), sa.orm.Session(db.engine) as session:
        user = session.scalars(sa.select(User).where(User.investors.any(id=person.unit_id))).one()
        user.password_hash = hash_password(PASSWORD)
        code = seal(SECRET, app.config["SECOND_STEP_KEYS"])
        session.add(CodeMaker(user_id=user.id, secret=code, last_counter=0, added_at=now()))
        name = user.username
        session.commit()
    person.cookie = (person.cookie[0], "")
    for path, field in (
        ("/login", {"username": name, "password": PASSWORD}),
        ("/login/second", {"code": pyotp.TOTP(SECRET).now()}),
    ):
        [*_others, form] = html.fromstring(person.ask(port, path)[1]).forms
        status, page = person.ask(port, path, dict(form.form_values()) | field)
        assert status in (302, 303), page
    return person.ask(port, PAGE)[0] == 200


@pytest.mark.parametrize("seconds", [-OFF, OFF])
def test_the_clock_of_the_database_decides_who_is_late_and_how_long_a_session_lasts(
    tmp_path, seconds
):
    """The deadline stands between the right time and what the other machine shows."""
    deadline = datetime.now(UTC) + timedelta(seconds=seconds / 2)
    with two_machines(tmp_path, seconds) as (app, right, other, (one, two)):
        with app.app_context(), sa.orm.Session(db.engine) as session:
            session.scalars(sa.select(Period)).one().deadline_at = deadline
            session.commit()
        began = datetime.now(UTC)
        for person, first, second in ((one, right, other), (two, other, right)):
            # a click here, the next one there: nobody is signed out
            assert person.save(first.port)
            assert person.save(second.port)
            assert person.ask(first.port, PAGE)[0] == 200
        assert one.save(other.port, action="send")
        assert two.save(right.port, action="send")
        with app.app_context(), sa.orm.Session(db.engine) as session:
            sent = session.scalars(sa.select(Submission.first_submitted_at)).all()
            moments = session.execute(sa.text("SELECT min(at), max(at) FROM audit_entry")).one()
        assert len(sent) == 2
        for moment in (*sent, *moments):
            assert began - timedelta(seconds=60) < moment < datetime.now(UTC)
            assert (moment > deadline) is (seconds < 0)
        _status, told = other.get("/metrics", Authorization=f"Bearer {TOKEN}")
        [line] = [one for one in told.splitlines() if one.startswith("huulung_clock_drift")]
        assert float(line.split()[1]) == pytest.approx(-seconds, abs=30)
        assert comes_in(app, one, other.port)


@pytest.mark.parametrize("seconds", [0, OFF])
def test_check_says_how_far_the_clock_is_off_and_what_to_do(tmp_path, seconds):
    with throw_away_server() as server:
        env = settings(
            tmp_path, DATABASE_URL=server.url, **(shifted(tmp_path, seconds) if seconds else {})
        )
        for command in (["db", "upgrade"], ["check"]):
            run = [sys.executable, "-m", "flask", "--app", "app", *command]
            done = subprocess.run(
                run, env=env, cwd=ROOT, text=True, capture_output=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
    said = r"Đồng hồ của máy chủ này lệch (5[789]\d|600) giây so với đồng hồ của cơ sở dữ liệu"
    assert bool(re.search(said, done.stdout)) is bool(seconds)
    assert ("timedatectl set-ntp true" in done.stdout) is bool(seconds)


def test_no_more_is_changed_than_an_answer_proves(monkeypatch):
    monkeypatch.setattr(clock, "_ahead", {"seconds": 0.0})
    clock.set_by(1000.4, asked=1000, answered=1001)  # may well be the same
    assert drift() == 0
    clock.set_by(1007, asked=1000, answered=1001)
    assert drift() == 6
    clock.set_by(1015, asked=1002, answered=1012)  # a slow answer: three to thirteen
    assert drift() == 6
    clock.set_by(1002.5, asked=1002, answered=1003)  # set right meanwhile
    assert drift() == 0.5


def test_a_stamp_of_a_server_that_is_a_moment_earlier_is_taken(monkeypatch):
    signed = URLSafeTimedSerializer("key", signer=Stamped)
    monkeypatch.setattr(clock, "_ahead", {"seconds": 3.0})
    early = signed.dumps("one")
    monkeypatch.setattr(clock, "_ahead", {"seconds": 0.0})
    assert signed.loads(early, max_age=10) == "one"
    monkeypatch.setattr(clock, "_ahead", {"seconds": 20.0})
    with pytest.raises(SignatureExpired):
        signed.loads(early, max_age=10)
