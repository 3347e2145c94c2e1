"""A file says a part of a report: that part is stored, and all the rest stays as it is."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from models import Explanation, Stale
from models.base import OutOfScope
from models.filing import DraftTold, Told, overlaid, read_sheet, save_drafts
from models.filing.checks import check_sheet
from models.returns import AMOUNTS
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_period,
    make_project,
    make_submission,
)

AT = datetime(2024, 4, 5, 3, tzinfo=UTC)


@pytest.fixture
def draft(session):
    """A draft of March with a project of two sources and one of a single source, all filled in."""
    project = make_project(session)
    central = make_allocation(session, project=project, amount=1_000_000)
    local = make_allocation(session, project=project, amount=500_000, source="NSH")
    other = make_project(session, investor=project.investor)
    second = make_allocation(session, project=other, amount=300_000)
    period = make_period(session)
    report = make_submission(session, period=period, investor=project.investor)
    report.stated_total, report.nil_report = 77, False
    entry = make_entry(
        session,
        submission=report,
        project=project,
        physical_progress=Decimal("12.5"),
        obstacles="Chờ giống",
        treasury_cumulative=9,
    )
    make_disbursement(
        session,
        entry,
        central,
        advance=10,
        completed=20,
        returned=5,
        correction=-3,
        correction_reason="Nhầm",
        return_document="UNC 7",
        awaits_decision=True,
    )
    make_disbursement(session, entry, local, completed=7)
    make_disbursement(session, make_entry(session, submission=report, project=other), second)
    session.add(
        Explanation(
            investor_id=report.investor_id,
            submission_id=report.id,
            rule="V9",
            subject=f"project:{other.id}",
            text="Chưa phát sinh",
        )
    )
    session.commit()
    return report, central, local, second


def sheet_of(session, report):
    return read_sheet(session, period=report.period, investor=report.investor, at=AT)


def save_told(session, period, unit, *told, version):
    draft = DraftTold(investor=unit, version=version, told=told)
    return save_drafts(session, period=period, drafts=[draft], at=AT)[unit.id]


def save(session, report, *told, version=None):
    version = report.version if version is None else version
    return save_told(session, report.period, report.investor, *told, version=version)


def all_of(sheet):
    """Everything that stands on a sheet, by project and allocation, and in its report."""
    rows = {row.allocation_id: row for row in sheet.allocations}
    projects = {
        row.project_id: [getattr(row, name) for name in ("physical_progress", "obstacles",
        "proposals", "progress_text", "estimate", "volume_value", "treasury_cumulative")]
        for row in sheet.projects
    }  # fmt: skip
    report = sheet.submission
    return rows, projects, (report.stated_total, report.nil_report), sheet.explanations


def test_what_is_said_is_stored_and_nothing_else_changes(session, draft):
    report, central, *_ = draft
    before = all_of(sheet_of(session, report))

    save(
        session,
        report,
        Told(project_id=central.project_id, amounts={central.id: {"completed": 21}}),
    )
    session.commit()

    rows, projects, said, explanations = all_of(sheet_of(session, report))
    row = rows[central.id]
    assert [getattr(row, name) for name in AMOUNTS] == [10, 21, 0, 5]
    assert (row.correction, row.correction_reason) == (-3, "Nhầm")
    assert (row.return_document, row.awaits_decision) == ("UNC 7", True)
    rows[central.id] = before[0][central.id]
    assert (rows, projects, said, explanations) == before


def test_a_fact_is_stored_and_the_amounts_stay(session, draft):
    report, central, *_ = draft
    before = all_of(sheet_of(session, report))

    save(session, report, Told(project_id=central.project_id, facts={"obstacles": "Mưa lũ"}))

    after = all_of(sheet_of(session, report))
    assert after[0] == before[0]
    assert after[1][central.project_id] == [
        "Mưa lũ" if one == "Chờ giống" else one for one in before[1][central.project_id]
    ]


def test_the_sheet_that_would_be_is_the_sheet_that_is_stored_then(session, draft):
    report, central, local, second = draft
    told = (
        Told(
            project_id=central.project_id,
            facts={"physical_progress": Decimal(30), "estimate": 900_000},
            amounts={central.id: {"completed": 2_000_000}, local.id: {"recovered": 3}},
        ),
        Told(project_id=second.project_id, amounts={second.id: {"completed": 0}}),
    )
    would_be = overlaid(sheet_of(session, report), told)

    save(session, report, *told)

    stored = sheet_of(session, report)
    assert would_be.projects == stored.projects
    assert check_sheet(would_be) == check_sheet(stored)
    assert "V1" in {finding.rule for finding in check_sheet(stored)}


def test_a_new_draft_holds_what_is_said_and_no_more(session):
    allocation = make_allocation(session)
    project = allocation.project
    idle = make_allocation(session, project=project, source="NSH")
    period = make_period(session)

    told = Told(project_id=project.id, amounts={allocation.id: {"completed": 5}})
    report = save_told(session, period, project.investor, told, version=0)

    rows = {row.allocation_id: row for row in sheet_of(session, report).allocations}
    assert (rows[allocation.id].completed, rows[allocation.id].advance) == (5, 0)
    assert rows[idle.id].is_blank


def test_a_report_saved_in_between_is_not_overwritten(session, draft):
    report, central, *_ = draft
    with pytest.raises(Stale):
        save(session, report, Told(project_id=central.project_id), version=report.version + 1)


def test_a_project_of_another_unit_is_refused(session, draft):
    report, *_ = draft
    foreign = make_allocation(session)
    with pytest.raises(OutOfScope):
        save(session, report, Told(project_id=foreign.project_id, facts={"obstacles": "x"}))
