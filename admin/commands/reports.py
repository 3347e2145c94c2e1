"""`flask reports …`: the same reports, parameters and CSV as on the web."""

import sys
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, cast

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from admin.commands.base import as_command, moment_of
from models import ScopedSession
from models.calendar import get_period
from reports.consolidated import consolidated
from reports.late import late
from reports.tables import consolidated_csv, late_csv
from reports.writing import CHOICES, ReportParams

reports = AppGroup("reports", help="Write the reports of a period as files.")


def report_options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options of a report: those of every report, and the parameters of `names`."""
    options = [
        click.option("--period", "period", required=True, help="Code such as 2024-03."),
        click.option("--format", "format_", type=click.Choice(["csv"]), default="csv"),
        *(click.option(f"--{name}", type=click.Choice(CHOICES[name])) for name in names),
        click.option("--output", default="-", help="A file, or - for the screen (default)."),
    ]

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return add


@reports.command("consolidated")
@report_options("group", "detail", "basis", "unit", "headers", "delimiter", "units")
@click.option("--version", help="Number of a frozen version, or live; the newest by default.")
@as_command("reports consolidated", reads=True)
def write_consolidated(
    session: ScopedSession, period: str, format_: str, output: str, **asked: str
) -> None:
    """Plan, disbursement and rates of a period (Biểu 01)."""
    params = ReportParams.read(asked, period=period, unit="dong")
    found = get_period(session, params.period)
    report = consolidated(
        session,
        period=found,
        group=params.group,
        detail=params.detail,
        basis=params.basis,
        units=params.units,
        version=params.version,
    )
    write_out(output, consolidated_csv(report, params, _))


@reports.command("late")
@report_options("headers", "delimiter")
@click.option("--all", "show_all", is_flag=True, help="Every expected unit, not only the late.")
@click.option("--as-of", help="The moment that counts as now, such as 2024-04-16T09:00.")
@as_command("reports late", reads=True)
def write_late(
    session: ScopedSession,
    period: str,
    format_: str,
    output: str,
    show_all: bool,
    as_of: str | None,
    **asked: str,
) -> None:
    """Units that sent late or not at all (Biểu 03)."""
    params = ReportParams.read(asked, period=period, unit="dong")
    found = get_period(session, params.period)
    rows = late(session, period=found, as_of=moment_of(as_of), show_all=show_all)
    write_out(output, late_csv(rows, params, _))


def write_out(output: str, pieces: Iterable[str]) -> None:
    """The bytes of the download, to a file that is there whole or not at all, or to the screen."""
    try:
        with cast(BinaryIO, click.open_file(output, "wb", atomic=output != "-")) as out:
            for piece in pieces:
                out.write(piece.encode())
    except OSError as error:
        error.filename = output  # not the name of the file it is written to at first
        raise
    if output != "-":
        click.echo(_("The report is in %(file)s.", file=output), file=sys.stderr)


COMMANDS = (reports,)
