"""What a monthly file would write: figures to capital, what is compared, what is asked."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from models import Allocation, ProgressEntry, Submission
from models.imports import known_for, make_plan
from models.sheets import At, Finding, Level
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_investor,
    make_line,
    make_period,
    make_project,
    make_submission,
)
from tests.readings import ask, line, reading, said

AT = datetime(2024, 4, 5, 3, tzinfo=UTC)


@pytest.fixture
def march(session):
    return make_period(session)


@pytest.fixture
def work(session, march):
    """A project with 1.000.000 đồng of the central budget."""
    project = make_project(session, code="L01")
    make_allocation(session, 1_000_000, project=project)
    return project


def plan(session, *lines, answers=None, **more):
    asked = ask(investor=more.pop("investor", None), answers=answers or {})
    known = known_for(session, day=date(2024, 4, 5))
    if asked.investor is None:
        asked = ask(investor=known.units[0].code, answers=answers or {})
    return make_plan(session, reading(*lines, **more), asked, known=known, at=AT)


def sent(session, allocation, code, completed, **more):
    """What the unit sent for another month."""
    project = allocation.project
    report = make_submission(
        session,
        period=make_period(session, code),
        investor=project.investor,
        status="accepted",
        first_submitted_at=datetime(2024, int(code[5:]) + 1, 5, tzinfo=UTC),
    )
    entry = make_entry(session, submission=report, project=project)
    return make_disbursement(session, entry, allocation, completed=completed, **more)


def typed(session, march, allocation, **amounts):
    """What stands in the draft of March."""
    project = allocation.project
    report = make_submission(session, period=march, investor=project.investor)
    entry = make_entry(session, submission=report, project=project)
    return make_disbursement(session, entry, allocation, **amounts)


def money(plan):
    """(vintage, source, nature, completed, state) of the planned amounts."""
    return [
        (row.values["vintage"], row.values["source"], row.values["nature"],
         int(row.values["completed"]), row.state.value)
        for row in plan.rows if row.table == "disbursements"
    ]  # fmt: skip


def codes(plan):
    return [(one.level.value, one.code, one.at.cell) for one in plan.findings if not one.is_check]


def asked_of(plan):
    return [one for one in plan.findings if one.level == "question"]


def told(plan):
    """What would be stored, by allocation."""
    [report] = plan.writes.reports
    return {key: dict(one) for row in report.told for key, one in row.amounts.items()}


# ------------------------------------------------------------------------ where a figure goes


def test_a_month_goes_into_completed(session, work):
    found = plan(session, line(8, "L01", month=310))
    assert money(found) == [("2024", "NSTW", "SN", 310, "new")]
    assert (found.status, found.counts) == ("ready", {"new": 1, "changed": 0, "same": 0})
    [row] = found.rows
    assert row.at == line(8, "L01", month=310).values[0].at
    assert row.values == {
        "project_code": "L01", "period": "2024-03", "budget_year": "2024", "vintage": "2024",
        "source": "NSTW", "nature": "SN", "advance": "0", "completed": "310", "recovered": "0",
        "returned": "0",
    }  # fmt: skip


def test_nothing_is_written_by_a_plan(session, work):
    session.commit()
    plan(session, line(8, "L01", month=310, physical_progress=Decimal(5)))
    assert (list(session.new), list(session.dirty)) == ([], [])
    session.rollback()
    assert session.query(Submission).count() == session.query(ProgressEntry).count() == 0


def test_the_columns_of_the_payment_go_where_they_belong(session, work):
    found = plan(session, line(8, "L01", advance=50, completed=30, recovered=20, returned=4))
    [amounts] = told(found).values()
    assert amounts == {"advance": 50, "completed": 30, "recovered": 20, "returned": 4}


def test_each_amount_of_a_capital_keeps_the_cell_that_says_it(session, work):
    [row] = plan(session, line(8, "L01", advance=50, completed=30, recovered=20)).as_rows()
    said = {name: row["cells"].get(name, row["cell"]) for name in ("advance", "completed")}
    assert len(set(said.values())) == 2
    assert row["cell"] in said.values()
    [month] = plan(session, line(8, "L01", month=100)).as_rows()
    assert "cells" not in month


def test_a_month_beside_an_advance_is_the_sum_of_both(session, work):
    [amounts] = told(plan(session, line(8, "L01", month=100, advance=30))).values()
    assert amounts == {"advance": 30, "completed": 70}


@pytest.mark.parametrize(("month", "wrong"), [(79, True), (80, False), (81, True)])
def test_a_month_beside_all_its_parts_is_compared(session, work, month, wrong):
    found = plan(session, line(8, "L01", month=month, advance=50, completed=30))
    [amounts] = told(found).values()
    assert amounts == {"advance": 50, "completed": 30}
    assert [one[:2] for one in codes(found)] == [("warning", "total_mismatch")] * wrong


def test_a_month_keeps_the_advance_that_is_typed_already(session, march, work):
    [allocation] = work_capital(session, work)
    typed(session, march, allocation, advance=50, completed=20)
    assert plan(session, line(8, "L01", month=70)).counts == {"new": 0, "changed": 0, "same": 1}
    [amounts] = told(plan(session, line(8, "L01", month=100))).values()
    assert amounts == {"completed": 50}  # with the advance of 50 the month is 100


@pytest.mark.parametrize(("month", "refused"), [(49, True), (50, False), (51, False)])
def test_a_month_below_the_typed_advance_is_no_completed_volume(
    session, march, work, month, refused
):
    [allocation] = work_capital(session, work)
    typed(session, march, allocation, advance=50, completed=20)
    found = plan(session, line(8, "L01", month=month))
    assert (found.status == "errors") is refused
    assert ("number_negative" in [one[1] for one in codes(found)]) is refused


def work_capital(session, work):
    return session.query(Allocation).filter_by(project_id=work.id).order_by("id").all()


def test_capital_of_the_year_is_meant_where_no_year_is_told(session, work):
    make_allocation(session, 500, project=work, vintage=2023)
    assert money(plan(session, line(8, "L01", month=3))) == [("2024", "NSTW", "SN", 3, "new")]


def test_carried_over_capital_is_the_only_earlier_one(session, work):
    make_allocation(session, 500, project=work, vintage=2023)
    found = plan(session, line(8, "L01", said("month", 3, "D8", is_carried=True)))
    assert money(found) == [("2023", "NSTW", "SN", 3, "new")]


def test_carried_over_capital_of_two_years_is_asked_about_at_its_cell(session, work):
    make_allocation(session, 500, project=work, vintage=2023)
    make_allocation(session, 500, project=work, vintage=2022)
    row = line(8, "L01", said("month", 3, "D8", is_carried=True))
    found = plan(session, row)
    [question] = asked_of(found)
    assert (question.answer, [one.value for one in question.options]) == (
        "source_unclear:T4!D8", ["2023", "2022"]
    )  # fmt: skip
    answered = plan(session, row, answers={"source_unclear:T4!D8": "2022"})
    assert money(answered) == [("2022", "NSTW", "SN", 3, "new")]


def test_capital_that_is_not_there_is_an_error_and_its_zero_is_none(session, work):
    found = plan(session, line(8, "L01", said("month", 3, "D8", source="NSH")))
    assert (found.status, codes(found)) == ("errors", [("error", "row_conflict", "D8")])
    found = plan(session, line(8, "L01", said("month", 0, "D8", source="NSH")))
    assert (found.status, codes(found), found.rows) == ("ready", [], ())


def test_only_the_month_of_the_period_is_read_of_twelve(session, work):
    months = [said("month", n, f"{chr(67 + n)}8", month=f"2024-{n:02}") for n in range(1, 13)]
    assert money(plan(session, line(8, "L01", *months))) == [("2024", "NSTW", "SN", 3, "new")]


def test_a_project_that_stands_twice_is_refused_and_not_added_up(session, work):
    found = plan(session, line(8, "L01", month=3), line(9, "L01", month=4))
    assert [one[:2] for one in codes(found)] == [("error", "row_double")]
    assert codes(found)[0][2].endswith("9")


def test_sources_in_rows_and_their_sum_above_are_no_double(session, work):
    make_allocation(session, 500, project=work, source="NSH")
    rows = (
        line(8, "L01", said("month", 10, "D8")),
        line(9, "L01", said("month", 7, "D9", source="NSTW")),
        line(10, "L01", said("month", 3, "D10", source="NSH")),
    )
    found = plan(session, *rows)
    assert money(found) == [("2024", "NSTW", "SN", 7, "new"), ("2024", "NSH", "SN", 3, "new")]
    assert codes(found) == []


# ------------------------------------------------------------------------ which capital: asked


@pytest.fixture
def two_sources(session, work):
    """Beside 1.000.000 of the central budget 500.000 of the district's."""
    return make_allocation(session, 500_000, project=work, source="NSH")


def test_the_source_is_asked_once_for_the_file(session, work, two_sources):
    other = make_project(session, code="L02", investor=work.investor)
    make_allocation(session, 100, project=other)
    make_allocation(session, 100, project=other, source="NST")
    found = plan(session, line(8, "L01", month=3), line(9, "L02", month=4))
    [question] = asked_of(found)
    assert (found.status, question.answer, question.at.sheet) == (
        "questions", "source_unclear", "T4"
    )  # fmt: skip
    assert [one.value for one in question.options] == ["NSTW", "NST", "NSH", "plan"]
    answered = plan(
        session,
        line(8, "L01", month=3),
        line(9, "L02", month=4),
        answers={"source_unclear": "NSTW"},
    )
    assert money(answered) == [("2024", "NSTW", "SN", 3, "new"), ("2024", "NSTW", "SN", 4, "new")]


def test_a_project_without_the_chosen_source_is_asked_about_alone(session, work, two_sources):
    other = make_project(session, code="L02", investor=work.investor)
    make_allocation(session, 100, project=other, source="NST")
    make_allocation(session, 100, project=other, source="NSX")
    rows = line(8, "L01", said("month", 3, "D8")), line(9, "L02", said("month", 4, "D9"))
    found = plan(session, *rows, answers={"source_unclear": "NSTW"})
    [question] = asked_of(found)
    assert question.answer == "source_unclear:T4!D9"
    assert [one.value for one in question.options] == ["NST", "NSX", "plan"]
    answers = {"source_unclear": "NSTW", "source_unclear:T4!D9": "NSX"}
    assert plan(session, *rows, answers=answers).status == "ready"


@pytest.mark.parametrize(
    ("amount", "shares"), [(300, (200, 100)), (301, (201, 100)), (1, (1, 0)), (2, (2, 0))]
)
def test_in_proportion_to_plan_the_rest_goes_to_the_largest(
    session, work, two_sources, amount, shares
):
    found = plan(session, line(8, "L01", month=amount), answers={"source_unclear": "plan"})
    assert tuple(row[3] for row in money(found)) == shares
    assert sum(shares) == amount


def test_an_answer_that_is_no_option_leaves_the_question(session, work, two_sources):
    found = plan(session, line(8, "L01", month=3), answers={"source_unclear": "NSX"})
    assert found.status == "questions"


def test_natures_are_asked_about_where_a_source_leaves_them_open(session, work):
    make_allocation(session, 500, project=work, nature="DTPT")
    found = plan(session, line(8, "L01", month=3))
    [question] = asked_of(found)
    assert [one.value for one in question.options] == ["DTPT", "SN", "plan"]
    answered = plan(session, line(8, "L01", month=3), answers={"source_unclear": "DTPT"})
    assert money(answered) == [("2024", "NSTW", "DTPT", 3, "new")]


def test_memo_sources_are_not_meant_by_a_figure_without_a_source(session, work):
    make_allocation(session, 500, project=work, source="TDCS")
    assert money(plan(session, line(8, "L01", month=3))) == [("2024", "NSTW", "SN", 3, "new")]


def test_the_source_of_the_title_is_that_of_all_columns(session, work, two_sources):
    found = plan(session, line(8, "L01", month=3), source="NSH")
    assert money(found) == [("2024", "NSH", "SN", 3, "new")]


@pytest.mark.parametrize(("amount", "asked"), [(9, True), (10, False), (11, True)])
def test_a_sum_that_is_stored_already_is_not_asked_about(
    session, march, work, two_sources, amount, asked
):
    [central, local] = work_capital(session, work)
    entry = typed(session, march, central, completed=7).entry
    make_disbursement(session, entry, local, completed=3)
    found = plan(session, line(8, "L01", month=amount))
    assert (found.status == "questions") is asked
    assert found.counts["same"] == (0 if asked else 2)


# ------------------------------------------------------------------------ cumulative amounts


def test_a_cumulative_amount_alone_gives_the_month_by_difference(session, work):
    [allocation] = work_capital(session, work)
    sent(session, allocation, "2024-01", 100)
    sent(session, allocation, "2024-02", 20)
    assert money(plan(session, line(8, "L01", cumulative=125)))[0][3] == 5


@pytest.mark.parametrize(("cumulative", "status"), [(119, "errors"), (120, "ready")])
def test_a_cumulative_amount_cannot_fall(session, work, cumulative, status):
    [allocation] = work_capital(session, work)
    sent(session, allocation, "2024-02", 120)
    found = plan(session, line(8, "L01", cumulative=cumulative))
    assert (found.status, found.rows == ()) == (status, status == "ready")


@pytest.mark.parametrize(("cumulative", "asked"), [(129, True), (130, False), (131, True)])
def test_month_and_cumulative_amount_that_disagree_are_asked_about(
    session, work, cumulative, asked
):
    [allocation] = work_capital(session, work)
    sent(session, allocation, "2024-02", 120)
    row = line(8, "L01", said("month", 10, "D8"), said("cumulative", cumulative, "E8"))
    found = plan(session, row)
    assert (found.status == "questions") is asked
    if asked:
        [question] = asked_of(found)
        assert (question.code, question.answer) == (
            "cumulative_mismatch", "cumulative_mismatch:T4!E8"
        )  # fmt: skip
        options = [one.value for one in question.options]
        assert options == ["10", str(cumulative - 120)]
        for option in options:
            answered = plan(session, row, answers={"cumulative_mismatch:T4!E8": option})
            assert (answered.status, money(answered)[0][3]) == ("ready", int(option))


def test_within_the_sheet_the_figure_before_is_the_one_that_is_added(session, work):
    [allocation] = work_capital(session, work)
    sent(session, allocation, "2024-02", 120)
    found = plan(session, line(8, "L01", before=119, month=10, cumulative=129))
    assert [one[:2] for one in codes(found)] == [("warning", "before_mismatch")]


def test_a_cumulative_amount_of_all_sources_is_held_against_all_of_them(session, work, two_sources):
    central, local = work_capital(session, work)
    sent(session, central, "2024-01", 100)
    sent(session, local, "2024-02", 20)
    row = line(8, "L01", said("month", 5, "D8", source="NSTW"), said("cumulative", 125, "E8"))
    assert codes(plan(session, row)) == []


def test_an_empty_month_beside_a_cumulative_amount_that_grew_is_asked_about(session, work):
    other = make_project(session, code="L02", investor=work.investor)
    make_allocation(session, 100, project=other)
    rows = line(8, "L01", said("cumulative", 9, "E8")), line(9, "L02", month=1, cumulative=1)
    found = plan(session, *rows)
    [question] = asked_of(found)
    assert [one.value for one in question.options] == ["9", "0"]
    answer = {"cumulative_mismatch:T4!E8": "9"}
    assert [row[3] for row in money(plan(session, *rows, answers=answer))] == [9, 1]
    answer = {"cumulative_mismatch:T4!E8": "0"}
    assert [row[3] for row in money(plan(session, *rows, answers=answer))] == [1]


def test_a_cumulative_amount_whose_month_has_no_column_is_not_asked_about(session, work):
    make_allocation(session, 500, project=work, vintage=2023)
    row = line(
        8,
        "L01",
        said("month", 10, "D8"),
        said("cumulative", 10, "E8", vintage=2024),
        said("cumulative", 70, "F8", is_carried=True),
    )
    found = plan(session, row)
    assert [one[:4] for one in money(found)] == [
        ("2024", "NSTW", "SN", 10),
        ("2023", "NSTW", "SN", 70),
    ]
    assert codes(found) == []


@pytest.mark.parametrize("level", [Level.ERROR, Level.QUESTION])
def test_a_row_that_waits_is_not_asked_about_its_cumulative_amount(session, work, level):
    broken = Finding(level=level, code="formula_error", message="!", at=At("T4", "D8"))
    other = make_project(session, code="L02", investor=work.investor)
    make_allocation(session, 100, project=other)
    rows = line(8, "L01", said("cumulative", 9, "E8")), line(9, "L02", month=1)
    found = plan(session, *rows, findings=(broken,))
    assert [one[1] for one in codes(found)] == ["formula_error"]


@pytest.mark.parametrize(("answer", "month"), [("2024", 100), ("all", 30)])
def test_a_cumulative_amount_without_a_year_is_asked_about_where_carried_capital_was_paid(
    session, work, answer, month
):
    carried = make_allocation(session, 500, project=work, vintage=2023)
    sent(session, carried, "2024-02", 70)
    row = line(8, "L01", said("cumulative", 100, "E8"))
    [question] = asked_of(plan(session, row))
    assert question.answer == "source_unclear:T4!E8"
    answers = {"source_unclear:T4!E8": answer}
    if answer == "all":  # 30 đồng of which year? asked as well
        assert plan(session, row, answers=answers).status == "questions"
    else:
        assert money(plan(session, row, answers=answers)) == [("2024", "NSTW", "SN", month, "new")]


@pytest.mark.parametrize(
    ("field", "code"), [("plan", "plan_mismatch"), ("before", "before_mismatch")]
)
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_plan_and_figures_before_are_compared_to_the_dong(session, work, field, code, off):
    [allocation] = work_capital(session, work)
    sent(session, allocation, "2024-02", 1_000_000)
    found = plan(session, line(8, "L01", month=0, **{field: 1_000_000 + off}))
    assert [one[:2] for one in codes(found)] == [("warning", code)] * (off != 0)
    assert found.status == "ready"


def test_a_plan_of_all_years_may_stand_where_no_year_is_told(session, work):
    make_allocation(session, 500, project=work, vintage=2023)
    assert codes(plan(session, line(8, "L01", month=1, plan=1_000_500))) == []
    assert codes(plan(session, line(8, "L01", month=1, plan=1_000_000))) == []


def test_a_plan_is_that_of_the_period_and_not_of_later_decisions(session, work):
    [allocation] = work_capital(session, work)
    make_line(session, allocation, kind="supplement", amount=5, effective_on=date(2024, 4, 1))
    assert codes(plan(session, line(8, "L01", month=1, plan=1_000_000))) == []


# ------------------------------------------------------------------------ what is not said


def test_an_empty_cell_leaves_what_is_stored(session, march, work):
    [allocation] = work_capital(session, work)
    typed(session, march, allocation, completed=20)
    found = plan(session, line(8, "L01", obstacles="Mưa lũ"))
    [row] = found.rows
    assert (row.table, row.state.value) == ("entries", "new")
    [report] = found.writes.reports
    [only] = report.told
    assert (dict(only.facts), dict(only.amounts)) == ({"obstacles": "Mưa lũ"}, {})


def test_words_and_progress_are_shown_old_beside_new(session, march, work):
    report = make_submission(session, period=march, investor=work.investor)
    make_entry(
        session, submission=report, project=work, obstacles="Mưa", physical_progress=Decimal(10)
    )
    found = plan(session, line(8, "L01", physical_progress=Decimal("12.5")))
    [row] = found.rows
    assert (row.state.value, row.old["physical_progress"], row.values["physical_progress"]) == (
        "changed", "10", "12.5"
    )  # fmt: skip
    assert row.values["obstacles"] == "Mưa"


def test_two_rows_with_different_words_on_one_project_are_refused(session, work):
    found = plan(session, line(8, "L01", obstacles="a"), line(9, "L01", obstacles="b"))
    assert [one[:2] for one in codes(found)] == [("error", "row_double")]
    found = plan(session, line(8, "L01", obstacles="a"), line(9, "L01", obstacles="a"))
    assert codes(found) == []


def test_what_reading_found_stays_and_an_error_comes_before_a_question(session, work):
    at = At("T4", "C8")
    found = Finding(level=Level.QUESTION, code="number_unclear", message="?", at=at)
    planned = plan(session, line(8, "L01", month=1), findings=(found,))
    assert (planned.status, codes(planned)) == ("questions", [("question", "number_unclear", "C8")])
    error = Finding(level=Level.ERROR, code="formula_error", message="!", at=at)
    assert plan(session, line(8, "L01", month=1), findings=(found, error)).status == "errors"


# ------------------------------------------------------------------------ period, unit, closed


def test_a_report_that_was_sent_is_an_error_at_the_sheet(session, march, work):
    make_submission(session, period=march, investor=work.investor, status="submitted")
    found = plan(session, line(8, "L01", month=1))
    [error] = found.findings
    assert (error.level, error.code, error.at.sheet, error.at.cell) == (
        "error", "report_closed", "T4", ""
    )  # fmt: skip
    assert "ask" in error.message
    assert found.writes.reports == ()


def test_a_locked_period_is_an_error(session, march, work):
    march.status, march.lock_at = "locked", AT
    assert codes(plan(session, line(8, "L01", month=1))) == [("error", "report_closed", "")]


def test_a_returned_report_takes_figures(session, march, work):
    make_submission(session, period=march, investor=work.investor, status="returned")
    assert plan(session, line(8, "L01", month=1)).status == "ready"


def test_a_period_that_is_not_opened_or_not_told(session, work):
    assert codes(plan(session, line(8, "L01", month=1), period="2024-07")) == [
        ("error", "period_conflict", "")
    ]
    assert codes(plan(session, line(8, "L01", month=1), period=None)) == [
        ("error", "period_conflict", "")
    ]


def test_a_project_of_another_unit_is_refused_and_nothing_told_of_it(session, work):
    foreign = make_project(session, code="L99", name="Bí mật")
    make_allocation(session, project=foreign)
    found = plan(session, line(8, "L99", month=1), investor=work.investor.code)
    [error] = found.findings
    assert (error.code, error.at.cell, dict(error.values)) == ("row_foreign", "B8", {})
    assert (found.rows, found.writes.reports) == ((), ())


def test_figures_without_a_project_are_never_dropped(session, work):
    found = plan(session, line(8, None, month=1))
    assert codes(found) == [("error", "name_unknown", "B8")]
    known = Finding(level=Level.ERROR, code="name_unknown", message="!", at=At("T4", "B8"))
    found = plan(session, line(8, None, month=1), findings=(known,))
    assert found.findings == (known,)  # said once


def test_a_project_without_capital_that_is_not_at_work_yet_is_refused(session, work):
    late = make_project(session, code="L03", investor=work.investor, start_on=date(2024, 6, 1))
    assert late.code == "L03"
    assert codes(plan(session, line(8, "L03", obstacles="x"))) == [("error", "row_conflict", "B8")]


# ------------------------------------------------------------------------ the checks


@pytest.mark.parametrize(
    ("month", "over"), [(999_999, False), (1_000_000, False), (1_000_001, True)]
)
def test_the_checks_are_asked_of_what_would_be_written(session, work, month, over):
    found = plan(session, line(8, "L01", said("month", month, "D8")))
    errors = [one for one in found.findings if one.code == "V1"]
    assert [(one.level.value, one.at.cell, one.blocks) for one in errors] == (
        [("error", "D8", False)] if over else []
    )
    assert found.status == "ready"  # a draft always saves


@pytest.mark.parametrize(
    ("amounts", "rule", "cell"),
    [
        ({"advance": 0, "completed": 900, "recovered": 800}, "V4", "F8"),
        ({"completed": 400_000, "returned": 500_000}, "V2", "G8"),
        ({"advance": 400_000, "completed": 0, "returned": 300}, "V8", "G8"),
        ({"month": 300}, "V8", "H8"),
    ],
)
def test_a_check_of_one_amount_stands_at_the_cell_of_that_amount(
    session, work, amounts, rule, cell
):
    columns = {"advance": "D8", "completed": "E8", "recovered": "F8", "returned": "G8"}
    values = [said(name, one, columns.get(name, "H8")) for name, one in amounts.items()]
    found = plan(session, line(8, "L01", *values))
    assert [one.at.cell for one in found.findings if one.code == rule] == [cell]


def test_checks_of_projects_that_the_file_does_not_touch_are_not_repeated(session, work):
    other = make_project(session, code="L02", investor=work.investor)
    make_allocation(session, 100, project=other)
    found = plan(session, line(8, "L01", month=1))
    assert [one for one in found.findings if one.code == "V9"] == []
    assert "V9" in [one.code for one in plan(session, line(8, "L01", plan=1, month=0)).findings]


def test_a_check_of_progress_stands_at_the_cell_of_the_progress(session, march, work):
    [allocation] = work_capital(session, work)
    february = sent(session, allocation, "2024-02", 1).entry
    february.physical_progress = Decimal(30)
    session.flush()
    found = plan(session, line(8, "L01", said("physical_progress", Decimal(20), "H8")))
    assert [(one.code, one.at.cell) for one in found.findings if one.code == "V10"] == [
        ("V10", "H8")
    ]


# ------------------------------------------------------------------------ names that can be meant


def test_known_names_are_those_of_the_period(session, march, work):
    gone = make_investor(session, valid_to=date(2024, 2, 29))
    coming = make_investor(session, valid_from=date(2024, 4, 1))
    make_project(session, code="L90", investor=gone)
    last_day = make_investor(session, valid_to=date(2024, 3, 1))
    first_day = make_investor(session, valid_from=date(2024, 3, 31))
    known = known_for(session, period=march, day=date(2024, 4, 5))
    codes = {unit.code for unit in known.units}
    assert {gone.code, coming.code} & codes == set()
    assert {last_day.code, first_day.code, work.investor.code} <= codes
    assert [one.code for one in known.projects] == ["L01"]
    assert (known.projects[0].unit_code, known.is_part_of_district) == (work.investor.code, False)
