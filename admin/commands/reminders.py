"""`flask reminders …`: mails to units that have not sent their report."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from admin.access import moment_asked
from admin.commands.base import as_command
from admin.words import label, moment, ngettext
from models import Delivery, Reminder, ScopedSession
from models.duty import get_period
from models.reminders import Letter, Mailer, Outcome, due_digests, due_steps, send_reminders

reminders = AppGroup("reminders", help="Remind units of reports that are due or late.")


@reminders.command("send")
@click.option("--as-of", help="The moment that counts as now, such as 2024-04-16T09:00.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent; send and write nothing.")
@as_command()
def send(session: ScopedSession, as_of: str | None, dry_run: bool) -> None:
    """Send every mail that is due, each once; made to be called by cron every quarter of an hour.

    Status 1 when a mail failed, broke off or no mail server is set; failed ones are tried again
    by the next call.
    """
    at = moment_asked(as_of)
    if dry_run:
        _announce(session, at)
        return
    config = current_app.config
    if not config["SMTP_URL"]:
        raise click.ClickException(
            _("No mail server is set. Give its address in SMTP_URL and the sender in MAIL_FROM.")
        )
    with Mailer(config["SMTP_URL"], config["MAIL_FROM"]) as mailer:
        outcome = send_reminders(
            session,
            mailer.post,
            as_of=at,
            actor_name="reminders send",
            public_url=config["PUBLIC_URL"],
        )
    _tell(outcome)


def _announce(session: ScopedSession, at: datetime) -> None:
    due = due_steps(session, as_of=at)
    letters = [
        Letter(
            recipient=recipient,
            unit=one.investor.short_name,
            period=one.period.code,
            step=one.step.name,
        )
        for one in due
        for recipient in one.recipients
    ]
    letters += [Letter(recipient=one) for one in due_digests(session, due, as_of=at)]
    for letter in letters:
        click.echo(_line(letter, _("would be sent")))
    _without_address([str(one.investor) for one in due if not one.recipients])
    count = len(letters)
    click.echo(ngettext("%(num)s mail would be sent.", "%(num)s mails would be sent.", count))


def _tell(outcome: Outcome) -> None:
    for letter in outcome.letters:
        state = label(letter.delivery) if letter.delivery else _("in another run")
        click.echo(_line(letter, state))
    _without_address(outcome.without_address)
    sent, failed = outcome.count(Delivery.SENT), outcome.count(Delivery.FAILED)
    broken = outcome.count(Delivery.CLAIMED)
    if not outcome.letters:
        click.echo(_("No reminder is due."))
        return
    summary = _(
        "Sent: %(sent)s. Failed: %(failed)s. Broken off: %(broken)s.",
        sent=sent,
        failed=failed,
        broken=broken,
    )
    if failed or broken:
        raise click.ClickException(summary)
    click.echo(summary)


def _line(letter: Letter, state: str) -> str:
    what = (letter.period, letter.step, letter.unit) if letter.unit else (_("Daily overview"),)
    parts = (*what, letter.recipient, state, letter.problem)
    return " · ".join(part for part in parts if part)


def _without_address(units: tuple[str, ...] | list[str]) -> None:
    for unit in units:
        click.echo(_("%(unit)s has no e-mail address; send a message by chat.", unit=unit))


@reminders.command("list")
@click.option("--period", "code", required=True, help="Code such as 2024-03.")
@as_command(reads=True)
def show(session: ScopedSession, code: str) -> None:
    """Every reminder about one period, oldest first."""
    period = get_period(session, code)
    rows = session.scalars(
        select(Reminder)
        .where(Reminder.period_id == period.id)
        .options(joinedload(Reminder.investor))
        .order_by(Reminder.at, Reminder.id)
    ).all()
    for row in rows:
        parts = (
            moment(row.at),
            row.investor.short_name,
            row.step.split()[0],
            label(row.channel),
            row.recipient,
            label(row.delivery),
            row.problem or "",
        )
        click.echo(" · ".join(part for part in parts if part))
    if not rows:
        click.echo(_("There are no reminders about this period yet."))


COMMANDS = (reminders,)
