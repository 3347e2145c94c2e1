"""`flask figures rebuild`: make the sums of what counts anew from the reports."""

import click
from flask.cli import AppGroup
from flask_babel import ngettext

from admin.commands.base import as_command
from models import ScopedSession
from models.base import format_dong, record
from models.ledger import count_anew, prove_counted

figures = AppGroup("figures", help="The sums that the database keeps of the reports.")


@figures.command("rebuild")
@as_command("figures rebuild")
def rebuild(session: ScopedSession) -> None:
    """Make the sums of what counts anew from the reports. The database keeps them by itself; this
    is for when `flask check` says that they differ. Others may read meanwhile.
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


COMMANDS = (figures,)
