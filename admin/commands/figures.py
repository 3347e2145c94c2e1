"""`flask figures`: the sums that are kept, made anew from the reports, and those made ahead."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from admin.commands.base import as_command
from admin.words import ngettext
from models import ScopedSession
from models.base import format_dong, record, today
from models.ledger import count_anew, prove_counted
from reports.facts import (
    BASES,
    forget_sums,
    keep_sums,
    lacks_sums,
    periods_with_sums,
    prove_sums,
)

figures = AppGroup("figures", help="The sums that the database keeps of the reports.")


@figures.command("rebuild")
@as_command()
def rebuild(session: ScopedSession) -> None:
    """Make the sums of what counts anew from the reports. The database keeps them by itself; this
    is for when `flask check` says that they differ. Others may read meanwhile. Sums made ahead are
    old with it.
    """
    differed = show_differing(session)
    rows = count_anew(session)
    record(
        session,
        action="rebuild",
        resource="counted_disbursement",
        label="",
        changes={"rows": [None, rows], "differed": [None, differed]},
    )
    session.commit()
    click.echo(
        ngettext(
            "%(num)s sum was made anew from the reports.",
            "%(num)s sums were made anew from the reports.",
            rows,
        )
    )


def show_differing(session: ScopedSession) -> int:
    """Say where the kept sums are not what the reports say; in how many units and periods."""
    count = 0
    for one in prove_counted(session):
        count += 1
        click.echo(
            ngettext(
                "%(period)s, %(unit)s: %(num)s kept sum is not what the reports say: %(kept)s "
                "đồng are kept, the reports have %(raw)s đồng. “flask figures rebuild” makes it "
                "anew.",
                "%(period)s, %(unit)s: %(num)s kept sums are not what the reports say: %(kept)s "
                "đồng are kept, the reports have %(raw)s đồng. “flask figures rebuild” makes them "
                "anew.",
                one.sums,
                period=one.period,
                unit=one.unit,
                kept=format_dong(one.kept),
                raw=format_dong(one.raw),
            )
        )
    return count


@figures.command("sum")
@as_command()
def sum_ahead(session: ScopedSession) -> None:
    """Add up the figures of units ahead, for an office of many thousand units: its summary and
    first page then add up only what has changed since. Call it often, every two minutes.
    """
    periods = periods_with_sums(session, today())
    forget_sums(session, but=periods)
    session.commit()
    for period in periods:
        for basis in BASES:
            units = keep_sums(session, period, basis)
            session.commit()
            if units != 0:
                how = {"period": period.code, "basis": basis}
                click.echo(
                    _("%(period)s, %(basis)s: all units added up", **how)
                    if units is None
                    else ngettext(
                        "%(period)s, %(basis)s: %(num)s unit added up",
                        "%(period)s, %(basis)s: %(num)s units added up",
                        units,
                        **how,
                    )
                )
    click.echo(
        ngettext(
            "The sums of %(num)s period are those of now.",
            "The sums of %(num)s periods are those of now.",
            len(periods),
        )
    )


def show_lacking_sums(session: ScopedSession) -> None:
    """Say that a large office works without sums made ahead, which its people notice."""
    units = lacks_sums(session, today())
    if units:
        click.echo(
            ngettext(
                "%(num)s unit, and no sums of all periods made ahead: pages of all units take "
                "seconds. Let “flask figures sum” run every two minutes (docs/operations.md).",
                "%(num)s units, and no sums of all periods made ahead: pages of all units take "
                "seconds. Let “flask figures sum” run every two minutes (docs/operations.md).",
                units,
            )
        )


def show_old_sums(session: ScopedSession) -> int:
    """Say of which units the sums made ahead are not those of their projects; of how many."""
    count = 0
    for one in prove_sums(session):
        count += 1
        click.echo(
            _(
                "%(period)s, %(basis)s: the sum made ahead of %(unit)s is not that of its "
                "projects. “flask figures rebuild” has all made anew.",
                period=one.period,
                basis=one.basis,
                unit=one.unit or _("the office as a whole"),
            )
        )
    return count


COMMANDS = (figures,)
