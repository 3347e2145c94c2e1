"""What a file of many units would write: some take figures, others are only compared."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models import ProgressEntry
from models.imports import known_for, make_plan
from tests.factories import (
    make_allocation,
    make_component,
    make_disbursement,
    make_entry,
    make_investor,
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
def open_unit(session, march):
    """A unit that may still type, with project L01 of 1.000.000 đồng."""
    project = make_project(session, code="L01")
    make_allocation(session, 1_000_000, project=project)
    return project


@pytest.fixture
def sent_unit(session, march):
    """A unit whose report of March is sent: 300 đồng of L02, and words."""
    project = make_project(session, code="L02")
    allocation = make_allocation(session, 1_000_000, project=project)
    report = make_submission(session, period=march, investor=project.investor, status="submitted")
    entry = make_entry(session, submission=report, project=project, obstacles="Mưa")
    make_disbursement(session, entry, allocation, completed=300)
    return project


def plan(session, *lines, answers=None, **more):
    known = known_for(session, day=date(2024, 4, 5))
    asked = ask("consolidated", answers=answers or {})
    return make_plan(session, reading(*lines, **more), asked, known=known, at=AT)


def found_in(plan):
    return [(one.level.value, one.code, one.at.cell) for one in plan.findings if not one.is_check]


def states(plan):
    return [
        (row.values["project_code"], row.table, row.state.value, row.at.cell) for row in plan.rows
    ]


def test_a_sent_report_is_only_compared_and_the_others_go_on(session, open_unit, sent_unit):
    found = plan(
        session,
        line(8, "L01", said("month", 5, "D8")),
        line(9, "L02", said("month", 300, "D9"), said("obstacles", "Mưa", "E9")),
    )
    assert (found.status, found_in(found)) == ("ready", [("warning", "report_closed", "B9")])
    assert states(found) == [
        ("L01", "disbursements", "new", "D8"),
        ("L02", "disbursements", "same", "D9"),
    ]
    [report] = found.writes.reports
    assert report.investor_id == open_unit.investor_id


@pytest.mark.parametrize(("month", "differs"), [(299, True), (300, False), (301, True)])
def test_differences_from_a_sent_report_are_told_at_their_cells(session, sent_unit, month, differs):
    found = plan(session, line(9, "L02", said("month", month, "D9")))
    cells = [cell for _level, code, cell in found_in(found) if code == "report_closed"]
    assert cells == ["B9", "D9"] if differs else ["B9"]
    assert found.counts == {"new": 0, "changed": 0, "same": 0 if differs else 1}
    assert found.status == "ready"


def test_words_that_differ_from_a_sent_report_are_told_too(session, sent_unit):
    found = plan(session, line(9, "L02", said("obstacles", "Hạn", "E9")))
    assert [cell for *_rest, cell in found_in(found)] == ["B9", "E9"]


def test_a_total_of_all_capital_agrees_with_a_sent_report(session, march, sent_unit):
    """As the consolidated report of the office prints it: one month, whatever the vintage."""
    carried = make_allocation(session, 500, project=sent_unit, vintage=2023)
    [entry] = session.query(ProgressEntry).all()
    make_disbursement(session, entry, carried, completed=40)
    rows = line(9, "L02", said("month", 340, "D9"), said("cumulative", 340, "F9"))
    found = plan(session, rows)
    assert [cell for *_rest, cell in found_in(found)] == ["B9"]
    assert found.counts["same"] == 2


def test_a_locked_period_is_compared_for_every_unit(session, march, open_unit, sent_unit):
    march.status, march.lock_at = "locked", AT - timedelta(days=1)
    found = plan(session, line(8, "L01", month=5), line(9, "L02", month=300))
    assert found.writes.reports == ()
    assert found.counts["new"] == 0


def test_unit_and_project_that_do_not_belong_together_are_refused(session, open_unit, sent_unit):
    found = plan(session, line(8, "L01", unit=sent_unit.investor.code, month=5))
    assert found_in(found) == [("error", "row_conflict", "B8")]
    found = plan(session, line(8, "L01", unit=open_unit.investor.code, month=5))
    assert found.status == "ready"


# ------------------------------------------------------------------------ unit × component


@pytest.fixture
def tree(session, march):
    """A component of two parts; a unit with one project in each, and a second in the second."""
    above = make_component(session, code="DA3")
    parts = [make_component(session, code=f"DA3.{n}", parent=above) for n in (1, 2)]
    unit = make_investor(session)
    for code, part in (("L01", parts[0]), ("L02", parts[1]), ("L03", parts[1])):
        project = make_project(session, code=code, investor=unit, component=part)
        make_allocation(session, project=project)
    return unit


@pytest.mark.parametrize(
    ("part", "options"),
    [("DA3.1", []), ("DA3.2", ["L02", "L03"]), ("DA3", ["L01", "L02", "L03"])],
)
def test_a_unit_and_a_component_mean_their_only_project_or_are_asked(session, tree, part, options):
    row = line(8, None, unit=tree.code, part=part, month=5)
    found = plan(session, row)
    questions = [one for one in found.findings if one.level == "question"]
    assert [one.value for one in (questions[0].options if questions else ())] == options
    if options:
        answered = plan(session, row, answers={questions[0].answer: "L02"})
        assert states(answered)[0][0] == "L02"
    else:
        assert states(found)[0][0] == "L01"


def test_a_component_in_which_the_unit_has_nothing_is_an_error(session, tree):
    make_component(session, code="DA4")
    found = plan(session, line(8, None, unit=tree.code, part="DA4", month=5))
    assert found_in(found) == [("error", "row_conflict", "B8")]


def test_a_unit_alone_is_asked_which_project_is_meant(session, tree):
    found = plan(session, line(8, None, unit=tree.code, month=5))
    assert found_in(found) == [("question", "name_unclear", "B8")]


# ------------------------------------------------------------------------ many units


def test_the_number_of_queries_grows_with_the_units_and_not_with_their_rows(
    session, march, count_queries
):
    unit = make_investor(session)
    for n in range(30):
        make_allocation(session, project=make_project(session, code=f"L{n}", investor=unit))
    session.commit()

    def asked(lines):
        session.expunge_all()
        with count_queries() as seen:
            plan(session, *lines)
        return len(seen)

    asked([line(8, "L0", month=5)])
    one, many = (
        asked([line(8, "L0", month=5)]),
        asked([line(8 + n, f"L{n}", month=5) for n in range(30)]),
    )
    assert one == many
