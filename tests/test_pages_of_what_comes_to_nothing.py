"""A page of the consolidated report read alone, where capital of a unit comes to nothing."""

import random
from datetime import date, timedelta

import pytest

from models.reorganisation import Act, merge
from tests.factories import (
    make_allocation,
    make_decision,
    make_investor,
    make_line,
    make_project,
)
from tests.test_kept_sums import keep, own  # noqa: F401  a fixture
from tests.test_reports_paged import SHAPES, Office, asked, check_part
from tests.test_rollup import CLERK, M


def check_pages(session, period, group, detail):
    start, many = 0, 1
    while start < many:
        many = check_part(session, slice(start, start + 2), **asked(period, group, detail))
        start += 2


@pytest.mark.parametrize(("group", "detail"), SHAPES)
def test_a_unit_whose_capital_under_a_component_comes_to_nothing_has_no_row_there(
    own, group, detail  # noqa: F811
):  # fmt: skip
    office = Office(own, random.Random(3))
    there = next(one for one in office.capital if one.investor_id == office.units[2].id)
    idle = make_project(own, code="Z1", investor=office.units[0], component=there.component)
    make_line(own, make_allocation(own, 5 * M, project=idle), kind="recall", amount=-5 * M)
    own.commit()
    keep(own)
    check_pages(own, office.months[0], group, detail)


@pytest.mark.parametrize(("group", "detail"), SHAPES)
def test_a_unit_that_was_merged_into_another_has_no_row_any_more(own, group, detail):  # noqa: F811
    office = Office(own, random.Random(3))
    heir = make_investor(own, code="UA", short_name="Xã mới")
    own.commit()
    act = Act(
        effective_on=date(2024, 4, 10), decision=make_decision(own),
        at=office.at + timedelta(days=7), actor=CLERK,
    )  # fmt: skip
    merge(own, office.units[:2], heir, act)
    own.commit()
    keep(own)
    for month in office.months:
        check_pages(own, month, group, detail)
