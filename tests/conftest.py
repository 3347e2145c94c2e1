"""Every test that asks for a database runs on SQLite and on PostgreSQL, with real commits.

Between tests SQLite gets a fresh copy of an empty migrated file, PostgreSQL has its tables
emptied. No application context stays open around a request: the signed-in person is cached on
it, so that a second client would act as the first.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from admin.access import open_session
from admin.access.sessions import digest_of
from admin.access.sure import sure_of
from app import create_app
from config import Config
from models import Base, SignIn, User, db
from models.base import now, watch
from models.people import hash_password
from tests.browser import browser, page_of, site  # noqa: F401  fixtures
from tests.doors import all_refused, doors  # noqa: F401  fixtures
from tests.factories import make_user
from tests.guard import rules_were_asked  # noqa: F401  holds for every test
from tests.postgres import Server, application_role, throw_away_server

IN_MEMORY = Path("/dev/shm")
KEY = "a key for tests only, never used anywhere else"


def _made(url: str, **more: str) -> Flask:
    app = create_app(Config(secret_key=KEY, database_url=url, environment="testing", **more))
    app.test_client_class = Client
    return app


def _migrated(url: str, **more: str) -> Flask:
    app = _made(url, **more)
    with app.app_context():
        upgrade()
    return app


class SqliteApp:
    """The application on a file that is replaced by an empty one before each test."""

    def __init__(self, folder: Path) -> None:
        self.file, self.empty = folder / "test.sqlite3", folder / "empty.sqlite3"
        self.app = _migrated(f"sqlite:///{self.file}")
        with self.app.app_context():
            self.owner = db.engine
            db.engine.dispose()  # closing the last connection empties the write-ahead log
        shutil.copy(self.file, self.empty)

    def empty_tables(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        shutil.copy(self.empty, self.file)


class PostgresApp:
    """The application on a throw-away server whose tables are emptied before each test.

    It works as a role that owns nothing (docs/operations.md, *Two roles*), so that every test asks
    whether row-level security stands in the way of what is allowed. The tests' own sessions, and
    `owner_app`, are the owner's.
    """

    def __init__(self, server: Server) -> None:
        self.programs = server.programs
        served, role = application_role(server.url)
        self.owner_app = _migrated(server.url, database_role=role)
        self.app = _made(served) if role else self.owner_app
        with self.owner_app.app_context():
            self.owner = db.engine
        self.used = " UNION ALL ".join(
            f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM {table.name})"
            for table in Base.metadata.sorted_tables
        )
        with self.owner.begin() as connection:
            self.is_master = connection.exec_driver_sql(
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
            ).scalar()
            self.sequences = dict(
                connection.exec_driver_sql(
                    "SELECT r.relname, s.relname FROM pg_depend d "
                    "JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' "
                    "JOIN pg_class r ON r.oid = d.refobjid AND d.deptype IN ('a', 'i')"
                )
                .tuples()
                .all()
            )

    def empty_tables(self) -> None:
        """Row by row: of a few rows that is ten times as fast as TRUNCATE, which makes files.

        Only a superuser may do so past triggers and keys; on a server of somebody else it is
        TRUNCATE.
        """
        with self.owner.begin() as connection:
            used = connection.exec_driver_sql(self.used).scalars().all()
            if used and not self.is_master:
                connection.exec_driver_sql(f"TRUNCATE {', '.join(used)} RESTART IDENTITY CASCADE")
            elif used:
                steps = ["SET LOCAL session_replication_role = replica"]  # no triggers, no keys
                steps += [f"DELETE FROM {name}" for name in used]
                steps += [
                    f"SELECT setval('{self.sequences[name]}', 1, false)"
                    for name in used
                    if name in self.sequences
                ]
                connection.exec_driver_sql("; ".join(steps))


@contextmanager
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory, where there is one: a commit waits for no disk there."""
    if os.access(IN_MEMORY, os.W_OK):
        with TemporaryDirectory(prefix="sqlite-", dir=IN_MEMORY) as name:
            yield Path(name)
    else:
        yield tmp_path_factory.mktemp("sqlite")


@pytest.fixture(scope="session")
def _applications(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], Any]]:
    made: dict[str, Any] = {}

    def of(kind: str) -> Any:
        if kind not in made:
            if kind == "sqlite":
                made[kind] = SqliteApp(stack.enter_context(_folder(tmp_path_factory)))
            else:
                made[kind] = PostgresApp(stack.enter_context(throw_away_server()))
        return made[kind]

    with ExitStack() as stack:
        yield of
        for holder in made.values():
            holder.owner.dispose()
            with holder.app.app_context():
                db.engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHash]:
    """Passwords cost next to nothing in tests; this is the hasher that people get."""
    names = hash_password.__globals__
    real, dummy = names["_hasher"], names["_dummy"]
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    names |= {"_hasher": cheap, "_dummy": cheap.hash("a password nobody has")}
    yield real
    names |= {"_hasher": real, "_dummy": dummy}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database of this run of the test."""
    return str(request.param)


@pytest.fixture
def app(database: str, _applications: Callable[[str], Any]) -> Flask:
    """The application on an empty, migrated database."""
    holder = _applications(database)
    holder.empty_tables()
    return holder.app  # type: ignore[no-any-return]


@pytest.fixture
def owner_app(app: Flask, database: str, _applications: Callable[[str], Any]) -> Flask:
    """The application as commands run it that need the owner of the tables."""
    return getattr(_applications(database), "owner_app", app)


@pytest.fixture
def engine(app: Flask, database: str, _applications: Callable[[str], Any]) -> sa.Engine:
    """The database as its owner sees it, whole."""
    return _applications(database).owner  # type: ignore[no-any-return]


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """The test's own session, without a scope, to arrange and to look; commit before requests."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def ruled_session(session: Session) -> Session:
    """The test's own session, asking the rules before it flushes as the application's does."""
    watch(session)
    return session


class Client(FlaskClient):
    """A browser of few words: knows its CSRF token and says what came back when it fails.

    The test's own session is committed around each request: what was arranged is there, and
    what is looked at afterwards is not an old snapshot.
    """

    arranged: Session | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if self.arranged is not None:
            self.arranged.commit()
        reply = super().open(*args, **kwargs)
        if self.arranged is not None:
            self.arranged.commit()
        return reply

    def token(self) -> str:
        with self.session_transaction() as cookie:
            cookie.setdefault("csrf_token", "raw-token-of-the-test")
            raw = cookie["csrf_token"]
        serializer = URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token")
        return str(serializer.dumps(raw))

    def post_form(self, url: str, data: Any = None, **kwargs: Any) -> TestResponse:
        """POST a form with its token."""
        pairs = list(data.items()) if isinstance(data, dict) else list(data or ())
        form: dict[str, Any] = {"csrf_token": self.token()}
        for name, value in pairs:
            if name in form and name != "csrf_token":
                known = form[name]
                form[name] = [*known, value] if isinstance(known, list) else [known, value]
            else:
                form[name] = value
        return self.post(url, data=form, **kwargs)

    def soup(self, url: str, status: int = 200) -> BeautifulSoup:
        """The page at `url`, parsed, after its status was checked."""
        reply = self.get(url)
        assert reply.status_code == status, f"{url}: {reply.status}\n{reply.text[:2000]}"
        return BeautifulSoup(reply.text, "html.parser")


BROWSER = f"Werkzeug/{version('werkzeug')}"


def sign_in(client: FlaskClient, user: User, session: Session) -> None:
    """Give the client an open session of this person, without hashing a password, in which the
    password was just given again; `unsure(client)` takes that back.
    """
    session.commit()
    user_id, identity = user.id, user.get_id()
    session.rollback()  # inside an application context the test's session would take the lock
    with client.application.app_context():
        cookie_content = open_session(db.session.get(User, user_id), at=now(), address="test")
        db.session.flush()
        opened = db.session.get(SignIn, digest_of(cookie_content["sid"]))
        opened.sure_at = now()
        opened.sure_hash = sure_of("sure", address="127.0.0.1", user_agent=BROWSER)
        db.session.commit()
    with client.session_transaction() as cookie:
        cookie.update(cookie_content, sure="sure", _user_id=identity, _fresh=True)
        cookie.permanent = True


def unsure(client: FlaskClient) -> None:
    """The password was not given again in this browser."""
    with client.session_transaction() as cookie:
        del cookie["sure"]


@pytest.fixture
def client_for(app: Flask, session: Session) -> Callable[..., Client]:
    """`client_for("officer")`, `client_for(user)`, `client_for("investor", investor)`, or
    `client_for(None)` for a stranger.
    """

    def make(who: User | str | None, *investors: Any) -> Client:
        client: Client = app.test_client()  # type: ignore[assignment]
        client.arranged = session
        if who is not None:
            user = who if isinstance(who, User) else make_user(session, who)
            if investors:
                user.investors = list(investors)
            sign_in(client, user, session)
        return client

    return make


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], Any]:
    """`with count_queries() as seen: …` then `len(seen)` statements were sent."""
    with app.app_context():
        engine = db.engine

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    return counting
