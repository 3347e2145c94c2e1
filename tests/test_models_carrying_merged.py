"""Capital of several years through a real merger: nothing is lost and nothing is asked twice."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from models import Actor, Allocation, RuleBroken
from models.duty import open_period
from models.filing import read_sheet
from models.filing.checks import check_ledger
from models.reorganisation import Act, merge
from reports.carry_over import carry_over
from reports.facts import keep_sums
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
from tests.reorganising import act


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


@pytest.mark.parametrize("day", [date(2025, 1, 15), date(2025, 2, 1)], ids=str)
@pytest.mark.parametrize("with_sums", [False, True])
def test_the_last_report_of_a_year_knows_what_was_carried_on_before_a_merger(
    session, day, with_sums
):
    """100 đồng carried into 2024: 30 are paid, 50 carried on, 20 left over. A merger in January
    moves the capital of both years; what was carried in stands in the books of before.
    """
    unit, town = make_investor(session), make_investor(session)
    project = make_project(session, investor=unit, end_on=None)
    source = make_allocation(session, 100, project=project, vintage=2023)
    december, closing = (
        open_period(session, code, at=datetime(2024, 12, 2, tzinfo=UTC))
        for code in ("2024-12", "2024-13")
    )
    sent = make_submission(session, period=december, investor=unit, status="accepted")
    make_disbursement(
        session, make_entry(session, project=project, submission=sent), source, completed=30
    )
    session.commit()
    into = make_allocation(session, None, project=project, budget_year=2025, vintage=2023)
    make_line(session, into, kind="carry_in", amount=50, effective_on=date(2025, 1, 10))
    session.commit()
    merge(session, [unit], town, act(session, day, datetime(2025, 3, 1, tzinfo=UTC)))
    session.commit()
    if with_sums:
        for period in (december, closing):
            keep_sums(session, period, "submitted")
            session.commit()
    holder = unit if day > closing.data_to else town
    for detail in ("group", "investor", "project"):
        rows = carry_over(session, period=closing, detail=detail).rows
        assert {row.code for row in rows if row.level == "investor"} <= {holder.code}
        for row in rows:
            assert (row.plan_carried, row.disbursed_carried, row.carried_on, row.to_cancel) == (
                100, 30, 50, 20,
            )  # fmt: skip
    total = carry_over(session, period=december).rows[0]
    assert (total.carried_on, total.to_cancel) == (0, None)
