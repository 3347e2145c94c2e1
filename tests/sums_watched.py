"""After every test of the files below: what the database keeps of what counts is what the reports
say, whatever doors the test went through. See models/ledger/rollup.py.

And after every request of them: of which units a figure has changed, the audit trail tells. See
reports/facts/kept.py.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask, g, request_started, request_tearing_down
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import DISTRICT, Period, db
from models.ledger import prove_counted
from reports.facts import BASES, forget_sums, keep_sums, prove_sums

# files that go through doors by which figures come, go, move or change their state
WATCHED = frozenset(
    {
        "test_admin_amounts",
        "test_admin_my_report",
        "test_admin_organisation",
        "test_admin_review",
        "test_bring_back",
        "test_imports_undo",
        "test_models_package_whole",
        "test_models_reorganise",
        "test_models_reporting",
        "test_models_sendings",
    }
)


@pytest.fixture(autouse=True)
def what_counts_is_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that left the rollup other than the raw sums."""
    if request.node.path.stem not in WATCHED or "app" not in request.fixturenames:
        yield
        return
    if "cost" in request.node.name:  # it counts statements
        yield
        return
    engine = request.getfixturevalue("engine")
    with changes_are_told(request.getfixturevalue("app"), engine):
        yield
    with Session(engine) as session:
        assert list(prove_counted(session)) == []


@contextmanager
def changes_are_told(app: Flask, engine: sa.Engine) -> Iterator[None]:
    """Sums are made ahead before each request; after it they are right, but for the units of which
    the trail says that something was changed.

    Where nobody committed anything since sums were made, they are those that would be made, and
    there is nothing to prove of a request.
    """
    wrong: list[Any] = []
    made_at: object = None

    def before(_app: Flask, **_more: Any) -> None:
        nonlocal made_at
        if made_at is None or committed() != made_at:
            with _office(app) as session:
                forget_sums(session)
                session.commit()
                for period in session.scalars(select(Period)).all():
                    for basis in BASES:
                        keep_sums(session, period, basis)
                session.commit()
            made_at = committed()
        g.sums_are_made = True

    def after(_app: Flask, **_more: Any) -> None:
        if g.pop("sums_are_made", False) and committed() != made_at:
            db.session.remove()  # as the request leaves it
            with _office(app) as session:
                wrong.extend(prove_sums(session))

    with (
        _commits(engine) as committed,
        request_started.connected_to(before, app),
        request_tearing_down.connected_to(after, app),
    ):
        yield
    assert wrong == []


@contextmanager
def _commits(engine: sa.Engine) -> Iterator[Callable[[], object]]:
    """A function whose answer is another one after every commit that wrote something."""
    url = engine.url
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(url.database), check_same_thread=False)) as own:
            yield lambda: own.execute("PRAGMA data_version").fetchone()
    else:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            asked = "SELECT pg_current_snapshot()::text"
            yield lambda: connection.execute(asked).fetchone()


@contextmanager
def _office(app: Flask) -> Iterator[Any]:
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        yield session
        session.rollback()
