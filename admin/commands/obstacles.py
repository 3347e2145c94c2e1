"""`flask reports obstacles`: difficulties and obstacles of a period as a file (Biểu 05)."""

import click
from flask_babel import gettext as _

from admin.commands.base import as_command, moment_of
from admin.commands.reports import report_options, reports, write_out
from models import ScopedSession
from models.calendar import get_period
from reports.obstacles import obstacles
from reports.tables import obstacles_csv
from reports.writing import ReportParams


@reports.command("obstacles")
@report_options("headers", "delimiter")
@click.option("--as-of", help="The moment that counts as now, such as 2024-04-16T09:00.")
@as_command("reports obstacles", reads=True)
def write_obstacles(
    session: ScopedSession,
    period: str,
    format_: str,
    output: str,
    as_of: str | None,
    **asked: str,
) -> None:
    """Obstacles of a period, carried from month to month until solved (Biểu 05)."""
    params = ReportParams.read(asked, period=period, unit="dong")
    found = get_period(session, params.period)
    rows = obstacles(session, period=found, as_of=moment_of(as_of))
    write_out(output, obstacles_csv(rows, params, _))
