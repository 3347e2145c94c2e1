"""Passkeys: added with a name, signed in with, used as second step, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from models import AuditEntry, User
from models.base import now
from models.people import Passkey, hash_password
from tests.conftest import unsure
from tests.factories import make_user
from tests.soft_key import SoftKey

PASSWORD = "ba con trâu trắng"
ADD = "/admin/account/second-step/passkeys"


@pytest.fixture
def person(session: Session) -> User:
    return make_user(session, "officer", username="canbo", password_hash=hash_password(PASSWORD))


def options(client: Any, purpose: str) -> dict[str, Any]:
    reply = client.post_form("/passkey/options", {"purpose": purpose})
    assert reply.status_code == 200, reply.text
    return reply.json  # type: ignore[no-any-return]


def add(client: Any, key: SoftKey, name: str = "Máy ở cơ quan") -> Any:
    form = {"name": name, "passkey": key.make(options(client, "register"))}
    return client.post_form(ADD, form)


@pytest.fixture
def key(person: User, session: Session, client_for: Callable[..., Any]) -> SoftKey:
    """A passkey of the person, added."""
    made = SoftKey()
    reply = add(client_for(person), made)
    assert reply.status_code == 200
    assert len(reply.text.split("<code>")) == 11  # ten codes on paper with the first
    return made


def sign_in(client: Any, key: SoftKey, target: str = "") -> Any:
    form = {"passkey": key.prove(options(client, "sign-in")), "next": target}
    return client.post_form("/login/passkey", form)


def is_in(client: Any) -> bool:
    return bool(client.get("/admin/").status_code == 200)


def test_a_passkey_alone_signs_in_and_leads_on(
    key: SoftKey, session: Session, client_for: Callable[..., Any]
) -> None:
    client = client_for(None)
    assert sign_in(client, key, "/admin/project/").location == "/admin/project/"
    assert is_in(client)
    row = session.query(Passkey).one()
    assert (row.name, row.sign_count, row.transports) == ("Máy ở cơ quan", 1, "internal")
    assert row.last_used_at
    assert "Khóa truy cập" in client.soup("/admin/account/").select_one("#sign-ins").get_text()
    noted = session.query(AuditEntry).filter_by(action="sign-in").one()
    assert (noted.label, noted.changes["way"]) == ("canbo", [None, "passkey"])
    assert key.id.hex() not in repr([one.changes for one in session.query(AuditEntry)])


def test_it_is_the_second_step_after_the_password_without_a_pin(
    key: SoftKey, client_for: Callable[..., Any]
) -> None:
    client = client_for(None)
    form = {"username": "canbo", "password": PASSWORD}
    assert client.post_form("/login", form).location == "/login/second"
    key.verified = False  # the touch suffices where the password was given
    answer = key.prove(options(client, "second"))
    assert client.post_form("/login/second", {"passkey": answer}).status_code == 303
    assert is_in(client)


@pytest.mark.parametrize(
    "fault", ["origin", "host", "pin", "count back", "foreign", "no challenge", "old", "garbage"]
)
def test_what_a_passkey_does_not_prove_is_refused(
    key: SoftKey, session: Session, client_for: Callable[..., Any], fault: str
) -> None:
    client, at = client_for(None), now()
    key.count = 7
    if fault == "origin":
        key.origin = "http://localhost.evil.example"
    elif fault == "host":
        key.host = "evil.example"
    elif fault == "pin":
        key.verified = False
    elif fault == "count back":
        assert sign_in(client, key).location == "/admin/"
        key.count = 3
        client = client_for(None)
    elif fault == "foreign":
        key = SoftKey()
    answer = "{" if fault == "garbage" else key.prove(options(client, "sign-in"))
    if fault == "no challenge":
        client = client_for(None)
    later = timedelta(minutes=6 if fault == "old" else 0)
    with time_machine.travel(at + later + timedelta(seconds=1), tick=False):
        reply = client.post_form("/login/passkey", {"passkey": answer})
        assert reply.status_code == 303
        assert reply.location.startswith("/login?next=")
        assert not is_in(client)
        assert "không được chấp nhận" in client.get("/login").text


def test_an_answer_is_taken_once_even_with_the_cookie_of_its_time(
    key: SoftKey, client_for: Callable[..., Any]
) -> None:
    client, copy, key.counts = client_for(None), client_for(None), False
    answer = key.prove(options(client, "sign-in"))
    copy.set_cookie("session", client.get_cookie("session").value)
    assert client.post_form("/login/passkey", {"passkey": answer}).location == "/admin/"
    assert copy.post_form("/login/passkey", {"passkey": answer}).location != "/admin/"
    assert not is_in(copy)


def test_a_key_of_another_person_is_no_second_step_and_no_proof(
    key: SoftKey, session: Session, client_for: Callable[..., Any]
) -> None:
    other = make_user(session, "admin", username="khac", password_hash=hash_password(PASSWORD))
    thief, own = client_for(other), SoftKey()
    assert add(thief, own, "Của kẻ khác").status_code == 200
    client = client_for(None)
    client.post_form("/login", {"username": "canbo", "password": PASSWORD})
    answer = own.prove(options(client, "second"))
    assert client.post_form("/login/second", {"passkey": answer}).status_code == 422
    unsure(thief)
    form = {"email": "a@b.vn", "sure_passkey": key.prove(options(thief, "sure"))}
    assert thief.post_form("/admin/account/email", form).status_code == 403
    form["sure_passkey"] = own.prove(options(thief, "sure"))
    assert thief.post_form("/admin/account/email", form).status_code == 303


def test_a_switched_off_person_is_not_let_in(
    key: SoftKey, person: User, client_for: Callable[..., Any]
) -> None:
    person.enabled = False
    client = client_for(None)
    assert sign_in(client, key).location.startswith("/login")
    assert not is_in(client)


def test_several_keys_with_names_of_their_own_are_kept_and_deleted(
    key: SoftKey, person: User, session: Session, client_for: Callable[..., Any]
) -> None:
    client = client_for(person)
    for name in ("máy ở cơ quan", "  ", "x" * 61):
        reply = add(client, SoftKey(), name)
        assert reply.status_code == 422
        assert "name-error" in reply.text
    assert add(client, SoftKey(), "Điện thoại").status_code == 303
    assert add(client, key, "Hai lần").status_code in {409, 422}  # the same key again
    foreign = SoftKey("http://evil.example", "evil.example")
    assert add(client, foreign, "Nơi khác").status_code == 422
    rows = client.soup("/admin/account/second-step/").select("#passkeys tbody tr")
    assert [row.th.get_text() for row in rows] == ["Máy ở cơ quan", "Điện thoại"]
    for row in session.query(Passkey).order_by(Passkey.id).all():
        assert client.post_form(f"{ADD}/delete", {"id": row.id}).status_code == 303
    assert session.query(Passkey).count() == 0
    assert (
        client_for(None).post_form("/login", {"username": "canbo", "password": PASSWORD}).location
        == "/admin/"
    )


@pytest.mark.parametrize(
    ("public", "asked", "offered"),
    [
        ("", "http://localhost", True),
        ("", "http://127.0.0.1:5000", False),
        ("", "http://huulung.vn", False),
        ("", "https://huulung.vn", True),
        ("https://huulung.vn", "https://huulung.vn", True),
        ("https://huulung.vn", "https://other.vn", False),
    ],
)
def test_they_are_offered_where_browsers_know_them(
    app: Any, client_for: Callable[..., Any], public: str, asked: str, offered: bool
) -> None:
    app.config["PUBLIC_URL"] = public
    try:
        text = client_for(None).get("/login", base_url=asked).text
        page = client_for("leader").get("/admin/account/second-step/").text
    finally:
        app.config["PUBLIC_URL"] = ""
    assert ("data-passkey=" in text) is offered
    assert "Khóa truy cập" in page
