"""Every figure of every row, to the đồng, from the lines and entries behind it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import Period, RuleBroken
from models.exchange.package import load_package
from reports.consolidated import COLUMNS, consolidated, explain
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_period,
    make_submission,
)

DEMO = Path(__file__).parent.parent / "models/exchange/demo"


@pytest.fixture
def march(session):
    load_package(session, DEMO, at=datetime(2024, 4, 16, 2, tzinfo=UTC), by="test")
    return session.query(Period).filter_by(code="2024-03").one()


@pytest.mark.parametrize("group", ["component", "investor"])
@pytest.mark.parametrize("basis", ["submitted", "accepted"])
def test_every_figure_is_the_sum_of_its_rows(session, march, group, basis):
    report = consolidated(session, period=march, group=group, detail="project", basis=basis)
    for row, place in zip(report.rows, report.places, strict=True):
        for column in ("plan_total", "plan_local", "plan_carried", "disbursed_month", "remaining"):
            found = explain(
                session,
                period=march,
                column=column,
                basis=basis,
                component_id=place.component_id,
                investor_id=place.investor_id,
                project_id=place.project_id,
            )
            plan, money = COLUMNS[column]
            figure = (
                found.plan_sum - found.money_sum
                if plan and money
                else (found.plan_sum + found.money_sum)
            )
            assert figure == getattr(row, column), (row.code, column)


@pytest.mark.parametrize(
    "paid",
    [{"completed": 100, "recovered": 100}, {"advance": 100, "returned": 100}],
    ids=["advance recovered", "advance returned"],
)
def test_a_row_that_comes_to_nothing_is_shown_all_the_same(session, paid):
    """An advance that was recovered is part of the story behind the figure."""
    allocation, sums = make_allocation(session, amount=1_000), []
    for code, amounts in (("2024-02", {"advance": 100}), ("2024-03", paid)):
        period = make_period(session, code)
        submission = make_submission(
            session, period=period, investor=allocation.project.investor, status="submitted"
        )
        entry = make_entry(session, project=allocation.project, submission=submission)
        make_disbursement(session, entry, allocation, **amounts)
        lines = explain(session, period=period, column="disbursed_total").money
        sums.append([(line.period, line.net) for line in lines])
    assert sums == [[("2024-02", 100)], [("2024-03", 0), ("2024-02", 100)]]


def test_what_is_no_figure_is_refused(session, march):
    with pytest.raises(RuleBroken):
        explain(session, period=march, column="name")
