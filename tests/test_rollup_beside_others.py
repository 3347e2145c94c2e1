"""An amount that changes past every door, while its report is sent or returned: it is counted, or
not, by what the report is in the end. SQLite has one writer at a time.
"""

import pytest
import sqlalchemy as sa

from models import Disbursement
from models.ledger import prove_counted
from tests.factories import make_allocation
from tests.races import count_statements, race
from tests.test_package_beside_reports import give_back, send
from tests.test_two_at_once import Field

AMOUNTS = Disbursement.__table__
pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def put_in(field, other):
    return sa.insert(AMOUNTS).values(
        id=1, investor_id=field.unit_id, entry_id=field.entry_id, allocation_id=other.id,
        advance=0, completed=300_000, recovered=0, returned=0, correction=0,
    )  # fmt: skip


def change(field, _other):
    return sa.update(AMOUNTS).values(completed=400_000)


def move(_field, other):
    return sa.update(AMOUNTS).values(allocation_id=other.id)


def take_out(_field, _other):
    return sa.delete(AMOUNTS)


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("slip", [put_in, change, move, take_out])
@pytest.mark.parametrize(("status", "act"), [("draft", send), ("submitted", give_back)])
def test_an_amount_counts_by_what_its_report_is_in_the_end(
    app, session, status, act, slip, is_first
):
    field = Field(session, status=status)
    other = make_allocation(session, 900_000, project=field.capital.project, source="NST")
    session.commit()
    statement = slip(field, other)

    def past_every_door(own):
        with own.trusted() as connection:
            connection.execute(statement)
            connection.execute(sa.text("SELECT 1"))

    def judged(own):
        act(field, own)
        own.flush()
        own.execute(sa.text("SELECT 1"))

    if is_first:
        one, two = race(app, past_every_door, lambda own: act(field, own), stop_before=1)
    else:
        stop = count_statements(app, judged) - 1
        one, two = race(app, judged, past_every_door, stop_before=stop)
    assert (one.error, two.error) == (None, None)
    assert two.waited
    session.rollback()
    assert list(prove_counted(session)) == []
