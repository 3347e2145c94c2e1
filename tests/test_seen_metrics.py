"""`/metrics` and `/readyz`: what an operator's machines ask for, and what they get in trouble."""

import socket
import sqlite3
import threading
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from admin.seen import probe
from app import create_app
from config import Config
from models import Channel, Delivery, ImportRun, Reminder
from models.base import AuditEntry, now
from models.imports import RunStatus
from tests.factories import make_expected, make_investor, make_period

TOKEN = "a-token-of-the-tests"


@pytest.fixture
def token(app, monkeypatch):
    monkeypatch.setitem(app.config, "METRICS_TOKEN", TOKEN)
    return {"Authorization": f"Bearer {TOKEN}"}


def values(client, token):
    """Every sample by name and labels."""
    reply = client.get("/metrics", headers=token, buffered=True)
    assert reply.status_code == 200
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }


def test_without_a_token_there_is_no_such_page(client_for):
    assert client_for("admin").get("/metrics").status_code == 404


@pytest.mark.parametrize("given", [None, "", "Bearer ", "Bearer wrong", TOKEN, "bearer\u00e9"])
def test_who_does_not_know_the_token_learns_nothing(client_for, token, given):
    headers = {} if given is None else {"Authorization": given}
    reply = client_for("admin").get("/metrics", headers=headers)
    assert reply.status_code == 401
    assert "huulung" not in reply.text


@pytest.mark.parametrize("short", ["x", "x" * 15, "x" * 15 + " "])
def test_a_token_that_can_be_guessed_is_refused(tmp_path, short):
    with pytest.raises(SystemExit, match="METRICS_TOKEN"):
        Config.from_env({"METRICS_TOKEN": short}, instance_path=tmp_path)


def test_requests_are_counted_by_action_and_status(client_for, token):
    client = client_for("officer")
    before = values(client, token)
    client.get("/admin/", buffered=True)
    client.get("/nowhere/at/all", buffered=True)
    after = values(client, token)

    def more(*key):
        return after[key] - before.get(key, 0)

    assert more("huulung_requests_total", "200", "GET", "admin.index") == 1
    assert more("huulung_requests_total", "404", "GET", "none") == 1
    assert more("huulung_request_seconds_count", "admin.index") == 1
    assert not any("/nowhere" in part for key in after for part in map(str, key))
    assert after["huulung_database_connections", "open"] >= 1
    assert after["huulung_database_connections", "in use"] >= 1


def test_a_database_that_is_away_takes_nothing_off_the_connections_in_use(client_for, token):
    """The pool tells of a connection given back that never came to be again."""
    away = []

    def connect():
        if away:
            raise sqlite3.OperationalError("away")
        return sqlite3.connect(":memory:")

    client = client_for("officer")
    before = values(client, token)
    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.QueuePool)
    with engine.connect() as connection:
        connection.invalidate()
    away.append(True)
    for _ in range(2):
        with pytest.raises(sa.exc.OperationalError):
            engine.connect()
    after = values(client, token)
    key = ("huulung_database_connections", "in use")
    assert after[key] == before[key]


def test_late_units_mails_imports_and_the_age_of_the_backup_are_told(
    app, client_for, session, token
):
    client = client_for(None)
    assert values(client, token)["huulung_backup_age_seconds",] == float("inf")
    period = make_period(session, deadline_at=now() - timedelta(days=1))
    units = [make_investor(session) for _ in range(3)]
    for unit in units:
        make_expected(session, period, unit)
    for unit, delivery in zip(units, (*[Delivery.SENT] * 2, Delivery.FAILED), strict=True):
        session.add(
            Reminder(
                investor_id=unit.id,
                period_id=period.id,
                step="due",
                channel=Channel.MAIL,
                recipient="a@b.example",
                at=now(),
                user_name="x",
                delivery=delivery,
            )
        )
    session.add(
        ImportRun(
            kind="monthly", status=RunStatus.BROKEN, file_name="x", sha256="x", size=1, ask={},
            user_name="x", started_at=now(),
        )
    )  # fmt: skip
    session.add_all(
        AuditEntry(
            id=number, at=now() + timedelta(hours=hours), user_name="backup", action="backup",
            resource="database", row_id="", changes={},
        )
        for number, hours in ((1_000, -2), (1_001, 8_000))  # the clock was a year ahead for a while
    )  # fmt: skip
    session.commit()
    told = values(client, token)
    assert told["huulung_late_units", period.code] == 3
    assert told["huulung_mails", "sent"] == 2
    assert told["huulung_mails", "failed"] == 1
    assert told["huulung_imports", "broken"] == 1
    assert 7190 < told["huulung_backup_age_seconds",] < 7300
    assert told["huulung_database_up",] == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_is_noted_so_that_its_age_is_known(app, session, tmp_path, client_for, token):
    done = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "b.zip")])
    assert done.exit_code == 0, done.output
    assert 0 <= values(client_for(None), token)["huulung_backup_age_seconds",] < 60


# ---------------------------------------------------------------- ready, or not


def test_ready_is_said_in_one_word(client_for):
    reply = client_for(None).get("/readyz")
    assert (reply.status_code, reply.text) == (200, "ready\n")


@pytest.fixture
def patience(monkeypatch):
    """A short one: half a second."""
    look, within = probe._look, probe._within
    monkeypatch.setattr(probe, "_look", lambda engine, _patience: look(engine, 0.5))
    monkeypatch.setattr(probe, "_within", lambda _patience, ask: within(0.5, ask))


@contextmanager
def everything_locked(engine):
    """Somebody holds the table of accounts, as a migration or a careless console does."""
    with engine.connect() as other:
        other.execute(sa.text("LOCK TABLE user_account IN ACCESS EXCLUSIVE MODE"))
        yield
        other.rollback()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_open_lock_on_a_table_of_every_page_is_not_ready(
    app, engine, client_for, session, token, patience
):
    session.rollback()
    other = sa.create_engine(engine.url)
    client = client_for(None)
    with everything_locked(other):
        began = now()
        reply = client.get("/readyz")
        assert (reply.status_code, reply.text) == (503, "database\n")
        told = values(client, token)
        assert told["huulung_database_up",] == 0
        assert ("huulung_backup_age_seconds",) not in told
        assert (now() - began).total_seconds() < 5
    other.dispose()
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_writer_does_not_make_sqlite_unready(engine, client_for):
    with closing(sqlite3.connect(engine.url.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert client_for(None).get("/readyz").status_code == 200


@pytest.fixture
def silent_server():
    """Takes connections and never says a word, as a machine that hangs does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_database_that_hangs_is_not_ready_within_a_bound(silent_server, patience, tmp_path):
    app = create_app(
        Config(
            secret_key="k" * 40,
            environment="testing",
            database_url=f"postgresql+psycopg://x@127.0.0.1:{silent_server}/x?connect_timeout=2",
        )
    )
    client, began = app.test_client(), now()
    for _ in range(2):  # the second asks while the first question still hangs
        reply = client.get("/readyz")
        assert (reply.status_code, reply.text) == (503, "database\n")
    assert client.get("/healthz").status_code == 200
    assert (now() - began).total_seconds() < 6
    for thread in threading.enumerate():
        if thread.name == "ready?":
            assert thread.daemon  # does not hold up a stop
            thread.join()


def test_a_database_that_is_away_is_not_ready(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    app = create_app(
        Config(
            secret_key="k" * 40,
            environment="testing",
            database_url=f"postgresql+psycopg://x@127.0.0.1:{port}/x",
        )
    )
    reply = app.test_client().get("/readyz")
    assert (reply.status_code, reply.text) == (503, "database\n")
    assert str(port) not in reply.text


def test_another_schema_is_not_ready(app, engine, client_for):
    client = client_for(None)
    with engine.begin() as connection:
        old = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        reply = client.get("/readyz")
        assert (reply.status_code, reply.text) == (503, "migration\n")
    finally:
        with Session(engine) as session:
            session.execute(sa.text("UPDATE alembic_version SET version_num = :old"), {"old": old})
            session.commit()
