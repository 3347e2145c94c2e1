"""Accounts, the audit trail and the settings on their screens."""

from datetime import UTC, datetime

import pytest

from models import AuditEntry, Setting, User
from models.people import hash_password
from tests.factories import make_investor, make_user

PASSWORD = "ba con trâu trắng"


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


def edit(client, user, *, opened=None, **given):
    """Save the form of an account, as it was `opened`, else as it is now."""
    url = f"/admin/user/edit/?id={user.id}"
    form = (opened or hidden(client, url)) | {
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


def test_a_sign_in_meanwhile_hinders_no_edit(session, client_for):
    person = make_user(session, "officer", password_hash=hash_password(PASSWORD))
    client = client_for("admin")
    opened = hidden(client, f"/admin/user/edit/?id={person.id}")
    form = {"username": person.username, "password": PASSWORD}
    assert client_for(None).post_form("/login", form).status_code == 302
    assert edit(client, person, opened=opened, full_name="Nông Thị Mới").status_code == 302
    session.expire_all()
    assert person.full_name == "Nông Thị Mới"
    assert person.last_login_at


@pytest.mark.parametrize("change", [{"full_name": "Nông Thị Mới"}, {"investors": True}])
def test_of_two_who_edit_one_account_the_second_sees_what_the_first_saved(
    session, client_for, change
):
    """An edit of the units alone is one, too, and so is one that a sign-in follows."""
    first, second = make_investor(session), make_investor(session)
    person = make_user(
        session, "investor", investors=[first], password_hash=hash_password(PASSWORD)
    )
    opened = hidden(client_for("admin"), f"/admin/user/edit/?id={person.id}")
    given = {"investors": str(first.id)} | change
    if given["investors"] is True:
        given["investors"] = str(second.id)
    saved_by = make_user(session, "admin", full_name="Triệu Văn Lưu")
    assert edit(client_for(saved_by), person, **given).status_code == 302
    form = {"username": person.username, "password": PASSWORD}
    assert client_for(None).post_form("/login", form).status_code == 302
    mine = {"opened": opened, "investors": str(first.id), "email": "xa@huulung.example"}
    refused = edit(client_for("admin"), person, **mine)
    assert refused.status_code == 409
    assert "Triệu Văn Lưu" in refused.text
    session.expire_all()
    assert person.email is None


def test_an_edit_and_a_sign_in_that_meet_in_the_database_both_stand(session):
    """Read before, written after: the row that was read is the one that is changed."""
    person = make_user(session, "officer")
    session.commit()
    session.refresh(person)
    session.expunge(person)
    session.get(User, person.id).last_login_at = datetime(2024, 4, 2, tzinfo=UTC)
    session.commit()
    session.expunge_all()
    session.add(person)
    person.full_name = "Nông Thị Mới"
    session.commit()
    assert (person.full_name, person.last_login_at.day) == ("Nông Thị Mới", 2)


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
