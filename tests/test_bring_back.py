"""What was deleted comes back from the trail as it was, past all rules of a new record."""

import pytest
import sqlalchemy as sa

from models import AuditEntry, Component, Project
from models.base.recording import plain_values
from tests.factories import (
    make_capital_term,
    make_column_set,
    make_component,
    make_decision,
    make_investor,
    make_obstacle,
    make_project,
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
