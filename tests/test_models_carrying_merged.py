"""Capital of several years through a real merger: nothing is lost and nothing is asked twice."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from models import Actor, Allocation, RuleBroken
from models.filing import read_sheet
from models.filing.checks import check_ledger
from models.reorganisation import Act, merge
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_line,
    make_period,
    make_project,
    make_submission,
)


@pytest.fixture
def session(district_session):
    return district_session


@pytest.fixture
def carried(session):
    """1.000 đồng of 2024 with an advance of 300, and the 700 that were carried into 2025."""
    project = make_project(session, end_on=date(2025, 12, 31))
    source = make_allocation(session, 1_000, project=project)
    june = make_submission(
        session,
        period=make_period(session, "2024-06"),
        investor=project.investor,
        status="accepted",
    )
    make_disbursement(
        session, make_entry(session, project=project, submission=june), source, advance=300
    )
    return make_allocation(session, 700, project=project, budget_year=2025, vintage=2024)


@pytest.mark.parametrize("day", [date(2025, 1, 15), date(2025, 7, 1)], ids=str)
def test_a_merger_takes_advances_along_and_leaves_nothing_open(session, carried, day):
    town = make_investor(session)
    session.commit()
    at = datetime(2025, 9, 1, 3, tzinfo=UTC)
    decision = make_decision(session, number="1286/NQ-UBTVQH15")
    act = Act(effective_on=day, decision=decision, at=at, actor=Actor(None, "Cán bộ"))
    merge(session, [carried.project.investor], town, act)
    session.flush()
    fresh = session.scalar(
        select(Allocation).where(Allocation.investor_id == town.id, Allocation.budget_year == 2025)
    )
    august = make_period(session, "2025-08")
    sheet = read_sheet(session, period=august, investor=town, at=at)
    [row] = [one for one in sheet.allocations if one.allocation_id == fresh.id]
    assert (row.plan, row.advance_balance_before) == (700, 300)
    found = [
        one for one in check_ledger(session, day=date(2025, 9, 1)) if "allocation" in one.subject
    ]
    assert found == []
    with pytest.raises(RuleBroken, match="would be carried into"):
        make_line(session, fresh, kind="carry_in", amount=1, effective_on=date(2025, 8, 1))
