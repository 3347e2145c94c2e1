"""The password (or a passkey) once more, before accounts are changed: is this still the person?

A copied cookie must make no administrator and lock nobody out. Whoever changes an account, or
what one signs in with, is asked again; the answer counts for some minutes, in this session, in
this browser. The question stands below all doors: the session of the database puts it before it
writes such a row, whatever page, action or address it comes from. What was typed is carried over
the question and carried out after the right answer.
"""

import hashlib
import secrets
from datetime import timedelta
from hmac import compare_digest
from typing import Any

from flask import g, has_request_context, request, session
from sqlalchemy import event, inspect
from sqlalchemy.orm import attributes
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from admin.access.sessions import address_of, digest_of
from models import SignIn, User, db
from models.base import ScopedSession, now
from models.people import CodeMaker, Passkey, RecoveryCode

LASTS = timedelta(minutes=10)
# the fields that an answer adds to the form that was typed
PASSWORD = "sure_password"  # noqa: S105  # nosec B105 # the name of a field
PASSKEY = "sure_passkey"
ANSWER = frozenset({PASSWORD, PASSKEY})
# what the machinery itself keeps up in rows that are otherwise changed on purpose
KEPT_UP = frozenset({"version", "search_text", "sort_text"})
ASKED: dict[type, frozenset[str]] = {
    User: KEPT_UP | {"last_login_at", "session_epoch"},
    CodeMaker: frozenset({"last_counter"}),
    RecoveryCode: frozenset({"used_at"}),
    Passkey: frozenset({"sign_count", "last_used_at"}),
}


class NotSure(Exception):
    """What is asked changes an account, and the password was not asked for lately."""


def is_sure() -> bool:
    """Whether this browser gave the password again within the last minutes."""
    if g.get("sure_now", False):
        return True
    opened = g.get("sign_in")
    if opened is None or opened.sure_at is None or not opened.sure_hash:
        return False
    lately = timedelta(0) <= now() - opened.sure_at <= LASTS
    return lately and compare_digest(opened.sure_hash, _mark(session.get("sure", "")))


def ask_again() -> None:
    """For what changes no account and is as strong. Raises NotSure, which puts the question."""
    if not is_sure():
        raise NotSure


def sure_of(token: str, *, address: str, user_agent: str) -> str:
    """The digest that is kept of an answer: it holds at this address and in this browser."""
    told = "\n".join((token, address, user_agent))
    return hashlib.sha256(told.encode()).hexdigest()


def _mark(token: str) -> str:
    return sure_of(
        token, address=address_of(), user_agent=request.headers.get("User-Agent", "")[:500]
    )


def make_sure() -> None:
    """The person has proved to be there: counts for this request and the next minutes.

    The proof is new in the cookie, so that a copy of the cookie made before does not hold it.
    """
    g.sure_now = True
    opened = db.session.get(SignIn, digest_of(session.get("sid", "")))
    if opened is not None:
        session["sure"] = secrets.token_urlsafe(32)
        opened.sure_hash, opened.sure_at = _mark(session["sure"]), now()


@event.listens_for(ScopedSession, "before_flush")
def _ask_before_writing(db_session: ScopedSession, _context: Any, _instances: Any) -> None:
    person = g.get("_login_user") if has_request_context() else None
    if person is None or person.is_anonymous or is_sure():
        return
    rows = [*db_session.new, *db_session.deleted]
    if any(type(row) in ASKED for row in rows) or any(map(_is_strong, db_session.dirty)):
        raise NotSure


def _is_strong(row: Any) -> bool:
    """Whether a changed row is of an account, and what changes in it is of weight."""
    free = ASKED.get(type(row))
    return free is not None and any(
        attributes.get_history(row, one.key, PASSIVE_NO_INITIALIZE).has_changes()
        for one in inspect(row).mapper.attrs
        if one.key not in free
    )
