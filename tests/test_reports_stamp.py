"""Nothing that a frozen report says changes unseen while it is computed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.calendar import put_setting
from models.duty import extend_deadline, open_period, override_deadline, set_exemption
from reports.facts import stamp
from tests.factories import (
    make_allocation,
    make_capital_term,
    make_decision,
    make_expected,
    make_investor,
    make_period,
)

CHANGES = {
    "the term of a vintage": lambda session, *_rows: make_capital_term(session),
    "a decision": lambda session, *_rows: make_decision(session),
    "capital carried on into the next year": lambda session, *_rows: make_allocation(
        session, budget_year=2025, vintage=2024
    ),
    "the deadline of all": lambda session, period, _first, _second: override_deadline(
        session,
        period,
        deadline_at=period.deadline_at + timedelta(days=2),
        reason="Mất điện",
    ),
    "a deadline before the latest": lambda session, _period, _first, second: extend_deadline(
        session, second, deadline_at=datetime(2024, 4, 12, tzinfo=UTC), reason="Bão"
    ),
    "the end of an exemption": lambda session, _period, first, _second: set_exemption(
        session, first, reason="Không có dự án", until=date(2024, 12, 31)
    ),
    "the days of grace": lambda session, *_rows: put_setting(session, "grace_days", "2"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_stamp_sees_what_moves_a_duty(session, change):
    period = make_period(session, "2024-03")
    first = make_expected(
        session,
        period,
        make_investor(session),
        exempt_reason="Không có dự án",
        deadline_at=datetime(2024, 4, 20, tzinfo=UTC),
        deadline_reason="Bão",
    )
    second = make_expected(session, period, make_investor(session))
    session.flush()
    before = stamp(session, period)
    assert stamp(session, period) == before
    change(session, period, first, second)
    session.flush()
    assert stamp(session, period) != before


OF_MONTHS = {
    "a unit is freed in a month": lambda session, duty: set_exemption(
        session, duty, reason="Không có dự án", until=None
    ),
    "a month is opened": lambda session, _duty: make_period(session, "2024-02"),
}


@pytest.mark.parametrize("change", OF_MONTHS.values(), ids=OF_MONTHS)
def test_the_stamp_of_a_quarter_sees_what_its_months_owe(session, change):
    quarter = open_period(session, "2024-Q1", at=datetime(2024, 4, 5, tzinfo=UTC))
    duty = make_expected(session, make_period(session, "2024-01"), make_investor(session))
    before = stamp(session, quarter)
    assert stamp(session, quarter) == before
    change(session, duty)
    session.flush()
    assert stamp(session, quarter) != before
