"""Nobody waits without end for the database: pages give up in words, commands take longer."""

import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from datetime import date

import pytest
import sqlalchemy as sa

from models import DISTRICT, AuditEntry, Component, db
from models.base import is_busy
from models.base.waiting import OF_COMMANDS
from tests.factories import make_component
from tests.forms import typed
from tests.races import sqlite_takes_writes

SHORT = 0.4  # seconds, in the place of ten


@pytest.fixture
def impatient(app):
    kept = {name: app.config[name] for name in ("DB_LOCK_SECONDS", "DB_STATEMENT_SECONDS")}
    app.config |= dict.fromkeys(kept, SHORT)
    yield
    app.config |= kept


@contextmanager
def held(engine, table):
    """Somebody else holds the table (SQLite: all of them) and goes on holding it."""
    with engine.connect() as other:
        if engine.dialect.name == "sqlite":
            other.exec_driver_sql("ROLLBACK")
            other.exec_driver_sql("BEGIN EXCLUSIVE")
        else:
            other.exec_driver_sql(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        if engine.dialect.name == "sqlite":
            other.exec_driver_sql("ROLLBACK")
            other.exec_driver_sql("BEGIN")


def timed(call):
    began = time.monotonic()
    return call(), time.monotonic() - began


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_page_behind_a_held_lock_says_so_and_other_pages_go_on(engine, session, client_for):
    admin = client_for("admin")
    with held(engine, "component"):
        reply, took = timed(lambda: admin.get("/admin/component/"))
        assert reply.status_code == 503
        assert reply.headers["Retry-After"] == "5"
        assert "Hệ thống đang bận" in reply.text
        assert took < SHORT + 3
        assert admin.get("/admin/period/").status_code == 200
    assert admin.get("/admin/component/").status_code == 200


@pytest.mark.usefixtures("impatient")
def test_what_was_typed_into_a_form_that_could_not_be_saved_stands_on_the_page(
    engine, session, client_for
):
    admin = client_for("admin")
    form = typed(
        admin.soup("/admin/component/new/"),
        code="TDA9",
        name="Tiểu dự án chín",
        short_name="TDA 9",
        valid_from="01/01/2021",
    )
    with held(engine, "component"):
        reply, took = timed(lambda: admin.post_form("/admin/component/new/", form))
    assert reply.status_code == 503
    assert "Tiểu dự án chín" in reply.text
    assert took < SHORT + 3
    assert session.scalars(sa.select(Component)).all() == []
    assert (
        session.scalars(sa.select(AuditEntry).where(AuditEntry.resource == "component")).all() == []
    )


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_statement_of_a_page_that_takes_too_long_is_cut_off(app, engine):
    with app.test_request_context(), pytest.raises(sa.exc.OperationalError) as cut:
        sleep(engine, 20)
    assert is_busy(cut.value)
    with app.app_context():
        sleep(engine, SHORT * 1.5)  # a command goes on


def sleep(engine, seconds):
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_sleep(:s)"), {"s": seconds})


def test_a_command_waits_for_somebody_who_goes_on_after_a_while(app, engine, session, monkeypatch):
    make_component(session)
    session.commit()
    monkeypatch.setitem(app.config, "DB_LOCK_SECONDS", 0.001)
    is_held, told = threading.Event(), threading.Event()

    def hold():
        with held(engine, "component"):
            is_held.set()
            told.wait(20)
            time.sleep(SHORT)

    other = threading.Thread(target=hold)
    other.start()
    assert is_held.wait(20)
    told.set()
    done = app.test_cli_runner().invoke(args=["data", "runs"])
    other.join()
    assert done.exit_code == 0
    assert OF_COMMANDS.lock >= 30


def test_a_connection_that_is_not_free_is_waited_for_and_then_told(app, client_for, monkeypatch):
    admin = client_for("admin")
    with app.app_context():
        engine = db.engine
    monkeypatch.setattr(engine.pool, "_timeout", SHORT)
    all_of_them = engine.pool.size() + engine.pool._max_overflow
    taken = [engine.raw_connection() for _ in range(all_of_them - engine.pool.checkedout())]
    try:
        reply = admin.get("/admin/period/")
    finally:
        for connection in taken:
            connection.close()
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
    assert "Hệ thống đang bận" in reply.text
    assert admin.get("/admin/period/").status_code == 200


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "locks"),
    [
        (sa.select(Component), False),
        (sa.select(Component).with_for_update(), True),
        (sa.text("UPDATE alembic_version SET version_num = version_num"), True),
        (sa.text("WITH c AS (SELECT 1) SELECT * FROM c"), False),
        (sa.text("  delete FROM alembic_version"), True),
    ],
)
def test_a_page_holds_the_lock_of_sqlite_from_its_first_change_on(app, engine, statement, locks):
    with app.test_request_context(method="POST"):
        session = db.session()
        session.enter(DISTRICT)
        assert session.scalars(sa.select(Component)).all() == []
        session.execute(statement)
        assert sqlite_takes_writes(engine) is not locks
        session.rollback()
        session.scalars(sa.select(Component)).all()
        with session.begin_nested():
            session.scalars(sa.select(Component)).all()
            assert not sqlite_takes_writes(engine)
        session.rollback()
        with closing(sqlite3.connect(engine.url.database)) as other:  # after the page has read
            session.scalars(sa.select(Component)).all()
            other.execute("INSERT INTO setting (key, value) VALUES ('other', '1')")
            other.commit()
            session.add(Component(code="A", name="A", short_name="A", valid_from=date(2021, 1, 1)))
            session.commit()


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x", "301", "٣"])
def test_a_limit_that_is_no_number_of_seconds_is_refused_at_the_start(tmp_path, value):
    from config import Config

    with pytest.raises(SystemExit, match="DB_LOCK_SECONDS"):
        Config.from_env({"DB_LOCK_SECONDS": value}, instance_path=tmp_path)
