"""An import carried out and taken back: exactly what stood before, or a refusal that says who."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from models import (
    DISTRICT,
    Actor,
    Allocation,
    Base,
    Explanation,
    Period,
    ProgressEntry,
    Project,
    RuleBroken,
    Scope,
    ScopeViolation,
    Stale,
    Submission,
    act_as,
)
from models.base import PeriodLocked
from models.base.triggers import TRAIL_TABLES
from models.filing import DraftTold, Told, read_sheet, return_report, save_drafts, send_report
from models.filing.checks import check_sheet
from models.imports import Writes, Written, carry_out, known_for, make_plan, take_back
from models.returns import SubmissionStatus
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_period,
    make_project,
    make_submission,
)
from tests.readings import ask, line, reading

AT = datetime(2024, 4, 5, 3, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
OFFICER, CLERK = Actor(None, "Cán bộ"), Actor(None, "Kế toán xã")
COUNTERS = {"version", "search_text", "sort_text"}


@pytest.fixture
def scoped(district_session):
    """The application's own session, over the whole district, in a person's name."""
    act_as(OFFICER)
    return district_session


@pytest.fixture
def units(scoped):
    """Two communes with a project each; one has a draft of March with figures and words."""
    make_period(scoped)
    found = []
    for code in ("L01", "L02"):
        project = make_project(scoped, code=code)
        make_allocation(scoped, 1_000_000, project=project)
        found.append(project)
    report = make_submission(scoped, period=march(scoped), investor=found[0].investor)
    entry = make_entry(
        scoped, submission=report, project=found[0], obstacles="Mưa", physical_progress=Decimal(5)
    )
    [allocation] = capital(scoped, found[0])
    make_disbursement(scoped, entry, allocation, advance=7)
    scoped.commit()
    return found


def march(session):
    return session.scalar(sa.select(Period).where(Period.code == "2024-03"))


def read_sheet_of(session, project):
    return read_sheet(session, period=march(session), investor=project.investor, at=AT)


def capital(session, project):
    return list(session.scalars(sa.select(Allocation).where(Allocation.project_id == project.id)))


def everything(session):
    """Every row of every table, but for the trail and what only counts saves."""
    session.commit()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name in TRAIL_TABLES:
            continue
        columns = [column for column in table.c if column.name not in COUNTERS]
        rows = session.connection().execute(sa.select(*columns)).all()
        found[table.name] = sorted(map(repr, rows))
    return found


def imported(session, *lines, at=AT, **more):
    planned = plan(session, *lines)
    kept = Writes.from_json(planned.writes.as_json())
    written = carry_out(session, kept, at=at, actor=OFFICER, **more)
    session.commit()
    return Written.from_json(written.as_json())


def plan(session, *lines, kind="consolidated"):
    known = known_for(session, day=date(2024, 4, 5))
    return make_plan(session, reading(*lines), ask(kind), known=known, at=AT)


BOTH = (
    line(8, "L01", month=310, obstacles="Lũ", physical_progress=Decimal("12.5")),
    line(9, "L02", month=20, progress_text="Xong đợt 1"),
)


def test_figures_are_written_as_drafts_and_nothing_is_new_a_second_time(scoped, units):
    first = plan(scoped, *BOTH)
    assert first.counts == {"new": 2, "changed": 2, "same": 0}
    imported(scoped, *BOTH)
    reports = scoped.scalars(sa.select(Submission)).all()
    assert {one.status for one in reports} == {SubmissionStatus.DRAFT}
    [row] = read_sheet_of(scoped, units[0]).allocations
    assert (row.advance, row.completed, row.this_period) == (7, 303, 310)
    again = plan(scoped, *BOTH)
    assert again.counts == {"new": 0, "changed": 0, "same": 4}
    assert [one.told for one in again.writes.reports] == [(), ()]


def test_taking_back_restores_every_row(scoped, units):
    before = everything(scoped)
    written = imported(scoped, *BOTH)
    assert everything(scoped) != before
    take_back(scoped, written, at=LATER, actor=OFFICER)
    assert everything(scoped) == before


def test_an_import_that_changes_nothing_writes_nothing(scoped, units):
    imported(scoped, *BOTH)
    before = everything(scoped)
    assert imported(scoped, *BOTH) == Written()
    assert everything(scoped) == before


def test_a_receipt_is_registered_with_the_file_as_evidence_and_taken_back(scoped, units):
    before = everything(scoped)
    came = datetime(2024, 4, 4, 2, tzinfo=UTC)
    written = imported(scoped, *BOTH, received_at=came, evidence="bieu.xlsx")
    for report in scoped.scalars(sa.select(Submission)):
        assert (report.first_submitted_at, report.received_via, report.received_note) == (
            came, "file", "bieu.xlsx"
        )  # fmt: skip
        assert report.status == SubmissionStatus.DRAFT
    take_back(scoped, written, at=LATER, actor=OFFICER)
    assert everything(scoped) == before


def test_a_report_saved_since_the_file_was_looked_at_is_stale_and_nothing_is_written(scoped, units):
    planned = plan(scoped, *BOTH)
    edit(scoped, units[0], obstacles="Hạn")
    before = everything(scoped)
    with pytest.raises(Stale) as refused:
        carry_out(scoped, planned.writes, at=AT, actor=OFFICER)
    scoped.rollback()
    assert str(units[0].investor) in str(refused.value)
    assert everything(scoped) == before


def test_a_report_made_since_the_file_was_looked_at_is_stale(scoped, units):
    planned = plan(scoped, *BOTH)
    edit(scoped, units[1], obstacles="Hạn")
    with pytest.raises(Stale):
        carry_out(scoped, planned.writes, at=AT, actor=OFFICER)


def test_two_imports_at_once_the_later_one_is_stale(scoped, units):
    first, second = plan(scoped, *BOTH), plan(scoped, line(8, "L01", month=311))
    carry_out(scoped, first.writes, at=AT, actor=OFFICER)
    scoped.commit()
    with pytest.raises(Stale):
        carry_out(scoped, second.writes, at=AT, actor=OFFICER)


def edit(session, project, *, amounts=None, **facts):
    """The unit types into its page."""
    session.commit()
    act_as(CLERK)
    sheet = read_sheet_of(session, project)
    [allocation] = capital(session, project)
    told = Told(
        project_id=project.id, facts=facts, amounts={allocation.id: amounts} if amounts else {}
    )
    draft = DraftTold(investor=sheet.investor, version=sheet.version, told=[told])
    save_drafts(session, period=sheet.period, drafts=[draft], at=LATER)
    session.commit()
    act_as(OFFICER)


@pytest.mark.parametrize("typed", [{"completed": 304}, {"advance": 8}])
def test_a_figure_that_was_changed_since_stands_in_the_way_and_who_did_it_is_said(
    scoped, units, typed
):
    written = imported(scoped, *BOTH)
    edit(scoped, units[1], amounts=typed)
    before = everything(scoped)
    with pytest.raises(RuleBroken) as refused:
        take_back(scoped, written, at=LATER, actor=OFFICER)
    scoped.rollback()
    assert refused.value.values["who"] == "Kế toán xã"
    assert everything(scoped) == before


def test_what_the_import_did_not_write_may_have_changed_and_stays(scoped, units):
    written = imported(scoped, line(8, "L01", obstacles="Lũ"))
    edit(scoped, units[0], amounts={"advance": 9}, progress_text="Xong")
    take_back(scoped, written, at=LATER, actor=OFFICER)
    scoped.commit()
    sheet = read_sheet_of(scoped, units[0])
    [project], [row] = sheet.projects, sheet.allocations
    assert (project.obstacles, project.progress_text, row.advance) == ("Mưa", "Xong", 9)


def test_a_draft_that_was_built_upon_does_not_vanish(scoped, units):
    written = imported(scoped, *BOTH)
    report = scoped.scalar(
        sa.select(Submission).where(Submission.investor_id == units[1].investor_id)
    )
    act_as(CLERK)
    scoped.add(
        Explanation(
            investor_id=report.investor_id,
            submission_id=report.id,
            rule="V9",
            subject="report",
            text="Chờ",
        )
    )
    scoped.commit()
    with pytest.raises(RuleBroken) as refused:
        take_back(scoped, written, at=LATER, actor=OFFICER)
    assert refused.value.values["what"] == {"explanation": 1}


def explained(session, project):
    """The report of the unit as it may be sent: each warning explained."""
    sheet = read_sheet_of(session, project)
    for found in check_sheet(sheet):
        session.add(
            Explanation(
                investor_id=sheet.investor.id,
                submission_id=sheet.submission.id,
                rule=found.rule,
                subject=found.subject,
                text="Đúng",
            )
        )
    session.flush()
    return sheet.submission


@pytest.mark.parametrize("is_returned", [False, True])
def test_a_report_that_was_sent_since_stands_in_the_way(scoped, units, is_returned):
    written = imported(scoped, line(8, "L01", month=310))
    report = explained(scoped, units[0])
    send_report(scoped, report, at=LATER, actor=CLERK)
    if is_returned:
        return_report(scoped, report, reason="Sai", at=LATER, actor=OFFICER)
    scoped.commit()
    with pytest.raises(RuleBroken) as refused:
        take_back(scoped, written, at=LATER, actor=OFFICER)
    assert refused.value.values["who"] == "Kế toán xã"


def test_a_period_that_was_locked_since_stands_in_the_way(scoped, units):
    written = imported(scoped, *BOTH)
    period = march(scoped)
    act_as(Actor(None, "Chị Lan"))
    period.status, period.lock_at = "locked", LATER
    scoped.commit()
    with pytest.raises(PeriodLocked) as refused:
        take_back(scoped, written, at=LATER, actor=OFFICER)
    assert (refused.value.values["since"], refused.value.values["who"]) == (LATER, "Chị Lan")


def test_taking_back_twice_is_refused(scoped, units):
    written = imported(scoped, *BOTH)
    take_back(scoped, written, at=LATER, actor=OFFICER)
    scoped.commit()
    with pytest.raises(RuleBroken):
        take_back(scoped, written, at=LATER, actor=OFFICER)


def test_a_unit_brings_and_takes_back_its_own_figures_and_reaches_no_others(scoped, units):
    own, code = units[0], units[0].investor.code
    scoped.enter(Scope.of({own.investor_id}))
    rows = line(8, "L01", month=310), line(9, "L02", month=20)
    known = known_for(scoped, day=date(2024, 4, 5))
    assert [work.code for work in known.projects] == ["L01"]
    found = make_plan(scoped, reading(*rows), ask(investor=code), known=known, at=AT)
    assert [(one.code, one.at.cell) for one in found.findings if one.blocks] == [
        ("row_foreign", "B9")
    ]
    assert [row.values["project_code"] for row in found.rows] == ["L01"]
    written = carry_out(scoped, found.writes, at=AT, actor=CLERK)
    scoped.commit()
    take_back(scoped, written, at=LATER, actor=CLERK)
    scoped.commit()


def test_a_unit_cannot_carry_out_or_take_back_what_was_planned_for_another(scoped, units):
    own, foreign = units
    planned = plan(scoped, line(9, "L02", month=20))
    written = imported(scoped, line(9, "L02", month=21))
    key = foreign.id
    scoped.enter(Scope.of({own.investor_id}))
    with pytest.raises((RuleBroken, ScopeViolation)):
        carry_out(scoped, planned.writes, at=AT, actor=CLERK)
    scoped.rollback()
    with pytest.raises((RuleBroken, ScopeViolation)):
        take_back(scoped, written, at=LATER, actor=CLERK)
    scoped.rollback()
    scoped.enter(DISTRICT)
    [row] = read_sheet_of(scoped, scoped.get(Project, key)).allocations
    assert row.completed == 21


def test_words_that_are_taken_back_leave_the_entry_that_was_there(scoped, units):
    written = imported(scoped, line(8, "L01", proposals="Bổ sung vốn"))
    entry = scoped.scalar(sa.select(ProgressEntry))
    assert entry.proposals == "Bổ sung vốn"
    take_back(scoped, written, at=LATER, actor=OFFICER)
    scoped.commit()
    assert scoped.scalar(sa.select(ProgressEntry)).proposals is None


def test_the_number_of_queries_does_not_grow_with_the_units(scoped, count_queries):
    make_period(scoped)
    for n in range(12):
        make_allocation(scoped, project=make_project(scoped, code=f"M{n}"))
    scoped.commit()

    def asked(count):
        scoped.expunge_all()
        rows = [line(8 + n, f"M{n}", month=5, obstacles="x") for n in range(count)]
        seen = []
        with count_queries() as found:
            planned = plan(scoped, *rows)
        seen.append(len(found))
        with count_queries() as found:
            written = carry_out(scoped, planned.writes, at=AT, actor=OFFICER)
        seen.append(len(found))
        with count_queries() as found:
            take_back(scoped, written, at=LATER, actor=OFFICER)
        seen.append(len(found))
        scoped.rollback()
        return seen

    asked(1)
    assert asked(2) == asked(12)
