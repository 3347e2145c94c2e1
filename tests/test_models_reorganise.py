"""Rename, merge, close, found: the two real cases of domain §6.2, and one step back."""

from datetime import UTC, date, datetime

import pytest

from models import (
    DISTRICT,
    Allocation,
    AllocationLine,
    CapitalTransfer,
    ExpectedReport,
    FormerName,
    Investor,
    InvestorKind,
    LineKind,
    Obstacle,
    OrgEvent,
    Project,
    RuleBroken,
    Submission,
)
from models.base import PeriodLocked, Scope
from models.duty import (
    GONE,
    REORGANISED,
    TAKEN_BACK,
    changes_of,
    lock_period,
    open_period,
    reopen_period,
    set_exemption,
    settle,
)
from models.filing import DisbursementInput, ProjectInput, read_sheet, save_report, send_report
from models.ledger import add_line, predecessors_of
from models.reorganisation import NewUnit, close, found, merge, rename, undo
from reports.consolidated import consolidated, explain
from reports.quarter import quarter_sheet
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_obstacle,
    make_project,
    make_submission,
)
from tests.reorganising import AT, CLERK, DAY, act, rows_of

NAMES = ("plan_total", "plan_year", "plan_carried", "disbursed_total", "disbursed_year")


@pytest.fixture
def session(district_session):
    return district_session


@pytest.fixture
def district(session):
    """The town and xã Sơn Hà with capital of 2024 and 2023, reported for October and November."""
    component = make_component(session, code="GNBV.DA2")
    town = make_investor(session, code="X-06385", short_name="UBND thị trấn Hữu Lũng")
    commune = make_investor(session, code="X-06454", short_name="UBND xã Sơn Hà")
    held = []
    for unit, code, amount in ((town, "T1", 800_000_000), (commune, "S1", 350_000_001)):
        project = make_project(
            session, investor=unit, code=code, component=component, end_on=date(2024, 12, 31)
        )
        year = make_allocation(session, amount, project=project)
        carried = make_allocation(session, 90_000_000, project=project, vintage=2023)
        held.append((unit, project, year, carried))
    october, november = (open_period(session, code, at=AT) for code in ("2024-10", "2024-11"))
    for unit, project, year, carried in held:
        for period, paid in ((october, 10_000_000), (november, 5_000_003)):
            submission = make_submission(session, period=period, investor=unit, status="accepted")
            entry = make_entry(session, project=project, submission=submission)
            make_disbursement(session, entry, year, completed=paid)
            make_disbursement(session, entry, carried, advance=2_000_000)
    session.commit()
    return town, commune, october, november


def totals(session, period):
    row = consolidated(session, period=period).rows[0]
    return {name: getattr(row, name) for name in NAMES}


def test_son_ha_goes_into_the_town_and_the_year_stays_equal(session, district):
    town, commune, _october, november = district
    december = open_period(session, "2024-12", at=AT)
    before = totals(session, december)
    event = merge(session, [commune], town, act(session))
    assert totals(session, december) == before
    assert "UBND xã Sơn Hà" not in rows_of(session, december)
    there = rows_of(session, december)["UBND thị trấn Hữu Lũng"]
    assert there.plan_total == 800_000_000 + 350_000_001 + 2 * 90_000_000
    assert there.disbursed_total == 2 * (15_000_003 + 4_000_000)
    old = rows_of(session, november)
    assert old["UBND xã Sơn Hà"].disbursed_total == 19_000_003
    assert old["UBND xã Sơn Hà"].plan_total == 440_000_001
    lines = session.query(AllocationLine).filter_by(kind=LineKind.TRANSFER).all()
    assert len(lines) == 4
    assert sum(line.amount for line in lines) == 0
    assert {line.effective_on for line in lines} == {DAY}
    assert (commune.valid_to, event.summary) == (
        date(2024, 11, 30), "UBND xã Sơn Hà → UBND thị trấn Hữu Lũng",
    )  # fmt: skip
    assert predecessors_of(session, town.id) == [commune.id]


def test_the_quarter_of_a_successor_begins_with_what_its_predecessor_disbursed(session, district):
    """4 × 3.000.000 đồng in September, then 38.000.006 in October and November, by both."""
    town, commune, *_months = district
    september = open_period(session, "2024-09", at=AT)
    for project in session.query(Project).all():
        report = make_submission(
            session, period=september, investor=project.investor, status="submitted"
        )
        entry = make_entry(session, project=project, submission=report)
        for held in session.query(Allocation).filter_by(project_id=project.id):
            make_disbursement(session, entry, held, completed=3_000_000)
    december = open_period(session, "2024-12", at=AT)
    quarter = open_period(session, "2024-Q4", at=AT)
    merge(session, [commune], town, act(session))
    sheet = quarter_sheet(session, period=quarter, investor=town, at=AT)
    assert (sheet.total.before, sheet.total.quarter) == (12_000_000, 38_000_006)
    there = rows_of(session, december)["UBND thị trấn Hữu Lũng"]
    assert (sheet.total.after, sheet.total.plan) == (there.disbursed_total, there.plan_total)


def test_history_can_be_grouped_under_todays_units(session, district):
    town, commune, _october, november = district
    merge(session, [commune], town, act(session))
    today = rows_of(session, november, units="today")
    assert set(today) == {"UBND thị trấn Hữu Lũng"}
    then = rows_of(session, november)
    assert today["UBND thị trấn Hữu Lũng"].plan_total == sum(r.plan_total for r in then.values())


def test_every_figure_of_the_successor_is_explained_to_the_dong(session, district):
    town, commune, *_rest = district
    december = open_period(session, "2024-12", at=AT)
    merge(session, [commune], town, act(session))
    row = rows_of(session, december)["UBND thị trấn Hữu Lũng"]
    for column in ("plan_total", "disbursed_total", "disbursed_carried", "plan_carried"):
        behind = explain(session, period=december, column=column, investor_id=town.id)
        amount = behind.plan_sum if column.startswith("plan") else behind.money_sum
        assert amount == getattr(row, column)
    gone = explain(session, period=december, column="disbursed_total", investor_id=commune.id)
    assert gone.money_sum == 0


def test_no_unit_sees_what_was_moved_beyond_its_own_rows(session, district):
    """What capital was moved to belongs to another unit: it is bounded where it is read, too."""
    town, commune, _october, november = district
    december = open_period(session, "2024-12", at=AT)
    merge(session, [commune], town, act(session))
    session.commit()
    seen = {}
    for units in ({town.id}, {commune.id}, {town.id, commune.id}):
        session.enter(Scope.of(units))
        total = rows_of(session, december)
        behind = explain(session, period=december, column="disbursed_total")
        assert sum(row.disbursed_total for row in total.values()) == behind.money_sum
        told = explain(session, period=november, column="estimate").told
        seen[frozenset(units)] = behind.money_sum, {line.investor for line in told or ()}
    session.enter(DISTRICT)
    assert seen == {
        frozenset({town.id}): (19_000_003, set()),
        frozenset({commune.id}): (0, set()),
        frozenset({town.id, commune.id}): (38_000_006, set()),
    }


def test_a_report_that_comes_late_counts_with_the_successor(session, district):
    town, commune, _october, november = district
    december = open_period(session, "2024-12", at=AT)
    late = session.query(Submission).filter_by(investor_id=commune.id, period_id=november.id).one()
    late.status = "draft"
    session.flush()
    merge(session, [commune], town, act(session))
    first = rows_of(session, december)["UBND thị trấn Hữu Lũng"].disbursed_total
    late.status = "submitted"
    session.flush()
    assert rows_of(session, december)["UBND thị trấn Hữu Lũng"].disbursed_total == first + 7_000_003
    assert rows_of(session, november)["UBND xã Sơn Hà"].disbursed_total == 19_000_003


def test_the_successor_goes_on_from_the_cumulative_of_its_predecessor(session, district):
    town, commune, *_rest = district
    december = open_period(session, "2024-12", at=AT)
    merge(session, [commune], town, act(session))
    sheet = read_sheet(session, period=december, investor=town, at=AT)
    taken = next(p for p in sheet.projects if p.code == "S1-2")
    year = next(row for row in taken.allocations if row.vintage == 2024)
    carried = next(row for row in taken.allocations if row.vintage == 2023)
    assert (year.plan, year.before, year.last_month) == (350_000_001, 15_000_003, 5_000_003)
    assert carried.advance_balance_before == 4_000_000
    assert year.disburse_until == date(2025, 1, 31)
    own = read_sheet(session, period=december, investor=commune, at=AT)
    assert own.why_closed is not None
    assert "ended" in str(own.why_closed)


def test_what_the_successor_holds_cannot_be_reduced_below_what_was_disbursed(session, district):
    town, commune, *_rest = district
    open_period(session, "2024-12", at=AT)
    merge(session, [commune], town, act(session))
    moved = session.query(CapitalTransfer).filter_by(investor_id=commune.id).all()
    from models import Allocation

    target = next(
        a for a in (session.get(Allocation, one.to_allocation_id) for one in moved)
        if a.vintage == 2024
    )  # fmt: skip
    decision = make_decision(session)
    reduce = {"allocation": target, "decision": decision, "kind": LineKind.RECALL}
    with pytest.raises(RuleBroken):
        add_line(session, amount=-(350_000_001 - 15_000_002), effective_on=DAY, **reduce)
    add_line(session, amount=-(350_000_001 - 15_000_003), effective_on=DAY, **reduce)
    source = session.get(Allocation, moved[0].allocation_id)
    with pytest.raises(RuleBroken, match="moved"):
        add_line(
            session, allocation=source, decision=decision, kind=LineKind.ADJUST, amount=1,
            effective_on=DAY,
        )  # fmt: skip


def test_open_drafts_obstacles_and_duty_go_to_the_successor(session, district):
    town, commune, *_rest = district
    december = open_period(session, "2024-12", at=AT)
    project = session.query(Project).filter_by(code="S1").one()
    obstacle = make_obstacle(session, project=project, raised_on=date(2024, 10, 5))
    sheet = read_sheet(session, period=december, investor=commune, at=AT)
    allocation = next(row for row in sheet.allocations if row.vintage == 2024)
    save_report(
        session, period=december, investor=commune, nil_report=False, explanations={}, version=0,
        at=AT, projects=[ProjectInput(
            project_id=project.id, progress_text="Đang làm",
            disbursements=[DisbursementInput(
                allocation_id=allocation.allocation_id, completed=7)])],
    )  # fmt: skip
    session.commit()
    merge(session, [commune], town, act(session))
    sheet = read_sheet(session, period=december, investor=town, at=AT)
    taken = next(p for p in sheet.projects if p.code == "S1-2")
    assert taken.progress_text == "Đang làm"
    assert [row.completed for row in taken.allocations if row.completed] == [7]
    copied = session.query(Obstacle).filter_by(investor_id=town.id).one()
    assert (copied.raised_on, copied.state.value) == (date(2024, 10, 5), "open")
    session.refresh(obstacle)
    assert obstacle.state.value == "solved"
    settle(session)
    assert session.get(ExpectedReport, (commune.id, december.id)) is None
    assert session.get(ExpectedReport, (town.id, december.id)).exempt_reason is None
    [change] = changes_of(session, december, commune.id)
    assert (change.added, change.finding) == (False, GONE)
    assert change.details["summary"].endswith("→ UBND thị trấn Hữu Lũng")


def test_a_sent_report_or_a_locked_period_stands_in_the_way(session, district):
    town, commune, _october, november = district
    with pytest.raises(RuleBroken, match="Return it"):
        merge(session, [commune], town, act(session, day=date(2024, 11, 15)))
    session.rollback()
    lock_period(session, november, at=AT)
    with pytest.raises(RuleBroken, match="locked"):
        merge(session, [commune], town, act(session, day=date(2024, 11, 30)))


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2019, 12, 31)])
def test_a_unit_cannot_end_before_it_began(session, district, day):
    town, commune, *_rest = district
    with pytest.raises(RuleBroken, match="does not exist"):
        merge(session, [commune], town, act(session, day=day))


def test_one_step_back_restores_every_row(session, district):
    town, commune, *_rest = district
    december = open_period(session, "2024-12", at=AT)
    make_obstacle(session, project=session.query(Project).filter_by(code="S1").one())
    before = rows_of(session, december)
    counts = [session.query(kind).count() for kind in (Project, AllocationLine, Obstacle)]
    session.commit()
    event = merge(session, [commune], town, act(session))
    settle(session)
    assert session.get(ExpectedReport, (commune.id, december.id)) is None
    undo(session, event, at=AT, actor=CLERK)
    settle(session)
    session.expire_all()
    assert rows_of(session, december) == before
    assert [session.query(k).count() for k in (Project, AllocationLine, Obstacle)] == counts
    assert commune.valid_to is None
    assert session.get(ExpectedReport, (commune.id, december.id)).exempt_reason is None
    assert [one.cause for one in changes_of(session, december, commune.id)] == [
        TAKEN_BACK, REORGANISED,
    ]  # fmt: skip
    assert session.query(Obstacle).one().state.value == "open"
    with pytest.raises(RuleBroken, match="last"):
        undo(session, event, at=AT, actor=CLERK)


def test_nothing_is_taken_back_after_something_was_entered(session, district):
    town, commune, *_rest = district
    december = open_period(session, "2024-12", at=AT)
    event = merge(session, [commune], town, act(session))
    sheet = read_sheet(session, period=december, investor=town, at=AT)
    taken = next(p for p in sheet.projects if p.code == "S1-2")
    save_report(
        session, period=december, investor=town, nil_report=False, explanations={}, version=0,
        at=AT, projects=[ProjectInput(project_id=taken.project_id, progress_text="x")],
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="entered after"):
        undo(session, event, at=AT, actor=CLERK)


def test_nothing_is_taken_back_of_a_period_that_is_locked_since(session, district):
    """The predecessor would hold capital again in a month that nobody can report any more."""
    town, commune, _october, november = district
    december = open_period(session, "2024-12", at=AT)
    event = merge(session, [commune], town, act(session))
    lock_period(session, december, at=AT)
    with pytest.raises(RuleBroken, match="locked already"):
        undo(session, event, at=AT, actor=CLERK)
    reopen_period(session, december, reason="Nhập nhầm", at=AT)
    lock_period(session, november, at=AT)  # it ended the day before
    undo(session, event, at=AT, actor=CLERK)
    assert commune.valid_to is None


def test_a_renamed_unit_keeps_its_old_name_in_old_reports(session, district):
    town, _commune, october, november = district
    day = date(2024, 11, 15)
    draft = session.query(Submission).filter_by(investor_id=town.id, period_id=november.id).one()
    draft.status, draft.first_submitted_at, draft.last_submitted_at = "draft", None, None
    session.flush()
    new = {"code": "X-06385", "name": "Ủy ban nhân dân phường", "short_name": "UBND phường"}
    event = rename(session, town, act(session, day=day), **new)
    assert "UBND thị trấn Hữu Lũng" in rows_of(session, october)
    assert "UBND phường" in rows_of(session, november)
    undo(session, event, at=AT, actor=CLERK)
    assert town.short_name == "UBND thị trấn Hữu Lũng"
    assert session.query(FormerName).count() == 0


def test_closing_ends_duty_and_projects_but_moves_nothing(session, district):
    _town, commune, _october, november = district
    december = open_period(session, "2024-12", at=AT)
    before = totals(session, december)
    close(session, commune, act(session))
    assert totals(session, december) == before
    settle(session)
    assert session.get(ExpectedReport, (commune.id, december.id)) is None
    assert session.query(Project).filter_by(code="S1").one().end_on == date(2024, 11, 30)
    assert rows_of(session, november)["UBND xã Sơn Hà"].plan_total == 440_000_001


# The eight new communes of 01/07/2025 (NQ 1672/NQ-UBTVQH15): codes and names are reused.
OLD = {
    "06385": "TT Hữu Lũng", "06388": "Hữu Liên", "06391": "Yên Bình", "06394": "Quyết Thắng",
    "06397": "Hòa Bình", "06400": "Yên Thịnh", "06403": "Yên Sơn", "06406": "Thiện Tân",
    "06412": "Yên Vượng", "06415": "Minh Tiến", "06418": "Nhật Tiến", "06421": "Thanh Sơn",
    "06424": "Đồng Tân", "06427": "Cai Kinh", "06430": "Hòa Lạc", "06433": "Vân Nham",
    "06436": "Đồng Tiến", "06442": "Tân Thành", "06445": "Hòa Sơn", "06448": "Minh Sơn",
    "06451": "Hồ Sơn", "06457": "Minh Hòa", "06460": "Hòa Thắng",
}  # fmt: skip
NEW = {
    "06385": ("Hữu Lũng", ["06385", "06424", "06451"]),
    "06391": ("Yên Bình", ["06397", "06394", "06391"]),
    "06400": ("Hữu Liên", ["06400", "06388"]),
    "06415": ("Vân Nham", ["06415", "06418", "06433"]),
    "06427": ("Cai Kinh", ["06412", "06403", "06427"]),
    "06436": ("Thiện Tân", ["06421", "06436", "06406"]),
    "06445": ("Tân Thành", ["06442", "06430", "06445"]),
    "06457": ("Tuấn Sơn", ["06448", "06457", "06460"]),
}


def test_the_eight_communes_of_july_2025(session):
    at, day = datetime(2025, 7, 2, 2, tzinfo=UTC), date(2025, 7, 1)
    component = make_component(session)
    june = open_period(session, "2025-06", at=at)
    old = {}
    for n, (code, name) in enumerate(OLD.items(), 1):
        unit = make_investor(session, code=code, gso_code=code, short_name=name, sort_order=n)
        project = make_project(
            session, investor=unit, code=f"P{code}", component=component,
            start_on=date(2025, 1, 1), end_on=None,
        )  # fmt: skip
        allocation = make_allocation(session, n * 1_000_003, project=project, budget_year=2025)
        report = make_submission(
            session, period=june, investor=unit, status="accepted",
            first_submitted_at=datetime(2025, 7, 1, tzinfo=UTC),
        )  # fmt: skip
        entry = make_entry(session, project=project, submission=report)
        make_disbursement(session, entry, allocation, completed=n * 7)
        old[code] = unit
    july = open_period(session, "2025-07", at=at)
    before = totals(session, july)
    for n, (code, (name, parts)) in enumerate(NEW.items(), 1):
        new = NewUnit(
            code=code, gso_code=code, kind=InvestorKind.COMMUNE, name=f"Xã {name}",
            short_name=name, sort_order=n,
        )  # fmt: skip
        merge(session, [old[part] for part in parts], new, act(session, day=day, at=at))
    assert totals(session, july) == before
    rows = rows_of(session, july)
    assert set(rows) == {name for name, _parts in NEW.values()}
    places = {code: n for n, code in enumerate(OLD, 1)}
    for name, parts in NEW.values():
        assert rows[name].plan_total == sum(places[part] for part in parts) * 1_000_003
        assert rows[name].disbursed_total == sum(places[part] for part in parts) * 7
    # as of then the old units stand, two of them with names that mean another unit today
    then = rows_of(session, june)
    assert len(then) == 23
    assert then["Hữu Liên"].plan_total == places["06388"] * 1_000_003
    assert then["Yên Bình"].code == "06391"
    today = rows_of(session, june, units="today")
    assert {name: row.plan_total for name, row in today.items()} == {
        name: row.plan_total for name, row in rows.items()
    }
    assert session.query(Investor).filter_by(code="06400").count() == 2
    assert session.query(OrgEvent).count() == 8


def test_a_chain_of_mergers_in_one_year_counts_each_dong_once(session, district):
    """Sơn Hà into the town, the town into a new commune four weeks later."""
    town, commune, _october, november = district
    december = open_period(session, "2024-12", at=AT)
    before = totals(session, december)
    merge(session, [commune], town, act(session))
    new = NewUnit(
        code="N1", kind=InvestorKind.COMMUNE, name="Xã Hữu Lũng", short_name="Xã Hữu Lũng"
    )
    merge(session, [town], new, act(session, day=date(2024, 12, 31)))
    assert totals(session, december) == before
    row = rows_of(session, december)["Xã Hữu Lũng"]
    assert (row.plan_total, row.disbursed_total) == (
        before["plan_total"],
        before["disbursed_total"],
    )
    assert set(rows_of(session, november)) == {"UBND xã Sơn Hà", "UBND thị trấn Hữu Lũng"}
    unit = session.query(Investor).filter_by(code="N1").one()
    sheet = read_sheet(session, period=december, investor=unit, at=AT)
    assert sum(row.before for row in sheet.allocations) == before["disbursed_total"]


def test_a_code_that_is_in_use_is_refused_for_a_new_unit(session, district):
    new = NewUnit(code="X-06385", kind=InvestorKind.COMMUNE, name="Xã khác", short_name="Xã khác")
    with pytest.raises(RuleBroken, match="uses the code"):
        found(session, new, act(session))


def test_an_exemption_with_an_end_holds_in_periods_opened_later(session, district):
    _town, commune, _october, november = district
    expected = session.get(ExpectedReport, (commune.id, november.id))
    set_exemption(session, expected, reason="Chưa có vốn", until=date(2024, 12, 31))
    december = open_period(session, "2024-12", at=AT)
    assert session.get(ExpectedReport, (commune.id, december.id)).exempt_reason == "Chưa có vốn"


def test_a_closed_unit_cannot_send_for_a_period_after_its_end(session, district):
    town, commune, *_rest = district
    december = open_period(session, "2024-12", at=AT)
    report = make_submission(session, period=december, investor=commune)
    merge(session, [commune], town, act(session))
    with pytest.raises(PeriodLocked):
        send_report(session, report, at=AT, actor=CLERK)
