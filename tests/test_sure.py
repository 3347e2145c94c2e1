"""The password once more before accounts change: at every door, in this browser, for minutes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AuditEntry, LoginAttempt, SignIn, User
from models.base import now
from models.people import hash_password
from tests.conftest import unsure
from tests.factories import make_investor, make_user

PASSWORD = "ba con trâu trắng"
NEW = {"username": "kegian", "full_name": "Kẻ Gian", "role": "admin", "enabled": "y"}
QUESTION = "Xác nhận lại mật khẩu"


@pytest.fixture
def owner(session: Session) -> User:
    """The administrator whose cookie is copied."""
    return make_user(session, "admin", username="chu", password_hash=hash_password(PASSWORD))


@pytest.fixture
def thief(client_for: Callable[..., Any], owner: User) -> Any:
    """A signed-in browser of the administrator that was not asked for the password."""
    client = client_for(owner)
    unsure(client)
    return client


def accounts(session: Session) -> list[tuple[Any, ...]]:
    session.expire_all()
    fields = (User.username, User.role, User.enabled, User.email, User.password_hash)
    return sorted(map(repr, session.execute(select(*fields))))  # type: ignore[arg-type]


def doors(session: Session) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every address that changes an account, or ends sign-ins, with a form that would pass."""
    other = make_user(session, "officer", username="khac", password_hash=hash_password(PASSWORD))
    unit = make_investor(session)
    form = {"username": other.username, "full_name": other.full_name, "row_version": "1"}
    as_was = form | {"role": "officer", "enabled": "y"}
    edit = f"/admin/user/edit/?id={other.id}"
    session.add(
        SignIn(
            token_hash="x" * 64,
            user_id=other.id,
            started_at=now(),
            last_seen_at=now(),
            address="10.0.0.9",
            device="Firefox/Windows",
        )
    )
    session.commit()
    return {
        "create": ("/admin/user/new/", NEW),
        "role": (edit, as_was | {"role": "admin"}),
        "unit": (edit, as_was | {"role": "investor", "investors": str(unit.id)}),
        "switch off": (edit, {k: v for k, v in as_was.items() if k != "enabled"}),
        "e-mail": (edit, as_was | {"email": "ke@gian.vn"}),
        "delete": ("/admin/user/delete/", {"id": str(other.id)}),
        "action": ("/admin/user/action/", {"action": "delete", "rowid": str(other.id)}),
        "own e-mail": ("/admin/account/email", {"email": "ke@gian.vn"}),
        "end": (f"/admin/user/sign-ins/?id={other.id}", {"which": "all"}),
        "end own": ("/admin/account/sign-ins", {"which": "all"}),
    }


@pytest.mark.parametrize(
    "door",
    [
        "create",
        "role",
        "unit",
        "switch off",
        "e-mail",
        "delete",
        "action",
        "own e-mail",
        "end",
        "end own",
    ],
)
def test_a_copied_cookie_changes_no_account(session: Session, thief: Any, door: str) -> None:
    url, form = doors(session)[door]
    before = accounts(session), session.scalar(select(func.count()).select_from(SignIn))
    for answer in ({}, {"sure_password": "đoán mò thôi"}):
        reply = thief.post_form(url, form | answer)
        assert reply.status_code == 403
        assert QUESTION in reply.text
    after = accounts(session), session.scalar(select(func.count()).select_from(SignIn))
    assert after == before
    # the very form of the page that asks, with the right password, is carried out
    assert thief.post_form(url, form | {"sure_password": PASSWORD}).status_code in {302, 303}
    done = accounts(session), session.scalar(select(func.count()).select_from(SignIn))
    assert (done != before) is (door != "end own")  # nobody else was signed in there


def test_what_was_typed_is_carried_over_the_question(
    session: Session, client_for: Callable[..., Any], thief: Any
) -> None:
    reply = thief.post_form("/admin/user/new/?url=/admin/user/", NEW | {"email": 'a"b&c@x.vn'})
    page = BeautifulSoup(reply.text, "html.parser")
    form = page.select_one("main form")
    assert form["action"] == "/admin/user/new/?url=/admin/user/"
    kept = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    assert {name: kept[name] for name in NEW} == NEW
    assert kept["email"] == 'a"b&c@x.vn'
    reply = thief.post(form["action"], data=kept | {"sure_password": PASSWORD})
    assert reply.status_code == 302
    assert session.scalar(select(User.email).where(User.username == "kegian")) == 'a"b&c@x.vn'
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "sure")).all()
    assert [entry.label for entry in noted] == ["chu"]
    assert PASSWORD not in repr([entry.changes for entry in session.query(AuditEntry)])


@pytest.mark.parametrize(
    ("minutes", "address", "browser", "asked"),
    [
        (9, "127.0.0.1", None, False),
        (11, "127.0.0.1", None, True),
        (0, "10.9.8.7", None, True),
        (0, "127.0.0.1", "curl/8", True),
    ],
)
def test_the_answer_counts_for_minutes_at_this_place_in_this_browser(
    session: Session, thief: Any, minutes: int, address: str, browser: str | None, asked: bool
) -> None:
    """A cookie copied after the answer is asked again where it is taken to."""
    mine = {"email": "chu@huulung.vn", "sure_password": PASSWORD}
    assert thief.post_form("/admin/account/email", mine).status_code == 303
    more = {"headers": {"User-Agent": browser}} if browser else {}
    with time_machine.travel(now() + timedelta(minutes=minutes), tick=False):
        reply = thief.post_form(
            "/admin/user/new/", NEW, environ_base={"REMOTE_ADDR": address}, **more
        )
    assert reply.status_code == (403 if asked else 302)


def test_a_copy_made_before_the_answer_is_not_sure_after_it(
    session: Session, client_for: Callable[..., Any], thief: Any
) -> None:
    copy = client_for(None)
    copy.set_cookie("session", thief.get_cookie("session").value)
    thief.post_form("/admin/account/email", {"email": "a@b.vn", "sure_password": PASSWORD})
    assert copy.get("/admin/").status_code == 200
    assert copy.post_form("/admin/user/new/", NEW).status_code == 403


def test_guesses_are_slowed_as_at_sign_in(session: Session, thief: Any) -> None:
    for _n in range(5):
        thief.post_form("/admin/user/new/", NEW | {"sure_password": "sai"})
    reply = thief.post_form("/admin/user/new/", NEW | {"sure_password": PASSWORD})
    assert reply.status_code == 403
    assert "Quá nhiều lần thử" in reply.text
    assert {row.failures for row in session.query(LoginAttempt)} == {5}
    assert session.query(User).filter_by(username="kegian").count() == 0


def test_figures_and_one_s_own_work_ask_nothing(
    session: Session, client_for: Callable[..., Any]
) -> None:
    client = client_for("officer")
    unsure(client)
    form = {"day": "02/09/2026", "name": "Quốc khánh", "kind": "public"}
    assert "sure_password" not in client.post_form("/admin/holiday/new/", form).text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_password_is_said_again_by_no_page(thief, database):
    """What was typed is shown where a form could not be taken, but for what proves who it is."""
    typed = {"full_name": "Kẻ Gian", "sure_password": PASSWORD}
    for url, form in (
        ("/admin/user/edit/?id=9", {}),
        ("/admin/user/delete/", {"id": "9"}),
        ("/admin/nowhere", {}),
        ("/admin/user/new/", {"csrf_token": "of another session"}),
    ):
        reply = thief.post(url, data={"csrf_token": thief.token()} | typed | form)
        assert reply.status_code in {400, 404}
        assert "Kẻ Gian" in reply.text
        assert PASSWORD not in reply.text, url
