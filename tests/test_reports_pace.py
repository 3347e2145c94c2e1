"""What is left, until when and what a month needs: at its boundaries, and beside earlier years."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from models import DISTRICT, Actor, Disbursement, Investor, Period, Project, db
from models.calendar import PeriodCode
from models.reorganisation import Act, merge
from reports.consolidated import consolidated, explain
from reports.facts import month_of
from reports.pace import KEYS, months_left, pace
from tests.factories import (
    make_allocation,
    make_capital_term,
    make_decision,
    make_disbursement,
    make_entry,
    make_expected,
    make_investor,
    make_line,
    make_period,
    make_project,
    make_submission,
)
from tests.office import converted, has_calc

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
ADDRESS = "/admin/reports/pace"


def month(session, code="2024-03"):
    found = session.query(Period).filter_by(code=code).one_or_none()
    return found or make_period(session, code)


def closing(session, year=2024):
    found = make_period(session, f"{year + 1}-01")
    found.code, found.kind, found.number, found.budget_year = f"{year}-13", "closing", 13, year
    session.flush()
    return found


def paid(session, period, allocation, amount, status="submitted"):
    unit = allocation.project.investor
    sent = make_submission(session, period=period, investor=unit, status=status)
    entry = make_entry(session, submission=sent, project=allocation.project)
    return make_disbursement(session, entry, allocation, completed=amount)


def silent(session, period, allocation):
    """A report without a figure."""
    make_submission(
        session, period=period, investor=allocation.project.investor, status="submitted"
    )


def look(session, code="2024-03", **asked):
    return pace(session, period=month(session, code), **asked).rows


# ---------------------------------------------------------------- months left


@pytest.mark.parametrize(
    ("data_to", "until", "months"),
    [
        (date(2024, 3, 31), date(2024, 12, 31), 9),
        (date(2024, 3, 31), date(2025, 1, 31), 10),
        (date(2024, 3, 31), date(2024, 4, 1), 1),
        (date(2024, 3, 31), date(2024, 4, 30), 1),
        (date(2024, 3, 31), date(2024, 5, 1), 2),
        (date(2024, 3, 31), date(2024, 3, 31), 0),
        (date(2024, 3, 31), date(2024, 3, 30), 0),
        (date(2024, 2, 29), date(2024, 12, 31), 10),
        (date(2024, 12, 31), date(2025, 1, 31), 1),
        (date(2025, 1, 31), date(2025, 1, 31), 0),
        # months of an office that closes its data on the 14th
        (date(2024, 3, 14), date(2024, 3, 15), 1),
        (date(2024, 3, 14), date(2024, 4, 14), 1),
        (date(2024, 3, 14), date(2024, 4, 15), 2),
        (date(2024, 3, 14), date(2024, 12, 31), 10),
    ],
)
def test_a_month_that_has_begun_counts_whole_and_one_that_is_over_not_at_all(
    data_to, until, months
):
    assert months_left(data_to, until) == months


@pytest.mark.parametrize(
    ("code", "number"), [("2024-03", 3), ("2024-Q1", 3), ("2024-Q4", 12), ("2024-13", 13)]
)
def test_a_quarter_stands_at_its_last_month(session, code, number):
    kind = PeriodCode.parse(code)
    assert month_of(Period(code=code, kind=kind.kind)) == number


# ---------------------------------------------------------------- need and pace


def test_need_is_what_is_left_by_the_months_left_rounded_up(session):
    allocation = make_allocation(session, 1_000, project=make_project(session))
    for code, amount in (("2024-01", 1), ("2024-02", 2), ("2024-03", 4)):
        paid(session, month(session, code), allocation, amount)
    total, unit, term = look(session)
    for row in (total, unit, term):
        assert (row.plan_total, row.disbursed_total, row.remaining) == (1_000, 7, 993)
        assert (row.disburse_until, row.months_left) == (date(2025, 1, 31), 10)
        assert (row.monthly_need, row.monthly_pace) == (100, 3)  # 99,3 and 2,33
        assert (row.at_pace, row.short) == (37, 963)
        assert row.times == Decimal("33.33")
        assert row.share_left == Decimal("99.30")


@pytest.mark.parametrize(
    ("in_march", "need", "at_pace", "short"),
    [(89, 91, 979, 11), (90, 90, 990, 0), (91, 90, 990, 0)],
)
def test_a_pace_as_high_as_the_need_leaves_nothing_over(session, in_march, need, at_pace, short):
    """990 đồng, ten months are left after March."""
    allocation = make_allocation(session, 990, project=make_project(session))
    paid(session, month(session), allocation, in_march)
    row = look(session)[2]
    assert (row.monthly_pace, row.monthly_need) == (in_march, need)
    assert (row.at_pace, row.short) == (at_pace, short)


def test_a_term_that_is_over_needs_nothing_and_says_so(session, client_for):
    make_capital_term(session, vintage=2023, disburse_until=date(2024, 3, 31))
    allocation = make_allocation(session, 100, project=make_project(session), vintage=2023)
    paid(session, month(session), allocation, 40)
    session.commit()
    for row in look(session):
        assert (row.months_left, row.monthly_need, row.times) == (0, None, None)
        assert (row.at_pace, row.short, row.is_over) == (40, 60, True)
    found = filed(client_for("leader"))
    assert [row["note"] for row in found] == ["Đã hết hạn giải ngân"] * 3
    assert [row["monthly_need"] for row in found] == [""] * 3


def test_the_closing_period_has_no_month_left(session):
    allocation = make_allocation(session, 100, project=make_project(session))
    december, last = month(session, "2024-12"), closing(session)
    paid(session, december, allocation, 10)
    assert look(session, "2024-12")[2].months_left == 1
    row = pace(session, period=last).rows[2]
    assert (row.months_left, row.monthly_need, row.short) == (0, None, 90)


def test_each_term_is_measured_by_itself_and_added_up(session):
    unit = make_investor(session)
    project = make_project(session, investor=unit)
    make_capital_term(session, vintage=2023, disburse_until=date(2024, 6, 30))
    make_allocation(session, 100, project=project)
    make_allocation(session, 30, project=project, vintage=2023)
    make_allocation(
        session, 10, project=make_project(session, investor=unit), vintage=2023,
        disburse_until=date(2024, 4, 15),
    )  # fmt: skip
    total, whole, *terms = look(session)
    assert [(row.vintage, row.disburse_until, row.monthly_need) for row in terms] == [
        (2024, date(2025, 1, 31), 10),
        (2023, date(2024, 4, 15), 10),
        (2023, date(2024, 6, 30), 10),
    ]
    assert (whole.disburse_until, whole.months_left) == (None, None)
    assert (total.monthly_need, whole.monthly_need) == (30, 30)


def test_what_is_disbursed_beyond_the_plan_is_no_need(session):
    allocation = make_allocation(session, 10, project=make_project(session))
    paid(session, month(session), allocation, 11)
    row = look(session)[2]
    assert (row.remaining, row.monthly_need, row.at_pace, row.short) == (-1, 0, 11, 0)


def test_memo_capital_and_lines_of_later_days_are_outside(session):
    project = make_project(session)
    make_allocation(session, 900, project=project, source="HDK")
    allocation = make_allocation(session, 100, project=project)
    make_line(session, allocation, amount=50, kind="supplement", effective_on=date(2024, 4, 1))
    assert look(session)[0].plan_total == 100


# ---------------------------------------------------------------- the pace itself


def test_the_pace_is_of_the_last_three_months(session):
    allocation = make_allocation(session, 10_000, project=make_project(session))
    amounts = (("2024-01", 1_000), ("2024-02", 20), ("2024-03", 30), ("2024-04", 40))
    for code, amount in amounts:
        paid(session, month(session, code), allocation, amount)
    row = look(session, "2024-04")[2]
    assert (row.monthly_pace, row.recent) == (
        30,
        (("2024-02", 20), ("2024-03", 30), ("2024-04", 40)),
    )


def test_a_month_that_is_missing_is_not_one_without_disbursement(session):
    late = make_allocation(session, 1_000, project=make_project(session, code="L"))
    quiet = make_allocation(session, 1_000, project=make_project(session, code="Q"))
    for code in ("2024-02", "2024-03"):
        month(session, code)
    for allocation in (late, quiet):
        make_expected(session, month(session), allocation.project.investor)
        paid(session, month(session, "2024-02"), allocation, 40)
    silent(session, month(session), quiet)
    rows = {row.code: row for row in look(session) if row.level == "investor"}
    of_late, of_quiet = (rows[one.project.investor.code] for one in (late, quiet))
    assert (of_late.monthly_pace, of_late.is_missing) == (40, True)
    assert (of_quiet.monthly_pace, of_quiet.is_missing) == (20, False)


def test_without_a_month_there_is_no_pace(session, client_for):
    make_allocation(session, 1_000, project=make_project(session))
    month(session)
    session.commit()
    row = look(session)[2]
    assert (row.monthly_pace, row.times, row.at_pace, row.short) == (None, None, 0, 1_000)
    assert filed(client_for("leader"))[2]["note"] == "Các tháng này chưa báo cáo"


def test_money_paid_back_makes_no_pace(session, client_for):
    allocation = make_allocation(session, 1_000, project=make_project(session))
    paid(session, month(session, "2024-02"), allocation, 100)
    money = paid(session, month(session), allocation, 0)
    money.returned = 150
    session.flush()
    row = look(session)[2]
    assert (row.monthly_pace, row.at_pace, row.times) == (-25, -50, None)
    session.commit()
    assert filed(client_for("leader"))[2]["note"] == "Các tháng này nộp trả nhiều hơn giải ngân"


def test_capital_that_was_taken_back_with_its_money_makes_no_pace_in_any_detail(session):
    """One of two projects had 500 đồng and disbursed 40: the plan was recalled, 10 were paid back
    in February and 30 in March."""
    first = make_allocation(session, 1_000, project=make_project(session))
    unit = first.project.investor
    second = make_allocation(session, 500, project=make_project(session, investor=unit))
    for code, amounts in (("2024-01", (7, 40)), ("2024-02", (8, -10)), ("2024-03", (9, -30))):
        sent = make_submission(session, period=month(session, code), investor=unit,
                               status="submitted")  # fmt: skip
        for capital, amount in zip((first, second), amounts, strict=True):
            entry = make_entry(session, submission=sent, project=capital.project)
            back = {"completed": amount} if amount > 0 else {"returned": -amount}
            make_disbursement(session, entry, capital, **back)
    make_line(session, second, kind="recall", amount=-500, effective_on=date(2024, 3, 2))
    session.commit()
    whole, by_unit, term, project = look(session, detail="project")
    assert (project.code, project.plan_total) == (first.project.code, 1_000)
    assert look(session) == (whole, by_unit, term)
    assert look(session, detail="group")[0] == whole
    assert (term.disbursed_total, term.monthly_pace, dict(term.recent)) == (
        24, 8, {"2024-01": 7, "2024-02": 8, "2024-03": 9},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("by_hand", "monthly", "at_pace"),
    [("0", 0, 0), ("5", 50, 500), ("9.94", 100, 1_000), ("100", 1_000, 1_000)],
)
def test_a_pace_by_hand_is_a_part_of_the_plan(session, by_hand, monthly, at_pace):
    make_allocation(session, 1_000, project=make_project(session))
    month(session)
    row = look(session, by_hand=Decimal(by_hand))[2]
    assert (row.monthly_pace, row.at_pace, row.short) == (monthly, at_pace, 1_000 - at_pace)


@pytest.mark.parametrize("typed", ["x", "-1", "101", "5,555"])
def test_a_pace_that_is_no_percentage_is_refused(session, client_for, typed):
    month(session)
    session.commit()
    reply = client_for("leader").get(f"{ADDRESS}.csv", query_string={"pace": typed})
    assert reply.status_code == 400


def test_a_unit_that_need_not_report_is_not_said_to_be_missing(session):
    make_allocation(session, 1_000, project=make_project(session))
    month(session)
    assert [row.is_missing for row in look(session)] == [False] * 3


# ---------------------------------------------------------------- earlier years


def year_before(session, year, plan, *, before, after, project, vintage=None):
    """A whole budget year: `before` disbursed in March, `after` in December."""
    allocation = make_allocation(
        session, None, project=project, budget_year=year, vintage=vintage or year
    )
    kind = "carry_in" if vintage else "initial"
    make_line(session, allocation, amount=plan, kind=kind, effective_on=date(year, 1, 10))
    for code, amount in ((f"{year}-03", before), (f"{year}-12", after)):
        paid(session, month(session, code), allocation, amount)


def test_earlier_years_say_what_share_came_after_the_same_month(session):
    project = make_project(session, start_on=date(2021, 1, 1))
    make_allocation(session, 1_000, project=project)
    year_before(session, 2022, 200, before=20, after=130, project=project)
    year_before(session, 2023, 400, before=40, after=300, project=project)
    total, unit, term = look(session)
    for row in (total, unit, term):
        assert (row.earlier_low, row.earlier_high) == (Decimal("65.00"), Decimal("75.00"))
        assert [(one.year, one.before, one.after) for one in row.earlier] == [
            (2022, 20, 130),
            (2023, 40, 300),
        ]


def test_a_year_of_which_this_month_or_the_last_is_not_known_is_no_measure(session):
    project = make_project(session, start_on=date(2021, 1, 1))
    make_allocation(session, 1_000, project=project)
    allocation = make_allocation(session, 100, project=project, budget_year=2023, vintage=2023)
    paid(session, month(session, "2023-04"), allocation, 50)
    paid(session, month(session, "2023-12"), allocation, 50)
    assert look(session)[0].earlier == ()
    assert look(session, "2024-04")[0].earlier != ()


def test_a_year_that_is_not_closed_yet_is_no_measure(session):
    """In January the year before is still paid: it is no measure before its own January ends."""
    project = make_project(session, start_on=date(2021, 1, 1))
    make_allocation(session, 1_000, project=project)
    allocation = make_allocation(session, 100, project=project, budget_year=2023, vintage=2023)
    for code in ("2023-01", "2023-02", "2023-12"):
        paid(session, month(session, code), allocation, 10)
    late = closing(session, 2023)
    paid(session, late, allocation, 30)
    assert look(session, "2024-01")[0].earlier == ()
    [year] = look(session, "2024-02")[0].earlier
    assert (year.before, year.after, year.last) == (20, 40, "2023-13")


def test_capital_of_the_year_and_carried_capital_have_their_own_past(session):
    project = make_project(session, start_on=date(2021, 1, 1))
    make_allocation(session, 1_000, project=project)
    make_allocation(session, 1_000, project=project, vintage=2023)
    year_before(session, 2023, 100, before=0, after=50, project=project)
    carried = make_allocation(session, 100, project=project, budget_year=2023, vintage=2022)
    [money] = (one for one in session.query(Disbursement) if one.net == 0)
    make_disbursement(session, money.entry, carried, completed=90)
    _total, unit, of_year, of_carried = look(session)
    assert unit.earlier_low == Decimal("25.00")
    assert of_year.earlier_low == Decimal("50.00")
    assert of_carried.earlier_low == Decimal("0.00")


# ---------------------------------------------------------------- one unit


def rows_of(found, unit_id):
    """The rows of a unit with their places, but for their numbers in the whole."""
    return [
        (replace(row, no=""), place)
        for row, place in zip(found.rows, found.places, strict=True)
        if place.investor_id == unit_id
    ]


@pytest.mark.parametrize("basis", ["submitted", "accepted"])
def test_a_unit_asked_for_alone_has_the_rows_that_it_has_among_all(demo, basis):
    seen = 0
    for period in demo.query(Period).filter(Period.code.in_(["2024-02", "2024-03"])):
        whole = pace(demo, period=period, basis=basis, detail="project")
        for unit in demo.query(Investor):
            alone = pace(demo, period=period, basis=basis, detail="project", unit=unit.id)
            assert rows_of(alone, unit.id) == rows_of(whole, unit.id)
            assert {place.investor_id for place in alone.places} <= {None, unit.id}
            seen += len(alone.rows)
    assert seen >= 100


# ---------------------------------------------------------------- merged units


def test_a_successor_has_the_pace_and_the_past_of_those_before_it(app):
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        commune, town = make_investor(session), make_investor(session, short_name="Thị trấn")
        project = make_project(session, investor=commune, code="S1", start_on=date(2021, 1, 1))
        year_before(session, 2023, 100, before=10, after=60, project=project)
        held = make_allocation(session, 600, project=project)
        month(session, "2023-04")
        for code, amount in (("2024-02", 30), ("2024-03", 60)):
            paid(session, month(session, code), held, amount)
        april = month(session, "2024-04")
        decision = make_decision(session, issued_on=date(2024, 3, 14))
        act = Act(effective_on=date(2024, 4, 1), decision=decision, at=AT, actor=Actor(None, "x"))
        merge(session, [commune], town, act)
        [unit] = [row for row in pace(session, period=april).rows if row.level == "investor"]
        assert unit.name == "Thị trấn"
        assert (unit.plan_total, unit.disbursed_total, unit.monthly_pace) == (600, 90, 45)
        assert [(one.year, one.after) for one in unit.earlier] == [(2023, 60)]
        [before] = [
            row for row in pace(session, period=month(session)).rows if row.level == "investor"
        ]
        assert (before.code, before.disbursed_total) == (commune.code, 90)
        for period, held_by in ((april, town), (month(session), commune)):
            whole = pace(session, period=period, detail="project")
            alone = pace(session, period=period, detail="project", unit=held_by.id)
            assert rows_of(alone, held_by.id) == rows_of(whole, held_by.id)
            assert len(rows_of(alone, held_by.id)) == 3
        session.rollback()


# ---------------------------------------------------------------- the same figures everywhere


@pytest.fixture
def demo(load_demo):
    return load_demo(AT)


def filed(client, **query):
    asked = {"period": "2024-03", "headers": "keys"} | query
    reply = client.get(f"{ADDRESS}.csv", query_string=asked)
    assert reply.status_code == 200
    return list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("detail", ["group", "investor", "project"])
@pytest.mark.parametrize("code", ["2024-01", "2024-02", "2024-03"])
def test_the_total_is_that_of_form_01_in_every_detail(demo, code, detail):
    period = demo.query(Period).filter_by(code=code).one()
    whole = consolidated(demo, period=period, version="live").rows[0]
    found = pace(demo, period=period, detail=detail)
    total = found.rows[0]
    assert (total.plan_total, total.disbursed_total, total.remaining) == (
        whole.plan_total,
        whole.disbursed_total,
        whole.remaining,
    )
    right = pace(demo, period=period).rows[0]
    for key in ("monthly_need", "monthly_pace", "at_pace", "short", "times"):
        assert getattr(total, key) == getattr(right, key)
    for name in ("plan_total", "disbursed_total", "at_pace", "short"):
        parts = [
            getattr(row, name)
            for row, place in zip(found.rows, found.places, strict=True)
            if place.depth == 1
        ]
        assert sum(parts) == getattr(total, name)


def test_each_month_of_the_pace_is_explained_to_the_dong(demo):
    period = demo.query(Period).filter_by(code="2024-03").one()
    found = pace(demo, period=period)
    seen = 0
    for row, place in zip(found.rows, found.places, strict=True):
        for code, amount in row.recent:
            one = demo.query(Period).filter_by(code=code).one()
            behind = explain(
                demo, period=one, column="disbursed_month", investor_id=place.investor_id,
                vintage=place.vintage, until=place.until,
            )  # fmt: skip
            assert behind.money_sum == amount
            seen += 1
    assert seen > 30


def test_the_file_has_the_keys(demo, client_for):
    found = filed(client_for("leader"))
    assert tuple(found[0]) == KEYS
    assert (found[0]["level"], found[0]["name"]) == ("total", "TỔNG SỐ")
    assert found[2]["name"] == "Vốn năm 2024, hạn 31/01/2025"


def test_every_figure_leads_to_what_it_is_made_of(demo, client_for):
    client = client_for("leader")
    page = client.soup(f"{ADDRESS}?period=2024-03&unit=dong&detail=project")
    links = page.select(".report-table tbody td a")
    assert len(links) > 150
    known = [link for link in links if "/explain?" in link["href"]]
    for link in known[:6] + known[-6:]:
        address = link["href"].replace("/explain?", "/explain.json?")
        assert client.get(address).json["value"] == int(link.text.replace(".", ""))
    made = [link for link in links if "/pace/why?" in link["href"]]
    for link in made[:12] + made[-12:]:
        said = client.soup(link["href"]).select_one("main").text
        assert link.text in said, link["href"]


def test_a_unit_sees_its_own_capital_alone(demo, client_for):
    own = demo.query(Investor).filter_by(code="X-06388").one()
    other = demo.query(Investor).filter_by(code="X-06397").one()
    client = client_for("investor", own)
    found = filed(client, detail="project")
    assert found[0]["name"] == "TỔNG SỐ CỦA ĐƠN VỊ"
    assert {row["investor"] for row in found[1:]} == {"UBND xã Hữu Liên"}
    assert "Hòa Bình" not in client.get(f"{ADDRESS}?period=2024-03&detail=project").text
    why = f"{ADDRESS}/why?period=2024-03&investor="
    assert client.get(f"{why}{own.id}").status_code == 200
    assert client.get(f"{why}{other.id}").status_code == 404
    foreign = demo.query(Project).filter_by(code="L03").one()
    assert client.get(f"{why}{own.id}&project={foreign.id}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["investor=x", "vintage=x", "until=x", "vintage=2019&until=2024-12-31", "investor=9999"],
)
def test_an_address_of_no_row_is_nothing(demo, client_for, query):
    assert client_for("leader").get(f"{ADDRESS}/why?period=2024-03&{query}").status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.skipif(not has_calc(), reason="needs libreoffice-calc: make browser")
def test_calculated_anew_every_figure_stays_to_the_dong(demo, client_for, tmp_path):
    client, files = client_for("leader"), []
    for unit in ("dong", "nghin", "trieu"):
        for detail in ("group", "investor", "project"):
            asked = f"period=2024-03&unit={unit}&detail={detail}"
            files.append(tmp_path / f"{unit}-{detail}.xlsx")
            files[-1].write_bytes(client.get(f"{ADDRESS}.xlsx?{asked}").data)
    compared = 0
    for before, after in zip(files, converted(files, tmp_path, "xlsx"), strict=True):
        formulas = load_workbook(before).active
        kept = load_workbook(before, data_only=True).active
        anew = load_workbook(after, data_only=True).active
        for cell in (one for row in formulas.iter_rows() for one in row if one.data_type == "f"):
            was, now = kept[cell.coordinate].value, anew[cell.coordinate].value
            assert (was or None) == (now or None), (before.name, cell.coordinate, cell.value)
            compared += 1
    assert compared > 1_000


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.skipif(not has_calc(), reason="needs libreoffice-calc: make browser")
@pytest.mark.parametrize("unit", ["dong", "trieu"])
def test_calculated_anew_the_need_of_a_nation_stays_to_the_dong(
    session, client_for, tmp_path, unit
):
    for amount in (712_894_161_689_653, 64_970_843_391_161, 10**13):  # by ten months
        make_allocation(session, amount, project=make_project(session))
    month(session)
    session.commit()
    file = tmp_path / "a.xlsx"
    asked = f"period=2024-03&unit={unit}&detail=project"
    file.write_bytes(client_for("leader").get(f"{ADDRESS}.xlsx?{asked}").data)
    kept = load_workbook(file, data_only=True).active
    anew = load_workbook(converted([file], tmp_path, "xlsx")[0], data_only=True).active
    column = [[cell.value for cell in sheet["I"]] for sheet in (kept, anew)]
    size = 1 if unit == "dong" else 10**6
    needs = {71_289_416_168_966 / size, 6_497_084_339_117 / size, 10**12 / size}
    assert needs < set(column[0])
    assert column[0] == column[1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.skipif(not has_calc(), reason="needs libreoffice-calc: make browser")
def test_a_pace_typed_over_goes_on_into_all_that_rests_on_it(session, client_for, tmp_path):
    allocation = make_allocation(session, 1_000, project=make_project(session))
    paid(session, month(session), allocation, 10)
    session.commit()
    file = tmp_path / "a.xlsx"
    file.write_bytes(client_for("leader").get(f"{ADDRESS}.xlsx?period=2024-03&unit=dong").data)
    book = load_workbook(file)
    [top] = [row[0].row for row in book.active.iter_rows() if row[0].value == "I"]
    book.active.cell(top + 1, 10).value = 50
    book.save(file)
    sheet = load_workbook(converted([file], tmp_path, "xlsx")[0], data_only=True).active
    for row in (top - 1, top, top + 1):
        found = [sheet.cell(row, n).value for n in (9, 10, 11, 12, 13)]
        assert found == [99, 50, 1.98, 510, 490]


def test_without_capital_every_form_of_it_says_so(session, client_for):
    month(session)
    session.commit()
    client = client_for("leader")
    assert "Không đơn vị nào có vốn" in client.get(f"{ADDRESS}?period=2024-03").text
    assert filed(client) == []
    for kind in ("xlsx", "docx"):
        assert client.get(f"{ADDRESS}.{kind}?period=2024-03").status_code == 200


def test_the_page_costs_the_same_for_1_and_20_units(session, client_for, count_queries):
    allocation = make_allocation(session, 1_000, project=make_project(session))
    paid(session, month(session), allocation, 5)
    client = client_for("leader")

    def cost():
        session.commit()
        client.get(f"{ADDRESS}?period=2024-03&detail=project")
        with count_queries() as seen:
            assert client.get(f"{ADDRESS}?period=2024-03&detail=project").status_code == 200
        return len(seen)

    before = cost()
    for _n in range(20):
        other = make_allocation(session, 1_000, project=make_project(session))
        paid(session, month(session), other, 50)
    assert cost() == before
