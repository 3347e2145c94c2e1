"""The password of the person who is signed in, given once more."""

from flask_babel import gettext as _

from admin.access.attempts import seconds_to_wait, was_right
from admin.access.permissions import myself
from admin.access.sessions import address_of
from admin.seen import note
from models import db
from models.base import now, record
from models.people import password_fits


def wrong_password(plain: str) -> str:
    """What is wrong with the password of the person who is signed in, given once more; empty
    when it is right. Wrong ones are counted as those at sign-in are.
    """
    user = myself()
    wait = seconds_to_wait(user.username, at=now())
    if wait:
        return _("Too many attempts. Wait %(wait)s seconds.", wait=wait)
    if password_fits(plain, user.password_hash):
        was_right(user.username, at=now())
        db.session.commit()
        return ""
    note("wrong present password")
    record(
        db.session(),
        action="refused",
        resource="sign_in",
        label=user.username,
        changes={"address": [None, address_of()]},
    )
    db.session.commit()
    return _("This is not your present password.")
