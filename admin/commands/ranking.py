"""`flask reports ranking` and `flask reports sentences` (Biểu 02, and words for a directive)."""

import click
from flask_babel import gettext as _

from admin.commands.base import as_command, moment_of
from admin.commands.reports import report_options, reports, write_out
from models import ScopedSession
from models.calendar import get_period
from reports.ranking import ranking
from reports.sentences import sentences
from reports.tables import ranking_csv
from reports.writing import ReportParams


@reports.command("ranking")
@report_options("basis", "unit", "headers", "delimiter", "units")
@click.option("--version", help="Number of a frozen version, or live; the newest by default.")
@as_command("reports ranking", reads=True)
def write_ranking(
    session: ScopedSession, period: str, format_: str, output: str, **asked: str
) -> None:
    """Investors by their rate of disbursement (Biểu 02)."""
    params = ReportParams.read(asked, period=period, unit="dong")
    found = ranking(
        session,
        period=get_period(session, params.period),
        basis=params.basis,
        units=params.units,
        version=params.version,
    )
    write_out(output, ranking_csv(found.rows, params, _))


@reports.command("sentences")
@click.option("--period", required=True, help="Code such as 2024-03.")
@click.option("--as-of", help="The moment that counts as now, such as 2024-04-16T09:00.")
@as_command("reports sentences", reads=True)
def write_sentences(session: ScopedSession, period: str, as_of: str | None) -> None:
    """The result of a period in the prose of a directive."""
    found = get_period(session, period)
    for sentence in sentences(session, period=found, as_of=moment_of(as_of)):
        click.echo(sentence.text)
