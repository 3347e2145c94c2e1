"""The consolidated report: the right answers of the demonstration, and every boundary."""

import csv
import io
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from models import DISTRICT, Investor, Period, ProgressEntry, Scope, db
from models.duty import find_period, open_period
from reports.consolidated import (
    KEYS,
    ConsolidatedRow,
    built,
    consolidated,
    held_shown,
    source_shown,
)
from reports.facts import Figures, held_in, outline_number, total
from reports.writing import safe_cell
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_line,
    make_period,
    make_project,
    make_submission,
)

DEMO = Path(__file__).parent.parent / "models/exchange/demo"
AT = datetime(2024, 4, 16, 2, tzinfo=UTC)


@pytest.fixture
def demo(load_demo):
    return load_demo(AT)


def report(session, code="2024-03", **asked):
    period = session.query(Period).filter_by(code=code).one()
    return consolidated(session, period=period, **asked)


def total_of(session, **asked) -> ConsolidatedRow:
    return report(session, **asked).rows[0]


def disburse(session, allocation, period, *, status="submitted", **amounts):
    submission = make_submission(
        session, period=period, investor=allocation.project.investor, status=status
    )
    entry = make_entry(session, submission=submission, project=allocation.project)
    return make_disbursement(session, entry, allocation, **amounts)


def test_demo_gives_the_right_answers(demo):
    expected = (DEMO / "expected" / "consolidated-2024-03.csv").read_text(encoding="utf-8")
    keys = expected.splitlines()[0].split(",")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(keys)
    writer.writerows([safe_cell(getattr(row, key)) for key in keys] for row in report(demo).rows)
    assert out.getvalue() == expected
    assert set(keys) <= set(KEYS)


def test_both_groupings_and_all_details_have_one_total(demo):
    figures = {
        (row.plan_total, row.disbursed_total, row.disbursed_month, row.remaining)
        for group in ("component", "investor")
        for detail in ("group", "investor", "project")
        for row in [total_of(demo, group=group, detail=detail)]
    }
    assert figures == {(14_698_733_333, 2_299_845_679, 1_734_500_001, 12_398_887_654)}


@pytest.mark.parametrize(("group", "level"), [("component", "project"), ("investor", "project")])
def test_project_rows_add_up_to_the_total(demo, group, level):
    rows = report(demo, group=group, detail="project").rows
    parts = [row for row in rows if row.level == level]
    assert sum(row.plan_total for row in parts) == rows[0].plan_total
    assert sum(row.disbursed_total for row in parts) == rows[0].disbursed_total


def test_status_says_who_has_not_reported_and_their_rows_are_marked(demo):
    result = report(demo)
    assert (result.status.reported, result.status.expected) == (8, 9)
    assert result.status.missing == ("UBND xã Yên Bình",)
    marked = [row.code for row in result.rows if row.note]
    assert marked == ["X-06391"]


def test_accepted_basis_leaves_out_what_is_only_sent(demo):
    accepted = total_of(demo, basis="accepted")
    assert accepted.disbursed_month == 0
    assert accepted.disbursed_total == 565_345_678


def test_a_line_counts_from_the_last_day_of_the_period(session):
    allocation = make_allocation(session, amount=100)
    make_line(session, allocation, amount=10, effective_on=date(2024, 3, 31))
    make_line(session, allocation, amount=1, effective_on=date(2024, 4, 1))
    make_period(session)
    assert total_of(session).plan_total == 110


@pytest.mark.parametrize(
    ("status", "counts"),
    [("draft", False), ("returned", False), ("submitted", True), ("accepted", True)],
)
def test_only_sent_reports_count(session, status, counts):
    allocation = make_allocation(session, amount=100)
    disburse(session, allocation, make_period(session), status=status, completed=40)
    assert total_of(session).disbursed_total == (40 if counts else 0)


def test_a_recovered_advance_is_no_new_money_and_returns_reduce(session):
    allocation = make_allocation(session, amount=1_000)
    disburse(session, allocation, make_period(session, "2024-02"), advance=300)
    disburse(
        session,
        allocation,
        make_period(session),
        completed=500,
        recovered=300,
        returned=50,
    )
    total = total_of(session)
    assert (total.disbursed_month, total.disbursed_total) == (150, 450)


def test_memo_sources_stay_outside(session):
    for source in ("HDK", "TDCS"):
        allocation = make_allocation(session, amount=100, source=source)
        period = session.query(Period).first() or make_period(session)
        disburse(session, allocation, period, completed=40)
    assert len(report(session).rows) == 1
    assert total_of(session).plan_total == 0


def test_without_a_plan_the_rate_is_empty_not_zero(session):
    allocation = make_allocation(session, amount=None)
    disburse(session, allocation, make_period(session), completed=40)
    total = total_of(session)
    assert (total.rate_total, total.remaining) == (None, -40)


def test_vintages_stand_apart(session):
    project = make_project(session)
    make_allocation(session, project=project, amount=100)
    for vintage in (2022, 2023):
        make_allocation(session, project=project, amount=10, vintage=vintage)
    make_period(session)
    total = total_of(session)
    assert (total.plan_year, total.plan_carried, total.plan_total) == (100, 20, 120)


def test_january_holds_two_budget_years_apart(session):
    project = make_project(session, end_on=date(2025, 12, 31))
    old = make_allocation(session, project=project, amount=100)
    new = make_allocation(session, project=project, amount=200, budget_year=2025)
    january = {"data_from": date(2025, 1, 1), "data_to": date(2025, 1, 31)}
    closing = make_period(
        session, "2024-12", kind="closing", number=13, budget_year=2024, **january
    )
    closing.code = "2024-13"
    disburse(session, old, closing, completed=30)
    disburse(session, new, make_period(session, "2025-01"), completed=40)
    closed, opened = total_of(session, code="2024-13"), total_of(session, code="2025-01")
    assert (closed.plan_total, closed.disbursed_total) == (100, 30)
    assert (opened.plan_total, opened.disbursed_total) == (200, 40)


def test_an_earlier_report_does_not_see_later_months(session):
    allocation = make_allocation(session, amount=100)
    disburse(session, allocation, make_period(session, "2024-02"), completed=10)
    disburse(session, allocation, make_period(session, "2024-03"), completed=20)
    assert total_of(session, code="2024-02").disbursed_total == 10
    assert total_of(session, code="2024-03").disbursed_total == 30
    assert total_of(session, code="2024-03").disbursed_month == 20


def test_rates_round_half_up(session):
    allocation = make_allocation(session, amount=20_000)
    disburse(session, allocation, make_period(session), completed=1)
    assert total_of(session).rate_total == Decimal("0.01")  # 0.005 %


@pytest.mark.parametrize(
    ("amounts", "unit", "has_gap"),
    [
        ((400, 400), "trieu", True),  # 0,000 + 0,000 against 0,001
        ((500, 500), "trieu", True),  # 0,001 + 0,001 against 0,001
        ((400, 600), "trieu", False),
        ((400, 400), "dong", False),
        ((400, 400), "nghin", False),  # three decimals lose nothing
        ((2_000, 3_000), "trieu", False),
        ((800,), "trieu", False),
    ],
)
def test_a_footnote_says_that_rounded_figures_may_not_add_up(
    session, client_for, amounts, unit, has_gap
):
    make_period(session)
    first, *others = (make_allocation(session, amount=amount) for amount in amounts)
    for other in others:
        other.project.component = first.project.component
    session.flush()
    url = f"/admin/reports/consolidated?period=2024-03&detail=project&unit={unit}"
    page = client_for("leader").get(url)
    assert page.status_code == 200
    assert ("chênh lệch do làm tròn" in page.text) == has_gap


def test_a_commune_gets_its_own_report_only(demo, app):
    own = demo.query(Investor).filter_by(code="X-06388").one().id
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        period_id = demo.query(Period).filter_by(code="2024-03").one().id
        session.enter(Scope.of({own}))
        result = consolidated(session, period=session.get(Period, period_id))
    assert {row.code for row in result.rows if row.level == "investor"} == {"X-06388"}
    assert result.rows[0].plan_total == 1_492_250_000
    assert result.status.expected == 1


@pytest.mark.parametrize("detail", ["group", "investor", "project"])
def test_the_report_costs_the_same_for_1_and_20_projects(session, count_queries, detail):
    period = make_period(session)
    counts = []
    for projects in (1, 19):
        for _n in range(projects):
            make_allocation(session)
        session.commit()
        session.get(Period, period.id)
        with count_queries() as seen:
            report(session, detail=detail)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 11


@pytest.mark.parametrize("basis", ["submitted", "accepted"])
@pytest.mark.parametrize("code", ["2024-02", "2024-03", "2024-Q1"])
def test_a_summary_of_the_database_is_the_sum_of_the_projects(demo, code, basis):
    """Where no project is shown the database adds up; figures, estimates, words around the rows
    and marks are those of the rows of projects, added up here."""
    for n, entry in enumerate(demo.query(ProgressEntry).order_by(ProgressEntry.id)):
        entry.estimate = None if n % 3 else 1_000_000_000 + n
    demo.commit()
    period = find_period(demo, code) or open_period(demo, code, at=AT)
    asked = {"period": period, "basis": basis, "units": "today"}
    summary = consolidated(demo, detail="group", **asked)
    shown = source_shown(demo, version=None, by="project", **asked)
    [whole] = built(demo, [("component", "group")], period=period, shown=shown)
    silent = {"progress": "", "obstacles": ""}
    assert list(summary.rows) == [row._replace(**silent) for row in whole.rows]
    assert summary.places == whole.places
    assert (summary.status, summary.programmes) == (whole.status, whole.programmes)
    assert len(summary.rows) > 3


@pytest.mark.parametrize("code", ["2024-02", "2024-03", "2024-Q1"])
def test_what_units_hold_is_the_sum_of_their_projects(demo, code):
    period = find_period(demo, code) or open_period(demo, code, at=AT)
    asked = {"period": period, "basis": "submitted", "units": "today", "version": None}
    of_units, of_projects = (
        source_shown(demo, by=by, **asked)[0] for by in ("unit", "project")
    )  # fmt: skip
    held = held_in(of_units)
    assert held == held_in(of_projects) == held_shown(demo, **asked)
    assert of_units.units == of_projects.units
    report = consolidated(demo, group="investor", detail="group", period=period)
    by_row = {
        place.investor_id: (row.plan_total, row.disbursed_total)
        for row, place in zip(report.rows[1:], report.places[1:], strict=True)
    }
    assert held == by_row


def test_a_sum_of_figures_leaves_out_no_field():
    parts = [
        Figures(*(part * 10**n for n, _field in enumerate(fields(Figures)))) for part in (1, 2)
    ]
    assert total(parts) == Figures(*(3 * 10**n for n, _field in enumerate(fields(Figures))))
    assert total([]) == Figures()


def test_outline_numbers():
    assert [outline_number(n) for n in ((), (4,), (4, 2), (4, 2, 1))] == ["", "IV", "2", "2.1"]
    of_many = {
        9: "IX", 14: "XIV", 39: "XXXIX", 40: "XL", 49: "XLIX", 50: "L", 89: "LXXXIX", 90: "XC",
        99: "XCIX", 100: "C", 399: "CCCXCIX", 400: "CD", 944: "CMXLIV", 1999: "MCMXCIX",
        11_000: "M" * 11,
    }  # fmt: skip
    assert {n: outline_number((n,)) for n in of_many} == of_many
