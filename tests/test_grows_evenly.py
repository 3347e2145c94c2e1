"""On SQLite the work of a page grows as the office does: four times the units are not sixteen times
the work. Counted are the steps of the database, which a busy machine does not change.
"""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.offices import Size, analyse, fill
from bench.pages import addresses
from models import User, db
from tests.conftest import sign_in

LAST = date(2026, 10, 31)
SMALL, TIMES = 60, 4
EVERY = 100  # steps between two looks
LITTLE = 20_000  # steps; what takes fewer may take as many


@pytest.fixture
def steps_of(_applications, monkeypatch):
    """`steps_of(units)`: address → steps of the database for it, of an office of so many units."""
    steps = [0]

    def look():
        steps[0] += EVERY

    def count(connection, _seconds):
        connection.connection.dbapi_connection.set_progress_handler(look, EVERY)

    holder = _applications("sqlite")
    monkeypatch.setattr("models.base.waiting._cut_off_after", count)

    def counted(units):
        holder.empty_tables()
        with holder.owner.begin() as connection:
            fill(connection, Size(units, projects=3, months=14), LAST)
        with holder.app.app_context():
            analyse()
        client = holder.app.test_client()
        with Session(holder.owner) as session:
            sign_in(
                client, session.scalars(select(User).filter_by(username="bench")).one(), session
            )
        found = {}
        for address in addresses(holder.owner):
            if "&page=" in address:  # another page in a larger office
                continue
            steps[0] = 0
            assert client.get(address).status_code == 200, address
            found[address] = steps[0]
        return found

    yield counted
    with holder.app.app_context():
        db.engine.dispose()  # with what counts on its connections


def test_four_times_the_units_are_not_sixteen_times_the_work(steps_of):
    small, large = steps_of(SMALL), steps_of(TIMES * SMALL)
    assert max(small.values()) > LITTLE
    grown = {one: large[one] / max(steps, LITTLE) for one, steps in small.items()}
    assert {one: times for one, times in grown.items() if times > 1.5 * TIMES} == {}
