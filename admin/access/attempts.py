"""Whose attempts to sign in are counted together, and at which devices somebody is known.

A device is known by a signed cookie that names, as keyed digests, who signed in there.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from admin.access.sessions import address_of
from admin.access.signed import Stamped
from models import db
from models.people import ADDRESS, NAME, PAIR, Limit, claim, take_back

KNOWN_FOR = 180 * 86_400  # seconds
MOST_PEOPLE = 20  # that one device knows


def seconds_to_wait(name: str, *, at: datetime) -> int:
    """Count an attempt by this name before its password is looked at; 0, or how long to wait."""
    return claim(db.session(), _limits(name), at=at)


def was_right(name: str, *, at: datetime) -> None:
    """The attempt was no guess: its count is taken back, and the device knows the person."""
    limits = _limits(name)
    take_back(db.session(), limits, own=next(iter(limits)), at=at)
    device, people = _device()
    device = device or secrets.token_urlsafe(12)
    who = _digest("name", name)[:16]
    content = [device, [who, *(one for one in people if one != who)][:MOST_PEOPLE]]

    @after_this_request
    def remember(response: Response) -> Response:
        response.set_cookie(
            _cookie(),
            _signer().dumps(content),
            max_age=KNOWN_FOR,
            httponly=True,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            samesite="Lax",
        )
        return response


def _limits(name: str) -> Mapping[str, Limit]:
    """By which keys an attempt counts; the pair of name and place comes first."""
    device, people = _device()
    if device and _digest("name", name)[:16] in people:
        return {_digest("device", device, name): PAIR}
    address = address_of()
    return {
        _digest("pair", address, name): PAIR,
        _digest("name", name): NAME,
        _digest("address", address): ADDRESS,
    }


def _device() -> tuple[str, list[str]]:
    """The device by its cookie, and whom it knows; nothing where none was set by us."""
    try:
        device, people = _signer().loads(request.cookies.get(_cookie(), ""), max_age=KNOWN_FOR)
    except BadData:
        return "", []
    return str(device), [str(one) for one in people]


def _cookie() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def _signer() -> URLSafeTimedSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="known-device", signer=Stamped)


def _digest(*parts: str) -> str:
    """What stands in the table: nobody reads a name, or a password typed as one, out of it."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()
