"""What is common to setting up a second step and to taking one away."""

from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from flask import current_app, g, session
from flask_babel import gettext as _

from admin.access.sessions import digest_of, end_others
from admin.seen import note
from models import SignIn, User, db
from models.base import current_actor, record
from models.people import has_second_step, take_away_second_step
from models.reminders import Mailer, MaybePosted, NotPosted


def note_second_step(user: User, action: str, *, name: str = "") -> None:
    """In the trail of the person's account; never a secret, at most the name of a passkey."""
    record(
        db.session(),
        action=action,
        resource="user_account",
        row_id=user.id,
        label=user.username,
        changes={"passkey": [None, name]} if name else {},
    )


def passed_second_step(user: User, way: str) -> None:
    """The person who set one up has shown it in this session; sign-ins that began without one
    end.
    """
    if g.sign_in.second:
        return
    end_others(user)
    opened = db.session.get(SignIn, digest_of(session.get("sid", "")))
    if opened is not None:
        opened.second = way


def reset_second_step(user: User) -> str:
    """Take the second step of somebody who lost it away, and say so to the person by mail; the
    sentence that says what was done. Commits.
    """
    if not has_second_step(db.session(), user):
        return _("%(name)s has no second step.", name=user.full_name)
    take_away_second_step(db.session(), user)
    note_second_step(user, "second-reset")
    db.session.commit()
    done = _(
        "The second step of %(name)s is taken away, and all sign-ins are ended.",
        name=user.full_name,
    )
    return f"{done} {_tell(user)}".strip()


def _tell(user: User) -> str:
    """Write to the person; what became of the mail."""
    settings = current_app.config
    if not settings["SMTP_URL"] or not user.email:
        return _("No mail was sent: tell the person yourself.")
    message = EmailMessage()
    message["Subject"] = _("Your second step of signing in was reset")
    message["To"] = Address(addr_spec=parseaddr(user.email)[1])
    message.set_content(
        _(
            "%(admin)s has reset the second step of your account “%(username)s”: telephone, "
            "recovery codes and passkeys are taken away, and you are signed out everywhere.\n"
            "Sign in with your password and set up a new one under “My account”. If you did not "
            "ask for this, tell the office at once.",
            admin=current_actor().name,
            username=user.username,
        )
    )
    with suppress(NotPosted, MaybePosted), Mailer(settings["SMTP_URL"], settings["MAIL_FROM"]) as m:
        m.post(message)
        return _("The person was told by mail.")
    note("mail about the second step was not taken")
    return _("The mail could not be sent: tell the person yourself.")
