"""Two at once, in a chosen order: one stops before its n-th statement until the other is through.

The other is through when it has ended or waits for a lock that the first one holds. Nothing is
timed: PostgreSQL itself is asked whether somebody waits.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask

from models import DISTRICT, Actor, RuleBroken, Scope, act_as, db

PATIENCE = 20  # seconds until a test fails instead of hanging; nothing depends on it
Work = Callable[[Any], Any]


def sqlite_takes_writes(engine: sa.Engine) -> bool:
    """Whether somebody else could write to the file at this moment."""
    with closing(sqlite3.connect(str(engine.url.database), timeout=0)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


@contextmanager
def _watched(app: Flask) -> Iterator[sa.Engine]:
    """While it lasts, each thread of a race is told of its statements before they are sent."""

    def note(*_args: Any) -> None:
        run = threading.current_thread()
        if isinstance(run, Run):
            run.step()

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield engine
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


class Run(threading.Thread):
    """One piece of work in a session of its own; `error` is what refused it, if anything did."""

    def __init__(
        self, app: Flask, work: Work, *, scope: Scope | None, stop_before: int | None
    ) -> None:
        super().__init__(daemon=True)
        self.app, self.work, self.scope, self.stop_before = app, work, scope, stop_before
        self.statements = 0
        self.reached, self.go = threading.Event(), threading.Event()
        self.result: Any = None
        self.waited = False  # whether it had to wait for the other
        self.error: BaseException | None = None

    def run(self) -> None:
        if self.scope is None:  # a request: it makes its own context and session
            try:
                self.result = self.work(None)
            except BaseException as error:
                self.error = error
            finally:
                self.reached.set()
            return
        with self.app.app_context():
            try:
                session = db.session()
                session.enter(self.scope)
                act_as(Actor(None, "race"))
                self.result = self.work(session)
                session.commit()
            except BaseException as error:
                self.error = error
                db.session.rollback()
            finally:
                self.reached.set()

    def step(self) -> None:
        if self.statements == self.stop_before:
            self.reached.set()
            assert self.go.wait(PATIENCE)
        self.statements += 1


def race(
    app: Flask,
    first: Work,
    second: Work,
    *,
    stop_before: int,
    first_scope: Scope | None = DISTRICT,
    second_scope: Scope | None = DISTRICT,
) -> tuple[Run, Run]:
    """`first` stops before its statement number `stop_before`; then `second` runs."""
    one = Run(app, first, scope=first_scope, stop_before=stop_before)
    two = Run(app, second, scope=second_scope, stop_before=None)
    with _watched(app) as engine:
        one.start()
        assert one.reached.wait(PATIENCE)
        two.start()
        for _look in range(PATIENCE * 200):
            if not two.is_alive() or _somebody_waits(engine):
                break
            two.join(0.005)
        two.waited = two.is_alive()
        one.go.set()
        for run in (one, two):
            run.join(PATIENCE)
            assert not run.is_alive(), "two transactions wait for each other"
    return one, two


def _somebody_waits(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        return bool(
            connection.exec_driver_sql(
                "SELECT 1 FROM pg_stat_activity "
                "WHERE wait_event_type = 'Lock' AND datname = current_database()"
            ).first()
        )


def count_statements(app: Flask, work: Work, *, scope: Scope = DISTRICT) -> int:
    """How many statements the work sends when nobody is in its way; it is undone."""

    def undone(session: Any) -> None:
        work(session)
        raise _Undo

    run = Run(app, undone, scope=scope, stop_before=None)
    with _watched(app):
        run.start()
        run.join(PATIENCE)
    assert isinstance(run.error, _Undo | RuleBroken), run.error
    return run.statements


class _Undo(Exception):
    pass
