"""One rule, one answer at every door: what a screen refuses, no import, command or flush takes."""

from datetime import date

import pytest
import sqlalchemy as sa

from models import (
    AllocationLine,
    Component,
    Disbursement,
    Project,
    Role,
    User,
)
from tests.doors import Doors
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_line,
    make_period,
    make_project,
    make_submission,
    make_user,
)

PASSWORD = "Nương ngô trên đồi 7"


@pytest.fixture
def doors(app, session, client_for, tmp_path):
    return Doors(app, session, client_for, tmp_path)


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


def test_lines_of_one_file_have_no_order_but_their_days(doors, session):
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


# ---------------------------------------------------------------- the lowest level of the tree


def add_project(doors, door, component):
    investor = make_investor(doors.session)
    doors.session.commit()
    if door == "screen":
        form = {
            "code": "NEW",
            "name": "Mới",
            "component": component.id,
            "investor": investor.id,
            "start_on": "01/01/2024",
            "status": "active",
        }
        return doors.post("officer", "/admin/project/new/", form)
    if door == "import":
        row = {
            "code": "NEW",
            "name": "Mới",
            "component_code": component.code,
            "investor_code": investor.code,
            "start_on": "2024-01-01",
            "status": "active",
        }
        said = doors.load(projects=[row])
        assert said is None or ("projects.csv" in said and "component_code" in said)
        return said
    values = {
        "code": "NEW",
        "name": "Mới",
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


# ---------------------------------------------------------------- accounts


def add_user(doors, door, name, role, units):
    doors.session.commit()
    if door == "screen":
        form = {"username": name, "full_name": "Cán bộ", "role": role, "enabled": "y"}
        form |= {"investors": [unit.id for unit in units]} if units else {}
        return doors.post("admin", "/admin/user/new/", form)
    if door == "import":
        codes = ";".join(unit.code for unit in units)
        row = {"username": name, "full_name": "Cán bộ", "role": role, "investor_codes": codes}
        return doors.load(users=[row])
    if door == "command":
        codes = [part for unit in units for part in ("--investor", unit.code)]
        who = ("users", "add", name, "--full-name", "Cán bộ", "--role", role)
        return doors.command(*who, *codes, "--password", PASSWORD)
    keys = [unit.id for unit in units]

    def change(own):
        from models import Investor

        found = [own.get(Investor, key) for key in keys]
        own.add(User(username=name, full_name="Cán bộ", role=role, investors=found))

    return doors.flush(change)


@pytest.mark.parametrize("door", ["screen", "import", "command", "session"])
@pytest.mark.parametrize(
    ("name", "role", "has_unit", "fits"),
    [
        ("x!y", "officer", False, False),
        ("!!!", "officer", False, False),
        ("x", "officer", False, False),
        ("x.y", "officer", False, True),
        ("Hữu Lũng", "officer", False, True),
        ("x" * 60, "officer", False, True),
        ("xy", "investor", False, False),
        ("xy", "investor", True, True),
        ("xy", "officer", True, False),
    ],
)
def test_a_name_and_a_role_are_the_same_everywhere(
    doors, session, door, name, role, has_unit, fits
):
    units = [make_investor(session)] if has_unit else []
    said = add_user(doors, door, name, role, units)
    assert (said is None) is fits, said
    session.rollback()
    made = session.scalars(sa.select(User).where(User.full_name == "Cán bộ")).all()
    assert len(made) == fits


@pytest.mark.parametrize("door", ["screen", "command", "session"])
def test_a_name_is_taken_in_every_spelling(doors, session, door):
    make_user(session, username="canbo")
    assert add_user(doors, door, "Cán Bộ", "officer", []) is not None


def spend_admin(doors, door, victim):
    """Take away one administrator, through one door; the person at the screen is one, too."""
    doors.session.commit()
    key, name = victim.id, victim.username
    form = {
        "username": name,
        "full_name": victim.full_name,
        "role": "admin",
        "enabled": "y",
        "row_version": victim.version,
    }
    edit = f"/admin/user/edit/?id={key}"
    if door == "role":
        return doors.post(victim, edit, form | {"role": "leader"})
    if door == "enabled":
        form.pop("enabled")
        return doors.post(victim, edit, form)
    if door == "delete":
        return doors.post(victim, "/admin/user/delete/", {"id": key})
    if door == "action":
        doors.post(victim, "/admin/user/action/", {"action": "delete", "rowid": key})
        left = doors.session.scalar(sa.select(User.id).where(User.id == key))
        return None if left is None else "stays"
    if door == "command":
        return doors.command("users", "disable", name)
    if door == "session":
        return doors.flush(lambda own: setattr(own.get(User, key), "role", Role.LEADER))
    return doors.flush(lambda own: own.delete(own.get(User, key)))


@pytest.mark.parametrize(
    "door", ["role", "enabled", "delete", "action", "command", "session", "session delete"]
)
@pytest.mark.parametrize("others", ["none", "switched off", "another"])
def test_the_last_administrator_stays(doors, session, door, others):
    victim = make_user(session, "admin")
    make_user(session, "officer")
    if others != "none":
        make_user(session, "admin", enabled=others == "another")
    said = spend_admin(doors, door, victim)
    assert (said is None) is (others == "another"), said
    session.rollback()
    left = session.scalar(
        sa.select(sa.func.count()).where(User.role == "admin", User.enabled.is_(True))
    )
    assert left == 1


def test_the_import_demotes_nobody(doors, session):
    admin = make_user(session, "admin", username="quantri", full_name="Q")
    said = doors.load(users=[{"username": "quantri", "full_name": "Q", "role": "officer"}])
    assert "users.csv" in said
    session.refresh(admin)
    assert admin.role is Role.ADMIN


# ---------------------------------------------------------------- recovered within completed


@pytest.mark.parametrize("door", ["my report", "amounts", "import", "session"])
@pytest.mark.parametrize(("recovered", "fits"), [(99, True), (100, True), (101, False)])
def test_an_advance_is_recovered_out_of_accepted_volume(doors, session, door, recovered, fits):
    project, period = make_project(session), make_period(session)
    allocation = make_allocation(session, project=project)
    draft = make_submission(session, investor=project.investor, period=period)
    entry = make_entry(session, project=project, submission=draft)
    session.commit()
    name = f"a{allocation.id}-"
    typed = {f"{name}completed": "100", f"{name}recovered": str(recovered)}
    row = {
        "project_code": project.code,
        "period": "2024-03",
        "budget_year": 2024,
        "vintage": 2024,
        "source": "NSTW",
        "nature": "SN",
        "advance": 0,
        "completed": 100,
        "recovered": recovered,
        "returned": 0,
    }
    values = {
        "investor_id": project.investor_id,
        "entry_id": entry.id,
        "allocation_id": allocation.id,
        "completed": 100,
        "recovered": recovered,
    }
    ways = {
        "my report": lambda: doors.post(
            "investor",
            "/admin/my-report/2024-03",
            typed | {"version": draft.version, "form_key": "k"},
            project.investor,
        ),
        "amounts": lambda: doors.post(
            "officer", f"/admin/entry/amounts/?id={entry.id}", typed | {"row_version": "1"}
        ),
        "import": lambda: doors.load(disbursements=[row]),
        "session": lambda: doors.flush(lambda own: own.add(Disbursement(**values))),
    }
    said = ways[door]()
    assert (said is None) is fits, said
    assert count(session, Disbursement) == fits
    if door in ("my report", "amounts") and not fits:
        assert f'id="{name}recovered-error"' in said
        assert f'value="{recovered}"' in said
    if door == "import" and not fits:
        assert "disbursements.csv" in said
        assert "recovered" in said
