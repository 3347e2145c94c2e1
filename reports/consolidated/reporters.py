"""In which report a figure stands, who sent that and who judged it; what units wrote in words."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, literal, select
from sqlalchemy.orm import Session

from models import EventKind, Investor, Period, Project, SubmissionEvent
from models.ledger import Source, sources
from reports.consolidated.explained import STATUS_OF, ToldLine
from reports.facts import telling_period

# columns of what units write, and the field that has to be filled in
TOLD = {"estimate": "estimate", "progress": "progress_text", "obstacles": "obstacles"}
_NOBODY = SimpleNamespace(sent_by="", judged_by="", judged_at=None)


def told_lines(
    session: Session,
    period: Period,
    basis: str,
    column: str,
    conditions: Sequence[ColumnElement[bool]],
) -> tuple[ToldLine, ...]:
    """What counts of the words, percentages and estimates of the period."""
    telling = telling_period(session, period)
    rows = [
        row
        for place in sources()
        for row in session.execute(
            _telling(place).where(
                Period.id == (telling.id if telling else None), place.counts(basis), *conditions
            )
        )
        if getattr(row, TOLD[column]) is not None
        or (column == "progress" and row.physical_progress is not None)
    ]
    people = people_of(session, {row.submission_id for row in rows if row.sending is None})
    return tuple(
        ToldLine(
            **report_of(row, people),
            physical_progress=row.physical_progress,
            progress_text=row.progress_text,
            obstacles=row.obstacles,
            estimate=row.estimate,
        )
        for row in sorted(rows, key=lambda row: row.project_code)
    )


def report_of(row: Any, people: Mapping[int, SimpleNamespace]) -> dict[str, Any]:
    """In which report a line stands, who sent it and who judged it."""
    by = row if row.sending is not None else people.get(row.submission_id, _NOBODY)
    return {
        "entry_id": row.entry_id,
        "sending": row.sending,
        "investor_id": row.reporter_id,
        "period": row.period,
        "project_code": row.project_code,
        "project": f"{row.project_code} · {row.project_name}",
        "investor": row.investor,
        "status": STATUS_OF.get(row.status, row.status),
        "sent_at": row.sent_at,
        "sent_by": by.sent_by,
        "judged_at": by.judged_at,
        "judged_by": by.judged_by,
    }


def columns_of(place: Source) -> tuple[Any, ...]:
    """What a statement asks of the report in which a line stands."""
    report, entry = place.report, place.entry
    shared = (
        Period.code.label("period"),
        Period.data_to,
        report.investor_id.label("reporter_id"),
    )
    if place.is_kept:
        return (
            *shared,
            report.submission_id,
            literal(None, Integer).label("entry_id"),
            report.number.label("sending"),
            report.outcome.label("status"),
            report.sent_at,
            report.sent_by,
            report.outcome_at.label("judged_at"),
            report.outcome_by.label("judged_by"),
        )
    return (
        *shared,
        report.id.label("submission_id"),
        entry.id.label("entry_id"),
        literal(None, Integer).label("sending"),
        report.status,
        report.last_submitted_at.label("sent_at"),
    )


def _telling(place: Source) -> Any:
    """Entries with their project; what they hold in words and percent."""
    entry = place.entry
    return (
        select(
            *columns_of(place),
            entry.physical_progress,
            entry.progress_text,
            entry.obstacles,
            entry.estimate,
            Project.code.label("project_code"),
            Project.name.label("project_name"),
            Investor.short_name.label("investor"),
        )
        .join(place.report, place.holds)
        .join(Period, Period.id == place.report.period_id)
        .join(
            Project,
            and_(Project.investor_id == entry.investor_id, Project.id == entry.project_id),
        )
        .join(Investor, Investor.id == Project.investor_id)
    )


def people_of(session: Session, submissions: set[int]) -> dict[int, SimpleNamespace]:
    """Who sent each report last, and who judged it since."""
    rows = session.execute(
        select(
            SubmissionEvent.submission_id,
            SubmissionEvent.kind,
            SubmissionEvent.user_name,
            SubmissionEvent.at,
        )
        .where(SubmissionEvent.submission_id.in_(submissions))
        .order_by(SubmissionEvent.at, SubmissionEvent.id)
    )
    people: dict[int, SimpleNamespace] = {}
    for submission_id, kind, name, at in rows:
        if kind is EventKind.SENT:
            people[submission_id] = SimpleNamespace(sent_by=name, judged_by="", judged_at=None)
        elif submission_id in people:
            people[submission_id].judged_by, people[submission_id].judged_at = name, at
    return people
