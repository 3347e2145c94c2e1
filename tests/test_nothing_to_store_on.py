"""A full disk, a database that can only be read, a clock that jumps: said, and outlived."""

import errno
import sqlite3
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta

import psycopg
import pytest
import sqlalchemy as sa

from models import AuditEntry, Component, db
from models.people import hash_password
from tests.factories import make_user
from tests.forms import typed

FULL, READ_ONLY = "Ổ đĩa của máy chủ đã đầy", "Hệ thống hiện chỉ cho xem"
NEW = "/admin/component/new/"
PASSWORD = "Ruộng-bậc-thang-7"


@contextmanager
def full(app):
    """No page more for SQLite, and the last ones used up; on PostgreSQL its error at a change."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "postgresql":

        def refuse(_c, _cursor, statement, *_rest):
            if statement.startswith("INSERT"):
                raise sa.exc.OperationalError("INSERT", None, psycopg.errors.DiskFull("no space"))

        sa.event.listen(engine, "before_cursor_execute", refuse)
        yield
        sa.event.remove(engine, "before_cursor_execute", refuse)
        return
    with closing(sqlite3.connect(engine.url.database, isolation_level=None)) as raw:
        raw.execute("CREATE TABLE filler (content BLOB)")
        [most] = raw.execute("PRAGMA page_count").fetchone()
        raw.execute(f"PRAGMA max_page_count={most + 3}")
        for size in (4_000, 1_000, 10):
            with suppress(sqlite3.OperationalError):
                while True:
                    raw.execute("INSERT INTO filler VALUES (zeroblob(?))", (size,))
        engine.dispose()

        def limit(connection, *_rest):
            connection.execute(f"PRAGMA max_page_count={most + 3}")

        sa.event.listen(engine, "checkout", limit)
        yield
        sa.event.remove(engine, "checkout", limit)
        raw.execute("DROP TABLE filler")
    engine.dispose()


@contextmanager
def read_only(app):
    """SQLite refuses every change; PostgreSQL is told so, as a standby or an operator would."""
    with app.app_context():
        engine = db.engine
    says = {
        "sqlite": ("PRAGMA query_only=ON", "PRAGMA query_only=OFF"),
        "postgresql": (
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        ),
    }[engine.dialect.name]

    def say(words):
        def tell(connection, *_rest):
            cursor = connection.cursor()
            cursor.execute(words)
            cursor.close()
            if engine.dialect.name == "postgresql":
                connection.commit()

        return tell

    tell = say(says[0])
    sa.event.listen(engine, "checkout", tell)
    yield
    sa.event.remove(engine, "checkout", tell)
    engine.dispose()


@pytest.mark.parametrize(("place", "said"), [(full, FULL), (read_only, READ_ONLY)])
def test_what_cannot_be_stored_is_said_kept_on_the_page_and_saved_later(
    app, session, client_for, place, said
):
    admin = client_for("admin")
    form = typed(
        admin.soup(NEW),
        code="TDA9",
        name="Tiểu dự án chín" + " dài" * 225,  # more than there is room for
        short_name="TDA 9",
        valid_from="01/01/2021",
    )
    form |= {"csrf_token": admin.token()}
    session.rollback()
    admin.arranged = None
    with place(app):
        reply = admin.post(NEW, data=form)
        assert (reply.status_code, reply.headers.get("Retry-After")) == (503, "60")
        assert said in reply.text
        assert "Tiểu dự án chín" in reply.text
        assert admin.get("/admin/component/").status_code == 200  # reading goes on
        assert admin.get("/readyz").status_code == 200
    session.rollback()
    trail = sa.select(AuditEntry).where(AuditEntry.resource == "component")
    assert session.scalars(sa.select(Component)).all() == session.scalars(trail).all() == []
    session.rollback()
    assert admin.post(NEW, data=form).status_code == 302
    session.rollback()
    assert session.scalars(sa.select(Component.code)).all() == ["TDA9"]


@pytest.mark.parametrize(("place", "said"), [(full, "Ổ đĩa"), (read_only, "chỉ cho đọc")])
def test_a_command_says_it_in_a_sentence(app, session, place, said):
    session.rollback()
    with place(app):
        for number in range(99):  # the last places in pages that are there
            name = ["users", "add", f"moi{number}", "--full-name", "Người mới " * 15]
            told = app.test_cli_runner().invoke(args=[*name, "--role", "officer"])
            if told.exit_code:
                break
    assert told.exit_code == 1
    assert said in told.output


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_upload_that_finds_no_room_is_said(client_for, monkeypatch):
    admin = client_for("admin")
    form = {"csrf_token": admin.token(), "kind": "projects"}

    def no_room(*_args, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", no_room)

    parts = [f'name="{name}"\r\n\r\n{value}' for name, value in form.items()]
    parts.append('name="file"; filename="a.csv"\r\n\r\n' + "x" * 600_000)
    body = "".join(f"--b\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    reply = admin.post(
        "/admin/imports/new",
        data=body.encode() + b"--b--\r\n",
        content_type="multipart/form-data; boundary=b",
    )
    assert (reply.status_code, reply.headers.get("Retry-After")) == (503, "60")
    assert FULL in reply.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("where", ["copy", "pack"])
def test_a_backup_that_finds_no_room_leaves_nothing_that_looks_like_one(
    app, tmp_path, monkeypatch, where
):
    def no_room(*_args, **_more):
        if where == "copy":
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = 13
            raise error
        raise OSError(errno.ENOSPC, "No space left on device")

    name = "_copy_sqlite" if where == "copy" else "zipfile.ZipFile"
    monkeypatch.setattr(f"models.exchange.backup.{name}", no_room)
    told = app.test_cli_runner().invoke(args=["backup", "--keep", "7d", str(tmp_path)])
    assert told.exit_code == 1
    assert "Traceback" not in told.output
    assert told.exception is None or isinstance(told.exception, SystemExit)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def jump(monkeypatch):
    """`jump(days=-1)`: the clock of the machine is set to another time."""
    real = datetime

    def to(**by):
        class Set(real):
            @classmethod
            def now(cls, tz=None):
                return real.now(tz) + timedelta(**by)

        monkeypatch.setattr("models.base.clock.datetime", Set)

    return to


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_clock_that_jumps_ends_sign_ins_and_breaks_nothing(session, client_for, jump, days):
    officer = client_for(
        make_user(session, "officer", username="chi", password_hash=hash_password(PASSWORD))
    )
    assert officer.get("/admin/component/").status_code == 200
    jump(days=days)
    assert officer.get("/admin/component/").status_code in (302, 401)
    again = client_for(None)
    form = {"username": "chi", "password": PASSWORD}
    assert again.post_form("/login", form | {"password": "sai mật khẩu rồi"}).status_code in (
        200,
        401,
        422,
    )
    assert again.post_form("/login", form).status_code == 302
    for address in ("/admin/", "/admin/review/", "/admin/component/", "/readyz"):
        assert again.get(address).status_code == 200, address
    jump(days=0)
    assert again.get("/admin/component/").status_code in (200, 302, 401)


def test_guesses_of_a_clock_that_was_wrong_make_nobody_wait(session, client_for, jump):
    make_user(session, "officer", username="chi", password_hash=hash_password(PASSWORD))
    session.commit()
    client, wrong = client_for(None), {"username": "chi", "password": "sai mật khẩu rồi"}
    jump(days=400)
    client.post_form("/login", wrong)
    jump(days=0)
    right = client.post_form("/login", wrong | {"password": PASSWORD})
    assert right.status_code == 302
