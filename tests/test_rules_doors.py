"""One rule, one answer at every door: what a screen refuses, no import, command or flush takes."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import (
    AllocationLine,
    Component,
    Project,
    Submission,
    User,
)
from models.base import local, now
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_expected,
    make_investor,
    make_line,
    make_period,
    make_project,
    make_submission,
)


def count(session, kind):
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(kind))


# ---------------------------------------------------------------- reductions of a plan


def reduce(doors, door, allocation, amount, day):
    """One recall, through one door."""
    decision = make_decision(doors.session)
    doors.session.commit()
    if door == "screen":
        form = {
            "decision": decision.id,
            "kind": "recall",
            "amount": str(amount),
            "effective_on": f"{day:%d/%m/%Y}",
        }
        return doors.post("finance", f"/admin/allocation/line/?id={allocation.id}", form)
    if door == "import":
        row = {
            "project_code": allocation.project.code,
            "budget_year": allocation.budget_year,
            "vintage": allocation.vintage,
            "source": allocation.source,
            "nature": allocation.nature,
            "kind": "recall",
            "amount": amount,
            "decision_number": decision.number,
            "decision_issued_on": decision.issued_on,
            "effective_on": day,
        }
        said = doors.load(allocations=[row])
        assert said is None or ("allocations.csv" in said and "amount" in said)
        return said
    values = {
        "investor_id": allocation.investor_id,
        "allocation_id": allocation.id,
        "decision_id": decision.id,
        "kind": "recall",
        "amount": amount,
        "effective_on": day,
    }
    return doors.flush(lambda own: own.add(AllocationLine(**values)))


@pytest.mark.parametrize("door", ["screen", "import", "session"])
@pytest.mark.parametrize(("amount", "fits"), [(-19, True), (-20, True), (-21, False), (-50, False)])
def test_a_reduction_is_weighed_on_every_later_day(doors, session, door, amount, fits):
    allocation = make_allocation(session, amount=100)
    make_line(session, allocation, kind="recall", amount=-80, effective_on=date(2024, 6, 1))
    said = reduce(doors, door, allocation, amount, date(2024, 3, 1))
    assert (said is None) is fits, said
    assert count(session, AllocationLine) == 2 + fits


@pytest.mark.parametrize("door", ["screen", "import", "session"])
@pytest.mark.parametrize(
    ("status", "amount", "fits"),
    [
        ("submitted", -40, True),
        ("submitted", -41, False),
        ("accepted", -41, False),
        ("draft", -100, True),
        ("draft", -101, False),
        ("returned", -100, True),
    ],
)
def test_a_reduction_leaves_what_was_reported(doors, session, door, status, amount, fits):
    allocation = make_allocation(session, amount=100)
    march = make_submission(
        session,
        period=make_period(session),
        investor=allocation.project.investor,
        status=status,
    )
    entry = make_entry(session, submission=march, project=allocation.project)
    make_disbursement(session, entry, allocation, completed=60)
    said = reduce(doors, door, allocation, amount, date(2024, 2, 1))
    assert (said is None) is fits, said
    assert count(session, AllocationLine) == 1 + fits


@pytest.mark.parametrize("at_once", [1, 2_000])
def test_lines_of_one_file_have_no_order_but_their_days(doors, session, monkeypatch, at_once):
    monkeypatch.setattr("models.exchange.package.loading.AT_ONCE", at_once)
    project, decision = make_project(session), make_decision(session)
    key = {
        "project_code": project.code,
        "budget_year": 2024,
        "vintage": 2024,
        "source": "NSTW",
        "nature": "SN",
        "decision_number": decision.number,
        "decision_issued_on": decision.issued_on,
    }
    recall = key | {"kind": "recall", "amount": -100, "effective_on": "2024-03-01"}
    first = key | {"kind": "initial", "amount": 100, "effective_on": "2024-01-01"}
    assert doors.load(allocations=[recall, first]) is None
    assert doors.load(allocations=[first, recall, recall | {"amount": -1}]) is not None
    assert count(session, AllocationLine) == 2


# ---------------------------------------------------------------- when a report came


@pytest.mark.parametrize("door", ["screen", "package"])
@pytest.mark.parametrize(("ahead", "fits"), [(-1, True), (60, False)])
def test_no_report_came_in_the_future(doors, session, door, ahead, fits):
    """A year that was mistyped would make its unit late by years."""
    unit, period = make_investor(session), make_period(session)
    make_expected(session, period, unit)
    session.commit()
    came = local(now() + timedelta(minutes=ahead))
    if door == "screen":
        form = {"received_day": f"{came:%d/%m/%Y}", "received_time": f"{came:%H:%M}",
                "received_via": "paper", "received_note": "Công văn", "form_key": "1"}  # fmt: skip
        url = f"/admin/review/{period.code}/{unit.id}/receipt"
        said = doors.post("officer", url, form)
    else:
        row = {"investor_code": unit.code, "period": period.code, "status": "submitted",
               "first_submitted_at": came.isoformat(), "last_submitted_at": came.isoformat(),
               "nil_report": "true"}  # fmt: skip
        said = doors.load(submissions=[row])
        assert said is None or "first_submitted_at" in said
    assert (said is None) is fits, said
    assert said is None or "ở tương lai" in said
    assert count(session, Submission) == fits


# ---------------------------------------------------------------- how long a name may be


@pytest.mark.parametrize(("length", "fits"), [(2_001, True), (4_000, True), (4_001, False)])
@pytest.mark.parametrize("door", ["screen", "import"])
def test_a_name_is_as_long_in_a_package_as_on_the_screen(doors, session, door, length, fits):
    said = add_project(doors, door, make_component(session), name="x" * length)
    assert (said is None) is fits, said
    assert count(session, Project) == fits


# ---------------------------------------------------------------- the lowest level of the tree


def add_project(doors, door, component, name="Mới"):
    investor = make_investor(doors.session)
    doors.session.commit()
    if door == "screen":
        form = {
            "code": "NEW",
            "name": name,
            "component": component.id,
            "investor": investor.id,
            "start_on": "01/01/2024",
            "status": "active",
        }
        return doors.post("officer", "/admin/project/new/", form)
    if door == "import":
        row = {
            "code": "NEW",
            "name": name,
            "component_code": component.code,
            "investor_code": investor.code,
            "start_on": "2024-01-01",
            "status": "active",
        }
        said = doors.load(projects=[row])
        assert said is None or (
            "projects.csv" in said and ("component_code" in said or "name" in said)
        )
        return said
    values = {
        "code": "NEW",
        "name": name,
        "component_id": component.id,
        "investor_id": investor.id,
        "start_on": date(2024, 1, 1),
        "status": "active",
    }
    return doors.flush(lambda own: own.add(Project(**values)))


@pytest.mark.parametrize("door", ["screen", "import", "session"])
@pytest.mark.parametrize("divided", [False, True])
def test_a_divided_component_holds_no_project(doors, session, door, divided):
    component = make_component(session)
    if divided:
        make_component(session, parent=component)
    said = add_project(doors, door, component)
    assert (said is None) is not divided, said
    assert count(session, Project) == (not divided)


def add_part(doors, door, parent):
    doors.session.commit()
    values = {"code": "PART", "name": "Phần", "short_name": "Phần"}
    if door == "screen":
        form = values | {"parent": parent.id, "sort_order": "0", "valid_from": "01/01/2024"}
        return doors.post("admin", "/admin/component/new/", form)
    if door == "import":
        row = values | {"parent_code": parent.code, "sort_order": 0, "valid_from": "2024-01-01"}
        said = doors.load(components=[row])
        assert said is None or ("components.csv" in said and "parent_code" in said)
        return said
    given = values | {"parent_id": parent.id, "valid_from": date(2024, 1, 1)}
    return doors.flush(lambda own: own.add(Component(**given)))


@pytest.mark.parametrize("door", ["screen", "import", "session"])
@pytest.mark.parametrize("holds", [False, True])
def test_a_component_with_projects_gets_no_part(doors, session, door, holds):
    parent = make_component(session)
    if holds:
        make_project(session, component=parent)
    said = add_part(doors, door, parent)
    assert (said is None) is not holds, said
    assert count(session, Component) == 1 + (not holds)


def test_parts_and_projects_of_one_flush_see_each_other(doors, session):
    investor = make_investor(session)
    session.commit()
    unit_id = investor.id
    first = date(2024, 1, 1)

    def change(own):
        whole = Component(code="W", name="w", short_name="w", valid_from=first)
        part = Component(code="W.1", name="w", short_name="w", valid_from=first, parent=whole)
        project = Project(
            code="P", name="p", component=whole, investor_id=unit_id, start_on=first,
            status="active",
        )  # fmt: skip
        own.add_all([whole, part, project])

    assert doors.flush(change) is not None
    assert count(session, Component) == 0


def test_a_project_that_changes_otherwise_still_holds_its_component(doors, session):
    project = make_project(session)
    session.commit()
    key, first = project.id, date(2024, 1, 1)

    def change(own):
        stored = own.get(Project, key)
        parent = stored.component
        stored.name = "Tên khác"
        own.add(Component(code="N", name="n", short_name="n", valid_from=first, parent=parent))

    assert doors.flush(change) is not None
    assert count(session, Component) == 1


def test_every_project_under_a_divided_component_is_named_at_once(doors, session):
    parent = make_component(session)
    make_component(session, parent=parent)
    investor = make_investor(session)
    row = {
        "name": "Mới",
        "component_code": parent.code,
        "investor_code": investor.code,
        "start_on": "2024-01-01",
        "status": "active",
    }
    users = [{"username": "x!y", "full_name": "X", "role": "officer"}]
    said = doors.load(projects=[row | {"code": "A"}, row | {"code": "B"}], users=users)
    assert said.count("projects.csv") == 2
    assert "users.csv" in said
    assert count(session, Project) == count(session, User) == 0
