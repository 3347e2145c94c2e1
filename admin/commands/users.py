"""`flask users …`: who may sign in."""

from datetime import timedelta

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select

from admin.commands.base import as_command
from admin.words import label, moment
from models import Investor, NotFound, Role, ScopedSession, User
from models.base import _n, clean_line, now, today
from models.calendar import setting
from models.duty import exists_on
from models.people import give_first_password, give_password, normal_username

users = AppGroup("users", help="Who may sign in, and as what.")
password_option = click.option(
    "--password",
    help="A first password of your own choice; others see it in the list of processes. "
    "Left out: one is made and shown once.",
)
ask_option = click.option("--ask", is_flag=True, help="Ask for the password without showing it.")
no_change_option = click.option(
    "--no-change",
    is_flag=True,
    help="With --ask, typed by its owner: it neither ends nor has to be changed.",
)


@users.command("add")
@click.argument("username")
@click.option("--full-name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--investor", "codes", multiple=True, help="Code of a unit; may be repeated.")
@click.option("--email")
@password_option
@ask_option
@no_change_option
@as_command()
def add(
    session: ScopedSession,
    username: str,
    full_name: str,
    role: str,
    codes: tuple[str, ...],
    email: str | None,
    password: str | None,
    ask: bool,
    no_change: bool,
) -> None:
    """Let USERNAME sign in with a role; only users of role investor have units.

    The first password is made and shown once; it ends in days and must be changed.
    """
    user = User(
        username=username,
        full_name=clean_line(full_name),
        role=Role(role),
        email=clean_line(email or "") or None,
        investors=[_investor(session, code) for code in dict.fromkeys(codes)],
    )
    session.add(user)
    session.flush()  # what the rules refuse needs no password first
    told = _set_password(session, user, password, ask=ask, no_change=no_change)
    session.commit()
    click.echo(
        _(
            "%(username)s can now sign in as: %(role)s.",
            username=user.username,
            role=label(user.role),
        )
    )
    _tell(user, told)


@users.command("password")
@click.argument("username")
@password_option
@ask_option
@no_change_option
@as_command()
def password(
    session: ScopedSession, username: str, password: str | None, ask: bool, no_change: bool
) -> None:
    """Give USERNAME a new first password and end every open session of this person."""
    user = get_user(session, username)
    told = _set_password(session, user, password, ask=ask, no_change=no_change)
    session.commit()
    click.echo(_("%(username)s has a new password.", username=user.username))
    _tell(user, told)


@users.command("disable")
@click.argument("username")
@as_command()
def disable(session: ScopedSession, username: str) -> None:
    """Let USERNAME sign in no more; open sessions end at the next click."""
    user = get_user(session, username)
    user.enabled = False
    session.commit()
    click.echo(_("%(username)s can no longer sign in.", username=user.username))


@users.command("enable")
@click.argument("username")
@as_command()
def enable(session: ScopedSession, username: str) -> None:
    """Let USERNAME sign in again."""
    user = get_user(session, username)
    user.enabled = True
    session.commit()
    click.echo(_("%(username)s can sign in again.", username=user.username))


@users.command("list")
@as_command(reads=True)
def show(session: ScopedSession) -> None:
    """Every user with role, units and whether the sign-in is open."""
    rows = list(session.scalars(select(User).order_by(User.username)))
    width = max((len(user.username) for user in rows), default=0)
    for user in rows:
        units = ", ".join(unit.code for unit in user.investors)
        state = "" if user.enabled else _("switched off")
        if user.enabled and user.password_hash is None:
            state = _("no password yet")
        parts = (label(user.role), user.full_name, units, state)
        click.echo(f"{user.username:<{width}}  " + " · ".join(part for part in parts if part))
    if not rows:
        click.echo(_("There are no users yet."))


def _find(session: ScopedSession, username: str) -> User | None:
    return session.scalar(select(User).where(User.username == normal_username(username)))


def get_user(session: ScopedSession, username: str) -> User:
    """The person of this user name, however it is written. Raises NotFound."""
    found = _find(session, username)
    if found is None:
        raise NotFound(_n("There is no user “%(username)s”."), username=username[:60])
    return found


def _investor(session: ScopedSession, code: str) -> Investor:
    """The unit that uses the code today: codes are used again (domain §6.2)."""
    found = session.scalars(
        select(Investor).where(Investor.code == clean_line(code), exists_on(today()))
    ).all()
    if len(found) != 1:
        raise NotFound(_n("No investor has the code “%(code)s” today."), code=code[:60])
    return found[0]


def _set_password(
    session: ScopedSession, user: User, typed: str | None, *, ask: bool, no_change: bool
) -> str | None:
    """Give a password by the rules of the screen; the result is one that was made here."""
    until = now() + timedelta(days=setting(session, "first_password_days"))
    if ask:
        typed = click.prompt(_("Password"), hide_input=True, confirmation_prompt=True)
    if typed is not None:
        give_password(user, typed, must_change=not no_change, until=until)
        return None
    if no_change:
        raise click.UsageError(_("--no-change needs --ask: a first password has to be changed."))
    return give_first_password(user, until=until)


def _tell(user: User, told: str | None) -> None:
    if told is not None:
        click.echo(_("First password: %(password)s", password=told))
    if user.password_expires_at is not None:
        click.echo(
            _(
                "It is good until %(until)s and has to be changed at the first sign-in.",
                until=moment(user.password_expires_at),
            )
        )


COMMANDS = (users,)
