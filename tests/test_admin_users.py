"""Accounts, the audit trail and the settings on their screens."""

import pytest

from models import AuditEntry, Setting, User
from tests.factories import make_investor, make_user


def hidden(client, url):
    page = client.soup(url)
    return {
        field["name"]: field["value"]
        for field in page.select("main form input[type=hidden]")
        if field.get("value") and field["name"] not in {"csrf_token", "language", "next"}
    }


def new_user(client, **given):
    form = hidden(client, "/admin/user/new/") | {
        "username": "thientan",
        "full_name": "Cán bộ xã Thiện Tân",
        "role": "officer",
        "enabled": "y",
    }
    return client.post_form("/admin/user/new/", form | given)


def edit(client, user, **given):
    url = f"/admin/user/edit/?id={user.id}"
    form = hidden(client, url) | {
        "username": user.username,
        "full_name": user.full_name,
        "role": user.role.value,
        "enabled": "y",
    }
    form |= given
    return client.post_form(url, {name: value for name, value in form.items() if value is not None})


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"username": "hai tên"}, None),
        ({"username": "?"}, "username"),
        ({"role": "investor"}, "investors"),
        ({"full_name": ""}, "full_name"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(session, client_for, given, field):
    client = client_for("admin")
    reply = new_user(client, **given)
    if field is None:  # marks and spaces are folded away
        assert session.query(User).filter_by(username="haiten").count() == 1
        return
    assert reply.status_code == 422
    assert session.query(User).filter_by(username="thientan").count() == 0


def test_one_name_is_one_account(session, client_for):
    client = client_for("admin")
    assert new_user(client).status_code == 302
    assert new_user(client, username="  ThiệnTân ").status_code == 422


def test_a_user_of_a_unit_gets_the_unit(session, client_for):
    unit = make_investor(session)
    session.commit()
    assert new_user(client_for("admin"), role="investor", investors=str(unit.id)).status_code == 302
    made = session.query(User).filter_by(username="thientan").one()
    assert [row.id for row in made.investors] == [unit.id]


@pytest.mark.parametrize("change", [{"enabled": None}, {"role": "leader"}])
def test_switched_off_or_given_another_role_is_out_at_the_next_click(session, client_for, change):
    person = make_user(session, "officer")
    theirs, admin = client_for(person), client_for("admin")
    assert theirs.get("/admin/").status_code == 200
    assert edit(admin, person, **change).status_code == 302
    assert theirs.get("/admin/").status_code == 302
    assert theirs.post_form("/language", {"language": "en"}).status_code == 302


@pytest.mark.parametrize("change", [{"enabled": None}, {"role": "leader"}])
def test_the_last_administrator_stays(session, client_for, change):
    admin = make_user(session, "admin")
    assert edit(client_for(admin), admin, **change).status_code == 422
    session.expire_all()
    assert admin.enabled
    assert admin.role.value == "admin"


@pytest.mark.parametrize("role", ["officer", "finance", "investor", "leader", "auditor"])
def test_only_administrators_see_accounts_and_settings(client_for, role):
    client = client_for(role)
    assert client.get("/admin/user/").status_code == 403
    assert client.get("/admin/settings/").status_code == 403


def test_the_audit_trail_notes_that_a_password_changed_and_not_its_hash(session, client_for):
    client = client_for("admin")
    new_user(client, first_password="y")
    made = session.query(User).filter_by(username="thientan").one()
    edit(client, made, first_password="y")
    noted = session.query(AuditEntry).filter_by(resource="user_account", row_id=str(made.id))
    changes = [entry.changes["password_hash"] for entry in noted.order_by(AuditEntry.id)]
    assert changes == [["•••", "•••"]] * 2
    assert "argon2" not in str([entry.changes for entry in session.query(AuditEntry)])


@pytest.mark.parametrize(("role", "code"), [("admin", 200), ("auditor", 200), ("officer", 403)])
def test_the_audit_trail_is_for_administrators_and_auditors(session, client_for, role, code):
    client = client_for(role)
    assert client.get("/admin/audit/").status_code == code
    assert client.get("/admin/audit/new/").status_code in {403, 404}


def test_the_audit_trail_shows_old_and_new(session, client_for):
    client = client_for("admin")
    new_user(client)
    made = session.query(User).filter_by(username="thientan").one()
    edit(client, made, full_name="Tên mới")
    entry = session.query(AuditEntry).filter_by(action="update", resource="user_account").one()
    text = client.soup(f"/admin/audit/details/?id={entry.id}").get_text(" ", strip=True)
    assert "Cán bộ xã Thiện Tân" in text
    assert "Tên mới" in text


def settings_form(client):
    page = client.soup("/admin/settings/")
    form = {field["name"]: field["value"] for field in page.select("main input[type=text]")}
    for select in page.select("main select"):
        form[select["name"]] = select.select_one("option[selected]")["value"]
    return form


def test_settings_are_saved_and_change_the_next_deadline(session, client_for):
    client = client_for("admin")
    form = settings_form(client) | {"due_day": "20"}
    assert client.post_form("/admin/settings/", form).status_code == 303
    assert session.get(Setting, "due_day").value == "20"
    assert "20/" in client.soup("/admin/settings/").select_one(".facts").get_text()


def test_a_setting_that_makes_no_sense_changes_nothing(session, client_for):
    client = client_for("admin")
    form = settings_form(client) | {"due_day": "40", "district_name": "huyện Khác"}
    reply = client.post_form("/admin/settings/", form)
    assert reply.status_code == 422
    assert 'id="due_day-error"' in reply.text
    assert session.query(Setting).count() == 0
