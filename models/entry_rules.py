"""When a progress entry may be made or changed: the same answer at every door."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.clock import local_day
from models.errors import PeriodLocked, RuleBroken, _n
from models.period import Period, PeriodKind
from models.progress import ProgressEntry
from models.project import Project
from models.submission import EDITABLE, Submission, SubmissionStatus


def check_open(submission: Submission, *, at: datetime) -> None:
    """Refuse a change of figures in a locked period or in a report that was sent."""
    period = submission.period
    if period.is_locked(at):
        raise PeriodLocked(
            _n("The period %(code)s is locked: its figures cannot change any more."),
            code=period.code,
        )
    if submission.status is not None and submission.status not in EDITABLE:
        raise RuleBroken(
            _n(
                "The report of %(code)s has been sent and cannot be changed. "
                "It can be changed again after it is sent back."
            ),
            code=period.code,
        )


def check_time(project: Project, period: Period, *, at: datetime) -> None:
    """Refuse a period that has not begun, and one before or after the life of the project."""
    if period.data_from > local_day(at):
        raise RuleBroken(
            _n("The period %(code)s has not begun yet."), field="period", code=period.code
        )
    if project.start_on > period.data_to:
        raise RuleBroken(
            _n("The project begins on %(start)s, after the period %(code)s."),
            field="project",
            start=project.start_on,
            code=period.code,
        )
    if project.end_on is not None and project.end_on < _earliest_end(period):
        raise RuleBroken(
            _n("The project ended on %(end)s, before the period %(code)s."),
            field="project",
            end=project.end_on,
            code=period.code,
        )


def _earliest_end(period: Period) -> date:
    """The closing period still pays for all that ran in its budget year."""
    if period.kind is PeriodKind.CLOSING:
        return date(period.budget_year, 1, 1)
    return period.data_from


def find_entry(session: Session, project: Project, period: Period) -> ProgressEntry | None:
    """The entry of a project in a period, if there is one."""
    return session.scalar(
        select(ProgressEntry)
        .join(ProgressEntry.submission)
        .where(ProgressEntry.project_id == project.id, Submission.period_id == period.id)
    )


def draft_for(session: Session, project: Project, period: Period) -> Submission:
    """The submission that an entry of this project belongs to; a new draft where it is missing."""
    found = session.scalar(
        select(Submission).where(
            Submission.investor_id == project.investor_id, Submission.period_id == period.id
        )
    )
    if found is None:
        found = Submission(
            investor_id=project.investor_id, period=period, status=SubmissionStatus.DRAFT
        )
        session.add(found)
    return found


def new_entry(session: Session, project: Project, period: Period, *, at: datetime) -> ProgressEntry:
    """An empty entry in the draft of the unit, added to the session; refused where it may not be."""
    check_time(project, period, at=at)
    if find_entry(session, project, period) is not None:
        raise RuleBroken(
            _n("%(project)s has an entry in %(code)s already. Open that one and change it."),
            field="project",
            project=project.code,
            code=period.code,
        )
    submission = draft_for(session, project, period)
    check_open(submission, at=at)
    session.flush()
    entry = ProgressEntry(investor_id=project.investor_id, submission=submission, project=project)
    session.add(entry)
    return entry
