"""What row-level security costs: the report and lists, of the district and of one unit.

    python -m tests.postgres .venv/bin/python -m bench.wall

The district of bench.report, its lists as bare queries and as whole pages; asked in turns by the
role that owns the tables, whom no policy binds, and by one that owns nothing. Prints medians of 15
rounds; ends with 1 where the wall costs more than a tenth, a millisecond aside.
"""

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from app import create_app
from bench import export
from bench.report import PROJECTS, UNITS, YEARS, give_capital
from config import Config
from models import DISTRICT, Obstacle, Period, ProgressEntry, Project, Scope, Submission, User, db
from reports.consolidated import consolidated
from tests.conftest import sign_in
from tests.factories import make_user
from tests.postgres import application_role

ROUNDS = 15
OF_A_UNIT = Scope.of({1})
Ask = Callable[[Any], Any]


def report(session: Any) -> Any:
    period = session.scalars(sa.select(Period).where(Period.code == "2025-12")).one()
    return consolidated(session, period=period, group="investor", detail="project")


def listed(model: Any) -> Ask:
    """A page of a list: how many there are, and twenty of them."""

    def ask(session: Any) -> Any:
        session.scalar(sa.select(sa.func.count()).select_from(model))
        return session.scalars(sa.select(model).order_by(model.id.desc()).limit(20)).all()

    return ask


ASKED: dict[str, tuple[Scope, Ask]] = {"report of the district": (DISTRICT, report)}
for _model in (Project, Submission, ProgressEntry, Obstacle):
    ASKED[f"list of {_model.__tablename__}"] = (DISTRICT, listed(_model))
    ASKED[f"list of {_model.__tablename__}, one unit"] = (OF_A_UNIT, listed(_model))


PAGES = ("/admin/project/", "/admin/submission/", "/admin/entry/", "/admin/obstacle/")


def page_timed(client: FlaskClient, address: str) -> float:
    """A whole page, as an officer asks for it."""
    began = time.perf_counter()
    reply = client.get(address)
    took = (time.perf_counter() - began) * 1000
    if reply.status_code != 200:
        raise SystemExit(f"{address}: {reply.status}")
    return took


def officer_of(app: Flask, user_id: int) -> FlaskClient:
    client = app.test_client()
    with sa.orm.Session(engine_of(app)) as session:
        sign_in(client, session.get_one(User, user_id), session)
    return client


def engine_of(app: Flask) -> sa.Engine:
    with app.app_context():
        return db.engine


def compared(name: str, rounds: Callable[[Flask], float], owner: Flask, bound: Flask) -> bool:
    """Print both medians; whether the wall costs too much."""
    times: dict[Flask, list[float]] = {owner: [], bound: []}
    for _round in range(ROUNDS):
        for app, took in times.items():
            took.append(rounds(app))
    without, with_it = (median(took) for took in times.values())
    print(f"{name}: {without:.1f} ms without, {with_it:.1f} ms with it")
    return with_it > without * 1.1 + 1


def timed(app: Flask, scope: Scope, ask: Ask) -> float:
    with app.app_context():
        session = db.session()
        session.enter(scope)
        session.execute(sa.select(Period.id)).all()  # a connection is there
        began = time.perf_counter()
        ask(session)
        took = (time.perf_counter() - began) * 1000
        session.rollback()
        return took


def main() -> int:
    url = os.environ["DATABASE_URL"]
    served, role = application_role(url)
    known = {"secret_key": "only for measuring", "environment": "testing"}
    owner = create_app(Config(database_url=url, database_role=role, **known))
    bound = create_app(Config(database_url=served, **known))
    export.UNITS, export.PROJECTS, export.MONTHS = UNITS, PROJECTS, 12 * len(YEARS)
    with owner.app_context():
        upgrade()
        with db.engine.begin() as connection:
            export.fill(connection)
            give_capital(connection)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as one:
            one.exec_driver_sql("VACUUM ANALYZE")
    with sa.orm.Session(engine_of(owner)) as session:
        user_id = make_user(session, "officer").id
        session.commit()
    dear = 0
    for name, (scope, ask) in ASKED.items():
        dear += compared(name, partial(timed, scope=scope, ask=ask), owner, bound)
    clients = {app: officer_of(app, user_id) for app in (owner, bound)}
    for address in PAGES:

        def ask_page(app: Flask, address: str = address) -> float:
            return page_timed(clients[app], address)

        dear += compared(f"page {address}", ask_page, owner, bound)
    for app in (owner, bound):
        with app.app_context():
            db.engine.dispose()
    return int(bool(dear))


if __name__ == "__main__":
    sys.exit(main())
