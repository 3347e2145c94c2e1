"""The figures of the first page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models import Investor, Period
from reports.home import latest_period, overview, tasks
from tests.factories import make_expected, make_period, make_reopening, make_submission

TAKEN = datetime(2024, 4, 16, 2, tzinfo=UTC)


@pytest.fixture
def march(session, load_demo):
    load_demo(TAKEN)
    return session.query(Period).filter_by(code="2024-03").one()


def test_the_line_of_the_year_ends_at_the_total(session, march):
    found = overview(session, period=march, as_of=TAKEN)
    assert found.lines[0].values[2] == found.total.disbursed_total == 2_299_845_679
    assert found.lines[0].values[3:] == (None,) * 9
    assert {one.investor.code for one in found.overdue} == {"P-VHTT", "X-06388", "X-06391"}


def test_the_newest_period_that_has_ended_is_shown(session):
    make_period(session, "2024-03")
    make_period(session, "2024-04")
    assert latest_period(session, today=date(2024, 4, 16)).code == "2024-03"
    assert latest_period(session, today=date(2024, 1, 1)).code == "2024-04"


def test_a_unit_has_to_send_what_it_has_not_sent(session, march):
    unit = session.query(Investor).filter_by(code="X-06391").one()
    found = [one for one in tasks(session, investors=[unit.id], as_of=TAKEN) if one.is_to_do]
    assert [(one.period.code, one.standing.days_left) for one in found] == [("2024-03", -7)]


def test_a_unit_has_to_correct_what_it_sent_in_a_locked_period_that_is_reopened_for_it(session):
    """Until it has sent again, or the hour is over; nobody else has to."""
    period = make_period(session, "2024-03", status="locked", lock_at=TAKEN)
    sent = [make_submission(session, period=period, status="accepted") for _ in range(2)]
    for one in sent:
        make_expected(session, period, session.get(Investor, one.investor_id))
    first, _second = units = [one.investor_id for one in sent]

    def asked(at):
        found = tasks(session, investors=units, as_of=at)
        return [one.investor.id for one in found if one.is_to_do]

    later = TAKEN + timedelta(hours=2)
    assert asked(later) == []
    make_reopening(
        session,
        period=period,
        investor=session.get(Investor, first),
        from_at=TAKEN + timedelta(hours=1),
        until_at=TAKEN + timedelta(hours=9),
    )
    assert [asked(TAKEN), asked(later), asked(TAKEN + timedelta(hours=9))] == [[], [first], []]
    sent[0].last_submitted_at = later
    session.flush()
    assert asked(later + timedelta(minutes=1)) == []
