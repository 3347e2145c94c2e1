"""`flask periods …` and `flask holidays …`: the calendar of reporting."""

import sys

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext

from admin.commands.base import as_command
from admin.words import day, deadline, say
from models import RuleBroken, ScopedSession
from models.base import clean, current_actor, now
from models.calendar import seed_holidays
from models.duty import get_period, open_period, reopen_period
from reports.findings import ask_why
from reports.frozen import lock_and_freeze

periods = AppGroup("periods", help="Open, lock and reopen reporting periods.")
holidays = AppGroup("holidays", help="The days off that move deadlines.")


@periods.command("open")
@click.argument("code")
@as_command("periods open")
def open_(session: ScopedSession, code: str) -> None:
    """Open the period CODE (2024-03, 2024-Q1, 2024-13); its deadline is resolved and stored."""
    period = open_period(session, code, at=now())
    session.commit()
    click.echo(
        _(
            "Period %(code)s is open: figures of %(first)s to %(last)s, due %(deadline)s.",
            code=period.code,
            first=day(period.data_from),
            last=day(period.data_to),
            deadline=deadline(period.deadline_at),
        )
    )
    click.echo(period.deadline_reason)
    click.echo(
        ngettext("%(num)s unit must report.", "%(num)s units must report.", len(period.expected))
    )


@periods.command("lock")
@click.argument("code")
@click.option("--reason", default="", help="Why it is locked although findings are open.")
@as_command("periods lock")
def lock(session: ScopedSession, code: str, reason: str) -> None:
    """Take no more figures of the period CODE."""
    period = get_period(session, code)
    try:
        ask_why(session, period, reason=reason, at=now())
    except RuleBroken as question:
        # a script is told and goes on; at a terminal somebody can answer
        click.echo(say(question), err=True)
        reason = click.prompt(_("Reason")) if sys.stdin.isatty() else ""
    version = lock_and_freeze(
        session, period, at=now(), actor=current_actor(), reason=clean(reason) or None
    )
    session.commit()
    click.echo(
        _(
            "Period %(code)s is locked; version %(number)s of its report is frozen.",
            code=period.code,
            number=version.number,
        )
    )


@periods.command("reopen")
@click.argument("code")
@click.option("--reason", required=True, help="Stays in the audit trail.")
@as_command("periods reopen")
def reopen(session: ScopedSession, code: str, reason: str) -> None:
    """Take figures of the locked period CODE again."""
    period = get_period(session, code)
    reopen_period(session, period, reason=reason, at=now())
    session.commit()
    click.echo(_("Period %(code)s is open again.", code=period.code))


@holidays.command("seed")
@click.argument("years", nargs=-1, required=True, type=click.IntRange(2000, 2100), metavar="YEAR…")
@as_command("holidays seed")
def seed(session: ScopedSession, years: tuple[int, ...]) -> None:
    """Add the public holidays of each YEAR; days that people have edited stay."""
    count = seed_holidays(session, dict.fromkeys(years))
    session.commit()
    click.echo(ngettext("%(num)s day off was added.", "%(num)s days off were added.", count))


COMMANDS = (holidays, periods)
