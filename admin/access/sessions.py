"""Open sessions of people: rows, so that signing out ends a copied cookie."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, g, request, session
from flask_login import login_user
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from admin.access.devices import device_of
from models import SignIn, User, db
from models.base import forget_keys, now, takes_nothing
from models.people import (
    OneSignIn,
    end_sign_ins,
    forget_attempts,
    lasts,
    network_of,
    open_sign_ins,
)

# how old the note of the last visit may become before it is written anew: not at every click
COARSE = timedelta(minutes=5)


def session_lasts(opened: SignIn) -> bool:
    """Whether this session is within its limits, as a whole and since the last visit; notes the
    visit, in the cookie to the minute and in the row now and then.
    """
    at = now()
    if max(opened.started_at, opened.last_seen_at) - at > COARSE:
        return False  # the clock was set back: nobody knows how long ago that was
    if not lasts(opened, at=at, **limits()):
        return False
    seen = session.get("seen", 0)
    if at.timestamp() - seen > current_app.config["IDLE_MINUTES"] * 60:
        return False
    if at.timestamp() - seen > 60:
        session["seen"] = int(at.timestamp())
    g.sign_in = OneSignIn.of(opened)
    return at - opened.last_seen_at < COARSE or _note_visit(opened, at)


def limits() -> dict[str, timedelta]:
    """How long a sign-in lasts as a whole, and how long its row may go without a visit: the note of
    one may be `COARSE` old.
    """
    idle = timedelta(minutes=current_app.config["IDLE_MINUTES"]) + COARSE
    return {"lifetime": current_app.config["PERMANENT_SESSION_LIFETIME"], "idle": idle}


def _note_visit(opened: SignIn, at: datetime) -> bool:
    """In a transaction of its own, before anything else of the request; not worth a refusal. False
    where the session was ended at this very moment.
    """
    opened.last_seen_at = at
    try:
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        return False
    except DBAPIError as error:
        db.session.rollback()
        if not (takes_nothing(error) or isinstance(error, OperationalError)):
            raise
        current_app.logger.info("the visit was not noted: the database is busy or takes nothing")
    return True


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(
    user: User, *, at: datetime, address: str, device: str = "", second: str = ""
) -> dict[str, Any]:
    """Remember a new session of `user`; the result is what its cookie must carry.

    `second` says how the second step was passed, where there was one.
    """
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignIn(
            token_hash=digest_of(token),
            user_id=user.id,
            started_at=at,
            last_seen_at=at,
            address=address,
            device=device,
            second=second,
        )
    )
    return {"sid": token, "seen": int(at.timestamp())}


def one_by_one(user: User, proved: str = "") -> bool:
    """Who signs in twice at once (two people with one account, a second click) does so one after
    the other: the moment noted at the person refuses nobody as a change by somebody faster.

    False where the person got another password or role, or was switched off, since the proof was
    looked at: the identity (`get_id`) of then, `proved` or as `user` was read, opens no door now.
    """
    proved, alone = proved or user.get_id(), {"key_share": True}
    db.session.refresh(user, ["version", "last_login_at", "session_epoch"], with_for_update=alone)
    return user.get_id() == proved


def leave_session() -> None:
    """Nothing of the session that this browser holds survives, but for the language; its sign-in
    is over, so that a copy of its cookie opens nothing either. The caller commits.
    """
    kept = {key: session[key] for key in ("language",) if key in session}
    if token := session.get("sid"):
        db.session.execute(delete(SignIn).where(SignIn.token_hash == digest_of(token)))
    session.clear()
    session.update(kept)


def renew_session(user: User, *, second: str = "") -> None:
    """A new session of `user` in the place of the one before, whosever that was."""
    at = now()
    leave_session()
    _forget_old(at)
    device = device_of(request.headers.get("User-Agent", ""))
    opened = open_session(user, at=at, address=address_of(), device=device, second=second)
    session.update(opened)
    session.permanent = True
    login_user(user)


def _forget_old(at: datetime) -> None:
    """Empty what was kept of signing in and of forms and serves nobody any more, whichever way
    somebody comes in.
    """
    db.session.execute(delete(SignIn).where(~lasts(SignIn, at=at, **limits())))
    forget_attempts(db.session(), at=at)
    forget_keys(db.session(), at=at)


def address_of() -> str:
    return network_of(request.remote_addr)


def own_sign_ins(user: User) -> list[SignIn]:
    """The sign-ins of this person that still open the door."""
    return open_sign_ins(db.session(), user, at=now(), **limits())


def end_others(user: User) -> int:
    """End all sign-ins of the person who asks, apart from the one that asks."""
    return end_sign_ins(db.session(), user, but=digest_of(session.get("sid", "")))
