"""Every figure of every row, to the đồng, from the lines and entries behind it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import Period, RuleBroken
from models.exchange.package import load_package
from reports.consolidated import COLUMNS, consolidated, explain

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


def test_what_is_no_figure_is_refused(session, march):
    with pytest.raises(RuleBroken):
        explain(session, period=march, column="name")
