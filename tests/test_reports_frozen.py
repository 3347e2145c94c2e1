"""Frozen reports: every figure for ever, refused by the database, compared cell by cell."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models import (
    DISTRICT,
    Actor,
    Disbursement,
    Investor,
    Period,
    ProgressEntry,
    Project,
    ReportVersion,
    RuleBroken,
    Scope,
    Submission,
    VersionPart,
    act_as,
    db,
)
from models.base import NotFound
from models.duty import get_period, reopen_for_unit, reopen_period
from models.filing import (
    DisbursementInput,
    ProjectInput,
    accept_report,
    read_sheet,
    save_report,
    send_report,
)
from reports.consolidated import consolidated, frozen_figure
from reports.frozen import (
    compare,
    comparison,
    freeze,
    freeze_missing,
    has_changed,
    is_whole,
    live,
    lock_and_freeze,
    record_paper,
    side,
    versions_of,
)
from tests.factories import make_line

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
LATER = AT + timedelta(days=3)
CLERK = Actor(None, "Trần Thị Hoa")
CHANGED = "Số liệu đã thay đổi sau khi chốt"


@pytest.fixture
def march(session, load_demo):
    """The demonstration with March locked and frozen."""
    load_demo(AT)
    period = get_period(session, "2024-03")
    lock_and_freeze(session, period, at=AT, actor=CLERK)
    session.commit()
    return period


def rows(session, period, **asked):
    return consolidated(session, period=period, detail="project", **asked).rows


def change(session, amount=5_000_000):
    """One đồng figure of Hữu Liên's March, behind the back of everything."""
    found = next(
        row
        for row in session.query(Disbursement)
        if row.entry.project.code == "L01" and row.completed == 120_000_000
    )
    found.completed += amount
    session.flush()
    return found


@pytest.mark.parametrize("group", ["component", "investor"])
@pytest.mark.parametrize("detail", ["group", "investor", "project"])
@pytest.mark.parametrize("basis", ["submitted", "accepted"])
def test_a_locked_period_shows_its_frozen_figures_in_every_grouping(
    session, march, group, detail, basis
):
    asked = {"period": march, "group": group, "detail": detail, "basis": basis}
    before = consolidated(session, **asked, version="live")
    frozen = consolidated(session, **asked)
    assert frozen.rows == before.rows
    assert frozen.status == before.status
    assert (frozen.frozen.number, frozen.frozen.by) == (1, "Trần Thị Hoa")
    change(session)
    session.query(Project).filter_by(code="L01").one().name = "Tên khác"
    session.query(Investor).filter_by(code="X-06388").one().short_name = "Xã khác"
    session.flush()
    assert consolidated(session, **asked).rows == before.rows
    assert consolidated(session, **asked, version="live").rows != before.rows or basis == "accepted"


def test_an_open_period_shows_what_the_entries_say(session, load_demo):
    load_demo(AT)
    period = get_period(session, "2024-03")
    assert consolidated(session, period=period).frozen is None
    with pytest.raises(RuleBroken, match="not locked"):
        freeze(session, period, reason=None, at=AT, actor=CLERK)


@pytest.mark.parametrize("table", ["report_version", "version_part", "version_paper"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {}"])
def test_the_database_refuses_to_alter_a_version(session, march, table, statement):
    version = session.query(ReportVersion).filter_by(period_id=march.id).one()
    record_paper(session, version, number="12/BC", issued_on=AT.date(), at=AT, actor=CLERK)
    session.commit()
    column = {
        "report_version": "user_name = 'x'",
        "version_part": "content = '{}'",
        "version_paper": "number = '13/BC'",
    }[table]
    with pytest.raises(DBAPIError, match="immutable"):
        session.execute(text(statement.format(table, column)))


def test_reopening_and_locking_again_makes_the_next_version_and_keeps_the_first(app, march):
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        act_as(CLERK)
        period = get_period(own, "2024-03")
        first = consolidated(own, period=period).rows
        reopen_period(own, period, reason="Sai số Hữu Liên", at=AT)
        change(own)
        lock_and_freeze(own, period, at=LATER, actor=CLERK)
        assert [one.number for one in versions_of(own, period)] == [2, 1]
        second = consolidated(own, period=period)
        assert second.frozen.number == 2
        assert second.rows[0].disbursed_total == first[0].disbursed_total + 5_000_000
        assert consolidated(own, period=period, version=1).rows == first
        with pytest.raises(NotFound):
            consolidated(own, period=period, version=3)
        own.rollback()


def test_the_digest_proves_a_version_whole(session, march):
    version = session.query(ReportVersion).filter_by(period_id=march.id).one()
    assert is_whole(session, version)
    part = session.query(VersionPart).filter_by(version_id=version.id).first()
    session.expunge(part)
    content = json.loads(json.dumps(version.content))
    content["settings"]["office_name"] = "khác"
    version.content = content
    with session.no_autoflush:
        assert not is_whole(session, version)


def test_number_and_day_of_the_paper_come_later_and_a_slip_is_corrected(session, march):
    version = session.query(ReportVersion).filter_by(period_id=march.id).one()
    assert versions_of(session, march)[0].paper_number is None
    for number in ("127/BC-UBND", "128/BC-UBND"):
        record_paper(session, version, number=number, issued_on=AT.date(), at=AT, actor=CLERK)
    assert versions_of(session, march)[0].paper_number == "128/BC-UBND"
    assert "128/BC-UBND" in consolidated(session, period=march).frozen.paper
    with pytest.raises(RuleBroken, match="number"):
        record_paper(session, version, number=" ", issued_on=AT.date(), at=AT, actor=CLERK)


def test_a_loaded_locked_period_gets_its_first_version(session, load_demo):
    load_demo(AT)
    made = freeze_missing(session, at=AT, actor=CLERK)
    assert {session.get(Period, one.period_id).code for one in made} == {"2024-01", "2024-02"}
    assert freeze_missing(session, at=AT, actor=CLERK) == []


def test_a_unit_reads_its_own_part_of_a_version_only(app, session, march):
    unit = session.query(Investor).filter_by(code="X-06388").one().id
    session.rollback()
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        whole = consolidated(own, period=get_period(own, "2024-03"), detail="project")
        own.enter(Scope.of({unit}))
        mine = consolidated(own, period=get_period(own, "2024-03"), detail="project")
        assert {row.investor for row in mine.rows if row.level == "project"} == {"UBND xã Hữu Liên"}
        assert mine.rows[0].plan_total < whole.rows[0].plan_total
        assert mine.status.expected == 1
        own.rollback()


def test_what_changed_is_told_cell_by_cell(session, march):
    first = side(session, march, number=1, basis="submitted")
    same = compare(session, first, live(session, march, basis="submitted", at=LATER, actor=CLERK))
    assert (same.totals, same.differences, has_changed(session, march)) == ((), (), False)
    change(session)
    assert has_changed(session, march)
    found = compare(session, first, live(session, march, basis="submitted", at=LATER, actor=CLERK))
    cells = {cell.name: (cell.old, cell.new) for cell in found.totals}
    assert cells["disbursed_total"] == (2_299_845_679, 2_304_845_679)
    [difference] = found.differences
    assert difference.code == "L01"
    own = {cell.name: cell.new - cell.old for cell in difference.cells if "disb" in cell.name}
    assert own == dict.fromkeys(("disbursed_month", "disbursed_total", "disbursed_year"), 5_000_000)


@pytest.mark.parametrize("name", ["estimate", "physical_progress"])
def test_a_zero_in_the_place_of_nothing_is_a_change(session, march, name):
    entry = session.query(ProgressEntry).join(Submission).filter_by(period_id=march.id).first()
    setattr(entry, name, None)
    session.flush()
    freeze(session, march, reason=None, at=AT, actor=CLERK)
    without = side(session, march, number=2, basis="submitted")
    assert not has_changed(session, march)
    setattr(entry, name, 0)
    session.flush()
    assert has_changed(session, march)
    found = compare(
        session, without, live(session, march, basis="submitted", at=LATER, actor=CLERK)
    )
    [difference] = found.differences
    assert [(cell.name, cell.old, cell.new) for cell in difference.cells] == [(name, None, 0)]


def test_no_words_in_the_place_of_none_are_no_change(session, march):
    for entry in session.query(ProgressEntry):
        entry.obstacles = entry.obstacles or ""
    session.flush()
    assert not has_changed(session, march)


def test_entries_people_and_reasons_stand_behind_a_difference(app, march):
    """Reopened for Hữu Liên, corrected, accepted, version 2: who, when, old, new, why."""
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        act_as(CLERK)
        period = get_period(own, "2024-03")
        unit = own.query(Investor).filter_by(code="X-06388").one()
        first = live(own, period, basis="submitted", at=AT, actor=CLERK)
        reopen_for_unit(
            own, period, unit, until_at=LATER, reason="Ghi thiếu chứng từ 15/3",
            at=AT + timedelta(hours=1), actor=CLERK,
        )  # fmt: skip
        now = AT + timedelta(hours=2)
        sheet = read_sheet(own, period=period, investor=unit, at=now)
        project = next(p for p in sheet.projects if p.code == "L01")
        inputs = [
            ProjectInput(
                project_id=p.project_id,
                progress_text=p.progress_text or "Đang làm",
                physical_progress=p.physical_progress,
                disbursements=[
                    DisbursementInput(
                        allocation_id=row.allocation_id,
                        completed=(row.completed or 0)
                        + (1_000_000 if p is project and row.completed == 120_000_000 else 0)
                        if row.completed is not None
                        else None,
                    )
                    for row in p.allocations
                ],
            )
            for p in sheet.projects
        ]
        report = save_report(
            own, period=period, investor=unit, projects=inputs, nil_report=False, at=now,
            explanations={}, version=sheet.version,
        )  # fmt: skip
        send_report(own, report, at=now, actor=CLERK)
        accept_report(own, report, at=now, actor=CLERK)
        freeze(own, period, reason="Hữu Liên", at=LATER, actor=CLERK)
        second = side(own, period, number=2, basis="submitted")
        # the trail is stamped by the clock, which is far from these days
        found = compare(own, first, live(
            own, period, basis="submitted", at=datetime.now(UTC) + timedelta(hours=1), actor=CLERK
        ))  # fmt: skip
        [difference] = found.differences
        assert [reason.text for reason in difference.reasons] == ["Ghi thiếu chứng từ 15/3"]
        assert [
            name for trace in difference.traces for name in trace.changes if name == "completed"
        ] == ["completed"]
        [trace] = [one for one in difference.traces if "completed" in one.changes]
        assert trace.changes["completed"] == [120_000_000, 121_000_000]
        assert trace.who == "Trần Thị Hoa"
        cells = {c.name: c.new - c.old for c in compare(own, first, second).totals if "total" in c.name and "rate" not in c.name}  # fmt: skip  # noqa: E501
        assert cells == {"disbursed_total": 1_000_000}
        own.rollback()


def test_a_new_ledger_line_names_its_decision(app, session, march):
    from models import AllocationLine, Decision

    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        act_as(CLERK)
        period = get_period(own, "2024-03")
        decision = own.query(Decision).filter_by(number="901/QĐ-UBND").one()
        line = own.query(AllocationLine).filter_by(kind="initial").first()
        first = side(own, period, number=1, basis="submitted")
        make_line(
            own, line.allocation, amount=7, kind="supplement", decision=decision,
            effective_on=period.data_to,
        )  # fmt: skip
        at = datetime.now(UTC) + timedelta(hours=1)
        found = compare(own, first, live(own, period, basis="submitted", at=at, actor=CLERK))
        [difference] = found.differences
        assert any("901/QĐ-UBND" in reason.text for reason in difference.reasons)
        assert {c.name for c in difference.cells if c.name.startswith("plan")} >= {"plan_total"}
        own.rollback()


def test_versions_of_two_periods_can_be_compared(session, march):
    freeze_missing(session, at=AT, actor=CLERK)
    february = side(session, get_period(session, "2024-02"), number=1, basis="submitted")
    found = compare(session, february, side(session, march, number=1, basis="submitted"))
    cells = {cell.name: (cell.old, cell.new) for cell in found.totals}
    assert cells["disbursed_total"][1] == 2_299_845_679
    assert len(found.differences) > 5


def test_a_frozen_figure_is_found_behind_every_cell_and_a_change_is_told(session, march):
    for group in ("component", "investor"):
        report = consolidated(session, period=march, group=group, detail="project")
        for row, place in zip(report.rows, report.places, strict=True):
            for column in ("plan_total", "disbursed_month", "rate_total", "remaining"):
                found = frozen_figure(
                    session,
                    period=march,
                    column=column,
                    component_id=place.component_id,
                    investor_id=place.investor_id,
                    project_id=place.project_id,
                )
                assert found.frozen == found.live == getattr(row, column), (row.name, column)
    change(session)
    found = frozen_figure(session, period=march, column="disbursed_total")
    assert (found.frozen, found.live, found.number) == (2_299_845_679, 2_304_845_679, 1)
    assert frozen_figure(session, period=march, column="plan_total", version="live") is None


def test_the_explanation_says_when_a_frozen_figure_differs(session, march, client_for):
    address = "/admin/reports/explain?period=2024-03&column=disbursed_total"
    client = client_for("leader")
    assert not client.soup(address).select(".flash-warn")
    change(session)
    [warning] = client.soup(address).select(".flash-warn")
    assert "2.299.845.679" in warning.text
    assert "2.304.845.679" in warning.text
    assert client.get(address + "&version=7").status_code == 404


def test_the_report_of_a_locked_period_reads_its_version_once(
    session, march, client_for, monkeypatch
):
    session.commit()
    read, reads = [], comparison.read_version

    def listened(session, period, number, basis):
        read.append(number)
        return reads(session, period, number, basis)

    for place in ("reading", "comparison"):
        monkeypatch.setattr(f"reports.frozen.{place}.read_version", listened)
    page = client_for("leader").soup("/admin/reports/consolidated?period=2024-03")
    assert read == [1]
    assert CHANGED not in page.text
    change(session)
    session.commit()
    read.clear()
    page = client_for("leader").soup("/admin/reports/consolidated?period=2024-03")
    assert read == [1]
    assert CHANGED in page.text
    freeze(session, march, reason=None, at=AT, actor=CLERK)
    session.commit()
    read.clear()
    page = client_for("leader").soup("/admin/reports/consolidated?period=2024-03&version=1")
    assert read == [1, 2]
    assert CHANGED not in page.text
