"""`flask check`: totals of every report equal the raw sums, and the audit trail is whole."""

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import select

from admin.commands.audit import show_verdict
from admin.commands.base import as_command
from admin.commands.figures import show_differing, show_lacking_sums, show_old_sums
from admin.seen import OneServer, servers_of, what_is_wrong
from admin.words import ngettext
from models import ReportVersion, ScopedSession, db
from models.base import drift, format_dong, prove_chain
from reports.frozen import is_whole
from reports.proof import Proof, prove
from reports.proof_frozen import prove_frozen

MOST_DRIFT = 2.0  # seconds; clocks that the network keeps differ by thousandths


@click.command("check")
@with_appcontext
@as_command(reads=True)
def check(session: ScopedSession) -> None:
    """Prove every report of every period, and the sums that the database keeps, against sums
    written down apart, the audit trail against its chain, that of several servers one alone takes
    changes, and that DATABASE_READ_URL names a standby of this database; status 1 if one fails.
    Say, too, where this server's clock is off.
    """
    failed = 0
    _show_drift()
    writable = _show_servers()
    for version in session.scalars(select(ReportVersion)):
        if not is_whole(session, version):
            failed += 1
            click.echo(_("The frozen report %(version)s was altered.", version=str(version)))
    failed += _show_gaps(session)
    miscounted = show_differing(session) + show_old_sums(session)
    show_lacking_sums(session)
    broken = show_verdict(prove_chain(session.connection()))
    for proof in prove(session):
        failed += bool(proof.differences)
        _show(proof)
    if writable > 1:
        raise click.ClickException(
            _(
                "Several servers of one address take changes: what is saved on one is missing on "
                "the others. Stop those that are not the primary, and make them anew from it."
            )
        )
    if failed:
        raise click.ClickException(
            ngettext("%(num)s report does not add up.", "%(num)s reports do not add up.", failed)
        )
    click.echo(_("Every report adds up to the raw sums."))
    if miscounted:
        raise click.ClickException(_("The kept sums are not what the reports say."))
    if broken:
        raise click.ClickException(_("The audit trail is not whole."))
    if db.standby is not None and (why := what_is_wrong()):
        raise click.ClickException(_("The standby is not read from: %(why)s.", why=_(why)))


def _show_drift() -> None:
    """Nothing is wrong with what is stored: all moments are those of the database's clock."""
    if abs(drift()) > MOST_DRIFT:
        click.echo(
            ngettext(
                "The clock of this server differs by %(num)s second from that of the database, by "
                "which deadlines and sessions go. Let the network keep both: timedatectl set-ntp "
                "true.",
                "The clock of this server differs by %(num)s seconds from that of the database, by "
                "which deadlines and sessions go. Let the network keep both: timedatectl set-ntp "
                "true.",
                round(abs(drift())),
            )
        )


def _show_servers() -> int:
    """Say of each server of the address what it is, where there are several; how many of them
    take changes.
    """
    found = servers_of(db.engine)
    for one in found:
        click.echo(f"{one.name}: {_what_it_is(one)}")
    return sum(bool(one.takes_changes) for one in found)


def _what_it_is(one: OneServer) -> str:
    if one.takes_changes is None:
        return _("does not answer")
    about = {"timeline": one.timeline, "seals": one.seals}
    if one.takes_changes:
        return _("takes changes; timeline %(timeline)s, %(seals)s seals in its trail", **about)
    return _("a standby; timeline %(timeline)s, %(seals)s seals in its trail", **about)


def _show_gaps(session: ScopedSession) -> int:
    """Say where frozen versions are not what is entered now; how many without a cause."""
    untold = 0
    for gap in prove_frozen(session):
        untold += not gap.is_told
        said = (
            _(
                "Frozen report %(period)s, version %(number)s, %(unit)s: changed since; the "
                "records say why.",
                period=gap.period,
                number=gap.version,
                unit=gap.unit,
            )
            if gap.is_told
            else _(
                "Frozen report %(period)s, version %(number)s, %(unit)s: the entries say "
                "something else, and no reopening, decision or earlier month explains it.",
                period=gap.period,
                number=gap.version,
                unit=gap.unit,
            )
        )
        click.echo(said)
    return untold


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
