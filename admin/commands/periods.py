"""`flask periods …` and `flask holidays …`: the calendar of reporting."""

import sys

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select

from admin.commands.base import as_command
from admin.words import day, deadline, ngettext, say
from models import Period, RuleBroken, ScopedSession
from models.base import clean, current_actor, now, reading_only
from models.calendar import (
    confirm_year,
    is_provisional,
    read_year,
    seed_holidays,
    take_back_confirmation,
)
from models.duty import (
    expect_unit,
    get_period,
    is_open,
    open_period,
    release_unit,
    reopen_period,
    settle_periods,
    unit_by_code,
    weigh_provisional,
)
from reports.findings import ask_why
from reports.frozen import Prepared, from_now_on, lock_and_freeze, prepare, undisturbed

periods = AppGroup("periods", help="Open, lock and reopen reporting periods.")
holidays = AppGroup("holidays", help="The days off that move deadlines.")


@periods.command("open")
@click.argument("code")
@as_command()
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
    if is_provisional(period.deadline_reason):
        click.echo(
            _(
                "Nobody has confirmed the days off this deadline rests on. Compare them with the "
                "notice, then run “flask holidays confirm YEAR”."
            ),
            err=True,
        )
    click.echo(
        ngettext("%(num)s unit must report.", "%(num)s units must report.", len(period.expected))
    )


@periods.command("lock")
@click.argument("code")
@click.option("--reason", default="", help="Why it is locked although findings are open.")
@as_command()
def lock(session: ScopedSession, code: str, reason: str) -> None:
    """Take no more figures of the period CODE."""
    with reading_only(session):  # others go on while somebody answers, and while this computes
        period = get_period(session, code)
        try:
            ask_why(session, period, reason=reason, at=now())
        except RuleBroken as question:
            # a script is told and goes on; at a terminal somebody can answer
            click.echo(say(question), err=True)
            reason = click.prompt(_("Reason")) if sys.stdin.isatty() else ""

    def compute() -> Prepared:
        with reading_only(session):
            return prepare(session, period, at=now())

    version = undisturbed(
        session,
        compute,
        lambda known: lock_and_freeze(
            session,
            period,
            at=from_now_on(session, period),
            actor=current_actor(),
            reason=clean(reason) or None,
            prepared=known,
        ),
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
@as_command()
def reopen(session: ScopedSession, code: str, reason: str) -> None:
    """Take figures of the locked period CODE again."""
    period = get_period(session, code)
    reopen_period(session, period, reason=reason, at=now())
    session.commit()
    click.echo(_("Period %(code)s is open again.", code=period.code))


@periods.command("expect")
@click.argument("code")
@click.argument("unit")
@click.option("--reason", required=True, help="Stands in the log of the list.")
@as_command()
def expect(session: ScopedSession, code: str, unit: str, reason: str) -> None:
    """Put the unit with the code UNIT on the list of who must report in the period CODE."""
    period = get_period(session, code)
    investor = unit_by_code(session, period, unit)
    expect_unit(session, period, investor, reason=reason)
    session.commit()
    click.echo(_("%(unit)s is expected to report.", unit=investor.short_name))


@periods.command("release")
@click.argument("code")
@click.argument("unit")
@click.option("--reason", required=True, help="Stands in the log of the list.")
@as_command()
def release(session: ScopedSession, code: str, unit: str, reason: str) -> None:
    """Take the unit with the code UNIT off the list of the period CODE; what it sent stays."""
    period = get_period(session, code)
    investor = unit_by_code(session, period, unit)
    release_unit(session, period, investor, reason=reason)
    session.commit()
    click.echo(_("%(unit)s is no longer expected to report.", unit=investor.short_name))


@periods.command("settle")
@as_command()
def settle_all(session: ScopedSession) -> None:
    """Bring the lists of all open periods in line with the rule of who must report.

    They follow by themselves; this is for data of an earlier release. Decisions by hand stay.
    """
    periods = session.scalars(select(Period).where(is_open(now()))).all()
    count = settle_periods(session, periods)
    session.commit()
    click.echo(
        ngettext(
            "%(num)s unit was added or removed.", "%(num)s units were added or removed.", count
        )
    )


@holidays.command("confirm")
@click.argument("year", type=click.IntRange(2000, 2100))
@click.option("--note", help="Number and day of the notice.")
@click.option("--take-back", is_flag=True, help="The days are an estimate again.")
@as_command()
def confirm(session: ScopedSession, year: int, note: str | None, take_back: bool) -> None:
    """Say that the days off of YEAR were compared with the Government's notice."""
    if take_back:
        take_back_confirmation(session, year)
        session.commit()
        click.echo(_("The days off of %(year)s are an estimate again.", year=year))
        return
    confirm_year(session, year, note=note, at=now(), actor=current_actor())
    differing = weigh_provisional(session, at=now())
    session.commit()
    click.echo(_("The days off of %(year)s are confirmed.", year=year))
    for period, fresh in differing:
        click.echo(
            _(
                "By these days %(period)s would be due %(moment)s. Its stored deadline is not "
                "moved; change it under Review.",
                period=period.code,
                moment=deadline(fresh.deadline_at),
            ),
            err=True,
        )


@holidays.command("seed")
@click.argument("years", nargs=-1, required=True, metavar="YEAR…")
@as_command()
def seed(session: ScopedSession, years: tuple[str, ...]) -> None:
    """Add the public holidays of each YEAR; days that people have edited stay."""
    count = seed_holidays(session, dict.fromkeys(map(read_year, years)))
    session.commit()
    click.echo(ngettext("%(num)s day off was added.", "%(num)s days off were added.", count))


COMMANDS = (holidays, periods)
