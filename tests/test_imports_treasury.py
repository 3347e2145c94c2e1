"""Statements of the Treasury: stored by day, held against the reports, never changing them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from models import (
    Actor,
    Disbursement,
    RuleBroken,
    Scope,
    Stale,
    TreasuryLine,
    TreasuryStatement,
    act_as,
)
from models.base import HANOI
from models.imports import Writes, Written, carry_out, known_for, make_plan, take_back
from models.sheets import At, Finding, Level
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_period,
    make_project,
    make_statement,
    make_submission,
    make_treasury_line,
)
from tests.readings import ask, line, reading, said

AT = datetime(2024, 4, 5, 3, tzinfo=UTC)
OFFICER = Actor(None, "Cán bộ")
DAY = date(2024, 3, 31)


@pytest.fixture
def scoped(district_session):
    """The application's own session, over the whole district, in a person's name."""
    act_as(OFFICER)
    return district_session


@pytest.fixture
def reports(scoped):
    """L01 reported 100 in February and 23 in March, L02 nothing; both hold 1.000.000 đồng."""
    first = make_allocation(scoped, 1_000_000, project=make_project(scoped, code="L01"))
    second = make_allocation(scoped, 1_000_000, project=make_project(scoped, code="L02"))
    for code, amount, status in (
        ("2024-02", 100, "accepted"),
        ("2024-03", 23, "submitted"),
        ("2024-04", 7, "submitted"),
    ):
        report(scoped, first, code, amount, status)
    scoped.commit()
    return first, second


def report(session, allocation, code, amount, status):
    project = allocation.project
    found = make_submission(
        session,
        period=make_period(session, code),
        investor=project.investor,
        status=status,
    )
    entry = make_entry(session, submission=found, project=project)
    return make_disbursement(session, entry, allocation, completed=amount)


def plan(session, *lines, answers=None, period=None, **more):
    more = {"day": DAY, "period": None} | more
    known = known_for(session, day=date(2024, 4, 5))
    asked = ask("treasury", period=period, answers=answers or {})
    return make_plan(session, reading(*lines, **more), asked, known=known, at=AT)


def written(session, *lines, **more):
    writes = Writes.from_json(plan(session, *lines, **more).writes.as_json())
    found = carry_out(session, writes, at=AT, actor=OFFICER)
    session.commit()
    return Written.from_json(found.as_json())


def lines_of(session):
    rows = session.execute(
        sa.select(TreasuryStatement.day, TreasuryLine.confirmed, TreasuryLine.text)
        .join(TreasuryStatement)
        .order_by(TreasuryLine.id)
    )
    return [tuple(row) for row in rows]


def codes(plan):
    return [(one.level.value, one.code, one.at.cell) for one in plan.findings]


@pytest.mark.parametrize("ahead", [-1, 0, 1])
def test_nothing_is_confirmed_of_a_day_that_has_not_come(scoped, reports, ahead):
    """In the sheet, of a period that is chosen, and wherever such a row would be stored."""
    day = date(2024, 4, 30) + timedelta(days=ahead)
    year = {"budget_year": 2024}
    make_period(scoped, "2024-05")
    with time_machine.travel(datetime(2024, 4, 30, 12, tzinfo=HANOI), tick=False):
        told = plan(scoped, line(7, "L01", confirmed=7), day=day, **year)
        chosen = plan(scoped, line(7, "L01", confirmed=7), day=None, period="2024-05", **year)
        assert codes(chosen) == [("error", "day_ahead", "")]
        if ahead > 0:
            assert codes(told) == [("error", "day_ahead", "")]
            assert told.findings[0].values == {"day": day}
            with pytest.raises(RuleBroken, match="has not come yet"):
                make_statement(scoped, day=day)
        else:
            assert codes(told) == []
            make_statement(scoped, day=day)


@pytest.mark.parametrize(("confirmed", "difference"), [(122, 1), (123, None), (124, -1)])
def test_the_statement_is_held_against_the_reports_until_its_day(
    scoped, reports, confirmed, difference
):
    found = plan(scoped, line(7, "L01", confirmed=confirmed))
    assert found.as_differences() == (
        []
        if difference is None
        else [
            {
                "project_code": "L01",
                "reported": "123",
                "confirmed": str(confirmed),
                "difference": str(difference),
            }
        ]
    )
    assert found.status == "ready"


def test_drafts_memo_sources_and_other_years_are_not_in_the_reports(scoped, reports):
    first, second = reports
    report_of = make_allocation(scoped, 9, project=first.project, source="TDCS")
    [march] = scoped.scalars(sa.select(Disbursement).where(Disbursement.completed == 23))
    make_disbursement(scoped, march.entry, report_of, completed=5)
    draft = make_submission(
        scoped, period=march.entry.submission.period, investor=second.project.investor
    )
    make_disbursement(
        scoped, make_entry(scoped, submission=draft, project=second.project), second, completed=6
    )
    found = plan(scoped, line(7, "L01", confirmed=123), line(8, "L02", confirmed=0))
    assert found.differences == ()


def test_the_day_is_that_of_the_period_where_the_file_tells_none(scoped, reports):
    found = plan(scoped, line(7, "L01", confirmed=130), day=None, period="2024-04")
    assert found.differences == ()
    assert found.writes.statement.day == "2024-04-30"
    assert codes(plan(scoped, line(7, "L01", confirmed=1), day=None)) == [
        ("error", "date_unclear", "")
    ]


def test_in_january_the_budget_year_is_asked_about(scoped, reports):
    day = date(2025, 1, 31)
    found = plan(scoped, line(7, "L01", confirmed=130), day=day)
    [question] = [one for one in found.findings if one.blocks]
    assert [one.value for one in question.options] == ["2024", "2025"]
    answered = plan(
        scoped, line(7, "L01", confirmed=130), day=day, answers={"year_unclear": "2024"}
    )
    assert (answered.writes.statement.budget_year, answered.differences) == (2024, ())


def test_several_rows_of_a_project_are_summed_and_a_total_is_not_added_to_its_parts(
    scoped, reports
):
    rows = (
        line(7, "L01", said("confirmed", 100, "D7", vintage=2024), name="Đợt 1"),
        line(
            8,
            "L01",
            said("confirmed", 13, "D8", vintage=2024),
            said("confirmed", 10, "E8", vintage=2023),
            said("confirmed", 23, "F8"),
            name="Đợt 2",
        ),
    )
    found = plan(scoped, *rows)
    assert (found.differences, codes(found)) == ((), [])
    [row] = [one for one in found.rows if one.table == "treasury_lines"]
    assert (row.values["confirmed"], row.values["text"]) == ("123", "Đợt 1; Đợt 2")


def test_a_total_that_is_not_the_sum_of_its_parts_is_told(scoped, reports):
    row = line(7, "L01", said("confirmed", 100, "D7", vintage=2024), said("confirmed", 123, "F7"))
    assert codes(plan(scoped, row)) == [("warning", "total_mismatch", "F7")]


def test_advances_and_payments_are_added_where_no_total_stands(scoped, reports):
    assert plan(scoped, line(7, "L01", advance=23, completed=100)).differences == ()


def test_a_row_of_no_known_project_is_named_and_does_not_stop_the_others(scoped, reports):
    found = plan(
        scoped,
        line(7, None, name="Đường liên xã", confirmed=55),
        line(8, "L01", confirmed=123),
    )
    assert (found.status, codes(found)) == ("ready", [("warning", "treasury_unmatched", "B7")])
    [warning] = found.findings
    assert (warning.values["name"], int(warning.values["amount"])) == ("Đường liên xã", 55)


def test_a_row_that_is_asked_about_is_not_named_a_second_time(scoped, reports):
    asked = Finding(level=Level.QUESTION, code="name_unclear", message="?", at=At("T4", "B7"))
    found = plan(scoped, line(7, None, confirmed=55), findings=(asked,))
    assert next(code for _level, code, _cell in codes(found)) == "name_unclear"
    assert "treasury_unmatched" not in [code for _level, code, _cell in codes(found)]


def test_a_project_with_disbursement_and_no_row_is_a_hint(scoped, reports):
    found = plan(scoped, line(7, "L02", confirmed=0))
    assert codes(found) == [("hint", "treasury_missing", "")]
    assert found.findings[0].values["project"] == "L01"


def test_a_statement_is_stored_and_changes_no_report(scoped, reports):
    before = scoped.scalars(sa.select(Disbursement.completed).order_by(Disbursement.id)).all()
    rows = line(7, "L01", confirmed=100, name="Mô hình"), line(8, "L02", confirmed=0, name="Dê")
    written(scoped, *rows)
    assert lines_of(scoped) == [(DAY, 100, "Mô hình"), (DAY, 0, "Dê")]
    after = scoped.scalars(sa.select(Disbursement.completed).order_by(Disbursement.id)).all()
    assert after == before
    again = plan(scoped, *rows)
    assert again.counts == {"new": 0, "changed": 0, "same": 3}
    assert len(again.differences) == 1


def test_a_corrected_statement_of_the_same_day_is_shown_old_beside_new(scoped, reports):
    written(scoped, line(7, "L01", confirmed=100))
    row = plan(scoped, line(7, "L01", confirmed=101)).rows[1]
    assert (row.state, row.old["confirmed"], row.values["confirmed"]) == ("changed", "100", "101")


def test_files_of_one_day_complete_each_other(scoped, reports):
    written(scoped, line(7, "L01", confirmed=100))
    written(scoped, line(7, "L02", confirmed=5))
    assert [row[:2] for row in lines_of(scoped)] == [(DAY, 100), (DAY, 5)]


def test_taking_back_restores_the_statement_that_was_there(scoped, reports):
    written(scoped, line(7, "L01", confirmed=100, name="Cũ"))
    before = lines_of(scoped)
    second = written(scoped, line(7, "L01", confirmed=101, name="Mới"), line(8, "L02", confirmed=5))
    take_back(scoped, second, at=AT, actor=OFFICER)
    scoped.commit()
    assert lines_of(scoped) == before


def test_taking_back_the_first_removes_the_statement_unless_others_built_upon_it(scoped, reports):
    first = written(scoped, line(7, "L01", confirmed=100))
    second = written(scoped, line(7, "L02", confirmed=5))
    with pytest.raises(RuleBroken):
        take_back(scoped, first, at=AT, actor=OFFICER)
    scoped.rollback()
    take_back(scoped, second, at=AT, actor=OFFICER)
    take_back(scoped, first, at=AT, actor=OFFICER)
    scoped.commit()
    assert scoped.scalars(sa.select(TreasuryStatement)).all() == []


def test_a_line_entered_meanwhile_is_not_overwritten(scoped, reports):
    planned = plan(scoped, line(7, "L01", confirmed=100))
    written(scoped, line(7, "L01", confirmed=99))
    with pytest.raises(Stale):
        carry_out(scoped, planned.writes, at=AT, actor=OFFICER)


def test_a_unit_sees_its_own_lines_and_the_statements_that_have_one(scoped, reports):
    first, second = reports
    march = make_statement(scoped)
    make_treasury_line(scoped, project=first.project, statement=march)
    make_treasury_line(scoped, project=second.project, statement=march, confirmed=5)
    april = make_statement(scoped, day=date(2024, 4, 30))
    make_treasury_line(scoped, project=second.project, statement=april)
    scoped.commit()
    scoped.enter(Scope.of({first.investor_id}))
    assert [row.confirmed for row in scoped.scalars(sa.select(TreasuryLine))] == [100]
    assert [row.day for row in scoped.scalars(sa.select(TreasuryStatement))] == [DAY]


def test_the_number_of_queries_does_not_grow_with_the_rows(scoped, reports, count_queries):
    first, _second = reports
    for n in range(20):
        make_project(scoped, code=f"M{n}", investor=first.project.investor)
    scoped.commit()

    def asked(*rows):
        scoped.expunge_all()
        with count_queries() as seen:
            plan(scoped, *rows)
        return len(seen)

    asked(line(7, "L01", confirmed=1))
    one = asked(line(7, "L01", confirmed=1))
    assert asked(*(line(7 + n, f"M{n}", confirmed=n) for n in range(20))) == one
