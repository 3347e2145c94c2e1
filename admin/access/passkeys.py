"""Passkeys (WebAuthn): what the browser is asked for, and what its answer proves.

A challenge is one browser's, for one purpose and some minutes, and older than no use of the key
that answers it: so the same answer is never taken twice.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import webauthn
from flask import current_app, request, session
from flask_babel import gettext as _
from sqlalchemy import select
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from admin.seen import note
from models import User, db
from models.base import RuleBroken, _n, now, stored_moment
from models.calendar import setting
from models.people import Passkey, name_of_passkey, passkeys_of

LASTS = timedelta(minutes=5)
KEPT = "passkey_asked"
# what reading an answer of a stranger may raise
BROKEN = (
    WebAuthnException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)
# where the password was given already, the touch of the key suffices
VERIFIED = {"sign-in": True, "sure": True, "second": False}
REFUSED = _n("The passkey was not accepted. Try again, or sign in another way.")


class Site(NamedTuple):
    """What keys are bound to: the name of the host, and the whole origin."""

    host: str
    origin: str


def site() -> Site | None:
    """This site as browsers see it: by PUBLIC_URL, else by the address asked for, which
    TRUSTED_HOSTS vouches for. None where browsers know no passkeys, or other ones.
    """
    asked = urlsplit(request.host_url)
    parts = urlsplit(current_app.config["PUBLIC_URL"] or request.host_url)
    host = parts.hostname or ""
    secure = parts.scheme == "https" or host == "localhost"
    if not secure or _is_number(host) or asked.hostname != host:
        return None
    port = f":{parts.port}" if parts.port else ""
    return Site(host, f"{parts.scheme}://{host}{port}")


def why_no_passkeys() -> str:
    """Why this page offers none, in a sentence; empty where it does."""
    if site() is not None:
        return ""
    public = current_app.config["PUBLIC_URL"]
    if public.startswith("https://"):
        return _("Passkeys work at the address %(address)s alone.", address=public)
    return _("Passkeys need an address by name with https://, or http://localhost for a trial.")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def options_to_register(user: User) -> dict[str, Any]:
    """What the browser needs to make a key for this person."""
    here = _here()
    options = webauthn.generate_registration_options(
        rp_id=here.host,
        rp_name=setting(db.session(), "site_name"),
        user_id=sha256(f"{here.host} {user.id}".encode()).digest(),
        user_name=user.username,
        user_display_name=user.full_name,
        exclude_credentials=_described(passkeys_of(db.session(), user)),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return _asked("register", options.challenge, options)


def options_to_prove(purpose: str, user: User | None) -> dict[str, Any]:
    """What the browser needs to prove a key: any key of this site, or those of `user`."""
    need = VERIFIED[purpose]
    options = webauthn.generate_authentication_options(
        rp_id=_here().host,
        allow_credentials=_described(passkeys_of(db.session(), user)) if user else None,
        user_verification=UserVerificationRequirement.REQUIRED
        if need
        else UserVerificationRequirement.PREFERRED,
    )
    return _asked(purpose, options.challenge, options)


def register(user: User, *, name: str, answer: str) -> Passkey:
    """The key that the browser made, as a new one of this person. Raises RuleBroken."""
    name = name_of_passkey(db.session(), user, name)
    challenge, _issued = _challenge("register")
    here = _here()
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=here.host,
            expected_origin=here.origin,
            require_user_verification=True,
        )
        told = {str(one) for one in json.loads(answer)["response"].get("transports", [])}
    except BROKEN as error:
        note(f"passkey not registered: {type(error).__name__}")
        raise RuleBroken(REFUSED, field="passkey") from None
    known = {one.value for one in AuthenticatorTransport}
    row = Passkey(
        user_id=user.id,
        name=name,
        credential_id=_text(made.credential_id),
        public_key=_text(made.credential_public_key),
        sign_count=made.sign_count,
        transports=",".join(sorted(known & told)),
        added_at=now(),
    )
    db.session.add(row)
    return row


def prove(purpose: str, answer: str, user: User | None = None) -> Passkey:
    """The key that the browser proved, one of `user` where one is named. Raises RuleBroken.

    The count of its uses must go on: a key that was copied falls behind.
    """
    challenge, issued = _challenge(purpose)
    here = _here()
    try:
        named = str(json.loads(answer)["id"])
        held = select(Passkey).where(Passkey.credential_id == named).with_for_update()
        row = db.session.scalar(held.execution_options(populate_existing=True))
        if row is None or (user is not None and row.user_id != user.id):
            raise ValueError("unknown key")
        if row.last_used_at is not None and issued <= row.last_used_at:
            raise ValueError("challenge older than the last use")
        proved = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=here.host,
            expected_origin=here.origin,
            credential_public_key=_bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=VERIFIED[purpose],
        )
    except BROKEN as error:
        note(f"passkey refused: {type(error).__name__}")
        raise RuleBroken(REFUSED, field="passkey") from None
    row.sign_count, row.last_used_at = proved.new_sign_count, now()
    return row


def _here() -> Site:
    here = site()
    if here is None:
        raise RuleBroken("%(why)s", field="passkey", why=why_no_passkeys())
    return here


def _asked(purpose: str, challenge: bytes, options: Any) -> dict[str, Any]:
    session[KEPT] = [purpose, _text(challenge), now().isoformat()]
    return json.loads(webauthn.options_to_json(options))  # type: ignore[no-any-return]


def _challenge(purpose: str) -> tuple[bytes, Any]:
    """What this browser was asked last, used up; refused where it was for something else."""
    asked, challenge, at = session.pop(KEPT, None) or ("", "", "")
    issued = stored_moment(at) if at else None
    if asked != purpose or issued is None or not timedelta(0) <= now() - issued <= LASTS:
        raise RuleBroken(REFUSED, field="passkey")
    return _bytes(challenge), issued


def _described(rows: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=_bytes(row.credential_id),
            transports=[AuthenticatorTransport(one) for one in row.transports.split(",") if one],
        )
        for row in rows
    ]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
