"""A session that ended: said in words, with the way back and what was typed, in known names."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from admin.pages.field_words import words_of
from models import SignIn
from tests.factories import make_allocation, make_expected, make_period, make_project

SHEET = "/admin/my-report/2024-03"


@pytest.fixture
def unit(session: Session) -> Any:
    project = make_project(session)
    capital = make_allocation(session, project=project)
    make_expected(session, make_period(session, "2024-03"), project.investor)
    session.commit()
    return project, capital


@pytest.mark.parametrize("how", ["no cookie", "ended elsewhere"])
def test_the_page_offers_to_sign_in_and_shows_what_was_typed(
    client_for: Callable[..., Any], session: Session, unit: Any, how: str
) -> None:
    project, capital = unit
    client = client_for("investor", project.investor)
    form = {
        "action": "save",
        "version": "0",
        f"a{capital.id}-completed": "1.000.000",
        f"p{project.id}-progress_text": "Đã trồng 12 ha",
    }
    token = client.token()
    if how == "no cookie":
        with client.session_transaction() as cookie:
            cookie.clear()
    else:
        session.query(SignIn).delete()
        session.commit()
    came_from = {"Referer": f"http://localhost{SHEET}?unit=trieu"}
    reply = client.post(SHEET, data=form | {"csrf_token": token}, headers=came_from)
    assert reply.status_code == 401
    assert "Phiên làm việc của bạn đã hết" in reply.text
    assert "Lỗi" not in reply.text
    assert f"/login?next={SHEET}%3Funit%3Dtrieu" in reply.text
    assert "Đã trồng 12 ha" in reply.text
    assert not re.search(r"<dt>[^<]*\d", reply.text)
    assert "<dt>Tiến độ" in reply.text


def test_a_form_opened_before_signing_in_again_leads_back_to_itself(
    client_for: Callable[..., Any], session: Session, unit: Any
) -> None:
    project, _capital = unit
    client = client_for("investor", project.investor)
    form = {f"p{project.id}-progress_text": "Đã trồng", "csrf_token": "of another session"}
    reply = client.post(SHEET, data=form, headers={"Referer": f"http://localhost{SHEET}"})
    assert reply.status_code == 400
    assert f'href="{SHEET}"' in reply.text
    assert "Đã trồng" in reply.text


def test_a_foreign_page_is_no_way_back(
    client_for: Callable[..., Any], session: Session, unit: Any
) -> None:
    client = client_for("investor", unit[0].investor)
    with client.session_transaction() as cookie:
        cookie.clear()
    reply = client.post(SHEET, data={"x": "y"}, headers={"Referer": "http://evil.example/a"})
    assert reply.status_code == 401
    assert "evil" not in reply.text


def test_the_session_tells_who_is_there_and_gives_a_fresh_token(
    client_for: Callable[..., Any], session: Session
) -> None:
    assert client_for(None).get("/session").status_code == 401
    client = client_for("officer")
    told = client.get("/session").json
    assert told["name"]
    form = {"csrf_token": told["csrf"], "language": "vi"}
    assert client.post("/language", data=form).status_code == 302
    assert "no-store" in client.get("/session").headers["Cache-Control"]


def test_what_was_stored_is_told_to_the_browser_and_nothing_else_is(
    client_for: Callable[..., Any], session: Session, unit: Any
) -> None:
    client = client_for("investor", unit[0].investor)
    form = {"action": "save", "version": "0", "form_key": "a", "keep_copy": "abc123"}
    text = {f"p{unit[0].id}-progress_text": "Đã trồng"}
    stored = client.post_form(SHEET, form | text)
    assert stored.status_code == 303
    assert "kept=abc123" in stored.headers["Set-Cookie"]
    refused = client.post_form(SHEET, form | {"keep_copy": "second", "form_key": "b"})
    assert refused.status_code == 409
    assert "second" not in refused.headers.get("Set-Cookie", "")
    again = client.post_form(
        SHEET, form | {"version": "1", "keep_copy": "third", "form_key": "d"} | text
    )
    assert "kept=abc123.third;" in again.headers["Set-Cookie"]  # nothing that would be quoted
    odd = client.post_form(SHEET, {"version": "1", "form_key": "c", "keep_copy": "a;b=\r\n"} | text)
    assert "a;b" not in odd.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    "name",
    [
        "a892457577210082-completed",
        "p7-progress_text",
        "remark-allocation:7-completed",
        "reply-12",
        "reopen_reason",
        "content",
        "legal_basis",
        "due_day",
        "something_new",
    ],
)
def test_fields_bear_the_names_people_know(app: Any, name: str) -> None:
    with app.test_request_context():
        said = words_of(name)
    assert said
    assert not re.search(r"[\d_]", said)
