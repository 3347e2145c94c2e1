"""What is counted in sets, or read by the page, is what one gets unit by unit."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from models import ExpectedReport, Period, db
from models.base import local_day
from models.calendar import Punctuality
from models.duty import standings_of, tallies, tally
from reports.late import late
from reports.review import disbursed_in, review_rows, review_units
from tests.factories import make_investor, make_period, make_submission

LATER = datetime(2024, 7, 20, 5, tzinfo=UTC)


@pytest.fixture
def office(session):
    """Six periods of nine units: some exempt, some extended, some not on the list."""
    chance = Random(12)
    periods = [make_period(session, f"2024-0{n}") for n in range(1, 7)]
    units = [make_investor(session, sort_order=n % 4) for n in range(9)]
    for period in periods:
        for unit in units:
            sent = period.deadline_at + timedelta(days=chance.choice([-3, -1, 2, 90]))
            status = chance.choice(["", "draft", "submitted", "accepted", "returned"])
            if chance.random() < 0.9:
                expected = session.get(ExpectedReport, (unit.id, period.id))
                if expected is None:
                    expected = ExpectedReport(investor_id=unit.id, period_id=period.id)
                    session.add(expected)
                if chance.random() < 0.2:
                    expected.exempt_reason = "Chưa có vốn"
                    if chance.random() < 0.5:
                        expected.exempt_until = date(2024, 4, 30)
                if chance.random() < 0.2:
                    expected.deadline_at = period.deadline_at + timedelta(days=5)
                    expected.deadline_reason = "Gia hạn"
            if status:
                first = None if status == "draft" else sent
                make_submission(
                    session, period=period, investor=unit, status=status, first_submitted_at=first
                )
    session.commit()
    return periods


@pytest.mark.parametrize("bits", [2, 48])
@pytest.mark.parametrize("as_of", [LATER, datetime(2024, 4, 9, tzinfo=UTC)])
def test_many_periods_are_counted_as_one_by_one(session, office, monkeypatch, bits, as_of):
    monkeypatch.setattr(tally, "BITS", bits)
    found = tallies(session, office, as_of=as_of)
    expected, reported, missing = Counter(), Counter(), Counter()
    for one in standings_of(session, office, as_of=as_of):
        expected[one.period.id] += not one.is_exempt
        reported[one.period.id] += one.has_reported and not one.is_exempt
        missing[one.period.id] += one.status is Punctuality.MISSING

    assert sum(missing.values()) > 3
    for period in office:
        told = found[period.id]
        assert (told.expected, told.reported, told.missing) == (
            expected[period.id], reported[period.id], missing[period.id],
        ), local_day(as_of)  # fmt: skip


def test_late_units_are_read_by_the_page(session, office):
    for period in office:
        everyone = late(session, period=period, as_of=LATER, show_all=True)
        whole = [(one.code, one.status) for one in everyone if one.status in {"late", "missing"}]
        found = late(session, period=period, as_of=LATER)
        assert len(found) == len(whole) > 3
        assert [(one.code, one.status) for one in found[1:3]] == whole[1:3]
        assert [(one.code, one.status) for one in found] == whole
        assert [one.no for one in found] == [*range(1, len(whole) + 1)]


def test_review_reads_the_units_of_a_page(session, office):
    for period in office:
        whole = review_rows(session, period=period, as_of=LATER)
        units = review_units(session, period=period, as_of=LATER)

        assert [(one.investor_id, one.state, one.is_overdue) for one in units] == [
            (row.investor.id, row.state, row.is_overdue) for row in whole
        ]
        some = [one.investor_id for one in units[2:5]]
        sums = disbursed_in(session, period)
        for told in (None, sums):
            rows = review_rows(session, period=period, as_of=LATER, units=some, sums=told)
            assert rows == whole[2:5]


def test_no_statement_is_compiled(app, session):
    session.execute(db.select(Period.id))
    if session.get_bind().dialect.name == "postgresql":
        assert session.scalar(db.text("SHOW jit")) == "off"
