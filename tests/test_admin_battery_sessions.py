"""Sign-in and sessions under abuse (rows 26–42 of the battery)."""

from datetime import timedelta
from threading import Thread

import pytest
import time_machine

from admin.access import own_address
from models import DISTRICT, AuditEntry, User, db
from models.base import now
from models.people import CodeMaker, give_password, hash_password, password_fits, seal
from tests.conftest import KEY
from tests.factories import make_user

PASSWORD = "ba con trâu trắng"


@pytest.fixture
def person(session):
    user = make_user(session, "officer", username="canbo", password_hash=hash_password(PASSWORD))
    session.commit()
    return user


def sign_in(client, username="canbo", password=PASSWORD, **more):
    return client.post_form("/login", {"username": username, "password": password} | more)


@pytest.mark.parametrize("username", ["canbo", " CANBO ", "cánbộ", "ca\u0301nbo\u0323\u0302"])
def test_one_account_has_one_name_however_it_is_typed(person, client_for, username):
    assert sign_in(client_for(None), username).status_code == 302


def test_two_who_sign_in_with_one_account_at_once_are_both_let_in(person, client_for, monkeypatch):
    """The second is let in while the password of the first is looked at, as by a second click."""
    looked, came = [], []

    def second():
        came.append(sign_in(client_for(None)).status_code)

    def other_first(*given):
        looked.append(given)
        if len(looked) == 1:
            other = Thread(target=second)
            other.start()
            other.join()
        return password_fits(*given)

    monkeypatch.setattr("admin.access.auth.password_fits", other_first)
    second()
    assert came == [302, 302]


def test_who_got_another_password_while_the_old_one_was_looked_at_is_not_let_in(
    app, person, session, client_for, monkeypatch
):
    user_id, client = person.id, client_for(None)
    session.rollback()

    def give_another():
        with app.app_context():
            own = db.session()
            own.enter(DISTRICT)
            give_password(own.get(User, user_id), "chín con ngựa hồng mao", must_change=False)
            own.commit()

    def other_first(*given):
        other = Thread(target=give_another)
        other.start()
        other.join()
        return password_fits(*given)

    client.token()
    monkeypatch.setattr("admin.access.auth.password_fits", other_first)
    assert sign_in(client).status_code == 422
    assert client.get("/admin/").status_code == 302


def test_a_password_typed_decomposed_is_the_same(person, client_for):
    decomposed = "ba con tra\u0302u tra\u0306\u0301ng"
    assert sign_in(client_for(None), password=decomposed).status_code == 302


def test_unknown_switched_off_and_wrong_look_the_same(person, session, client_for):
    make_user(session, username="tat", enabled=False, password_hash=person.password_hash)
    answers = set()
    for username, password in (("canbo", "wrong"), ("nobody", PASSWORD), ("tat", PASSWORD)):
        client = client_for(None)
        reply = sign_in(client, username, password)
        page = client.soup("/login")
        assert page
        answers.add((reply.status_code, "không đúng" in reply.text))
    assert answers == {(422, True)}


def test_a_planted_session_is_worth_nothing_after_sign_in(person, client_for):
    client = client_for(None)
    with client.session_transaction() as cookie:
        cookie["planted"] = "yes"
    sign_in(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


@pytest.mark.parametrize("event", ["logout", "again", "half", "password", "role", "enabled"])
def test_a_stolen_cookie_ends_with_the_session(person, session, client_for, event):
    client, thief, row_id = client_for(person), client_for(None), person.id
    session.rollback()
    stolen = client.get_cookie("session").value
    thief.set_cookie("session", stolen)
    assert thief.get("/admin/").status_code == 200
    if event == "logout":
        client.post_form("/logout")
    elif event in {"again", "half"}:  # somebody signs in where somebody is signed in
        if event == "half":
            own = {"last_counter": 0, "added_at": now()}
            session.add(CodeMaker(user_id=row_id, secret=seal("A" * 32, [KEY]), **own))
            session.commit()
        token = client.token()
        form = {"username": "canbo", "password": PASSWORD, "csrf_token": token}
        assert client.post("/login", data=form).status_code == 302
    elif event == "password":
        new = "chín con ngựa hồng mao"
        form = {"current": PASSWORD, "new": new, "repeat": new}
        assert client.post_form("/password", form).status_code == 302
        assert client.get("/admin/").status_code == 200  # the person stays signed in
    else:
        with client.application.app_context():
            db.session().enter(DISTRICT)
            stored = db.session.get(User, row_id)
            setattr(stored, event, "leader" if event == "role" else False)
            db.session.commit()
    thief.set_cookie("session", stolen)
    assert thief.get("/admin/").status_code == 302
    thief.set_cookie("session", stolen)
    assert thief.post_form("/admin/project/new/").status_code == 401


@pytest.mark.parametrize(
    ("waits", "code"), [([59], 200), ([61], 302), ([50] * 14, 200), ([50] * 15, 302)]
)
def test_idle_for_an_hour_or_signed_in_for_half_a_day_ends_it(person, client_for, waits, code):
    client, at = client_for(person), now()
    for minutes in waits:
        at += timedelta(minutes=minutes)
        with time_machine.travel(at, tick=False):
            last = client.get("/admin/").status_code
    assert last == code


def test_wrong_passwords_have_to_wait_and_then_pass(person, client_for, session):
    client = client_for(None)
    for _n in range(5):
        assert sign_in(client, password="wrong").status_code == 422
    held = sign_in(client)
    assert held.status_code == 429
    assert 0 < int(held.headers["Retry-After"]) <= 11
    with time_machine.travel(now() + timedelta(seconds=12), tick=False):
        assert sign_in(client).status_code == 302
    assert session.query(AuditEntry).filter_by(action="refused").count() == 5


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "http:///evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "/%0d%0aLocation:%20x\r\nx",
        "http://localhost@evil.example",
        "",
    ],
)
def test_next_never_leaves_the_site(app, target):
    with app.test_request_context():
        assert own_address(target) == "/admin/"


def test_next_leads_back_to_where_one_came_from(person, client_for):
    client = client_for(None)
    asked = client.get("/admin/project/?search=x")
    assert asked.location.startswith("/login?next=")
    assert sign_in(client, next="/admin/project/?search=x").location == "/admin/project/?search=x"


@pytest.mark.parametrize(
    "password", ["ngan qua", "matkhau12345", "aaaaaaaaaaaaaa", "canbo-canbo-1", "x" * 129]
)
def test_weak_passwords_are_refused_with_the_reason(person, client_for, password):
    form = {"current": PASSWORD, "new": password, "repeat": password}
    reply = client_for(person).post_form("/password", form)
    assert reply.status_code == 422
    assert "new-error" in reply.text


def test_a_first_password_must_be_changed_before_anything_else(person, session, client_for):
    person.must_change_password = True
    client = client_for(person)
    assert client.get("/admin/").location.endswith("/password")
    assert client.get("/admin/project/").location.endswith("/password")


def test_headers_protect_every_page(person, client_for):
    headers = client_for(person).get("/admin/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-inline'" not in policy.split("style-src-attr")[0]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
