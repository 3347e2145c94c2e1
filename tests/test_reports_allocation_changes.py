"""Biểu 06: what decisions changed in the plan, between the plan before and the plan after."""

import csv
import io
import itertools
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest

from models import Investor, Period
from reports.allocation_changes import KEYS, allocation_changes
from reports.consolidated import consolidated
from tests.factories import (
    make_allocation,
    make_decision,
    make_investor,
    make_line,
    make_period,
    make_project,
)

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
ADDRESS = "/admin/reports/allocation-changes"


@pytest.fixture
def march(session):
    return make_period(session)


def rows(session, period):
    return allocation_changes(session, period=period).rows


def by_level(found):
    return {row.level: row for row in found}


def amounts(found):
    return [(row.level, row.increase, row.decrease, row.amount) for row in found]


# ---------------------------------------------------------------- rows


def test_lines_stand_under_their_decision_between_the_plans(session, march):
    first = make_decision(session, number="9/QĐ", issued_on=date(2024, 3, 1), summary="Bổ sung")
    second = make_decision(session, number="1/QĐ", issued_on=date(2024, 3, 2), summary="")
    one, other = (
        make_allocation(session, 1_000, project=make_project(session, code=code)) for code in "AB"
    )
    lines = ((second, one, -30), (first, other, 200), (first, one, 7))
    for decision, allocation, amount in lines:
        make_line(
            session, allocation, decision=decision, amount=amount,
            kind="supplement" if amount > 0 else "recall", effective_on=date(2024, 3, 31),
        )  # fmt: skip
    found = rows(session, march)
    assert [(row.level, row.no, row.decision, row.code) for row in found] == [
        ("opening", "", "", ""),
        ("total", "", "", ""),
        ("decision", "I", "9/QĐ", ""),
        ("line", "1", "9/QĐ", "A"),
        ("line", "2", "9/QĐ", "B"),
        ("decision", "II", "1/QĐ", ""),
        ("line", "1", "1/QĐ", "A"),
        ("closing", "", "", ""),
    ]
    assert amounts(found) == [
        ("opening", None, None, 2_000),
        ("total", 207, 30, 177),
        ("decision", 207, 0, 207),
        ("line", 7, 0, 7),
        ("line", 200, 0, 200),
        ("decision", 0, 30, -30),
        ("line", 0, 30, -30),
        ("closing", None, None, 2_177),
    ]


@pytest.mark.parametrize(
    ("day", "is_there"),
    [
        (date(2024, 2, 29), False),
        (date(2024, 3, 1), True),
        (date(2024, 3, 31), True),
        (date(2024, 4, 1), False),
    ],
)
def test_a_line_counts_by_the_day_from_which_it_is_in_force(session, march, day, is_there):
    allocation = make_allocation(session, None)
    make_line(session, allocation, amount=5, effective_on=day)
    assert (by_level(rows(session, march))["total"].amount == 5) is is_there


def test_the_first_period_holds_what_came_into_force_before_the_year(session):
    january = make_period(session, "2024-01")
    allocation = make_allocation(session, None)
    make_line(session, allocation, amount=5, effective_on=date(2023, 12, 18))
    found = by_level(rows(session, january))
    assert (found["opening"].amount, found["total"].amount, found["closing"].amount) == (0, 5, 5)


def test_lines_of_another_budget_year_are_outside(session, march):
    allocation = make_allocation(session, None, budget_year=2023)
    make_line(session, allocation, amount=5, effective_on=date(2024, 3, 5))
    assert amounts(rows(session, march)) == [
        ("opening", None, None, 0),
        ("total", 0, 0, 0),
        ("closing", None, None, 0),
    ]


def test_what_is_outside_the_state_budget_stands_apart_and_in_no_sum(session, march):
    project = make_project(session)
    budget = make_allocation(session, None, project=project)
    memo = make_allocation(session, None, project=project, source="HDK")
    for allocation, amount in ((budget, 3), (memo, 50)):
        make_line(session, allocation, amount=amount, effective_on=date(2024, 3, 5))
    found = rows(session, march)
    assert amounts(found)[1] == ("total", 3, 0, 3)
    assert by_level(found)["closing"].amount == 3
    assert amounts(found)[-3:] == [
        ("memo", 50, 0, 50),
        ("decision", 50, 0, 50),
        ("line", 50, 0, 50),
    ]


# ---------------------------------------------------------------- the same figures everywhere


@pytest.fixture
def demo(load_demo):
    return load_demo(AT)


def filed(client, **query):
    reply = client.get(f"{ADDRESS}.csv", query_string={"period": "2024-02"} | query)
    assert reply.status_code == 200
    return list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("code", ["2024-01", "2024-02", "2024-03"])
def test_the_plan_at_the_end_is_that_of_form_01(demo, code):
    period = demo.query(Period).filter_by(code=code).one()
    right = consolidated(demo, period=period, version="live").rows[0].plan_total
    assert by_level(rows(demo, period))["closing"].amount == right


def test_each_period_begins_where_the_one_before_ended(demo):
    periods = demo.query(Period).order_by(Period.data_to).all()
    found = [by_level(rows(demo, period)) for period in periods]
    for before, after in itertools.pairwise(found):
        assert after["opening"].amount == before["closing"].amount


def test_the_file_has_keys_words_and_days(demo, client_for):
    client = client_for("leader")
    found = filed(client, headers="keys")
    assert tuple(found[0]) == KEYS
    assert found[2]["name"].startswith("412/QĐ-UBND ngày 05/02/2024: Cho phép kéo dài")
    assert (found[3]["kind"], found[3]["effective_on"]) == ("carry_in", "2024-02-05")
    spoken = client.get(f"{ADDRESS}.csv?period=2024-02&delimiter=semicolon").get_data(as_text=True)
    assert "carry_in" not in spoken
    assert ";Kế hoạch cuối kỳ;" in spoken


def test_the_spreadsheet_lives(demo, client_for):
    reply = client_for("leader").get(f"{ADDRESS}.xlsx?period=2024-02&unit=dong")
    sheet = openpyxl.load_workbook(BytesIO(reply.data)).active
    top = next(row for row in range(1, 40) if sheet.cell(row, 1).value == "(1)") + 1
    assert sheet.cell(top, 11).value == 12_641_400_000
    assert sheet.cell(top + 1, 9).value == f"=SUM(I{top + 2})"
    assert sheet.cell(top + 1, 11).value == f"=I{top + 1}-J{top + 1}"
    last = next(row for row in range(top, 60) if sheet.cell(row, 2).value == "KẾ HOẠCH VỐN CUỐI KỲ")
    assert sheet.cell(last, 11).value == f"=K{top}+K{top + 1}"
    values = openpyxl.load_workbook(BytesIO(reply.data), data_only=True).active
    assert values.cell(last, 11).value == 14_698_733_333


def test_every_figure_leads_to_its_ledger_its_decision_or_its_plan(demo, client_for):
    client = client_for("leader")
    page = client.soup(f"{ADDRESS}?period=2024-02&unit=dong")
    links = [link["href"] for link in page.select(".report-table tbody td a")]
    ledgers = [one for one in links if "/allocation/" in one]
    assert len(ledgers) == 3 * 5  # five lines: more, less, together
    assert "412/QĐ-UBND" in client.get(ledgers[0]).text
    [decision] = {one for one in links if "/decision/" in one}
    assert "412/QĐ-UBND" in client.get(decision).text
    plans = [one for one in links if "/explain?" in one]
    shown = [row.amount for row in rows(demo, demo.query(Period).filter_by(code="2024-02").one())
             if row.level in ("opening", "closing")]  # fmt: skip
    told = [client.get(one.replace("explain?", "explain.json?")).get_json() for one in plans]
    assert [one["plan"]["sum"] for one in told] == shown


def test_a_unit_sees_its_own_lines_and_its_own_plan(demo, client_for):
    own = demo.query(Investor).filter_by(code="X-06388").one()
    client = client_for("investor", own)
    found = filed(client, headers="keys")
    assert {row["investor"] for row in found} == {"", own.short_name}
    plans = {row["level"]: int(row["amount"]) for row in found if row["level"] != "line"}
    assert (plans["opening"], plans["total"], plans["closing"]) == (
        1_282_250_000,
        210_000_000,
        1_492_250_000,
    )


def test_the_words_of_a_decision_are_text(session, march, client_for):
    decision = make_decision(session, number="1/QĐ", summary="=1+1")
    unit = make_investor(session, short_name="+UBND")
    allocation = make_allocation(session, None, project=make_project(session, investor=unit))
    make_line(session, allocation, decision=decision, effective_on=date(2024, 3, 5), note="@x")
    reply = client_for("leader").get(f"{ADDRESS}.xlsx?period=2024-03")
    sheet = openpyxl.load_workbook(BytesIO(reply.data)).active
    kinds = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert (kinds["+UBND"], kinds["@x"]) == ("s", "s")
