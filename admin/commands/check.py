"""`flask check`: totals of every report equal the raw sums."""

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from admin.commands.base import as_command
from models import ReportVersion, ScopedSession
from models.base import format_dong
from reports.consolidated import Proof, prove
from reports.frozen import is_whole


@click.command("check")
@with_appcontext
@as_command("check", reads=True)
def check(session: ScopedSession) -> None:
    """Prove every report of every period against sums written down apart; status 1 if one fails."""
    failed = 0
    for version in session.scalars(select(ReportVersion)):
        if not is_whole(session, version):
            failed += 1
            click.echo(_("The frozen report %(version)s was altered.", version=str(version)))
    for proof in prove(session):
        failed += bool(proof.differences)
        _show(proof)
    if failed:
        raise click.ClickException(
            ngettext("%(num)s report does not add up.", "%(num)s reports do not add up.", failed)
        )
    click.echo(_("Every report adds up to the raw sums."))


def _show(proof: Proof) -> None:
    head = f"{proof.report} {proof.period} {proof.variant}"
    if not proof.differences:
        click.echo(_("%(report)s: %(count)s totals agree", report=head, count=proof.compared))
    for wrong in proof.differences:
        click.echo(
            _(
                "%(report)s: %(name)s is %(reported)s in the report, %(raw)s in the raw sums",
                report=head,
                name=wrong.name,
                reported=format_dong(wrong.reported),
                raw=format_dong(wrong.raw),
            )
        )


COMMANDS = (check,)
