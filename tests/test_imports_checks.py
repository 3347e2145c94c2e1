"""The checks of a report and of the ledger, asked at the doors through which files come in."""

from datetime import UTC, date, datetime

import pytest

from models import Actor, act_as
from models.duty import get_period
from models.filing import read_sheet
from models.filing.checks import check_sheet
from models.imports import Writes, carry_out, known_for, make_plan
from models.sheets import Ask, Field, Kind, read, read_own_form
from models.sheets.opening import open_book
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_line,
    make_period,
    make_project,
    make_statement,
    make_submission,
    make_treasury_line,
)
from tests.readings import ask, decision, line, reading, said
from tests.sheets import book, grid
from tests.unit_forms import allocations, commune, filled, place, taken, unit_project

AT = datetime(2024, 5, 20, 3, tzinfo=UTC)
DAY = date(2024, 3, 31)
OFFICER = Actor(None, "Cán bộ")


def reported(session, allocation, code, status="submitted", **money):
    project = allocation.project
    report = make_submission(
        session, period=make_period(session, code), investor=project.investor, status=status
    )
    entry = make_entry(session, submission=report, project=project)
    return make_disbursement(session, entry, allocation, **money)


def rules(plan, *codes):
    return [(one.code, one.at.cell) for one in plan.findings if one.code in codes]


# ---------------------------------------------------------------- V16 through the form of a unit


@pytest.mark.parametrize(("march", "told"), [(800_000, False), (800_001, True)])
def test_the_form_of_an_earlier_month_is_held_against_later_ones(session, march, told):
    """900.000 đồng of the central budget, of which 100.000 were paid in April."""
    unit = commune(session)
    content, form = taken(session, unit)
    first = allocations(session, unit_project(session, unit))[0]
    reported(session, first, "2024-04", completed=100_000)
    cell = place(form, Field.COMPLETED)
    opened = open_book(filled(content, {cell: march}), "bieu.xlsx")
    period = get_period(session, "2024-03")
    known = known_for(session, period=period, day=date(2024, 5, 20))
    asked = Ask(kind=Kind.MONTHLY, period="2024-03", investor=unit.code)
    found = make_plan(session, read_own_form(opened, asked, known), asked, known=known, at=AT)
    assert rules(found, "V1", "V16") == ([("V16", cell)] if told else [])


# ------------------------------------------------------------------- V14 through both of its doors


@pytest.fixture
def scoped(district_session):
    """The application's own session, over the whole district, in a person's name."""
    act_as(OFFICER)
    return district_session


@pytest.fixture
def work(scoped):
    """L01 holds 1.000.000 đồng of the central budget and paid 100 of it in March."""
    project = make_project(scoped, code="L01", name="Mô hình chăn nuôi trâu")
    reported(scoped, make_allocation(scoped, 1_000_000, project=project), "2024-03", completed=100)
    scoped.commit()
    return project


def statement(session, rows):
    """What a statement of the Treasury with these rows below its head would store."""
    known = known_for(session, day=date(2024, 4, 5))
    title = ["XÁC NHẬN SỐ LIỆU THANH TOÁN ĐẾN NGÀY 31/3/2024 (đồng)"]
    asked = Ask(kind=Kind.TREASURY)
    seen = read(book(grid([title, *rows])), asked, known)
    return make_plan(session, seen, asked, known=known, at=AT)


def sheet_of(session, project):
    period = get_period(session, "2024-03")
    return read_sheet(session, period=period, investor=project.investor, at=AT)


@pytest.mark.parametrize(("confirmed", "differs"), [(99, True), (100, False), (101, True)])
def test_a_statement_is_held_against_the_report_and_then_by_its_check(
    scoped, work, confirmed, differs
):
    head = ["TT", "Tên dự án", "Lũy kế thanh toán"]
    found = statement(scoped, [head, [1, work.name, confirmed]])
    assert [(one.reported, one.confirmed, one.at.cell) for one in found.differences] == (
        [(100, confirmed, "C3")] if differs else []
    )
    assert found.status == "ready"
    carry_out(scoped, Writes.from_json(found.writes.as_json()), at=AT, actor=OFFICER)
    scoped.commit()
    checks = [one for one in check_sheet(sheet_of(scoped, work)) if one.rule == "V14"]
    assert [one.values["confirmed"] for one in checks] == ([confirmed] if differs else [])


@pytest.mark.parametrize(("month", "differs"), [(99, True), (100, False), (101, True)])
def test_a_report_that_comes_as_a_file_is_held_against_the_statement(session, month, differs):
    project = make_project(session, code="L01")
    make_allocation(session, 1_000_000, project=project)
    make_period(session)
    paper = make_statement(session, day=DAY)
    make_treasury_line(session, project=project, statement=paper, confirmed=100)
    known = known_for(session, day=date(2024, 4, 5))
    asked = ask(investor=project.investor.code)
    told = reading(line(8, "L01", said("month", month, "D8")))
    found = make_plan(session, told, asked, known=known, at=AT)
    assert rules(found, "V14") == ([("V14", "B8")] if differs else [])


@pytest.mark.parametrize("memo", ["Vốn huy động khác", "Vốn tín dụng chính sách"])
def test_a_statement_confirms_no_money_that_is_none_of_the_budget(scoped, work, memo):
    head = ["TT", "Tên dự án", "Lũy kế thanh toán: NSTW", f"Lũy kế thanh toán: {memo}"]
    found = statement(scoped, [head, [1, work.name, 100, 40]])
    assert [row.values["confirmed"] for row in found.rows[1:]] == ["100"]
    assert found.differences == ()
    assert [(one.code, one.at.cell) for one in found.findings] == [("treasury_unmatched", "D3")]


# ----------------------------------------------------------------- V6 and V13 as an annex comes in


def annex(session, *lines, answers=None, **seen):
    known = known_for(session, day=date(2024, 5, 20))
    named = {"issued_on": date(2024, 4, 15), "issuer": "UBND huyện Hữu Lũng", "kind": "supplement"}
    told = {"source": "NSTW", "nature": "SN", "period": None, "budget_year": 2024}
    read_ = reading(*lines, decision=decision(**named | seen), **told)
    asked = ask("allocations", answers=answers or {})
    return make_plan(session, read_, asked, known=known, at=AT)


@pytest.mark.parametrize(
    ("issued_on", "is_told"), [(date(2024, 5, 20), False), (date(2024, 5, 21), True)]
)
def test_a_decision_dated_in_the_future_is_told_before_it_is_made(scoped, work, issued_on, is_told):
    found = annex(scoped, line(7, "L01", amount=60), issued_on=issued_on)
    assert rules(found, "V13") == ([("V13", "A3")] if is_told else [])
    assert found.status == "ready"


@pytest.mark.parametrize(
    ("issued_on", "kind", "is_told"),
    [
        (date(2022, 12, 31), "initial", True),
        (date(2023, 9, 30), "initial", True),
        (date(2023, 10, 1), "initial", False),
        (date(2024, 5, 20), "initial", False),
        (date(2023, 9, 30), "supplement", False),
    ],
)
def test_a_first_allocation_out_of_season_is_told_before_it_is_booked(
    scoped, issued_on, kind, is_told
):
    make_project(scoped, code="L03")
    scoped.commit()
    found = annex(scoped, line(7, "L03", amount=60), issued_on=issued_on, kind=kind)
    assert rules(found, "V13") == ([("V13", "A3")] if is_told else [])


@pytest.mark.parametrize(("answer", "rule"), [("2024-04-15", [("V13", "A3")]), ("2024-02-01", [])])
def test_a_number_that_is_used_twice_is_told(scoped, work, answer, rule):
    make_decision(scoped, number="1205/QĐ-UBND", issued_on=date(2024, 2, 1))
    key = "date_unclear:T4!A3"
    found = annex(scoped, line(7, "L01", amount=60), answers={key: answer})
    assert rules(found, "V13", "date_unclear") == rule


def test_what_was_moved_before_counts_in_the_balance_of_its_decision(scoped, work):
    """60 came to L02 by a page, 40 go from L01 by a file: 20 are missing."""
    other = make_allocation(scoped, 1_000, project=make_project(scoped, code="L02"))
    paper = make_decision(scoped, number="1205/QĐ-UBND", issued_on=date(2024, 4, 15),
                          issuer="UBND huyện Hữu Lũng")  # fmt: skip
    make_line(scoped, other, amount=60, kind="adjust", decision=paper)
    scoped.commit()
    for down, told in ((40, [("V6", "A3")]), (60, [])):
        assert rules(annex(scoped, line(7, "L01", decrease=down), kind="adjust"), "V6") == told
