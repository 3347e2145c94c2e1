"""In which report a figure stands, who sent that and who judged it; what units wrote in words."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    String,
    and_,
    cast,
    func,
    null,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from models import (
    EventKind,
    Investor,
    Period,
    Project,
    Sending,
    Submission,
    SubmissionEvent,
    SubmissionStatus,
)
from models.base import among
from models.catalogue import names_on
from models.ledger import Source, sources
from reports.consolidated.explained import STATUS_OF, Explained, Part, ToldLine, Window
from reports.consolidated.figure_asked import Figure
from reports.facts import short_name_in, telling_period, with_figures

FEW = 500  # reports that a statement may name one by one
# columns of what units write, and the field that has to be filled in
TOLD = {"estimate": "estimate", "progress": "progress_text", "obstacles": "obstacles"}
_NOBODY = SimpleNamespace(sent_by="", judged_by="", judged_at=None)


def told_behind(
    session: Session,
    period: Period,
    figure: Figure,
    column: str,
    values: Mapping[str, Any],
    window: Window | None,
) -> Explained:
    """What counts of the words, percentages and estimates of the period about the projects of the
    figure, asked with the values of its parameters. Five queries at the most.

    A report tells them in the lines of projects that have a figure. One whose capital a merger has
    moved on, or that holds none of the state budget, has no line, whatever its unit wrote.
    """
    telling = telling_period(session, period)
    either = union_all(
        *(
            _telling(place).where(
                Period.id == (telling.id if telling else None),
                place.counts(figure.basis),
                _is_told(place.entry, column),
                *(*figure.projects(), *figure.holding()),
            )
            for place in sources()
        )
    ).subquery("told")
    shown: ColumnElement[bool] = true()
    if column == "estimate" or not figure.of_office:  # no row of the office itself says words
        named = session.execute(select(either.c.unit_id, either.c.project_id), values).all()
        projects = {(unit, project) for unit, project in named}
        lines = with_figures(session, period, figure.basis, projects)
        shown = among(either.c.project_id, lines)
    asked = select(func.count(), func.sum(either.c.estimate)).where(shown)
    count, estimates = session.execute(asked, values).one()
    statement = select(either).where(shown)
    statement = statement.order_by(either.c.project_code, either.c.submission_id)
    if window is not None:
        window = window.within((count,))
        statement = statement.limit(window.size).offset(window.first)
    rows = session.execute(statement, values).all()
    people, names = people_of(session, rows), names_on(session, period.data_to)
    return Explained(
        page=window.page if window else 0,
        said=Part(
            count=count,
            sum=int(estimates or 0),
            rows=tuple(
                ToldLine(
                    **report_of(row, people, names),
                    physical_progress=row.physical_progress,
                    progress_text=row.progress_text,
                    obstacles=row.obstacles,
                    estimate=row.estimate,
                )
                for row in rows
            ),
        ),
    )


def _is_told(entry: Any, column: str) -> ColumnElement[bool]:
    is_filled: ColumnElement[bool] = getattr(entry, TOLD[column]).is_not(None)
    if column == "progress":
        return or_(is_filled, entry.physical_progress.is_not(None))
    return is_filled


def report_of(
    row: Any, people: Mapping[int, SimpleNamespace], names: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any]:
    """In which report a line stands, who sent it and who judged it; `names` are those of units that
    were called otherwise on the day of the figure.
    """
    by = row if row.sending is not None else people.get(row.submission_id, _NOBODY)
    return {
        "entry_id": row.entry_id,
        "sending": row.sending,
        "investor_id": row.reporter_id,
        "period": row.period,
        "project_code": row.project_code,
        "project": f"{row.project_code} · {row.project_name}",
        "investor": short_name_in(names, row.unit_id, row.investor),
        "status": STATUS_OF.get(row.status) or SubmissionStatus(row.status),
        "sent_at": row.sent_at,
        "sent_by": by.sent_by,
        "judged_at": by.judged_at,
        "judged_by": by.judged_by,
    }


def columns_of(place: Source) -> tuple[Any, ...]:
    """What a statement asks of the report in which a line stands: the same of both places."""
    report, entry = place.report, place.entry
    shared = (
        Period.code.label("period"),
        Period.data_to.label("data_to"),
        report.investor_id.label("reporter_id"),
    )
    if place.is_kept:
        return (
            *shared,
            report.submission_id.label("submission_id"),
            cast(null(), BigInteger).label("entry_id"),
            report.number.label("sending"),
            type_coerce(report.outcome, String).label("status"),
            report.sent_at.label("sent_at"),
            report.sent_by.label("sent_by"),
            report.outcome_at.label("judged_at"),
            report.outcome_by.label("judged_by"),
        )
    return (
        *shared,
        report.id.label("submission_id"),
        entry.id.label("entry_id"),
        cast(null(), Integer).label("sending"),
        type_coerce(report.status, String).label("status"),
        report.last_submitted_at.label("sent_at"),
        cast(null(), String).label("sent_by"),
        cast(null(), Sending.outcome_at.type).label("judged_at"),
        cast(null(), String).label("judged_by"),
    )


def _telling(place: Source) -> Any:
    """Entries with their project; what they hold in words and percent."""
    entry = place.entry
    return (
        select(
            *columns_of(place),
            entry.physical_progress.label("physical_progress"),
            entry.progress_text.label("progress_text"),
            entry.obstacles.label("obstacles"),
            entry.estimate.label("estimate"),
            Project.id.label("project_id"),
            Project.code.label("project_code"),
            Project.name.label("project_name"),
            Investor.id.label("unit_id"),
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


def people_of(session: Session, rows: Sequence[Any]) -> dict[int, SimpleNamespace]:
    """Who sent the report of each row last, and who judged it since."""
    ours = [row for row in rows if row.sending is None]
    reports = {row.submission_id for row in ours}
    event = SubmissionEvent
    asked = select(event.submission_id, event.kind, event.user_name, event.at)
    if len(reports) <= FEW:  # a page
        units = among(event.investor_id, (row.reporter_id for row in ours))
        asked = asked.where(units, among(event.submission_id, reports))
    else:  # of all rows behind a figure the events of their periods
        asked = asked.join(event.submission).join(Submission.period)
        asked = asked.where(among(Period.code, (row.period for row in rows)))
    asked = asked.order_by(event.at, event.id)
    people: dict[int, SimpleNamespace] = {}
    for submission_id, kind, name, at in session.execute(asked):
        if kind is EventKind.SENT:
            people[submission_id] = SimpleNamespace(sent_by=name, judged_by="", judged_at=None)
        elif submission_id in people:
            people[submission_id].judged_by, people[submission_id].judged_at = name, at
    return people
