"""Keys of owned rows: no two are equal, whoever makes them, however many at once."""

import multiprocessing
import time
from array import array
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from config import Config
from models import DISTRICT, Project, db
from models.base import ids, new_id
from tests.databases import KEY
from tests.factories import make_component, make_investor, make_project
from tests.pooler import pooled

PROCESSES, EACH = 16, 62_500


def _make(app, channel):
    """A process of an app server: many ids, and the blocks change in between."""
    if app is None:
        made = array("q", (new_id() for _ in range(EACH)))
    else:
        with app.app_context():
            db.engine.dispose(close=False)  # connections are not shared with the parent
            made = array("q", (new_id() for _ in range(EACH)))
            db.session.rollback()  # numbers are not given back with what was not written
    channel.send_bytes(made.tobytes())
    channel.close()


@pytest.mark.parametrize("place", ["the database", "no database"])
def test_a_million_ids_of_sixteen_processes_are_all_different(app, place):
    fork = multiprocessing.get_context("fork")
    found, channels = [], []
    with app.app_context() if place == "the database" else nullcontext():
        found.append(new_id())  # a block is held as the processes are forked
    for _ in range(PROCESSES):
        ours, theirs = fork.Pipe(duplex=False)
        told = app if place == "the database" else None
        fork.Process(target=_make, args=(told, theirs)).start()
        theirs.close()
        channels.append(ours)
    for channel in channels:
        made = array("q")
        made.frombytes(channel.recv_bytes())
        found.extend(made)
    assert len(found) == PROCESSES * EACH + 1
    assert len(set(found)) == len(found)
    assert min(found) > 0
    assert max(found) < 2**53


def test_ids_of_later_seconds_are_greater_whichever_process_makes_them(app, monkeypatch):
    monkeypatch.setattr(ids, "LEASE", 0.0)
    with app.app_context():
        made = []
        for _ in range(5):
            made += [new_id()]
            ids._held.clear()  # as another process
        db.session.rollback()
    assert made == sorted(made)
    assert len({one // ids.BLOCK for one in made}) == 5


def test_a_row_gets_its_id_by_its_own_connection_and_a_rollback_gives_none_back(app, session):
    unit, component = make_investor(session), make_component(session)
    first = make_project(session, investor=unit, component=component)
    session.flush()
    gone = first.id
    session.rollback()
    ids._held.clear()
    unit, component = make_investor(session), make_component(session)
    again = make_project(session, investor=unit, component=component)
    session.flush()
    assert again.id > gone


def test_the_file_of_blocks_may_be_lost_and_the_clock_put_back(tmp_path, monkeypatch):
    place = str(tmp_path / "x-ids")
    first = ids._step_of_file(place)
    monkeypatch.setattr("time.time_ns", lambda: 1_600_000_000 * 10**9)
    assert ids._step_of_file(place) == first + 2
    monkeypatch.undo()
    Path(place).unlink()
    time.sleep(0.005)  # faster than a step for each millisecond nobody makes rows
    assert ids._step_of_file(place) > first + 2
    assert ids._step_of_file(place) % 2 == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_ends_as_a_number_is_asked_for_is_said_to_be_gone(engine):
    """An error of the driver alone would be a fault of the program on its page."""
    with engine.connect() as own, engine.connect() as other:
        process = own.scalar(sa.text("SELECT pg_backend_pid()"))
        other.execute(sa.text("SELECT pg_terminate_backend(:process)"), {"process": process})
        with pytest.raises(sa.exc.OperationalError, match="nextval"):
            ids._step_of_sequence(own)
        assert own.invalidated
        own.rollback()
        assert ids._step_of_sequence(own) > 0


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_behind_a_pooler_of_one_connection_nobody_waits_for_a_second_one(app, session):
    unit, component = make_investor(session), make_component(session)
    unit_id, component_id = unit.id, component.id
    session.commit()
    with pooled(app.config["SQLALCHEMY_DATABASE_URI"]) as address:
        behind = create_app(Config(secret_key=KEY, database_url=address, environment="testing"))
        with behind.app_context():
            for _ in range(8):  # a driver prepares what it was asked five times
                ids._held.clear()
                own = db.session()
                own.enter(DISTRICT)
                number = new_id()
                own.add(
                    Project(id=number, code=str(number), name="x", investor_id=unit_id,
                            component_id=component_id, start_on=date(2024, 1, 1), status="active")
                )  # fmt: skip
                own.commit()
            db.engine.dispose()
    assert session.scalar(sa.select(sa.func.count()).select_from(Project)) == 8
