"""`flask reports letter|slow-letter|narrative`: the papers about a period as Word files."""

import click
from flask_babel import gettext as _

from admin.access import moment_asked
from admin.commands.base import as_command
from admin.commands.reports import AS_OF, OPTIONS, PERIOD, reports, written
from models import ScopedSession
from models.base import end_of_day, now, read_day, read_percent
from models.duty import get_period
from models.reminders import TemplateKind, current_template
from reports.letter import reminder_letter, render_letter, render_slow, slow_letter
from reports.narrative import ANNEXES, narrative, narrative_paper
from reports.tables import issue, with_sets
from reports.writing import ReportParams


@reports.command("letter")
@PERIOD
@click.option("--due", required=True, help="The new deadline, dd/mm/yyyy; the whole day counts.")
@AS_OF
@click.option("--output", required=True, help="The Word file, or - for standard output.")
@as_command(reads=True)
def write_letter(
    session: ScopedSession, period: str, due: str, as_of: str | None, output: str
) -> None:
    """The letter that reminds units of a missing report (công văn đôn đốc), in Word.

    It is not noted among the reminders: that is done by the download on the web.
    """
    letter = reminder_letter(
        session,
        period=get_period(session, period),
        as_of=moment_asked(as_of),
        due_at=end_of_day(read_day(due, field="due")),
    )
    template = current_template(session)
    content = render_letter(letter, template.file if template else None)
    with written(output, _("The letter is in %(file)s.", file=output)) as out:
        out.write(content)


@reports.command("slow-letter")
@PERIOD
@click.option("--threshold", help="The rate below which a unit is named; else the district's.")
@AS_OF
@click.option("--output", required=True, help="The Word file, or - for standard output.")
@as_command(reads=True)
def write_slow_letter(
    session: ScopedSession, period: str, threshold: str | None, as_of: str | None, output: str
) -> None:
    """The letter to units that disburse slowly (công văn về giải ngân chậm), in Word."""
    letter = slow_letter(
        session,
        period=get_period(session, period),
        as_of=moment_asked(as_of),
        threshold=read_percent(threshold, field="threshold") if threshold else None,
    )
    template = current_template(session, TemplateKind.SLOW)
    content = render_slow(letter, template.file if template else None)
    with written(output, _("The letter is in %(file)s.", file=output)) as out:
        out.write(content)


@reports.command("narrative")
@PERIOD
@AS_OF
@OPTIONS["basis"]
@OPTIONS["detail"]
@OPTIONS["version"]
@OPTIONS["columns"]
@click.option("--output", required=True, help="The Word file, or - for standard output.")
@as_command(reads=True)
def write_narrative(
    session: ScopedSession, period: str, as_of: str | None, output: str, **asked: str
) -> None:
    """The report of a period in words with its annexes (báo cáo), in Word."""
    params = ReportParams.read(asked, period=period, unit="trieu")
    params = with_sets(session, params, *ANNEXES)
    at = moment_asked(as_of)
    found = narrative(
        session,
        period=get_period(session, params.period),
        params=params,
        as_of=at,
        issue=issue(session, say=_, language="vi", at=now()),
    )
    content = narrative_paper(session, found, at=at).file()
    with written(output, _("The report is in %(file)s.", file=output)) as out:
        out.write(content)
