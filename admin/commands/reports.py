"""`flask reports …`: the same reports, parameters and files as on the web."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from admin.access import moment_asked
from admin.commands.base import as_command
from admin.words import page_language
from models import ScopedSession
from models.base import now
from models.duty import get_period
from reports.charts import charts
from reports.sentences import sentences
from reports.tables import REPORTS, Asked, Report, chart_tables, issue, with_sets
from reports.writing import CHOICES, WRITERS, ReportParams, csv_of

reports = AppGroup("reports", help="Write the reports of a period as files.")
PERIOD = click.option("--period", required=True, help="Code such as 2024-03.")
AS_OF = click.option("--as-of", help="The moment that counts as now, such as 2024-04-16T09:00.")
OPTIONS: dict[str, Callable[[Any], Any]] = {
    "as_of": AS_OF,
    "all": click.option(
        "--all", "show_all", is_flag=True, help="All rows, not only late, missing or differing."
    ),
    "version": click.option(
        "--version", help="Number of a frozen version, or live; the newest by default."
    ),
    "pace": click.option(
        "--pace", help="Percent of the plan a month; the last three months by default."
    ),
    "columns": click.option(
        "--columns", help="wide, narrow, or the name of a column set that the office saved."
    ),
    **{name: click.option(f"--{name}", type=click.Choice(CHOICES[name])) for name in CHOICES},
}


def _add(report: Report) -> None:
    """The command of one report, with the parameters that this report has."""

    def write(
        session: ScopedSession,
        period: str,
        format_: str,
        output: str,
        as_of: str | None = None,
        show_all: bool = False,
        **asked: str,
    ) -> None:
        params = ReportParams.read(
            asked, period=period, unit="dong" if format_ == "csv" else report.paper_unit
        )
        params = with_sets(session, params, report.name)
        one = Asked(
            period=get_period(session, params.period),
            params=params,
            as_of=moment_asked(as_of),
            show_all=show_all,
        )
        by = issue(session, say=_, language=page_language(), at=now())
        table = report.table(report.find(session, one), one, by)
        with written(output, _("The report is in %(file)s.", file=output)) as out:
            if format_ in WRITERS:
                out.write(WRITERS[format_](table))
                return
            for piece in csv_of(table, headers=params.headers, delimiter=params.delimiter):
                out.write(piece.encode())

    command: Any = as_command(reads=True)(write)
    command = click.option("--output", default="-", help="A file, or - for the screen.")(command)
    for name in reversed((*report.options, "headers", "delimiter")):
        command = OPTIONS[name](command)
    kinds = click.Choice(["csv", *WRITERS])
    command = click.option("--format", "format_", type=kinds, default="csv")(command)
    reports.command(report.name, help=report.help)(PERIOD(command))


for _report in REPORTS.values():
    _add(_report)


@reports.command("sentences")
@PERIOD
@AS_OF
@as_command(reads=True)
def write_sentences(session: ScopedSession, period: str, as_of: str | None) -> None:
    """The result of a period in the prose of a directive."""
    found = get_period(session, period)
    for sentence in sentences(session, period=found, as_of=moment_asked(as_of)):
        click.echo(sentence.text)


@reports.command("charts")
@PERIOD
@click.option("--format", "format_", type=click.Choice([*WRITERS]), default="xlsx")
@OPTIONS["basis"]
@OPTIONS["unit"]
@AS_OF
@click.option("--output", default="-", help="A file, or - for the screen.")
@as_command(reads=True)
def write_charts(
    session: ScopedSession,
    period: str,
    format_: str,
    output: str,
    as_of: str | None,
    **asked: str,
) -> None:
    """Rates, disbursement by month and punctuality, drawn on their figures."""
    params = ReportParams.read(asked, period=period, unit="trieu")
    one = Asked(period=get_period(session, params.period), params=params, as_of=moment_asked(as_of))
    found = charts(session, period=one.period, basis=params.basis, as_of=one.as_of)
    by = issue(session, say=_, language=page_language(), at=now())
    content = WRITERS[format_](*chart_tables(found, one, by))
    with written(output, _("The report is in %(file)s.", file=output)) as out:
        out.write(content)


@contextmanager
def written(output: str, done: str) -> Iterator[BinaryIO]:
    """A file to write into that is there whole or not at all, or the screen; `done` says where.
    Not by click, which puts what is empty in the place of a file that was whole.
    """
    if output == "-":
        yield cast(BinaryIO, click.open_file(output, "wb"))
        return
    file = Path(output).resolve()
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".report-") as folder:
            whole = Path(folder, "whole")
            with whole.open("wb") as out:
                yield out
            if file.exists():
                shutil.copymode(file, whole)
            whole.replace(file)
    except OSError as error:
        error.filename = output  # not the name of the file it is written to at first
        raise
    click.echo(done, file=sys.stderr)


COMMANDS = (reports,)
