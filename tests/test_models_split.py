"""A department is split in two (domain §6.2, second case): each project goes with its heir."""

from datetime import date

import pytest

from models import (
    DISTRICT,
    Allocation,
    AllocationLine,
    CapitalTransfer,
    Investor,
    InvestorKind,
    LineKind,
    Obstacle,
    Period,
    Project,
    RuleBroken,
    Submission,
    Succession,
)
from models.base import Scope
from models.duty import open_period, settle
from models.filing import (
    DisbursementInput,
    ProjectInput,
    read_sheet,
    read_sheets,
    save_report,
)
from models.people import scope_of
from models.reorganisation import NewUnit, going_on, merge, split, undo
from reports.consolidated import consolidated, explain
from reports.pace import pace
from tests.factories import (
    make_allocation,
    make_component,
    make_disbursement,
    make_entry,
    make_investor,
    make_obstacle,
    make_project,
    make_submission,
    make_user,
)
from tests.reorganising import AT, CLERK, DAY, act, rows_of

PAID = {"P1": 30_000_001, "P2": 20_000_000, "P3": 7}


@pytest.fixture
def session(district_session):
    return district_session


@pytest.fixture
def office(session):
    """The department with three projects, the two that take its place, and a commune apart."""
    component = make_component(session, code="GNBV.DA2")
    department, home, farming, commune = (
        make_investor(session, code=code, short_name=name)
        for code, name in (
            ("P-LD", "Phòng LĐTBXH"), ("P-NV", "Phòng Nội vụ"),
            ("P-NN", "Phòng NN&MT"), ("X-1", "UBND xã Yên Bình"),
        )
    )  # fmt: skip
    october, november = (open_period(session, code, at=AT) for code in ("2024-10", "2024-11"))
    allocations = {}
    for unit, code in (
        (department, "P1"), (department, "P2"), (department, "P3"), (commune, "X1"), (home, "N1"),
    ):  # fmt: skip
        project = make_project(
            session, investor=unit, code=code, component=component, end_on=date(2024, 12, 31)
        )
        allocations[code] = make_allocation(session, 100_000_000, project=project)
    for unit, codes in ((department, PAID), (commune, ["X1"])):
        for period in (october, november):
            report = make_submission(session, period=period, investor=unit, status="accepted")
            for code in codes:
                held = allocations[code]
                entry = make_entry(session, project=held.project, submission=report)
                paid = PAID.get(code, 5) if period is november else 0
                make_disbursement(session, entry, held, completed=paid)
    session.commit()
    return department, home, farming, november


def ids(session, *codes):
    found = {project.code: project.id for project in session.query(Project)}
    return [found[code] for code in codes]


def done(session, office, day=DAY):
    """P1 and P3 with the home affairs (place 0), P2 with farming (place 1)."""
    department, home, farming, _november = office
    takers = dict(zip(ids(session, "P1", "P2", "P3"), (0, 1, 0), strict=True))
    event = split(session, department, [home, farming], lambda _: takers, act(session, day))
    session.commit()
    return event


def test_each_project_counts_with_its_heir_and_the_year_stays_equal(session, office):
    november = office[-1]
    december = open_period(session, "2024-12", at=AT)
    session.commit()
    before = consolidated(session, period=december).rows[0]
    event = done(session, office)
    after = consolidated(session, period=december).rows[0]
    names = ("plan_total", "disbursed_total", "disbursed_year")
    assert [getattr(after, n) for n in names] == [getattr(before, n) for n in names]
    there = rows_of(session, december)
    assert "Phòng LĐTBXH" not in there
    assert {
        name: (row.plan_total, row.disbursed_total)
        for name, row in there.items()
    } == {
        "Phòng Nội vụ": (300_000_000, PAID["P1"] + PAID["P3"]),
        "Phòng NN&MT": (100_000_000, PAID["P2"]),
        "UBND xã Yên Bình": (100_000_000, 5),
    }  # fmt: skip
    assert rows_of(session, november)["Phòng LĐTBXH"].disbursed_total == sum(PAID.values())
    assert event.summary == "Phòng LĐTBXH → Phòng Nội vụ, Phòng NN&MT"
    lines = session.query(AllocationLine).filter_by(kind=LineKind.TRANSFER).all()
    assert (len(lines), sum(line.amount for line in lines)) == (6, 0)


def test_every_figure_of_an_heir_is_explained_and_nobody_reads_anothers(session, office):
    department, home, farming, november = office
    december = open_period(session, "2024-12", at=AT)
    done(session, office)
    expected = {
        (unit.id, unit.short_name, make_user(session, "investor", investors=[unit])): amount
        for unit, amount in ((home, PAID["P1"] + PAID["P3"]), (farming, PAID["P2"]))
    }
    session.commit()
    reach = {unit: {unit, department.id} for unit, _name, _user in expected}
    for (unit, _name, user), amount in expected.items():
        assert scope_of(session, user) == Scope.of(reach[unit])
        for units in ("then", "today"):
            behind = explain(
                session, period=december, column="disbursed_total", investor_id=unit, units=units
            )
            assert behind.money_sum == amount
    for (unit, name, _user), amount in expected.items():
        session.enter(Scope.of(reach[unit]))
        there = rows_of(session, december)
        assert {one: row.disbursed_total for one, row in there.items()} == {name: amount}
        # what the department reported while it was there is theirs to read, both of them
        assert rows_of(session, november)["Phòng LĐTBXH"].disbursed_total == sum(PAID.values())
    session.enter(DISTRICT)


def test_sheets_of_the_heirs_go_on_each_with_its_own(session, office):
    _department, home, farming, _november = office
    december = open_period(session, "2024-12", at=AT)
    done(session, office)
    both = read_sheets(session, period=december, investors=[home, farming], at=AT)
    alone = [read_sheet(session, period=december, investor=one, at=AT) for one in (home, farming)]
    for sheets in (both, alone):
        assert [
            {
                project.code: [row.before for row in project.allocations]
                for project in sheet.projects
            }
            for sheet in sheets
        ] == [{"N1": [0], "P1-2": [PAID["P1"]], "P3-2": [PAID["P3"]]}, {"P2-2": [PAID["P2"]]}]


def test_drafts_and_obstacles_go_with_their_project_those_of_the_unit_to_all(session, office):
    department, home, farming, _november = office
    december = open_period(session, "2024-12", at=AT)
    first, second = ids(session, "P1", "P2")
    make_obstacle(session, project=session.get(Project, second), content="Thiếu đất")
    common = make_obstacle(session, project=session.get(Project, first), content="Thiếu người")
    common.project_id = None
    sheet = read_sheet(session, period=december, investor=department, at=AT)
    held = {project.code: project.allocations[0].allocation_id for project in sheet.projects}
    save_report(
        session, period=december, investor=department, nil_report=False, explanations={},
        version=0, at=AT,
        projects=[
            ProjectInput(
                project_id=project, progress_text=code,
                disbursements=[DisbursementInput(allocation_id=held[code], completed=paid)],
            )
            for project, code, paid in ((first, "P1", 3), (second, "P2", 4))
        ],
    )  # fmt: skip
    session.commit()
    done(session, office)
    typed = {
        unit.short_name: {
            project.code: (project.progress_text, project.allocations[0].completed)
            for project in read_sheet(session, period=december, investor=unit, at=AT).projects
            if project.progress_text
        }
        for unit in (home, farming)
    }
    assert typed == {"Phòng Nội vụ": {"P1-2": ("P1", 3)}, "Phòng NN&MT": {"P2-2": ("P2", 4)}}
    assert sorted(
        (one.investor_id, one.content, one.project_id is None)
        for one in session.query(Obstacle).filter(Obstacle.state != "solved")
    ) == sorted(
        [
            (home.id, "Thiếu người", True), (farming.id, "Thiếu người", True),
            (farming.id, "Thiếu đất", False),
        ]
    )  # fmt: skip


def test_an_heir_without_a_project_gets_no_draft(session, office):
    department, home, farming, _november = office
    december = open_period(session, "2024-12", at=AT)
    make_submission(session, period=december, investor=department, status="draft")
    session.commit()
    takers = dict.fromkeys(ids(session, "P1", "P2", "P3"), 0)
    split(session, department, [home, farming], lambda _: takers, act(session))
    drafts = session.query(Submission).filter_by(period_id=december.id)
    assert {one.investor_id for one in drafts} == {department.id, home.id}
    assert session.query(Succession).count() == 2


def test_units_of_today_leave_a_split_unit_under_its_name(session, office):
    """What it had together is no single unit's; those merged into it stand under it."""
    department, home, farming, november = office
    earlier = make_investor(session, code="P-CS", short_name="Phòng Chính sách")
    make_allocation(session, 9, project=make_project(session, investor=earlier, code="C1"))
    session.commit()
    merge(session, [earlier], department, act(session, date(2024, 11, 15)))
    session.commit()
    takers = dict.fromkeys(ids(session, "P1", "P2", "P3", "C1-2"), 1)
    split(session, department, [home, farming], lambda _: takers, act(session))
    session.commit()
    october = session.query(Period).filter_by(code="2024-10").one()
    today = rows_of(session, october, units="today")
    assert today["Phòng LĐTBXH"].plan_total == 300_000_009
    assert "Phòng Chính sách" not in today
    behind = explain(
        session, period=october, column="plan_total", investor_id=department.id, units="today"
    )
    assert behind.plan_sum == 300_000_009
    assert november.code == "2024-11"


def test_the_pace_counts_months_of_the_split_unit_for_each_heir(session, office):
    _department, _home, farming, _november = office
    done(session, office)
    december = open_period(session, "2024-12", at=AT)
    make_submission(session, period=december, investor=farming, status="submitted")
    session.commit()
    rows = {row.name: row for row in pace(session, period=december).rows}
    months = {name: [month for month, _net in row.recent] for name, row in rows.items()}
    assert months["Phòng NN&MT"] == ["2024-10", "2024-11", "2024-12"]
    assert months["Phòng Nội vụ"] == ["2024-10", "2024-11"]
    assert rows["Phòng NN&MT"].disbursed_total == PAID["P2"]


def test_a_new_unit_may_bear_the_code_of_the_old_one(session, office):
    department, home, _farming, _november = office
    new = NewUnit(
        code="P-LD", kind=InvestorKind.DEPARTMENT, name="Phòng LĐTBXH (mới)",
        short_name="Phòng LĐTBXH (mới)",
    )  # fmt: skip
    takers = dict(zip(ids(session, "P1", "P2", "P3"), (1, 0, 1), strict=True))
    event = split(session, department, [home, new], lambda _: takers, act(session))
    made = session.query(Investor).filter_by(short_name="Phòng LĐTBXH (mới)").one()
    assert (made.code, made.valid_from, department.valid_to) == (
        "P-LD", DAY, date(2024, 11, 30),
    )  # fmt: skip
    held = session.query(Project).filter_by(investor_id=made.id)
    assert {one.code for one in held} == {"P1-2", "P3-2"}
    undo(session, event, at=AT, actor=CLERK)
    assert session.query(Investor).filter_by(short_name="Phòng LĐTBXH (mới)").count() == 0


@pytest.mark.parametrize(
    ("heirs", "given", "field", "said"),
    [
        ("home farming", {"P1": 0, "P2": 1}, "taker-P3", "takes over project P3"),
        ("home", {"P1": 0, "P2": 0, "P3": 0}, "successors", "at least two"),
        ("home home", {"P1": 0, "P2": 1, "P3": 0}, "successors", "at least two"),
        ("", {}, "successors", "at least two"),
        ("home department", {"P1": 0, "P2": 1, "P3": 0}, "successors", "cannot take over itself"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_done(
    session, office, heirs, given, field, said
):
    named = dict(zip(("department", "home", "farming"), office, strict=False))
    takers = {ids(session, code)[0]: place for code, place in given.items()}
    chosen = [named[one] for one in heirs.split()]
    with pytest.raises(RuleBroken, match=said) as refused:
        split(session, office[0], chosen, lambda _: takers, act(session))
    if field.startswith("taker-"):
        field = f"taker-{ids(session, field.removeprefix('taker-'))[0]}"
    assert refused.value.field == field
    session.rollback()
    assert session.query(Succession).count() == 0
    assert office[0].valid_to is None


def test_only_what_goes_on_is_asked_about(session, office):
    """A project that ended in an earlier year needs nobody; one with capital of this year does."""
    department, _home, _farming, _november = office
    over = {"start_on": date(2022, 1, 1), "end_on": date(2023, 12, 31)}
    make_project(session, investor=department, code="P0", **over)
    with_capital = make_project(session, investor=department, code="P9", **over)
    make_allocation(session, 5, project=with_capital)
    codes = [project.code for project, _held in going_on(session, department, DAY)]
    assert codes == ["P1", "P2", "P3", "P9"]


def test_one_step_back_restores_every_row(session, office):
    department, home, _farming, _november = office
    december = open_period(session, "2024-12", at=AT)
    make_obstacle(session, project=session.get(Project, ids(session, "P2")[0]))
    session.commit()
    kinds = (Project, Allocation, AllocationLine, Obstacle, CapitalTransfer, Succession)
    before, counts = rows_of(session, december), [session.query(kind).count() for kind in kinds]
    event = done(session, office)
    settle(session)
    assert [session.query(kind).count() for kind in kinds] != counts
    undo(session, event, at=AT, actor=CLERK)
    settle(session)
    session.expire_all()
    assert rows_of(session, december) == before
    assert [session.query(kind).count() for kind in kinds] == counts
    assert (department.valid_to, home.valid_to) == (None, None)
    assert session.query(Obstacle).one().state.value == "open"
