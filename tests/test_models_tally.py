"""What is counted in sets is what weighing each unit by itself gives, whatever the office."""

import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from models.calendar import Punctuality, put_setting
from models.duty import (
    LATE,
    late_standings,
    punctualities,
    standings,
    standings_of,
    tallies,
    times_late,
)
from models.duty.tally import may_be_late
from reports.late import grid, late
from tests.factories import make_expected, make_investor, make_period, make_submission

TAKEN = datetime.fromisoformat("2024-04-16T09:00+07:00")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
AROUND = (-DAY, -SECOND, timedelta(0), timedelta(microseconds=1), SECOND, DAY, DAY + SECOND)
STATUS = ("submitted", "accepted", "returned")


@pytest.fixture(params=range(4))
def office(request, session):
    """Three periods and twelve units, each excused, extended and sent by chance at the boundary."""
    by = random.Random(request.param)
    periods = [make_period(session, code) for code in ("2024-01", "2024-02", "2024-03")]
    units = [make_investor(session) for _ in range(12)]
    put_setting(session, "grace_days", str(by.choice((0, 1, 15))))
    for period in periods:
        for unit in units:
            if by.random() < 0.1:
                continue
            given = {}
            if by.random() < 0.4:
                until = by.choice((None, period.data_to - DAY, period.data_to, date(2030, 1, 1)))
                given |= {"exempt_reason": "Chưa có vốn", "exempt_until": until}
            due = period.deadline_at
            if by.random() < 0.3:
                due = by.choice((due + 2 * DAY, TAKEN + by.choice(AROUND)))
                given |= {"deadline_at": due, "deadline_reason": "Mưa lũ"}
            make_expected(session, period, unit, **given)
            if by.random() < 0.6:
                sent = by.choice((due, TAKEN)) + by.choice(AROUND)
                make_submission(
                    session,
                    period=period,
                    investor=unit,
                    status=by.choice(STATUS),
                    first_submitted_at=sent,
                )
    session.commit()
    return periods


def test_counted_together_and_one_by_one(session, office):
    each = standings_of(session, office, as_of=TAKEN)
    assert {one.status for one in each} >= {Punctuality.LATE, Punctuality.MISSING}
    for period in office:
        late = [one for one in each if one.period.id == period.id and one.status in LATE]
        for most in (None, 1, 2):
            found = late_standings(session, period, as_of=TAKEN, most=most)
            assert found == (late[:most], len(late))
    assert times_late(session, office, as_of=TAKEN) == {
        (s.investor.id, s.period.id): 1 for s in each if s.status in LATE
    }
    assert punctualities(session, office, as_of=TAKEN) == {
        period.id: Counter(s.status for s in each if s.period.id == period.id) for period in office
    }
    found = tallies(session, office, as_of=TAKEN)
    for period in office:
        mine = [one for one in each if one.period.id == period.id]
        one = found[period.id]
        assert one.expected == sum(not s.is_exempt for s in mine)
        assert one.reported == sum(s.has_reported and not s.is_exempt for s in mine)
        assert one.missing == sum(s.status is Punctuality.MISSING for s in mine)


def test_the_late_list_counts_the_year_up_to_its_period(session, office):
    each = standings_of(session, office, as_of=TAKEN)
    for n, period in enumerate(office, 1):
        before = {one.id for one in office[:n]}
        for row in late(session, period=period, as_of=TAKEN, show_all=True):
            mine = [s for s in each if s.investor.code == row.code and s.period.id in before]
            assert row.missed_in_year == sum(s.status in LATE for s in mine)


@pytest.mark.parametrize("most", [1, 5, 11, 12, 13])
def test_the_pages_of_the_grid_are_the_grid(session, office, most):
    whole = grid(session, year=2024, as_of=TAKEN)
    pages = -(-len(whole.rows) // most)
    parts = [grid(session, year=2024, as_of=TAKEN, most=most, page=page) for page in range(pages)]
    assert tuple(row for part in parts for row in part.rows) == whole.rows
    assert [part.page for part in parts] == list(range(pages))
    assert {part.pages for part in parts} == {pages}
    assert (whole.page, whole.pages) == (0, 1)
    beyond = grid(session, year=2024, as_of=TAKEN, most=most, page=99)
    assert beyond.rows == parts[-1].rows


def test_while_everybody_still_has_time_nobody_is_read(session):
    period = make_period(session, "2024-01")
    make_expected(session, period, make_investor(session))
    for moment, many in ((period.deadline_at, 0), (period.deadline_at + SECOND, 1)):
        assert len(standings(session, may_be_late(moment), as_of=moment)) == many
