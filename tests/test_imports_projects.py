"""A list of projects: new ones, and changes shown old beside new; nothing else is touched."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from models import Actor, Project, ProjectStatus, RuleBroken, Scope, Stale, act_as
from models.imports import Writes, Written, carry_out, known_for, make_plan, take_back
from models.imports.project_codes import next_codes
from tests.factories import make_allocation, make_component, make_investor, make_project
from tests.readings import ask, line, reading, said

AT = datetime(2024, 4, 20, 3, tzinfo=UTC)
OFFICER = Actor(None, "Cán bộ")
FROM, UNTIL = date(2024, 5, 1), date(2024, 12, 31)


@pytest.fixture
def scoped(district_session):
    """The application's own session, over the whole district, in a person's name."""
    act_as(OFFICER)
    return district_session


@pytest.fixture
def place(scoped):
    """A unit and a component; one project L02 of 836 đồng stands there."""
    unit = make_investor(scoped, code="X-1")
    part = make_component(scoped, code="DA2")
    make_project(
        scoped, code="L02", name="Mô hình nuôi dê", investor=unit, component=part,
        total_investment=836, end_on=UNTIL,
    )  # fmt: skip
    scoped.commit()
    return unit, part


def new(row, code="L14", **cells):
    """A row that says all of a new project; `cells` change it."""
    told = {"start_on": FROM, "end_on": UNTIL, "total_investment": 450, "status": "planned"}
    told = {name: value for name, value in (told | cells).items() if value is not None}
    more = [said("project_code", code, f"A{row}")] if code else []
    return line(row, None, *more, unit="X-1", part="DA2", name=f"Dự án {row}", **told)


def known_row(*values, name="Mô hình nuôi dê", row=9, **cells):
    return line(row, "L02", *values, unit="X-1", part="DA2", name=name, **cells)


def plan(session, *lines, answers=None, **more):
    known = known_for(session, day=date(2024, 4, 20))
    asked = ask("projects", answers=answers or {})
    return make_plan(session, reading(*lines, period=None, **more), asked, known=known, at=AT)


def stored(session, *lines, **more):
    writes = Writes.from_json(plan(session, *lines, **more).writes.as_json())
    found = carry_out(session, writes, at=AT, actor=OFFICER)
    session.commit()
    return Written.from_json(found.as_json())


def codes(plan):
    return [(one.level.value, one.code, one.at.cell) for one in plan.findings]


@pytest.mark.parametrize(("name", "most"), [("name", 4_000), ("code", 40)])
def test_texts_are_as_long_as_in_the_form_and_not_longer(scoped, place, name, most):
    def row(text):
        told = {"code": "L14", "name": "Dự án"} | {name: text}
        one = new(8, told["code"])
        return replace(one, name=told["name"])

    assert codes(plan(scoped, row("x" * most))) == []
    assert codes(plan(scoped, row("x" * (most + 1)))) == [
        ("error", "text_too_long", "A8" if name == "code" else "B8")
    ]


def test_a_new_project_is_shown_as_the_package_writes_it_and_stored(scoped, place):
    found = plan(scoped, new(8))
    [row] = found.rows
    assert (found.status, row.state, row.values) == ("ready", "new", {
        "code": "L14", "name": "Dự án 8", "component_code": "DA2", "investor_code": "X-1",
        "start_on": "2024-05-01", "end_on": "2024-12-31", "total_investment": "450",
        "status": "planned",
    })  # fmt: skip
    stored(scoped, new(8))
    project = scoped.scalar(sa.select(Project).where(Project.code == "L14"))
    assert (project.name, project.investor_id, project.status) == (
        "Dự án 8", place[0].id, ProjectStatus.PLANNED
    )  # fmt: skip
    assert plan(scoped, new(8)).counts == {"new": 0, "changed": 0, "same": 1}


@pytest.mark.parametrize(("total", "state"), [(835, "changed"), (836, "same"), (837, "changed")])
def test_a_changed_total_is_shown_old_beside_new(scoped, place, total, state):
    [row] = plan(scoped, known_row(said("total_investment", total, "G9"))).rows
    assert row.state.value == state
    assert (row.old["total_investment"], row.values["total_investment"]) == ("836", str(total))
    if state == "changed":
        assert row.at.cell == "G9"


def test_columns_that_are_not_there_leave_what_is_stored(scoped, place):
    before = plan(scoped, known_row()).rows[0].old
    stored(scoped, known_row(said("total_investment", 900, "G9")))
    after = plan(scoped, known_row()).rows[0].old
    assert after == before | {"total_investment": "900"}


@pytest.mark.parametrize("name", ["MÔ HÌNH NUÔI DÊ", "Mô hình  nuôi dê ", "mo hinh nuoi de"])
def test_a_name_in_other_letters_is_no_change(scoped, place, name):
    assert plan(scoped, known_row(name=name)).counts["same"] == 1


def test_a_project_named_by_its_code_may_get_another_name(scoped, place):
    row = known_row(said("project_code", "L02", "A9"), name="Mô hình nuôi bò")
    [found] = plan(scoped, row).rows
    assert (found.state, found.values["name"]) == ("changed", "Mô hình nuôi bò")


def test_a_known_name_with_another_code_is_asked_about(scoped, place):
    row = known_row(said("project_code", "L30", "A9"), start_on=FROM, status="planned")
    found = plan(scoped, row)
    [question] = found.findings
    assert (question.answer, [one.value for one in question.options]) == (
        "name_unclear:T4!B9", ["L02", "L30"]
    )  # fmt: skip
    as_known = plan(scoped, row, answers={"name_unclear:T4!B9": "L02"})
    assert [one.values["code"] for one in as_known.rows] == ["L02"]
    as_new = plan(scoped, row, answers={"name_unclear:T4!B9": "L30"})
    assert [(one.state.value, one.values["code"]) for one in as_new.rows] == [("new", "L30")]


def test_codes_are_proposed_where_the_list_has_none(scoped, place):
    found = plan(scoped, new(8, code=None), new(9, code="L03"), new(10, code=None))
    assert [row.values["code"] for row in found.rows] == ["L04", "L03", "L05"]
    stored(scoped, new(8, code=None))
    assert scoped.scalar(sa.select(Project.name).where(Project.code == "L03")) == "Dự án 8"


@pytest.mark.parametrize(
    ("known", "proposed"),
    [
        ([], "DA01"),
        (["L01", "L13"], "L14"),
        (["L01", "L13", "L14-2"], "L14"),
        (["GN-009", "GN-010", "X1"], "GN-011"),
        (["L98", "L99"], "L100"),
        (["Khác"], "DA01"),
    ],
)
def test_the_next_code_follows_the_commonest_pattern(known, proposed):
    assert next(next_codes(known)) == proposed


def test_two_new_rows_with_one_code_or_one_name_are_refused(scoped, place):
    assert codes(plan(scoped, new(8), new(9))) == [("error", "row_double", "B9")]
    twin = line(9, None, unit="X-1", part="DA2", name="DỰ ÁN 8", start_on=FROM, status="planned")
    assert codes(plan(scoped, new(8, code=None), twin)) == [("error", "row_double", "B9")]


@pytest.mark.parametrize(("last", "refused"), [(30, True), (1, False), (2, False)])
def test_days_in_the_wrong_order_are_refused_at_their_cell(scoped, place, last, refused):
    end = date(2024, 4, 30) if last == 30 else date(2024, 5, last)
    row = new(8, end_on=None)
    row = line(
        8, None, *row.values, said("end_on", end, "F8"), unit="X-1", part="DA2", name="Dự án"
    )
    assert codes(plan(scoped, row)) == ([("error", "row_conflict", "F8")] if refused else [])


def test_a_component_with_parts_holds_no_project(scoped, place):
    above = make_component(scoped, code="DA5")
    make_component(scoped, code="DA5.1", parent=above)
    row = line(8, None, unit="X-1", part="DA5", name="Dự án", start_on=FROM, status="planned")
    assert codes(plan(scoped, row)) == [("error", "row_conflict", "B8")]


def test_the_unit_of_a_project_never_changes(scoped, place):
    make_investor(scoped, code="X-2")
    row = line(9, "L02", unit="X-2", part="DA2", name="Mô hình nuôi dê")
    assert codes(plan(scoped, row)) == [("error", "row_conflict", "B9")]


def test_a_project_goes_to_another_component(scoped, place):
    make_component(scoped, code="DA9")
    row = line(9, "L02", unit="X-1", part="DA9", name="Mô hình nuôi dê")
    [found] = plan(scoped, row).rows
    assert (found.old["component_code"], found.values["component_code"]) == ("DA2", "DA9")
    stored(scoped, row)
    assert scoped.scalar(sa.select(Project)).component.code == "DA9"


def test_what_a_new_project_needs_is_asked_for(scoped, place):
    bare = line(8, None, name="Dự án", status="planned")
    assert {one[1] for one in codes(plan(scoped, bare))} == {"column_missing"}
    assert len(codes(plan(scoped, bare))) == 3  # unit, component, first day


def test_the_state_of_new_projects_is_asked_once(scoped, place):
    rows = new(8, status=None), new(9, code="L15", status=None)
    found = plan(scoped, *rows)
    assert [one.answer for one in found.findings] == ["column_missing"]
    answered = plan(scoped, *rows, answers={"column_missing": "active"})
    assert {row.values["status"] for row in answered.rows} == {"active"}


def test_a_plan_changes_nothing(scoped, place):
    plan(scoped, new(8), known_row(said("total_investment", 900, "G9")))
    scoped.commit()
    assert scoped.scalars(sa.select(Project.total_investment)).all() == [836]


def test_taking_back_restores_the_list(scoped, place):
    rows = new(8), known_row(said("total_investment", 900, "G9"), name="Mô hình nuôi dê núi")
    written = stored(scoped, *rows)
    take_back(scoped, written, at=AT, actor=OFFICER)
    scoped.commit()
    [project] = scoped.scalars(sa.select(Project)).all()
    assert (project.code, project.total_investment, project.name) == (
        "L02", 836, "Mô hình nuôi dê"
    )  # fmt: skip


def test_a_project_that_got_capital_since_does_not_vanish(scoped, place):
    written = stored(scoped, new(8))
    project = scoped.scalar(sa.select(Project).where(Project.code == "L14"))
    act_as(Actor(None, "Chị Lan"))
    make_allocation(scoped, project=project)
    scoped.commit()
    with pytest.raises(RuleBroken) as refused:
        take_back(scoped, written, at=AT, actor=OFFICER)
    assert refused.value.values["what"] == {"allocation": 1}


def test_a_project_saved_meanwhile_is_stale(scoped, place):
    planned = plan(scoped, known_row(said("total_investment", 900, "G9")))
    scoped.scalar(sa.select(Project)).name = "Khác"
    scoped.commit()
    with pytest.raises(Stale):
        carry_out(scoped, planned.writes, at=AT, actor=OFFICER)


def test_a_code_that_was_taken_meanwhile_is_refused(scoped, place):
    planned = plan(scoped, new(8))
    make_project(scoped, code="L14")
    scoped.commit()
    with pytest.raises(RuleBroken):
        carry_out(scoped, planned.writes, at=AT, actor=OFFICER)


def test_a_narrow_session_reaches_no_foreign_project(scoped, place):
    mine = make_investor(scoped, code="X-9")
    scoped.commit()
    planned = plan(scoped, known_row(said("total_investment", 900, "G9")))
    scoped.enter(Scope.of({mine.id}))
    found = plan(scoped, known_row(said("total_investment", 900, "G9")))
    assert [row.old for row in found.rows if row.old] == []
    with pytest.raises(RuleBroken):
        carry_out(scoped, planned.writes, at=AT, actor=OFFICER)


def test_the_number_of_queries_does_not_grow_with_the_rows(scoped, place, count_queries):
    def asked(*rows):
        scoped.expunge_all()
        with count_queries() as seen:
            planned = plan(scoped, *rows)
            assert planned.status == "ready"
        looked = len(seen)
        with count_queries() as seen:
            carry_out(scoped, planned.writes, at=AT, actor=OFFICER)
        scoped.rollback()
        return looked, len(seen)

    asked(new(8))
    one = asked(new(8))
    assert asked(*(new(8 + n, code=f"N{n}") for n in range(20))) == one
