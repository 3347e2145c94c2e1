"""Reports against the Treasury: each đồng that differs, since when, and to whom it is shown."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from models import DISTRICT, Actor, Disbursement, Period, Project, Scope, Submission, db
from models.calendar import DayKind
from models.filing import read_sheet
from models.filing.checks import check_sheet
from models.ledger import days_of_one_balance, reported_until
from models.reorganisation import Act, merge
from reports.treasury import history, treasury
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_explanation,
    make_investor,
    make_period,
    make_project,
    make_remark,
    make_statement,
    make_submission,
    make_treasury_line,
)

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
MARCH_END = date(2024, 3, 31)
ADDRESS = "/admin/reports/treasury"
KEYS = ["project_code", "investor", "reported", "confirmed", "difference", "since", "age_days",
        "note"]  # fmt: skip


def month(session, code="2024-03"):
    return session.query(Period).filter_by(code=code).one_or_none() or make_period(session, code)


def report(session, allocation, code, amount, status="submitted"):
    project = allocation.project
    sent = make_submission(
        session, period=month(session, code), investor=project.investor, status=status
    )
    entry = make_entry(session, submission=sent, project=project)
    return make_disbursement(session, entry, allocation, completed=amount)


def confirm(session, day, *said, **given):
    statement = make_statement(session, day=day, **given)
    for project, amount in said:
        make_treasury_line(session, project=project, statement=statement, confirmed=amount)
    return statement


@pytest.fixture
def held(session):
    """P1 reported 100 in January, 20 in February and 3 in March; nothing else is reported."""
    unit = make_investor(session, code="X-1", short_name="UBND xã A", sort_order=1)
    allocation = make_allocation(
        session, 1_000, project=make_project(session, investor=unit, code="P1", name="Nuôi dê")
    )
    for code, amount in (("2024-01", 100), ("2024-02", 20), ("2024-03", 3)):
        report(session, allocation, code, amount)
    session.commit()
    return allocation


def look(session, code="2024-03", *, at=AT, **asked):
    return treasury(session, period=month(session, code), as_of=at, **asked)


def told(row):
    return row.project_code, row.reported, row.confirmed, row.difference, row.since, row.age_days


# ---------------------------------------------------------------- what differs


@pytest.mark.parametrize(
    ("confirmed", "row"),
    [
        (122, ("P1", 123, 122, 1, MARCH_END, 16)),
        (123, None),
        (124, ("P1", 123, 124, -1, MARCH_END, 16)),
    ],
)
def test_one_dong_is_a_difference(session, held, confirmed, row):
    confirm(session, MARCH_END, (held.project, confirmed))
    found = look(session)
    assert [told(one) for one in found.rows] == ([row] if row else [])
    assert (found.compared, found.differing) == (1, int(row is not None))


def test_the_reports_count_at_the_day_of_the_statement(session, held):
    confirm(session, date(2024, 2, 29), (held.project, 120))
    assert look(session).rows == ()
    [row] = look(session, show_all=True).rows
    assert told(row) == ("P1", 120, 120, 0, None, None)


def test_drafts_memo_sources_and_other_years_are_outside(session, held):
    memo = make_allocation(session, 9, project=held.project, source="TDCS")
    [march] = session.query(Disbursement).filter_by(completed=3)
    make_disbursement(session, march.entry, memo, completed=5)
    other = make_allocation(session, 9, project=held.project, budget_year=2023, vintage=2023)
    report(session, other, "2023-12", 7)
    draft = make_allocation(session, 9, project=make_project(session))
    report(session, draft, "2024-03", 6, "draft")
    confirm(session, MARCH_END, (held.project, 123), (draft.project, 0))
    confirm(session, date(2023, 12, 31), (held.project, 1), budget_year=2023)
    assert look(session).rows == ()


@pytest.mark.parametrize(
    ("day", "reported"),
    [
        (date(2024, 3, 28), 120),  # a Thursday: Friday is still paid on
        (date(2024, 3, 29), 123),  # the last working day of the month
        (date(2024, 3, 30), 123),
        (date(2024, 3, 31), 123),
        (date(2024, 4, 1), 123),
        (date(2024, 2, 28), 100),  # the 29th is a working day
        (date(2024, 2, 29), 120),
    ],
)
def test_days_off_after_a_statement_bring_no_payment(session, held, day, reported):
    confirm(session, day, (held.project, 1))
    assert look(session).rows[0].reported == reported
    assert reported_until(session, day, 2024) == {held.project_id: reported}


def test_a_worked_weekend_brings_payments():
    first, last = days_of_one_balance(date(2024, 3, 29), {})
    assert (first, last) == (date(2024, 3, 29), date(2024, 3, 31))
    worked = {date(2024, 3, 30): DayKind.WORKING_OVERRIDE}
    assert days_of_one_balance(date(2024, 3, 29), worked) == (date(2024, 3, 29),) * 2
    assert days_of_one_balance(date(2024, 3, 31), worked) == (date(2024, 3, 30), date(2024, 3, 31))


# ---------------------------------------------------------------- since when


def test_the_age_runs_from_the_first_of_the_statements_that_differ_in_a_row(session, held):
    project = held.project
    confirm(session, date(2024, 1, 31), (project, 99))
    confirm(session, date(2024, 2, 29), (project, 120))
    confirm(session, date(2024, 3, 15), (project, 119))
    confirm(session, MARCH_END, (project, 100))
    [row] = look(session).rows
    assert told(row) == ("P1", 123, 100, 23, date(2024, 3, 15), 32)
    assert [(one.day, one.difference) for one, _code in history(session, project, 2024)] == [
        (MARCH_END, 23),
        (date(2024, 3, 15), 1),
        (date(2024, 2, 29), 0),
        (date(2024, 1, 31), 1),
    ]


def test_a_statement_without_the_project_does_not_end_the_difference(session, held):
    other = make_project(session, code="P2")
    confirm(session, date(2024, 1, 31), (held.project, 1))
    confirm(session, date(2024, 2, 29), (other, 0))
    confirm(session, MARCH_END, (held.project, 1))
    assert look(session).rows[0].since == date(2024, 1, 31)


def test_the_last_statement_that_has_the_project_counts(session, held):
    other = make_project(session, code="P2")
    confirm(session, date(2024, 2, 29), (held.project, 7))
    confirm(session, MARCH_END, (other, 0))
    found = look(session)
    assert (found.day, found.compared) == (MARCH_END, 2)
    [row] = found.rows
    assert told(row) == ("P1", 120, 7, 113, date(2024, 2, 29), 47)
    assert (row.statement_on, row.counted) == (date(2024, 2, 29), "2024-02")


def test_a_period_shows_the_statements_up_to_the_end_of_the_next(session, held):
    month(session, "2024-04")
    confirm(session, date(2024, 4, 26), (held.project, 120))  # a Friday; Monday is worked
    assert (look(session).day, look(session).rows[0].age_days) == (date(2024, 4, 26), 0)
    confirm(session, date(2024, 4, 30), (held.project, 99))
    march, april = look(session), look(session, "2024-04", at=datetime(2024, 5, 10, tzinfo=UTC))
    assert (march.day, april.day) == (date(2024, 4, 26), date(2024, 4, 30))
    # what came after ends the age that an older list shows
    late = look(session, at=datetime(2024, 5, 10, tzinfo=UTC))
    assert (late.rows[0].age_days, april.rows[0].age_days) == (4, 14)


def test_a_corrected_report_ends_the_difference(session, held):
    confirm(session, MARCH_END, (held.project, 124))
    assert len(look(session).rows) == 1
    [march] = session.query(Disbursement).filter_by(completed=3)
    march.completed = 4
    session.flush()
    assert look(session).rows == ()


def test_disbursement_without_a_row_in_any_statement_is_named(session, held):
    other = make_project(session, code="P2")
    confirm(session, MARCH_END, (other, 0))
    found = look(session)
    assert (found.rows, found.missing) == ((), ("P1",))
    rows = look(session, show_all=True).rows
    assert told(rows[0]) == ("P1", 123, None, None, None, None)
    assert told(rows[1]) == ("P2", 0, 0, 0, None, None)


def test_without_a_statement_nothing_is_compared(session, held):
    found = look(session)
    assert (found.day, found.rows, found.missing) == (None, (), ())


# ---------------------------------------------------------------- merged units


def test_what_is_handed_over_is_compared_as_one(app):
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        commune, town = make_investor(session), make_investor(session, short_name="Thị trấn")
        allocation = make_allocation(
            session, 1_000, project=make_project(session, investor=commune, code="S1")
        )
        report(session, allocation, "2024-10", 100)
        november, december = (month(session, code) for code in ("2024-11", "2024-12"))
        confirm(session, date(2024, 10, 31), (allocation.project, 90))
        decision = make_decision(session, issued_on=date(2024, 11, 14))
        at, day = datetime(2024, 12, 3, tzinfo=UTC), date(2024, 12, 2)
        act = Act(effective_on=day, decision=decision, at=at, actor=Actor(None, "x"))
        merge(session, [commune], town, act)
        moved = allocation.project.code + "-2"
        [after] = [one for one in projects_of(session, town) if one.code == moved]
        confirm(session, date(2024, 12, 31), (after, 95))
        at = datetime(2025, 1, 2, tzinfo=UTC)
        [row] = treasury(session, period=december, as_of=at).rows
        assert told(row) == ("S1-2", 100, 95, 5, date(2024, 10, 31), 63)
        assert row.investor == "Thị trấn"
        [row] = treasury(session, period=november, as_of=at).rows
        assert told(row) == ("S1", 100, 90, 10, date(2024, 10, 31), 61)
        assert [one.day for one, _code in history(session, after, 2024)] == [
            date(2024, 12, 31),
            date(2024, 10, 31),
        ]
        session.rollback()


def projects_of(session, unit):
    return session.query(Project).filter_by(investor_id=unit.id).all()


def test_v14_of_a_successor_knows_the_project_by_its_old_code(app):
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        commune, town = make_investor(session), make_investor(session)
        allocation = make_allocation(
            session, 1_000, project=make_project(session, investor=commune, code="S1")
        )
        report(session, allocation, "2024-10", 100)
        december = month(session, "2024-12")
        decision = make_decision(session, issued_on=date(2024, 11, 14))
        act = Act(effective_on=date(2024, 12, 2), decision=decision, at=AT, actor=Actor(None, "x"))
        merge(session, [commune], town, act)
        [after] = projects_of(session, town)
        confirm(session, date(2024, 12, 31), (allocation.project, 60), (after, 39))
        sheet = read_sheet(session, period=december, investor=town, at=AT)
        [row] = sheet.projects
        assert (row.code, row.after, row.confirmed) == ("S1-2", 100, 99)
        assert [one.rule for one in check_sheet(sheet) if one.rule == "V14"] == ["V14"]
        session.rollback()


# ---------------------------------------------------------------- screen and files


@pytest.fixture
def two(session, held):
    """P2 of another unit reported 50; the Treasury confirms 40 of them and 122 of P1."""
    unit = make_investor(session, code="X-2", short_name="UBND xã B", sort_order=2)
    other = make_allocation(session, 1_000, project=make_project(session, investor=unit, code="P2"))
    money = report(session, other, "2024-03", 50)
    confirm(session, MARCH_END, (held.project, 122), (other.project, 40))
    sent = money.entry.submission
    make_explanation(
        session, sent, rule="V14", subject=f"project:{other.project_id}", text="Kho bạc ghi sổ 1/4"
    )
    session.commit()
    return held.project.investor, unit


def filed(client, **query):
    asked = {"period": "2024-03", "headers": "keys", "as_of": "2024-04-16T09:00"} | query
    reply = client.get(f"{ADDRESS}.csv", query_string=asked)
    assert reply.status_code == 200
    return list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")))


def test_the_file_has_the_keys(client_for, two):
    found = filed(client_for("officer"))
    assert list(found[0]) == KEYS
    assert list(found[0].values()) == ["P1", "UBND xã A", "123", "122", "1", "2024-03-31", "16", ""]
    assert list(found[1].values()) == [
        "P2", "UBND xã B", "50", "40", "10", "2024-03-31", "16",
        "Đơn vị giải trình: Kho bạc ghi sổ 1/4",
    ]  # fmt: skip


def test_the_last_word_on_the_figure_stands_in_the_note(client_for, session, two):
    own, _other = two
    officer = client_for("officer")
    page = f"/admin/review/2024-03/{own.id}"
    [field] = officer.soup(page).select("textarea[name$=-treasury_cumulative]")
    assert officer.get(page).status_code == 200
    report = session.query(Submission).filter_by(investor_id=own.id).join(Period).filter(
        Period.code == "2024-03"
    ).one()  # fmt: skip
    subject = field["name"].removeprefix("remark-").removesuffix("-treasury_cumulative")
    for n, text in enumerate(("Đề nghị đối chiếu", "Kho bạc đã ghi sổ ngày 02/4"), 1):
        make_remark(
            session, report, subject=subject, figure="treasury_cumulative", text=text,
            at=datetime(2024, 4, 9 + n, tzinfo=UTC), thread_id=7,
        )  # fmt: skip
    make_remark(session, report, subject=subject, text="Về tiến độ")
    session.commit()
    assert filed(officer)[0]["note"] == "Ý kiến: Kho bạc đã ghi sổ ngày 02/4"


def test_a_unit_sees_its_own_rows_only(client_for, two):
    own, other = two
    client = client_for("investor", own)
    assert [row["project_code"] for row in filed(client, all=1)] == ["P1"]
    page = client.get(f"{ADDRESS}?period=2024-03&all=1").text
    assert "P1" in page
    assert "P2" not in page
    assert other.short_name not in page
    foreign = projects_of(client.arranged, other)[0].id
    address = f"{ADDRESS}/statements?period=2024-03&project="
    assert client.get(address + str(foreign)).status_code == 404
    assert client.get(address + "1").status_code == 404
    mine = projects_of(client.arranged, own)[0]
    assert client.get(address + str(mine.id)).status_code == 200


def test_each_figure_leads_to_what_is_behind_it(client_for, two):
    client = client_for("leader")
    page = client.soup(f"{ADDRESS}?period=2024-03&as_of=2024-04-16T09:00")
    links = page.select(".treasury-table tbody td a")
    assert [one.text for one in links[:5]] == ["123", "122", "1", "31/03/2024", "16"]
    data = client.get(links[0]["href"].replace("/explain?", "/explain.json?")).json
    assert (data["value"], data["money"]["sum"]) == (123, 123)
    there = client.soup(links[2]["href"])
    assert [one.text for one in there.select("tbody td")][1:4] == ["123", "122", "+1"]


def test_the_spreadsheet_shows_whole_dong_and_a_live_difference(client_for, two):
    reply = client_for("officer").get(f"{ADDRESS}.xlsx?period=2024-03")
    for is_value in (True, False):
        sheet = load_workbook(io.BytesIO(reply.data), data_only=is_value).active
        [row] = [
            [cell.value for cell in cells]
            for cells in sheet.iter_rows()
            if any(cell.value == "P2" for cell in cells)
        ]
        assert row[3:5] == [50, 40]
        assert (row[5] == 10) if is_value else str(row[5]).startswith("=")
    assert client_for("officer").get(f"{ADDRESS}.docx?period=2024-03").status_code == 200


def test_the_command_writes_the_same_file(app, session, two, client_for):
    session.commit()
    asked = ["--period", "2024-03", "--headers", "keys", "--as-of", "2024-04-16T09:00"]
    written = app.test_cli_runner().invoke(args=["reports", "treasury", *asked]).stdout
    rows = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
    assert [(row["project_code"], row["difference"]) for row in rows] == [("P1", "1"), ("P2", "10")]
    assert rows[0]["age_days"] == filed(client_for("officer"))[0]["age_days"] == "16"


def test_without_a_statement_every_form_of_it_says_so(session, client_for):
    make_period(session)
    client = client_for("leader")
    page = client.get(f"{ADDRESS}?period=2024-03").text
    assert "Chưa có bảng đối chiếu" in page
    assert "0/0 dòng" not in page
    assert filed(client) == []
    for kind in ("xlsx", "docx"):
        assert client.get(f"{ADDRESS}.{kind}?period=2024-03").status_code == 200


def test_the_page_costs_the_same_for_1_and_20(session, held, client_for, count_queries):
    statement = confirm(session, MARCH_END, (held.project, 1))
    client = client_for("officer")

    def cost():
        session.commit()
        client.get(f"{ADDRESS}?period=2024-03")
        with count_queries() as seen:
            assert client.get(f"{ADDRESS}?period=2024-03").status_code == 200
        return len(seen)

    before = cost()
    for _n in range(20):
        other = make_allocation(session, 1_000, project=make_project(session))
        report(session, other, "2024-03", 50)
        make_treasury_line(session, project=other.project, statement=statement, confirmed=1)
    for day in (date(2024, 2, 29), date(2024, 3, 15)):
        confirm(session, day, (held.project, 1))
    assert cost() == before


def test_a_predecessor_reads_its_own_project_under_its_own_name(app):
    """It may not see the project under which its own is carried on."""
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        commune, town = make_investor(own), make_investor(own)
        allocation = make_allocation(own, 9, project=make_project(own, investor=commune, code="S1"))
        report(own, allocation, "2024-10", 100)
        december = make_period(own, "2024-12")
        confirm(own, date(2024, 12, 31), (allocation.project, 90))
        decision = make_decision(own, issued_on=date(2024, 11, 14))
        act = Act(effective_on=date(2024, 12, 2), decision=decision, at=AT, actor=Actor(None, "x"))
        merge(own, [commune], town, act)
        own.flush()
        period_id, unit_id = december.id, commune.id
        own.enter(Scope.of({unit_id}))
        [row] = treasury(own, period=own.get(Period, period_id), as_of=AT).rows
        assert (row.project_code, row.difference) == ("S1", 10)
        own.rollback()
