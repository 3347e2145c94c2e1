"""Sign-ins are listed with device and place in words, and ended one by one or all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from admin.access.devices import device_in_words, device_of, place_in_words
from admin.access.sessions import digest_of, limits
from models import AuditEntry, LoginAttempt, SignIn, User
from models.base import FormKey, forget_keys, now
from models.base.form_key import AT_ONCE
from models.people import hash_password
from tests.factories import make_user
from tests.soft_key import SoftKey

PASSWORD = "ba con trâu trắng"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"
)
COCCOC = EDGE.replace("Edg/130.0.0.0", "coc_coc_browser/130.0.1")
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def person(session: Session) -> User:
    return make_user(session, "officer", username="canbo", password_hash=hash_password(PASSWORD))


def sign_in(client: Any, browser: str, address: str = "127.0.0.1") -> Any:
    where = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": browser}
    client.environ_base = where
    form = {"username": "canbo", "password": PASSWORD}
    assert client.post_form("/login", form, environ_base=where).status_code == 302
    return client


def asked(client: Any, purpose: str) -> Any:
    return client.post_form("/passkey/options", {"purpose": purpose}).json


def listed(client: Any, url: str = "/admin/account/") -> list[str]:
    rows = client.soup(url).select("#sign-ins tbody tr")
    return [" ".join(row.get_text(" ").split()) for row in rows]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (EDGE, "Edge trên Windows"),
        (COCCOC, "Cốc Cốc trên Windows"),
        (IPHONE, "Safari trên iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox trên"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome trên Andr"),
        ("", "Thiết bị không rõ loại"),
        ("<script>" * 5_000, "Thiết bị không rõ loại"),
    ],
)
def test_devices_are_told_in_words(app: Any, told: str, words: str) -> None:
    with app.test_request_context():
        assert device_in_words(device_of(told)).startswith(words)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("10.1.2.3", "Mạng nội bộ (10.1.2.3)"),
        ("fd00::/64", "Mạng nội bộ (fd00::/64)"),
        ("127.0.0.1", "Chính máy chủ (127.0.0.1)"),
        ("::1", "Chính máy chủ (::1)"),
        ("113.160.1.2", "Internet (113.160.1.2)"),
        ("unknown", "Không rõ địa chỉ"),
    ],
)
def test_places_are_told_in_words(app: Any, address: str, words: str) -> None:
    with app.test_request_context():
        assert place_in_words(address) == words


def test_a_sign_in_is_one_entry_of_the_trail(
    person: User, session: Session, client_for: Callable[..., Any]
) -> None:
    """The moment kept at the person came as a second entry, “Sửa Người dùng”, each time."""
    session.commit()
    before = set(session.scalars(select(AuditEntry.id)))
    sign_in(client_for(None), EDGE)
    session.expire_all()
    assert person.last_login_at
    told = session.scalars(select(AuditEntry).where(AuditEntry.id.not_in(before))).all()
    assert [(one.action, one.resource) for one in told] == [("sign-in", "sign_in")]


def test_one_sees_one_s_sign_ins_and_ends_one(
    person: User, session: Session, client_for: Callable[..., Any]
) -> None:
    here = sign_in(client_for(None), EDGE, "10.1.2.3")
    there = sign_in(client_for(None), IPHONE, "113.160.1.2")
    client_for("leader")  # another person is on no list
    rows = listed(here)
    assert "Edge trên Windows Phiên này Mạng nội bộ (10.1.2.3)" in rows[0]
    assert "Safari trên iPhone Internet (113.160.1.2) Mật khẩu" in rows[1]
    name = here.soup("/admin/account/").select_one("button[name=which]")["value"]
    form = {"which": name, "sure_password": PASSWORD}
    assert here.post_form("/admin/account/sign-ins", form).status_code == 303
    assert there.get("/admin/").status_code == 302
    assert there.post_form("/admin/account/email", {"email": ""}).status_code == 401
    assert here.get("/admin/").status_code == 200
    noted = session.scalars(select(AuditEntry).filter_by(action="sign-ins-ended")).one()
    assert (noted.user_name, noted.label) == (person.full_name, "canbo")
    assert noted.changes == {"device": ["Safari/iPhone", None]}


@pytest.mark.parametrize("who", ["owner", "admin", "password"])
def test_all_sign_ins_are_ended_at_the_next_click(
    person: User, session: Session, client_for: Callable[..., Any], who: str
) -> None:
    others = [sign_in(client_for(None), browser) for browser in (EDGE, IPHONE)]
    own = sign_in(client_for(None), COCCOC)
    all_of = {"which": "all", "sure_password": PASSWORD}
    if who == "owner":
        assert own.post_form("/admin/account/sign-ins", all_of).status_code == 303
    elif who == "admin":
        admin, url = client_for("admin"), f"/admin/user/sign-ins/?id={person.id}"
        assert len(listed(admin, f"/admin/user/details/?id={person.id}")) == 3
        assert admin.post_form(url, {"which": "all"}).status_code == 303
    else:
        new = "chín con ngựa hồng mao"
        form = {"current": PASSWORD, "new": new, "repeat": new}
        assert own.post_form("/password", form).status_code == 302
        assert session.query(SignIn).filter_by(user_id=person.id).count() == 1
    assert [one.get("/admin/").status_code for one in others] == [302, 302]
    assert own.get("/admin/").status_code == (302 if who == "admin" else 200)


def test_a_stranger_s_sign_in_is_not_ended_by_its_name(
    person: User, session: Session, client_for: Callable[..., Any]
) -> None:
    leader = client_for("leader")
    foreign = session.query(SignIn).one().name
    own = sign_in(client_for(None), EDGE)
    form = {"which": foreign, "sure_password": PASSWORD}
    assert own.post_form("/admin/account/sign-ins", form).status_code == 303
    assert leader.get("/admin/").status_code == 200
    assert own.post_form(f"/admin/user/sign-ins/?id={person.id}", form).status_code == 403


def test_a_visit_is_noted_now_and_then_and_not_at_every_click(
    person: User, session: Session, client_for: Callable[..., Any]
) -> None:
    client = client_for(person)
    began = session.query(SignIn.last_seen_at).scalar()
    for minutes, noted in ((4, 0), (6, 6), (9, 6), (12, 12)):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            assert client.get("/admin/account/").status_code == 200
        session.rollback()
        assert session.query(SignIn.last_seen_at).scalar() == began + timedelta(minutes=noted)


def test_an_e_mail_that_is_none_stays_to_be_mended(
    person: User, session: Session, client_for: Callable[..., Any]
) -> None:
    client = client_for(person)
    for typed in ("không phải thư", f"{'a' * 200}@b.vn"):
        reply = client.post_form("/admin/account/email", {"email": typed})
        assert reply.status_code == 422
        assert f'value="{typed}"' in reply.text
    assert client.post_form("/admin/account/email", {"email": "a@b.vn"}).status_code == 303
    session.expire_all()
    assert person.email == "a@b.vn"


@pytest.mark.parametrize(("past", "is_good"), [(0, True), (1, False)])
@pytest.mark.parametrize("limit", ["lifetime", "idle"])
def test_a_sign_in_is_listed_and_opens_the_door_until_the_same_moment(
    app: Any,
    person: User,
    session: Session,
    client_for: Callable[..., Any],
    limit: str,
    past: int,
    is_good: bool,
) -> None:
    here, there = client_for(person), client_for(person)
    with app.app_context():
        length = limits()[limit]
    at = now().replace(microsecond=0) + timedelta(minutes=1)
    with there.session_transaction() as cookie:
        held = session.get(SignIn, digest_of(cookie["sid"]))
    held.started_at = held.last_seen_at = at - length - timedelta(microseconds=past)
    if limit == "lifetime":
        held.last_seen_at = at
    session.commit()
    with time_machine.travel(at, tick=False):
        assert len(listed(here)) == 1 + is_good
        assert there.get("/admin/").status_code == (200 if is_good else 302)


@pytest.mark.parametrize("way", ["password", "passkey"])
def test_what_serves_nobody_any_more_goes_when_somebody_comes_in(
    person: User, session: Session, client_for: Callable[..., Any], way: str
) -> None:
    """Ended sign-ins, counts of yesterday, keys of forms sent a month ago; by a passkey, too."""
    key, adding = SoftKey(), client_for(person)
    if way == "passkey":
        form = {"name": "Máy", "passkey": key.make(asked(adding, "register"))}
        assert adding.post_form("/admin/account/second-step/passkeys", form).status_code == 200
    at, month = now(), timedelta(days=30)
    session.execute(delete(SignIn))
    for name, age in (("old", timedelta(days=2)), ("new", timedelta(0))):
        seen = {"started_at": at - age, "last_seen_at": at - age, "address": "127.0.0.1"}
        session.add(SignIn(token_hash=name, user_id=person.id, **seen))
    for name, age in (("old", timedelta(hours=25)), ("new", timedelta(hours=23))):
        session.add(LoginAttempt(key=name, failures=1, last_at=at - age))
    for name, age in (("old", month + timedelta(hours=1)), ("new", month - timedelta(hours=1))):
        session.add(FormKey(key=name, user_id=person.id, used_at=at - age))
    session.commit()
    client = client_for(None)
    if way == "passkey":
        client.post_form("/login/passkey", {"passkey": key.prove(asked(client, "sign-in"))})
    else:
        sign_in(client, EDGE)
    assert client.get("/admin/").status_code == 200
    for column in (SignIn.token_hash, LoginAttempt.key, FormKey.key):
        left = set(session.scalars(select(column)))
        assert "new" in left
        assert "old" not in left


def test_keys_of_many_forms_go_over_several_sign_ins(person: User, session: Session) -> None:
    at = now()
    session.add_all(
        FormKey(key=f"{number}", user_id=person.id, used_at=at - timedelta(days=40, seconds=number))
        for number in range(AT_ONCE + 2)
    )
    session.flush()
    forget_keys(session, at=at)
    assert set(session.scalars(select(FormKey.key))) == {"0", "1"}
    forget_keys(session, at=at)
    assert not session.scalars(select(FormKey.key)).all()
