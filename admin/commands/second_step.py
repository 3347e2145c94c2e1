"""`flask users second-step-off`: for the administrator who lost telephone and passkey."""

import click
from flask_babel import gettext as _

from admin.access import note_second_step
from admin.commands.base import as_command
from admin.commands.users import get_user, users
from models import ScopedSession
from models.people import take_away_second_step


@users.command("second-step-off")
@click.argument("username")
@as_command()
def second_step_off(session: ScopedSession, username: str) -> None:
    """Take the second step of USERNAME away and end every open session of this person."""
    user = get_user(session, username)
    if not take_away_second_step(session, user):
        click.echo(_("%(name)s has no second step.", name=user.full_name))
        return
    note_second_step(user, "second-reset")
    session.commit()
    click.echo(
        _(
            "The second step of %(name)s is taken away, and all sign-ins are ended.",
            name=user.full_name,
        )
    )
