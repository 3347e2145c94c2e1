"""`flask users export` and `flask users anonymise`: what is stored about a person, and its end."""

import json
from pathlib import Path

import click
from flask_babel import gettext as _

from admin.commands.base import as_command
from admin.commands.users import get_user, users
from models import ScopedSession
from models.people import anonymise as make_anonymous
from models.people import own_data


@users.command("export")
@click.argument("username")
@click.option("--output", type=click.Path(path_type=Path), help="A file instead of the screen.")
@as_command(reads=True)
def export(session: ScopedSession, username: str, output: Path | None) -> None:
    """Write all that is stored about USERNAME as JSON; passwords and keys are left out."""
    data = own_data(session, get_user(session, username))
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    output.touch(mode=0o600, exist_ok=False)
    output.write_text(text, encoding="utf-8")
    click.echo(_("What is stored about %(name)s is in %(file)s.", name=username, file=output))


@users.command("anonymise")
@click.argument("username")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_command()
def anonymise(session: ScopedSession, username: str, yes: bool) -> None:
    """Switch USERNAME off and put a pseudonym in the place of the person, for good."""
    user = get_user(session, username)
    if not yes:
        click.confirm(
            _(
                "%(name)s can never sign in again, and nobody can tell afterwards who it "
                "was. Go on?",
                name=user.full_name,
            ),
            abort=True,
        )
    outcome = make_anonymous(session, user)
    session.commit()
    click.echo(_("The person is now called: %(name)s.", name=outcome.pseudonym))
    for table, count in sorted(outcome.changed.items()):
        click.echo(f"  {table}: {count}")
    if outcome.remaining:
        click.echo(
            _("The name still stands here, in papers that are kept and texts that people wrote:")
        )
        for place, count in sorted(outcome.remaining.items()):
            click.echo(f"  {place}: {count}")
