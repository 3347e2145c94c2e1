"""`flask data form`: the Excel form of one unit and period, as its page gives it."""

import click
from flask_babel import gettext as _

from admin.commands.base import as_command
from admin.commands.data import data
from admin.commands.reports import PERIOD, written
from models import ScopedSession
from models.base import now
from models.duty import get_period, unit_by_code
from models.filing import read_sheet
from reports.unit_form import unit_form


@data.command("form")
@PERIOD
@click.option("--investor", required=True, help="Code of the unit.")
@click.option("--output", required=True, help="The Excel file, or - for standard output.")
@as_command(reads=True)
def write_unit_form(session: ScopedSession, period: str, investor: str, output: str) -> None:
    """The Excel form of a unit, filled in with plan and figures as far as they are known.

    What the unit types into it is read back by “flask data import” without a question.
    """
    at, found = now(), get_period(session, period)
    unit = unit_by_code(session, found, investor)
    sheet = read_sheet(session, period=found, investor=unit, at=at)
    _name, content = unit_form(session, sheet, at=at)
    with written(output, _("The form is in %(file)s.", file=output)) as out:
        out.write(content)
