"""Every figure of every row, to the đồng, from the lines and entries behind it."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from sqlalchemy import select

from models import Component, Period, RuleBroken
from reports.consolidated import COLUMNS, Window, consolidated, explain
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_period,
    make_submission,
)


@pytest.fixture
def march(session, load_demo):
    load_demo(datetime(2024, 4, 16, 2, tzinfo=UTC))
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


@pytest.mark.parametrize("column", ["disbursed_total", "plan_total", "remaining", "progress"])
def test_pages_hold_every_row_once_and_the_sum_of_all(session, march, column):
    """A page reads its own rows only; the sums are those of all of them."""
    whole = explain(session, period=march, column=column)
    size, kinds = 7, ("plan", "money", "told")
    pages = [
        explain(session, period=march, column=column, window=Window(page=n, size=size))
        for n in range(whole.pages(size) + 1)
    ]
    assert len(pages) > 2
    assert pages[-1] == pages[-2]  # beyond the last page stands the last one
    for kind in kinds:
        rows = [row for page in pages[:-1] for row in getattr(page, kind) or ()]
        assert rows == list(getattr(whole, kind) or ())
        assert all(len(getattr(page, kind) or ()) <= size for page in pages)
    sums = {(page.plan_sum, page.money_sum, page.estimate_sum) for page in pages}
    assert sums == {
        (
            sum(line.amount for line in whole.plan or ()),
            sum(line.net for line in whole.money or ()),
            sum(line.estimate or 0 for line in whole.told or ()),
        )
    }


@pytest.mark.parametrize("few", [0, 3, 10_000], ids=["keys", "both", "first projects"])
@pytest.mark.parametrize("figure", [{}, {"component_id": 1}, {"basis": "accepted"}])
def test_pages_of_very_many_rows_are_those_of_a_few(session, march, monkeypatch, few, figure):
    """From both ends by their projects, in the middle by their keys: the same rows."""
    if "component_id" in figure:
        top = session.scalars(select(Component).filter_by(parent_id=None)).first()
        figure = {"component_id": top.id}
    whole = explain(session, period=march, column="remaining", **figure)
    monkeypatch.setattr("reports.consolidated.paging.MANY", 0)
    monkeypatch.setattr(import_module("models.base.among"), "FEW", few)
    size = 4
    pages = [
        explain(
            session, period=march, column="remaining", window=Window(page=n, size=size), **figure
        )
        for n in range(whole.pages(size))
    ]
    assert len(pages) > 3
    for kind in ("plan", "money"):
        assert [row for page in pages for row in getattr(page, kind)] == list(getattr(whole, kind))


def test_a_page_costs_the_same_however_many_rows_it_shows(session, march, count_queries):
    counts = []
    for size in (1, 20):
        with count_queries() as asked:
            window = Window(page=0, size=size)
            explain(session, period=march, column="remaining", window=window)
        counts.append(len(asked))
    assert counts == [7, 7]  # one asks for what was added up ahead, one for former names


def test_estimates_behind_a_sum_are_those_of_its_lines(session):
    """A project without state budget capital has no line, nor has the estimate of its unit."""
    with_line = make_allocation(session, amount=1_000)
    memo = make_allocation(session, amount=1_000, source="HDK")
    march = make_period(session, "2024-03")
    for allocation, estimate in ((with_line, 500), (memo, 70)):
        project = allocation.project
        sent = make_submission(session, period=march, investor=project.investor, status="submitted")
        make_entry(session, submission=sent, project=project, estimate=estimate,
                   progress_text="Đã làm")  # fmt: skip
    session.commit()
    [total, *_rows] = consolidated(session, period=march, detail="project").rows
    found = explain(session, period=march, column="estimate")
    assert (found.estimate_sum, len(found.told)) == (total.estimate, 1) == (500, 1)
    for column in ("estimate", "progress"):
        for capital, sums in ((with_line, (500, 1)), (memo, (0, 0))):
            unit = capital.investor_id
            found = explain(session, period=march, column=column, investor_id=unit)
            assert (found.estimate_sum, len(found.told)) == sums
