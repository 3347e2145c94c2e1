"""A running server and its database killed (-9) in the middle of what they do, again and again."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any, Protocol

import click
import sqlalchemy as sa
from flask import Flask

from app import create_app
from config import Config
from models import Investor, db
from tests.cluster import cluster
from tests.crowd import Person, arrange, cookie_of, faults
from tests.crowd_office import LOCKED, Office, office_faults
from tests.durable_postgres import durable_server
from tests.factories import make_component, make_period, make_user
from tests.pair import pair
from tests.postgres import application_role, with_role
from tests.served import Served, served, settings, wait_until


class Killed(Protocol):
    """A database that can be killed, and what brings work back then."""

    url: str

    def kill(self) -> None: ...

    def start(self) -> None: ...


PLACES: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "postgresql": durable_server,
    "pair": pair,
    "patroni": cluster,
}


def children_of(process: int) -> list[int]:
    return [
        int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def workers_of(server: Served) -> list[int]:
    """The processes that answer requests."""
    return children_of(server.process.pid)


def kill_worker(server: Served, _cluster: Killed | None, dice: Random) -> None:
    os.kill(dice.choice(workers_of(server)), signal.SIGKILL)
    wait_until(lambda: len(workers_of(server)) >= 2, "the next worker")


def kill_server(server: Served, _cluster: Killed | None, dice: Random) -> None:
    """The parent of the workers, which end by themselves or with it; then it is started again,
    as systemd does.
    """
    workers = workers_of(server)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    for one in workers if dice.random() < 0.5 else ():
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    wait_until(lambda: not any(Path(f"/proc/{one}").exists() for one in workers), "workers end")
    server.start()
    wait_until(server.answers, "the server answers again")


def kill_database(_server: Served, cluster: Killed | None, _dice: Random) -> None:
    """All of PostgreSQL at once; it recovers from its log when it is started again."""
    if cluster is None:
        raise AssertionError("only a database server of our own is killed")
    cluster.kill()
    cluster.start()


KILLS: dict[str, Callable[[Served, Killed | None, Random], None]] = {
    "worker": kill_worker,
    "server": kill_server,
    "database": kill_database,
}


@contextmanager
def place(kind: str) -> Iterator[tuple[Killed | None, dict[str, str]]]:
    """A PostgreSQL that forgets nothing with the addresses of the role that owns nothing and of
    the owner, as production has them; or nothing for the file of SQLite.
    """
    with ExitStack() as stack:
        if kind == "sqlite":
            yield None, {}
        else:
            found: Killed = stack.enter_context(PLACES[kind]())
            bound, role = application_role(found.url)
            more = {"DATABASE_URL": bound, "DATABASE_OWNER_URL": found.url}
            if reads := getattr(found, "read_url", ""):
                more["DATABASE_READ_URL"] = with_role(reads, role)
            yield found, more


def open_office(app: Flask, people: list[Person]) -> Office:
    """An officer, and a second month to be locked."""
    with app.app_context():
        with sa.orm.Session(db.engine) as session:
            make_period(session, LOCKED)
            part = make_component(session).name
            user = make_user(session, "officer")
            unit = session.get(Investor, people[0].unit_id)
            session.commit()
            told = user.id, user.get_id(), unit.name
        cookie = cookie_of(app, told[0], told[1])
        db.session.commit()
    units = [one.unit_id for one in people]
    return Office(0, cookie, units=units, unit_name=told[2], part_name=part)


def drill(
    folder: Path, *, people: int, kills: Iterable[str], seed: int, kind: str
) -> dict[str, object]:
    """Each of `kills` is carried out while `people` save and send, and the office gives back,
    locks and imports; what is there then.

    `wrong` names every acknowledged act that is lost, half, or not as the audit trail tells it.
    """
    dice, is_over, killed = Random(seed), threading.Event(), 0
    away: list[float] = []
    with place(kind) as (cluster, more), served(folder, **more) as server:
        with click.Context(click.Command("drill")):  # may own the tables, as it serves nobody
            app = create_app(Config.from_env(settings(folder, **more)))
        crowd = arrange(app, people)
        office = open_office(app, crowd)

        def save(one: Person, chance: Random) -> None:
            while not is_over.is_set():
                action = "send" if chance.random() < 0.2 else "save"
                if not one.save(server.port, action=action):
                    is_over.wait(0.2)

        def manage() -> None:
            while not is_over.is_set():
                office.work(server.port)
                is_over.wait(0.2)

        threads = [
            threading.Thread(target=save, args=(one, Random(dice.random()))) for one in crowd
        ] + [threading.Thread(target=manage)]
        for thread in threads:
            thread.start()
        try:
            for victim in kills:
                before = sum(one.saved for one in crowd)
                wait_until(lambda before=before: sum(one.saved for one in crowd) > before, "a save")
                is_over.wait(dice.random() * 0.5)
                began = time.monotonic()
                KILLS[victim](server, cluster, dice)
                killed += 1
                wait_until(lambda began=began: any(one.saved_from > began for one in crowd), "work")
                away.append(round(time.monotonic() - began, 2))
            told = office.locks, len(office.imported)
            wait_until(
                lambda: office.locks > told[0] and len(office.imported) > told[1],
                "a lock and an import after the last kill",
            )
        finally:
            is_over.set()
            for thread in threads:
                thread.join()
        wait_until(server.answers, "the server answers")
        office.give_back(server.port)
        for one in crowd:
            one.save(server.port, action="send")
        with app.app_context():
            wrong = faults(db.engine, crowd) + office_faults(db.engine, office, crowd)
            db.engine.dispose()
        check = app.test_cli_runner().invoke(args=["check"])
        with app.app_context():
            db.engine.dispose()
    return {
        "kills": killed,
        "away": away,  # seconds from each kill until a save begun after it is acknowledged
        "acknowledged": sum(one.saved for one in crowd),
        "sent": sum(one.sent for one in crowd),
        "locks": office.locks,
        "imports": len(office.imported),
        "cut off": sum(one.lost_line for one in [*crowd, office]),
        "wrong": wrong,
        "check": check.exit_code,
    }
