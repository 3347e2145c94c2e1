"""Every test that asks for a database runs on SQLite and on PostgreSQL, with real commits.

Between tests SQLite gets a fresh copy of an empty migrated file, PostgreSQL has its tables
emptied; what is dear to make is copied (`made_once`). No application context stays open around
a request: the signed-in person is cached on it, so that a second client would act as the first.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from importlib.metadata import version
from typing import Any

# Some hundred programs are started: they are not to be compiled anew each time.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    sys.dont_write_bytecode = False

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.orm import Session

from admin.access import open_session
from admin.access.sessions import digest_of
from admin.access.sure import sure_of
from models import SignIn, User, db
from models.base import DISTRICT, now
from models.base.checked import watch
from models.exchange.package import load_package
from models.people import hash_password
from tests.browser import DEMO, _browsers, browser, demonstration, page_of, site  # noqa: F401
from tests.databases import KEY, Client, PostgresApp, SqliteApp, folder, used_tables  # noqa: F401
from tests.doors import all_refused, doors  # noqa: F401  fixtures
from tests.factories import make_user
from tests.guard import rules_were_asked  # noqa: F401  holds for every test
from tests.postgres import throw_away_server
from tests.shards_watched import (  # noqa: F401  holds for every test
    needed_by,
    pytest_sessionfinish,
    sound_statements,
    units_stay_together,
)
from tests.sums_watched import what_counts_is_kept  # noqa: F401  of many files of tests


@pytest.fixture(scope="session")
def _applications(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], Any]]:
    made: dict[str, Any] = {}

    def of(kind: str) -> Any:
        if kind not in made:
            if kind == "sqlite":
                made[kind] = SqliteApp(stack.enter_context(folder(tmp_path_factory)))
            else:
                made[kind] = PostgresApp(stack.enter_context(throw_away_server()))
            stays()
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
    assert not real.current_hasher.check_needs_rehash(dummy)
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    names |= {"_hasher": cheap, "_dummy": cheap.hash("a password nobody has")}
    yield real
    names |= {"_hasher": real, "_dummy": dummy}


@pytest.fixture(autouse=True)
def own_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests move the clock of their process; that of the database does not follow."""
    monkeypatch.setattr("models.base.asides.set_by", lambda *_a, **_k: None)


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


class ById(Session):
    """Finds a row of a unit by its id alone, as the application's session does."""

    def get(self, entity: Any, ident: Any, **more: Any) -> Any:
        if isinstance(ident, int) and len(sa.inspect(entity).primary_key) == 2:
            wanted = sa.select(entity).where(entity.id == ident)
            return self.scalars(wanted.execution_options(**more)).one_or_none()
        return super().get(entity, ident, **more)


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """The test's own session, without a scope, to arrange and to look; commit before requests."""
    with ById(engine) as session:
        yield session


@pytest.fixture
def district_session(app: Flask) -> Iterator[Any]:
    """The application's own session, of the whole district: it keeps the lists of open periods
    true.
    """
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        yield own
        own.rollback()


@pytest.fixture
def ruled_session(session: Session) -> Session:
    """The test's own session, asking the rules before it flushes as the application's does."""
    watch(session)
    return session


@pytest.fixture
def made_once(
    session: Session, database: str, _applications: Callable[[str], Any]
) -> Callable[[str, Callable[[], object]], None]:
    """`made_once("march", fill)`: the database as `fill()` leaves it that begins with an empty one.

    It is filled for the first test of a worker that asks; the others get a copy. The session
    knows no row of it, in the first test as in the others: read what is needed.
    """
    holder = _applications(database)

    def make(name: str, fill: Callable[[], object]) -> None:
        session.commit()
        assert used_tables(holder.owner) == [], "it would be made of what this test arranged"
        if not holder.bring(name):
            fill()
            session.commit()
            holder.keep(name)
        session.expunge_all()

    return make


@pytest.fixture
def load_demo(made_once: Callable[..., None], session: Session) -> Callable[[datetime], Session]:
    """`load_demo(AT)`: the demonstration data in the empty database; the test's own session."""

    def load(at: datetime) -> Session:
        made_once(f"demonstration at {at}", lambda: load_package(session, DEMO, at=at, by="test"))
        return session

    return load


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
def count_queries(app: Flask, engine: sa.Engine) -> Callable[[], Any]:
    """`with count_queries() as seen: …` then `len(seen)` statements were sent."""
    with app.app_context():
        engines = {db.engine, engine}

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        for one in engines:
            sa.event.listen(one, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            for one in engines:
                sa.event.remove(one, "before_cursor_execute", note)

    return counting


# They wait most of the time, for servers and networks that do not answer. The first worker begins
# with them one after the other, while the rest keep the processors busy.
WAITING = frozenset({"test_lost_packets", "test_operations", "test_silent_servers", "test_standby"})
# single tests of more than ten seconds: one that began last would keep the other workers waiting
LONG = frozenset(
    {
        "test_bad_input_everywhere",
        "test_browser_imports",
        "test_browser_quarter",
        "test_browser_to_the_cell",
        "test_explain_every_cell",
        "test_kills",
        "test_migrations_with_rows",
        "test_nothing_of_others",
        "test_reports_split",
        "test_second_wall",
    }
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait and files with long tests begin. A test in a browser is tried twice more: on
    a busy machine a key or a click can be lost. The run names it ("rerun"); what fails three times
    fails.
    """
    items.sort(key=lambda item: (item.path.stem not in WAITING, item.path.stem not in LONG))
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))


def stays() -> None:
    """What there is stays until the end: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


def pytest_collection_finish() -> None:
    stays()
    gc.set_threshold(20_000, 20, 20)  # else it takes a seventh of the time


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    needed_by(node)
