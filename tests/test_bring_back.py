"""What was deleted comes back from the trail as it was, past all rules of a new record."""

import pytest
import sqlalchemy as sa

from models import DISTRICT, AuditEntry, Component, ProgressEntry, Project, User, db
from models.base.recording import plain_values
from tests.factories import (
    make_allocation,
    make_capital_term,
    make_column_set,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_obstacle,
    make_project,
    make_user,
)

KINDS = {
    "component": ("admin", make_component),
    "investor": ("admin", make_investor),
    "project": ("officer", make_project),
    "decision": ("finance", make_decision),
    "capital_term": ("finance", make_capital_term),
    "obstacle": ("officer", make_obstacle),
    "column_set": ("officer", lambda session: make_column_set(session, "plan", name="Bộ cột")),
}


@pytest.fixture
def deleted(session, client_for, app):
    """`deleted(row, role)`: gone by the screen; the entry that tells of it."""

    def delete(row, role):
        kind, key = row.__tablename__, row.id
        address = next(
            str(rule) for rule in app.url_map.iter_rules()
            if rule.endpoint.endswith(".delete_view") and model_at(app, rule) is type(row)
        )  # fmt: skip
        reply = client_for(role).post_form(address, {"id": str(key)})
        assert reply.status_code == 302, reply.text
        session.expire_all()
        told = sa.select(AuditEntry).filter_by(action="delete", resource=kind)
        return session.scalars(told.order_by(AuditEntry.id.desc())).first()

    return delete


def model_at(app, rule):
    views = {view.endpoint: view for view in app.extensions["admin"][0]._views}
    return getattr(views.get(rule.endpoint.partition(".")[0]), "model", None)


def restore(client, entry):
    return client.post_form("/admin/audit/restore/", {"id": str(entry.id)})


@pytest.mark.parametrize("kind", [one for one in KINDS if one != "column_set"])
def test_a_deleted_record_comes_back_as_it_was(session, client_for, deleted, kind):
    role, make = KINDS[kind]
    row = make(session)
    session.commit()
    before, model, key = plain_values(row), type(row), sa.inspect(row).identity
    entry = deleted(row, role)
    session.expunge_all()
    assert session.get(model, key) is None
    admin = client_for("admin")
    page = admin.soup(f"/admin/audit/details/?id={entry.id}")
    assert page.find("button", string=lambda text: text and "Khôi phục" in text) or (
        "Khôi phục bản ghi này" in page.get_text()
    )
    assert restore(admin, entry).status_code == 302
    session.expire_all()
    assert plain_values(session.get(model, key)) == before
    last = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (last.action, last.resource) == ("insert", kind)
    again = restore(admin, entry)
    assert again.status_code == 409
    assert "đã có trở lại" in again.text


def test_one_whose_parent_is_gone_says_so(session, client_for, deleted):
    component = make_component(session)
    project = make_project(session, component=component)
    session.commit()
    entry = deleted(project, "officer")
    parent = deleted(component, "admin")
    admin = client_for("admin")
    refused = restore(admin, entry)
    assert refused.status_code == 409
    assert "Không khôi phục được" in refused.text
    assert session.scalars(sa.select(Project)).all() == []
    assert restore(admin, parent).status_code == 302
    assert restore(admin, entry).status_code == 302


def test_one_whose_code_is_taken_says_so(session, client_for, deleted):
    row = make_component(session, code="X1")
    session.commit()
    entry = deleted(row, "admin")
    make_component(session, code="X1")
    session.commit()
    refused = restore(client_for("admin"), entry)
    assert refused.status_code == 409
    assert len(session.scalars(sa.select(Component)).all()) == 1


def test_a_new_record_never_bears_the_number_of_a_removed_one(session, client_for, deleted, app):
    """With the number it would have the history of the other, which could not come back."""
    first, last = make_component(session, code="X1"), make_component(session, code="X2")
    session.commit()
    taken = {first.id, last.id}
    entry = deleted(last, "admin")
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        fresh = [make_component(own, code="X3"), make_component(own, code="X4")]
        numbers = [one.id for one in fresh]
        own.commit()
    session.rollback()  # it has read a moment before
    assert numbers == sorted(numbers)
    assert taken.isdisjoint(numbers)
    assert restore(client_for("admin"), entry).status_code == 302
    assert {one.code for one in session.scalars(sa.select(Component))} == {"X1", "X2", "X3", "X4"}


def test_an_auditor_looks_and_brings_nothing_back(session, client_for, deleted):
    row = make_component(session)
    session.commit()
    entry = deleted(row, "admin")
    for role in ("auditor", "officer", "leader"):
        assert restore(client_for(role), entry).status_code in (302, 403, 404)
    assert session.scalars(sa.select(Component)).all() == []
    page = client_for("auditor").get(f"/admin/audit/details/?id={entry.id}").text
    assert "Khôi phục bản ghi này" not in page


def test_an_entry_of_no_deletion_brings_nothing_back(session, client_for, deleted):
    row = make_component(session)
    session.commit()
    deleted(row, "admin")
    other = session.scalars(sa.select(AuditEntry).where(AuditEntry.action != "delete")).first()
    if other is not None:
        assert restore(client_for("admin"), other).status_code in (302, 403, 404)
    assert restore(client_for("admin"), type("None", (), {"id": 2**70})).status_code == 404


# ---------------------------------------------------------------- for whoever may delete


def bring(client, kind, entry):
    return client.post_form(f"/admin/{kind}/bring-back/", {"id": str(entry.id)})


@pytest.mark.parametrize("kind", ["project", "obstacle", "decision", "capital_term"])
def test_who_may_delete_finds_what_is_deleted_and_brings_it_back(
    session, client_for, deleted, kind
):
    role, make = KINDS[kind]
    row = make(session)
    session.commit()
    before, model, key = plain_values(row), type(row), sa.inspect(row).identity
    entry = deleted(row, role)
    client, place = client_for(role), kind.replace("_", "-")
    place = next(one for one in (kind, place) if client.get(f"/admin/{one}/").status_code == 200)
    assert f"/admin/{place}/deleted/" in client.get(f"/admin/{place}/").text
    page = client.soup(f"/admin/{place}/deleted/")
    assert page.select_one(f"form input[name=id][value='{entry.id}']")
    for other in ("leader", "auditor"):
        assert bring(client_for(other), place, entry).status_code == 403
        assert client_for(other).get(f"/admin/{place}/deleted/").status_code == 403
    assert bring(client, place, entry).status_code == 302
    session.expire_all()
    assert plain_values(session.get(model, key)) == before
    assert not client.soup(f"/admin/{place}/deleted/").select("form input[name=id]")
    again = bring(client, place, entry)
    assert (again.status_code, "đã có trở lại" in again.text) == (409, True)


def test_another_unit_s_deleted_record_is_neither_seen_nor_brought_back(
    session, client_for, deleted
):
    mine = make_obstacle(session, content="Vướng của tôi")
    other = make_investor(session)
    unit = session.get(type(other), mine.investor_id)
    session.commit()
    entry = deleted(mine, "officer")
    stranger, owner = client_for("investor", other), client_for("investor", unit)
    assert "Vướng của tôi" not in stranger.get("/admin/obstacle/deleted/").text
    assert bring(stranger, "obstacle", entry).status_code == 404
    assert "Vướng của tôi" in owner.get("/admin/obstacle/deleted/").text
    assert bring(owner, "obstacle", entry).status_code == 302
    project = make_project(session)
    session.commit()
    gone = deleted(project, "officer")
    assert bring(client_for("officer"), "obstacle", gone).status_code == 404  # of another screen


def test_what_was_deleted_along_comes_back_along(session, client_for, app):
    entry = make_entry(session)
    allocation = make_allocation(session, project=entry.project)
    paid = make_disbursement(session, entry=entry, allocation=allocation)
    session.commit()
    before = [plain_values(one) for one in (entry, paid)]
    keys = [(type(one), sa.inspect(one).identity) for one in (entry, paid)]
    session.commit()
    with app.test_request_context():
        own = db.session()
        own.enter(DISTRICT)
        own.delete(own.get(*keys[0]))
        own.commit()
    session.expire_all()
    assert [session.get(*one) for one in keys] == [None, None]
    told = session.scalars(sa.select(AuditEntry).filter_by(action="delete"))
    first = next(one for one in told if one.resource == "progress_entry")
    assert bring(client_for("officer"), "entry", first).status_code == 302
    session.expire_all()
    assert [plain_values(session.get(*one)) for one in keys] == before


def test_into_a_locked_period_nothing_comes_back(session, client_for, app):
    entry = make_entry(session)
    period, key = entry.submission.period, sa.inspect(entry).identity
    session.commit()
    with app.test_request_context():
        own = db.session()
        own.enter(DISTRICT)
        own.delete(own.get(ProgressEntry, key))
        own.commit()
    period.status = "locked"
    session.commit()
    told = session.scalars(sa.select(AuditEntry).filter_by(action="delete")).one()
    refused = bring(client_for("officer"), "entry", told)
    assert refused.status_code == 409
    assert "đã chốt" in refused.text
    session.expire_all()
    assert session.get(ProgressEntry, key) is None


def test_a_user_comes_back_with_units_and_is_told_of_the_password(session, client_for, deleted):
    units = [make_investor(session), make_investor(session)]
    user = make_user(session, "investor", username="xa", investors=units)
    session.commit()
    key = user.id
    entry = deleted(user, "admin")
    units[1].short_name = "Tên khác"
    session.commit()
    admin = client_for("admin")
    assert bring(admin, "user", entry).status_code == 302
    page = admin.get(f"/admin/user/details/?id={key}").text
    assert "hãy cấp mật khẩu lần đầu" in page
    session.expire_all()
    back = session.get(User, key)
    assert back.password_hash is None
    named = {str(one) for one in units}
    assert {one.id for one in back.investors} <= {one.id for one in units}
    assert units[0] in back.investors
    assert (units[1] in back.investors) or "Không còn tìm thấy" in page, named
