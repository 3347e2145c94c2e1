"""`flask findings`: what the checks V1–V16 find in stored reports and in the ledger."""

from collections import Counter

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import select

from admin.commands.base import as_command
from admin.words import label, say
from models import Period, ScopedSession
from models.base import now
from models.duty import get_period
from models.filing.checks import Finding, Level
from reports.findings import findings_of, ledger_findings


@click.command("findings")
@click.option("--period", "code", help="Code such as 2024-03; every period when left out.")
@with_appcontext
@as_command(reads=True)
def findings(session: ScopedSession, code: str | None) -> None:
    """List what the checks find; status 1 while an error stands."""
    chosen = (
        [get_period(session, code)]
        if code
        else list(session.scalars(select(Period).order_by(Period.data_to, Period.code)))
    )
    counts: Counter[Level] = Counter()
    for period in chosen:
        for found in findings_of(session, period, at=now()):
            counts[found.finding.level] += 1
            answer = f" — {found.explanation}" if found.explanation else ""
            _show(f"{period.code} · {found.investor}", found.finding, answer)
    for found in ledger_findings(session, at=now()):
        counts[found.finding.level] += 1
        _show(_("Ledger"), found.finding, "")
    click.echo(summary(counts))
    if counts[Level.ERROR]:
        raise SystemExit(1)


def summary(counts: Counter[Level]) -> str:
    """Errors, warnings and hints, counted in one sentence."""
    return str(
        _(
            "Errors: %(errors)s, warnings: %(warnings)s, hints: %(hints)s.",
            errors=counts[Level.ERROR],
            warnings=counts[Level.WARNING],
            hints=counts[Level.HINT],
        )
    )


def _show(where: str, finding: Finding, answer: str) -> None:
    click.echo(f"{where} · {finding.rule} {label(finding.level)}: {say(finding.sentence)}{answer}")


COMMANDS = (findings,)
