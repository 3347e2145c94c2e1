"""One rule, one answer at every door: accounts, the last administrator, what an advance settles."""

import pytest
import sqlalchemy as sa

from models import (
    Disbursement,
    Role,
    User,
)
from tests.factories import (
    make_allocation,
    make_entry,
    make_investor,
    make_period,
    make_project,
    make_submission,
    make_user,
)


def count(session, kind):
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(kind))


PASSWORD = "Nương ngô trên đồi 7"


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
@pytest.mark.parametrize(("recovered", "fits"), [(99_999, True), (100_000, True), (100_001, False)])
def test_an_advance_is_recovered_out_of_accepted_volume(doors, session, door, recovered, fits):
    project, period = make_project(session), make_period(session)
    allocation = make_allocation(session, project=project)
    draft = make_submission(session, investor=project.investor, period=period)
    entry = make_entry(session, project=project, submission=draft)
    session.commit()
    name = f"a{allocation.id}-"
    typed = {f"{name}completed": "100000", f"{name}recovered": str(recovered)}
    row = {
        "project_code": project.code,
        "period": "2024-03",
        "budget_year": 2024,
        "vintage": 2024,
        "source": "NSTW",
        "nature": "SN",
        "advance": 0,
        "completed": 100_000,
        "recovered": recovered,
        "returned": 0,
    }
    values = {
        "investor_id": project.investor_id,
        "entry_id": entry.id,
        "allocation_id": allocation.id,
        "completed": 100_000,
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
    stored = [(row.completed, row.recovered) for row in session.query(Disbursement)]
    # the page of the unit keeps the rest of what was typed as a draft
    kept = [(100_000, 0)] if door == "my report" else []
    assert stored == ([(100_000, recovered)] if fits else kept)
    if door in ("my report", "amounts") and not fits:
        assert f'id="{name}recovered-error"' in said
        assert f'value="{recovered}"' in said
    if door == "import" and not fits:
        assert "disbursements.csv" in said
        assert "recovered" in said
