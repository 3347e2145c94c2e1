"""`flask audit verify`: whether the trail was changed, or anything removed from it or put in."""

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from admin.commands.backup import (
    BACKUP_FILE,
    known_revisions,
    read_key,
    with_identity,
    with_passphrase,
)
from admin.commands.base import as_command
from admin.words import ngettext, say
from models import ScopedSession, db
from models.base import Verdict, prove_chain, read_end
from models.exchange import opened_backup

audit = AppGroup("audit", help="The audit trail and the chain over it.")


@audit.command("verify")
@click.option(
    "--head",
    "--since",
    "heads",
    multiple=True,
    metavar="NUMBER-HASH",
    help="An end of the trail as it was told earlier and noted elsewhere.",
)
@click.option(
    "--backup",
    "file",
    type=BACKUP_FILE,
    help="A backup of this database: what was in the trail then must be there still.",
)
@with_identity
@with_passphrase
@as_command(reads=True)
def verify(
    session: ScopedSession,
    heads: tuple[str, ...],
    file: Path | None,
    identity: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Follow the chain over the audit trail; status 1 where something was changed, removed or
    put in. Says the end of the chain: note it elsewhere, and name it the next time.
    """
    noted = [read_end(one) for one in heads]
    if file is not None:
        key = read_key(identity=identity, passphrase=passphrase_file)
        with opened_backup(file, engine=db.engine, known_revisions=known_revisions(), key=key) as (
            manifest,
            _database,
        ):
            noted += [read_end(manifest.trail_end)] if manifest.trail_end else []
    verdict = prove_chain(session.connection(), noted)
    if show_verdict(verdict):
        raise click.ClickException(_("The audit trail is not whole."))


def show_verdict(verdict: Verdict) -> int:
    """Say what the chain shows and where it ends; how many faults there are."""
    for fault in verdict.faults:
        click.echo(say(fault))
    if verdict.count > len(verdict.faults):
        more = verdict.count - len(verdict.faults)
        click.echo(ngettext("And %(num)s fault more.", "And %(num)s faults more.", more))
    if verdict.rewritten:
        click.echo(
            ngettext(
                "%(num)s entry was rewritten because a person was anonymised.",
                "%(num)s entries were rewritten because a person was anonymised.",
                verdict.rewritten,
            )
        )
    if not verdict.count:
        click.echo(_("The audit trail is whole. It ends at %(end)s.", end=str(verdict.end)))
    return verdict.count


COMMANDS = (audit,)
