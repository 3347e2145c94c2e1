"""Open sessions of people: rows, so that signing out ends a copied cookie."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from flask import (
    current_app,
    request,
    session,
)
from flask_login import login_user

from models import (
    SignIn,
    User,
    db,
)
from models.base import now
from models.people import (
    network_of,
)


def session_lasts(opened: SignIn) -> bool:
    at = now()
    if at - opened.started_at > current_app.config["PERMANENT_SESSION_LIFETIME"]:
        return False
    seen = session.get("seen", 0)
    if at.timestamp() - seen > current_app.config["IDLE_MINUTES"] * 60:
        return False
    if at.timestamp() - seen > 60:
        session["seen"] = int(at.timestamp())
    return True


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(user: User, *, at: datetime, address: str) -> dict[str, Any]:
    """Remember a new session of `user`; the result is what its cookie must carry."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignIn(token_hash=digest_of(token), user_id=user.id, started_at=at, address=address)
    )
    return {"sid": token, "seen": int(at.timestamp())}


def renew_session(user: User) -> None:
    """Nothing of the session before signing in survives, but for the language."""
    kept = {key: session[key] for key in ("language",) if key in session}
    session.clear()
    session.update(kept, **open_session(user, at=now(), address=address_of()))
    session.permanent = True
    login_user(user)


def address_of() -> str:
    return network_of(request.remote_addr)
