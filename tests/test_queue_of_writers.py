"""Who wants to write on SQLite stands in a queue: a crowd that comes later waits behind."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from models.base import is_busy, locking
from tests.served import wait_until

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PATIENCE = 60_000  # milliseconds


class Turn:
    """The lock of those who wait, which tells how many have come to it."""

    def __init__(self):
        self.lock, self.came = threading.Lock(), 0

    def acquire(self, *, timeout):
        self.came += 1
        return self.lock.acquire(timeout=timeout)

    def release(self):
        self.lock.release()


@pytest.fixture
def turn(monkeypatch):
    found = Turn()
    monkeypatch.setattr(locking, "_TURN", found)
    return found


def write(engine, patience, wrote=None, name=None):
    """Take the lock as a page does when it first writes; gives how long SQLite waits afterwards."""
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
        locking._take_lock(connection, reading=True)
        if wrote is not None:
            wrote.append(name)
        return connection.exec_driver_sql("PRAGMA busy_timeout").scalar()


def test_who_came_first_writes_first(engine, turn):
    wrote: list[int] = []
    with ThreadPoolExecutor(6) as pool:
        with engine.connect() as other:
            other.begin()
            locking._take_lock(other, reading=True)
            waiting = []
            for name in range(6):
                before = turn.came
                waiting.append(pool.submit(write, engine, PATIENCE, wrote, name))
                wait_until(lambda known=before: turn.came > known, "the next one waits")
            assert wrote == []
        assert [one.result(60) for one in waiting] == [PATIENCE] * 6
    assert wrote == list(range(6))


def test_who_waited_long_enough_is_told_so_in_the_queue_and_at_its_head(engine, turn):
    with ThreadPoolExecutor(2) as pool, engine.connect() as other:
        other.begin()
        locking._take_lock(other, reading=True)
        refused = [pool.submit(write, engine, 100) for _ in range(2)]
        for one in refused:
            with pytest.raises(OperationalError) as error:
                one.result(60)
            assert is_busy(error.value)
    assert turn.lock.acquire(blocking=False), "the turn is given back"
    turn.lock.release()
    assert write(engine, 100) == 100


def test_another_fault_than_a_busy_database_is_not_waited_for(engine, turn):
    with engine.connect() as connection:
        connection.begin()
        locking._take_lock(connection, reading=True)
        with pytest.raises(sa.exc.OperationalError, match="within a transaction"):
            locking._take_lock(connection)
    assert turn.lock.acquire(blocking=False)
