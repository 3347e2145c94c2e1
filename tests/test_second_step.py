"""Signing in takes a second step where there is one: codes of a telephone, codes on paper."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, User
from models.people import (
    CodeMaker,
    RecoveryCode,
    SignIn,
    code_maker_of,
    hash_password,
    new_recovery_codes,
    seal,
    unseal,
)
from tests.conftest import KEY, unsure
from tests.factories import make_user
from tests.mail_server import mail_server

PASSWORD = "ba con trâu trắng"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AT = datetime(2026, 5, 4, 2, 0, 10, tzinfo=UTC)
SECOND = "/login/second"


def code(at: datetime, steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(at + timedelta(seconds=30 * steps))


@pytest.fixture
def person(session: Session) -> User:
    """An officer with a telephone set up long ago."""
    user = make_user(session, "officer", username="canbo", password_hash=hash_password(PASSWORD))
    session.add(CodeMaker(user_id=user.id, secret=seal(SECRET, [KEY]), last_counter=0, added_at=AT))
    session.commit()
    return user


@pytest.fixture
def codes(session: Session, person: User) -> list[str]:
    made = new_recovery_codes(session, person)
    session.commit()
    return made


def half_in(client: Any, at: datetime = AT, target: str = "") -> Any:
    form = {"username": "canbo", "password": PASSWORD, "next": target}
    with time_machine.travel(at, tick=False):
        reply = client.post_form("/login", form)
    assert reply.location == SECOND
    return client


def give(client: Any, typed: str, at: datetime = AT) -> Any:
    with time_machine.travel(at, tick=False):
        return client.post_form(SECOND, {"code": typed})


def is_in(client: Any, at: datetime = AT) -> bool:
    with time_machine.travel(at, tick=False):
        return bool(client.get("/admin/").status_code == 200)


@pytest.mark.parametrize(("steps", "taken"), [(-2, 0), (-1, 1), (0, 1), (1, 1), (2, 0)])
def test_a_code_is_taken_one_step_before_and_after_its_time(
    person: User, client_for: Callable[..., Any], steps: int, taken: bool
) -> None:
    client = half_in(client_for(None), target="/admin/project/")
    assert not is_in(client)
    reply = give(client, code(AT, steps))
    assert reply.status_code == (303 if taken else 422)
    assert is_in(client) == bool(taken)
    if taken:
        assert reply.location == "/admin/project/"


def test_a_code_is_never_taken_twice_nor_one_older_than_it(
    person: User, client_for: Callable[..., Any]
) -> None:
    assert give(half_in(client_for(None)), code(AT)).status_code == 303
    for steps in (0, -1):
        assert give(half_in(client_for(None)), code(AT, steps)).status_code == 422
    spaced = f" {code(AT, 1)[:3]} {code(AT, 1)[3:]} "
    assert give(half_in(client_for(None)), spaced).status_code == 303


@pytest.mark.parametrize(
    "typed", ["", "abc", "12345", "１２３４５６", "0" * 5_000, "000000\x00", "-1", "1e5"]
)
def test_what_is_no_code_is_refused_in_words(
    person: User, client_for: Callable[..., Any], typed: str
) -> None:
    reply = give(half_in(client_for(None)), typed)
    assert reply.status_code == 422
    assert "Mã này không đúng" in reply.text


def test_guesses_are_slowed_wherever_they_come_from(
    person: User, session: Session, client_for: Callable[..., Any], codes: list[str]
) -> None:
    """Six figures are few: the count is the person's, and a right password does not clear it."""
    for number in range(5):
        assert give(half_in(client_for(None)), f"{number:06}").status_code == 422
    other = half_in(client_for(None))
    with time_machine.travel(AT, tick=False):
        elsewhere = {"REMOTE_ADDR": "10.9.9.9"}
        held = other.post_form(SECOND, {"code": code(AT)}, environ_base=elsewhere)
    assert held.status_code == 429
    assert int(held.headers["Retry-After"]) > 0
    assert not is_in(other)
    assert give(other, codes[0]).status_code == 429  # nor by the codes on paper
    later = AT + timedelta(seconds=11)
    assert give(half_in(client_for(None), later), code(later), later).status_code == 303
    assert session.query(AuditEntry).filter_by(action="second-refused").count() == 5


def test_a_recovery_code_opens_the_door_once_and_says_how_many_are_left(
    person: User, session: Session, client_for: Callable[..., Any], codes: list[str]
) -> None:
    client = half_in(client_for(None))
    assert give(client, codes[3].upper().replace("-", " ")).status_code == 303
    with time_machine.travel(AT, tick=False):
        assert "Còn 9 mã khôi phục" in client.get("/admin/").text
    assert give(half_in(client_for(None)), codes[3]).status_code == 422
    assert give(half_in(client_for(None)), codes[4]).status_code == 303
    stored = "".join(session.scalars(select(RecoveryCode.code_hash)))
    assert not any(one in stored for one in codes)
    ways = [one.changes["way"][1] for one in session.query(AuditEntry).filter_by(action="sign-in")]
    assert ways == ["recovery", "recovery"]


def test_the_half_way_ends_after_minutes_and_with_the_password(
    person: User, session: Session, client_for: Callable[..., Any]
) -> None:
    later = AT + timedelta(minutes=11)
    client = half_in(client_for(None))
    assert give(client, code(later), later).location == "/login"
    client = half_in(client_for(None))
    person.session_epoch += 1
    assert give(client, code(AT)).location == "/login"
    assert give(client_for(None), code(AT)).location == "/login"


def test_the_secret_lies_sealed_and_moves_to_a_new_key(
    person: User, session: Session, app: Any, client_for: Callable[..., Any]
) -> None:
    old = session.scalar(select(CodeMaker.secret))
    assert SECRET not in old
    assert unseal(old, ["another key"]) is None
    keys, app.config["SECOND_STEP_KEYS"] = app.config["SECOND_STEP_KEYS"], ["newer", KEY]
    try:
        assert give(half_in(client_for(None)), code(AT)).status_code == 303
    finally:
        app.config["SECOND_STEP_KEYS"] = keys
    session.expire_all()
    assert unseal(session.scalar(select(CodeMaker.secret)), ["newer"]) == SECRET


# ---------------------------------------------------------------- setting up


def set_up(client: Any, at: datetime | None = None) -> tuple[Any, str]:
    page = client.soup("/admin/account/second-step/telephone")
    secret = "".join(page.select_one("#secret").get_text().split())
    assert page.select_one(".qr svg")
    typed = pyotp.TOTP(secret).now()
    return client.post_form("/admin/account/second-step/telephone", {"code": typed}), secret


def test_a_telephone_is_set_up_with_its_code_and_ten_codes_on_paper(
    session: Session, client_for: Callable[..., Any]
) -> None:
    user = make_user(session, "leader")
    client, other = client_for(user), client_for(user)
    wrong = client.post_form("/admin/account/second-step/telephone", {"code": "000000"})
    assert wrong.location == "/admin/account/second-step/telephone"  # nothing shown, nothing set
    reply, secret = set_up(client)
    shown = [one.get_text() for one in BeautifulSoup(reply.text, "html.parser").select(".codes li")]
    assert len(set(shown)) == 10
    assert other.get("/admin/").status_code == 302  # it began without a second step
    assert client.get("/admin/").status_code == 200
    kept = repr([(one.action, one.changes) for one in session.query(AuditEntry)])
    assert "telephone-on" in kept
    assert "codes-made" in kept
    for page in ("/admin/account/second-step/", "/admin/account/", "/admin/"):
        text = client.get(page).text
        assert not any(one in text for one in [*shown, secret])
    assert not any(one in kept for one in [*shown, secret])
    again = client.post_form("/admin/account/second-step/codes")
    fresh = [one.get_text() for one in BeautifulSoup(again.text, "html.parser").select(".codes li")]
    assert not set(fresh) & set(shown)
    assert session.query(RecoveryCode).count() == 10
    assert client.post_form("/admin/account/second-step/telephone/off").status_code == 303
    assert session.query(RecoveryCode).count() == session.query(CodeMaker).count() == 0


@pytest.mark.parametrize(
    "url", ["telephone", "telephone/off", "codes", "passkeys", "passkeys/delete"]
)
def test_a_copied_cookie_touches_no_second_step(
    person: User, session: Session, client_for: Callable[..., Any], url: str
) -> None:
    thief = client_for(person)
    unsure(thief)
    address = f"/admin/account/second-step/{url}"
    assert thief.post_form(address, {"code": "123456", "id": "1"}).status_code == 403
    if url == "telephone":
        assert thief.get(address).status_code == 403
    asked = thief.post_form("/passkey/options", {"purpose": "register"})
    assert asked.status_code == 403
    assert unseal(session.scalar(select(CodeMaker.secret)), [KEY]) == SECRET


# ---------------------------------------------------------------- required


def test_who_must_have_one_can_do_nothing_else_before(
    session: Session, app: Any, client_for: Callable[..., Any]
) -> None:
    client, free = client_for("officer"), client_for("leader")
    app.config["REQUIRE_SECOND_STEP"] = ("admin", "officer", "finance")
    try:
        for address in ("/admin/", "/admin/project/", "/admin/account/", "/admin/reports/late"):
            assert client.get(address).location == "/admin/account/second-step/", address
        assert client.post_form("/admin/project/new/", {}).status_code == 302
        assert "Vai trò của bạn cần bước thứ hai" in client.get("/admin/account/second-step/").text
        assert free.get("/admin/").status_code == 200
        set_up(client)
        assert client.get("/admin/project/").status_code == 200
        refused = client.post_form("/admin/account/second-step/telephone/off")
        assert refused.status_code == 422
        assert session.query(CodeMaker).count() == 1
    finally:
        app.config["REQUIRE_SECOND_STEP"] = ()


# ---------------------------------------------------------------- taken away


def test_an_administrator_resets_it_with_the_password_and_the_person_is_told(
    person: User,
    session: Session,
    app: Any,
    client_for: Callable[..., Any],
) -> None:
    person.email = "canbo@huulung.vn"
    admin, url = client_for("admin"), f"/admin/user/second-step-reset/?id={person.id}"
    theirs = client_for(person)
    assert client_for("officer").post_form(url).status_code == 403
    unsure(admin)
    assert admin.post_form(url).status_code == 403
    assert code_maker_of(session, person)
    session.rollback()
    with admin.session_transaction() as cookie:
        cookie["sure"] = "sure"
    with mail_server() as inbox:
        app.config |= {"SMTP_URL": inbox.url, "MAIL_FROM": "a@huulung.vn"}
        try:
            assert admin.post_form(url).status_code == 303
        finally:
            app.config |= {"SMTP_URL": "", "MAIL_FROM": ""}
    assert session.query(CodeMaker).count() == session.query(RecoveryCode).count() == 0
    assert theirs.get("/admin/").status_code == 302
    assert inbox.to == ["canbo@huulung.vn"]
    assert "“canbo”" in inbox.mails[0][1].get_content()
    noted = session.query(AuditEntry).filter_by(action="second-reset").one()
    assert (noted.row_id, noted.label) == (str(person.id), "canbo")
    with time_machine.travel(AT, tick=False):
        form = {"username": "canbo", "password": PASSWORD}
        assert client_for(None).post_form("/login", form).location == "/admin/"


def test_the_command_resets_it_where_no_administrator_can(
    person: User, session: Session, app: Any
) -> None:
    session.commit()
    run = app.test_cli_runner().invoke
    told = run(args=["users", "second-step-off", "canbo"])
    assert told.exit_code == 0, told.output
    assert session.query(CodeMaker).count() == session.query(SignIn).count() == 0
    assert "chưa có bước thứ hai" in run(args=["users", "second-step-off", "canbo"]).output
