"""Sign-ins of a person as a list, and the end of one or all of them; for the person and for
administrators.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import gettext as _

from admin.access.devices import device_in_words, place_in_words
from admin.access.sessions import own_sign_ins
from admin.access.sure import ask_again
from admin.words import ngettext
from models import User, db
from models.base import record
from models.people import end_sign_ins


@dataclass(frozen=True, slots=True)
class ShownSignIn:
    """One open sign-in in words; `name` is what a form calls it."""

    name: str
    device: str
    place: str
    how: str
    started_at: datetime
    last_seen_at: datetime
    is_this: bool


def shown_sign_ins(user: User) -> list[ShownSignIn]:
    """The open sign-ins of this person, the one that asks first."""
    ways = {
        "": _("Password"),
        "totp": _("Password and code of the telephone"),
        "recovery": _("Password and recovery code"),
        "passkey": _("Passkey"),
    }
    found = [
        ShownSignIn(
            name=one.name,
            device=device_in_words(one.device),
            place=place_in_words(one.address),
            how=ways.get(one.second, one.second),
            started_at=one.started_at,
            last_seen_at=one.last_seen_at,
            is_this=one.token_hash == g.sign_in.token_hash,
        )
        for one in own_sign_ins(user)
    ]
    return sorted(found, key=lambda one: not one.is_this)


def end_sign_in(user: User, which: str, *, but: str = "") -> str:
    """End the sign-in called `which`, or with “all” every one whose digest is not `but`; noted
    in the trail and committed. The result is the sentence that says so. Asks for the password.
    """
    ask_again()
    before = own_sign_ins(user)
    count = end_sign_ins(db.session(), user, but=but, name="" if which == "all" else which or "-")
    if not count:
        return _("This sign-in had ended already.")
    db.session.flush()
    after = {one.token_hash for one in own_sign_ins(user)}
    devices = [one.device for one in before if one.token_hash not in after]
    record(
        db.session(),
        action="sign-ins-ended",
        resource="user_account",
        row_id=user.id,
        label=user.username,
        changes={"device": [", ".join(devices), None]},
    )
    db.session.commit()
    return ngettext(
        "%(num)s sign-in is ended. The next click there leads to the sign-in page.",
        "%(num)s sign-ins are ended. The next click there leads to the sign-in page.",
        count,
    )
