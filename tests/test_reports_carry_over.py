"""Biểu 04: what was carried over from which year, and what becomes of it."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from models import Investor, Period
from reports.carry_over import KEYS, carry_over
from reports.consolidated import consolidated
from tests.factories import (
    make_allocation,
    make_capital_term,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_line,
    make_period,
    make_project,
    make_submission,
)

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
ADDRESS = "/admin/reports/carry-over"


@pytest.fixture
def march(session):
    return make_period(session)


def rows(session, period, **asked):
    return carry_over(session, period=period, **asked).rows


def paid(session, period, allocation, amount, **given):
    report = make_submission(
        session, period=period, investor=allocation.project.investor, status="submitted"
    )
    entry = make_entry(session, submission=report, project=allocation.project)
    return make_disbursement(session, entry, allocation, completed=amount, **given)


# ---------------------------------------------------------------- rows


def test_capital_stands_by_vintage_then_unit_then_project(session, march):
    unit = make_investor(session, short_name="UBND xã A")
    for code, vintage, amount in (("P2", 2023, 5), ("P1", 2023, 7), ("P3", 2022, 11)):
        project = make_project(session, investor=unit, code=code, name=code)
        make_allocation(session, amount, project=project, vintage=vintage)
    make_allocation(session, 1_000, project=make_project(session, investor=unit))  # of the year
    found = rows(session, march, detail="project")
    assert [(row.level, row.no, row.vintage, row.code, row.plan_carried) for row in found] == [
        ("total", "", None, "", 23),
        ("vintage", "I", 2023, "", 12),
        ("investor", "1", 2023, unit.code, 12),
        ("project", "1.1", 2023, "P1", 7),
        ("project", "1.2", 2023, "P2", 5),
        ("vintage", "II", 2022, "", 11),
        ("investor", "1", 2022, unit.code, 11),
        ("project", "1.1", 2022, "P3", 11),
    ]
    assert [row.level for row in rows(session, march, detail="group")] == [
        "total",
        "vintage",
        "vintage",
    ]


def test_a_project_stands_here_where_it_has_a_line_in_the_consolidated_report(session, march):
    """Capital of two years that comes to nothing is no figure; beside capital of the year it is."""
    unit = make_investor(session, sort_order=1)
    for code, of_year in (("P1", 0), ("P2", 9)):
        project = make_project(session, investor=unit, code=code)
        make_allocation(session, 7, project=project, vintage=2023)
        less = make_allocation(session, None, project=project, vintage=2022)
        make_line(session, less, amount=-7, kind="adjust")
        if of_year:
            make_allocation(session, of_year, project=project)
    make_allocation(
        session, 5, project=make_project(session, investor=unit, code="P3"), vintage=2023
    )
    lines = consolidated(session, period=march, detail="project").rows
    assert {row.code for row in lines if row.level == "project"} == {"P2", "P3"}
    found = rows(session, march, detail="project")
    assert [(row.vintage, row.code, row.plan_carried) for row in found if row.level == "project"] \
        == [(2023, "P2", 7), (2023, "P3", 5), (2022, "P2", -7)]  # fmt: skip


def test_disbursed_and_remaining_are_those_of_the_vintage_alone(session, march):
    project = make_project(session)
    carried = make_allocation(session, 1_000, project=project, vintage=2023)
    of_year = make_allocation(session, 5_000, project=project)
    money = paid(session, march, carried, 250)
    make_disbursement(session, money.entry, of_year, completed=4_000)
    total = rows(session, march)[0]
    assert (total.plan_carried, total.disbursed_month, total.disbursed_carried) == (1_000, 250, 250)
    assert (total.remaining, total.rate_carried) == (750, Decimal("25.00"))


def test_memo_capital_and_lines_of_later_days_are_outside(session, march):
    project = make_project(session)
    make_allocation(session, 900, project=project, vintage=2023, source="TDCS")
    carried = make_allocation(session, 100, project=project, vintage=2023)
    make_line(session, carried, amount=50, kind="carry_in", effective_on=date(2024, 4, 1))
    assert rows(session, march)[0].plan_carried == 100


def test_money_paid_before_its_plan_is_in_force_is_not_lost(session, march):
    project = make_project(session)
    carried = make_allocation(session, None, project=project, vintage=2023)
    make_line(session, carried, amount=500, kind="carry_in", effective_on=date(2024, 4, 1))
    paid(session, march, carried, 80)
    total = rows(session, march)[0]
    assert (total.plan_carried, total.disbursed_carried, total.remaining) == (0, 80, -80)
    assert total.rate_carried is None


def test_each_row_names_its_decisions_once(session, march):
    first = make_decision(session, number="9/QĐ", issued_on=date(2024, 1, 5))
    second = make_decision(session, number="10/QĐ", issued_on=date(2024, 2, 5))
    unit = make_investor(session)
    for decision in (second, first, first):
        allocation = make_allocation(
            session, None, project=make_project(session, investor=unit), vintage=2023
        )
        make_line(session, allocation, kind="carry_in", decision=decision)
    found = rows(session, march)
    assert [row.decision for row in found] == ["", *["9/QĐ (05/01/2024); 10/QĐ (05/02/2024)"] * 2]


# ---------------------------------------------------------------- what becomes of it


def test_before_the_last_day_nothing_is_to_be_cancelled(session, march):
    make_allocation(session, 100, vintage=2023)
    total = rows(session, march)[0]
    assert (total.disburse_until, total.to_cancel, total.is_over) == (
        date(2024, 12, 31),
        None,
        False,
    )


@pytest.mark.parametrize(
    ("until", "to_cancel"), [(date(2024, 3, 31), None), (date(2024, 3, 30), 60)]
)
def test_after_the_last_day_what_is_left_is_to_be_cancelled(session, march, until, to_cancel):
    make_capital_term(session, vintage=2023, disburse_until=until)
    carried = make_allocation(session, 100, vintage=2023)
    paid(session, march, carried, 40)
    total = rows(session, march)[0]
    assert (total.disburse_until, total.to_cancel) == (until, to_cancel)


def test_what_is_carried_on_is_not_cancelled(session):
    closing = make_period(session, "2025-01")
    closing.code, closing.kind, closing.number, closing.budget_year = "2024-13", "closing", 13, 2024
    project = make_project(session)
    make_allocation(session, 100, project=project, vintage=2023)
    later = make_allocation(session, None, project=project, vintage=2023, budget_year=2025)
    make_line(session, later, amount=70, kind="carry_in", effective_on=date(2025, 1, 31))
    make_line(session, later, amount=9, kind="carry_in", effective_on=date(2025, 2, 1))
    total = rows(session, closing)[0]
    assert (total.carried_on, total.to_cancel, total.remaining) == (70, 30, 100)


def test_a_term_of_its_own_counts_for_its_allocation_alone(session, march):
    unit = make_investor(session)
    make_allocation(session, 100, project=make_project(session, investor=unit), vintage=2023)
    make_allocation(
        session, 30, project=make_project(session, investor=unit), vintage=2023,
        disburse_until=date(2024, 3, 1),
    )  # fmt: skip
    total, _vintage, investor, first, second = rows(session, march, detail="project")
    assert (total.disburse_until, total.to_cancel) == (None, 30)
    assert (investor.disburse_until, investor.to_cancel) == (None, 30)
    assert (first.to_cancel, second.to_cancel) == (None, 30)


# ---------------------------------------------------------------- the same figures everywhere


@pytest.fixture
def demo(load_demo):
    return load_demo(AT)


def filed(client, **query):
    reply = client.get(f"{ADDRESS}.csv", query_string={"period": "2024-03"} | query)
    assert reply.status_code == 200
    return list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("code", ["2024-01", "2024-02", "2024-03"])
@pytest.mark.parametrize("basis", ["submitted", "accepted"])
def test_the_total_is_the_carried_capital_of_form_01(demo, code, basis):
    period = demo.query(Period).filter_by(code=code).one()
    whole = consolidated(demo, period=period, basis=basis, version="live").rows[0]
    found = rows(demo, period, basis=basis)
    right = (whole.plan_carried, whole.disbursed_carried, whole.rate_carried)
    total = found[0] if found else None
    assert right == (
        (total.plan_carried, total.disbursed_carried, total.rate_carried) if total else (0, 0, None)
    )


def test_the_file_has_keys_and_words(demo, client_for):
    client = client_for("leader")
    assert tuple(filed(client, headers="keys")[0]) == (*KEYS, "note")
    assert filed(client)[1]["Tên"] == "Vốn năm 2023 kéo dài sang năm 2024"
    total = filed(client, headers="keys", unit="trieu")[0]
    assert (total["level"], total["plan_carried"]) == ("total", "2057")


def test_every_figure_leads_to_lines_and_entries_with_the_same_sum(demo, client_for):
    client = client_for("leader")
    page = client.soup(f"{ADDRESS}?period=2024-03&unit=dong&detail=project")
    links = page.select(".report-table tbody td a")
    assert len(links) > 50
    for link in links[:5] + links[-5:]:
        there = client.soup(link["href"])
        figures = [one.text.split()[0] for one in there.select(".figure-value")]
        assert link.text in figures, link["href"]
        address = link["href"].replace("/explain?", "/explain.json?")
        value = client.get(address).json["value"]
        assert float(value) == float(link.text.replace(".", "").replace(",", "."))


def test_a_unit_sees_its_own_capital(demo, client_for):
    own = demo.query(Investor).filter_by(code="X-06388").one()
    client = client_for("investor", own)
    assert [row["code"] for row in filed(client, headers="keys") if row["level"] == "investor"] == [
        "X-06388"
    ]
    assert filed(client)[0]["Tên"] == "TỔNG SỐ CỦA ĐƠN VỊ"
    assert "Hòa Bình" not in client.get(f"{ADDRESS}?period=2024-03&detail=project").text


def test_without_such_capital_every_form_of_it_says_so(session, client_for):
    make_period(session)
    client = client_for("leader")
    assert "Không có vốn các năm trước" in client.get(f"{ADDRESS}?period=2024-03").text
    assert filed(client) == []
    for kind in ("xlsx", "docx"):
        assert client.get(f"{ADDRESS}.{kind}?period=2024-03").status_code == 200


@pytest.mark.parametrize("vintage", ["x", "-1", "9" * 30])
def test_an_address_that_names_no_year_is_nothing(demo, client_for, vintage):
    address = f"/admin/reports/explain?period=2024-03&column=plan_carried&vintage={vintage}"
    assert client_for("leader").get(address).status_code == 404


def test_words_of_units_have_no_vintage(demo, client_for):
    address = "/admin/reports/explain?period=2024-03&column=progress&vintage=2023"
    assert client_for("leader").get(address).status_code == 400
