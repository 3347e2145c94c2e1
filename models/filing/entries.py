"""When a progress entry may be made or changed: the same answer at every door."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import RuleBroken, _n, local_day
from models.calendar import Period
from models.catalogue import Project
from models.duty import reopenings_of, takes_figures, why_no_figures
from models.filing.writable import reason_closed, refuse_closed
from models.returns import (
    ProgressEntry,
    Submission,
    SubmissionStatus,
    hold_for_writing,
    hold_submission,
    submission_of,
)


def check_open(session: Session, submission: Submission, *, at: datetime) -> None:
    """Refuse a change of figures in a locked period or in a report that was sent."""
    refuse_closed(session, submission.period, submission.investor_id, submission, at=at)


def closed_among(
    session: Session, submissions: Iterable[Submission], *, at: datetime
) -> frozenset[int]:
    """Ids of those of these reports that `check_open` refuses, in one query."""
    there = set(submissions)
    locked = {one.period_id for one in there if one.period.is_locked(at)}
    units = {one.investor_id for one in there}
    reopened = reopenings_of(session, locked, units, at=at) if locked else {}
    return frozenset(
        one.id
        for one in there
        if reason_closed(
            one.period,
            one.investor,
            one,
            at=at,
            is_reopened=(one.period_id, one.investor_id) in reopened,
        )
    )


def hold_open(session: Session, submission: Submission, *, at: datetime) -> None:
    """`check_open` before a write: nobody can send or lock in between, and the page of the whole
    report, open elsewhere, learns that its copy is old.
    """
    hold_for_writing(session, submission.period, submission.investor_id)
    hold_submission(session, submission.investor_id, submission.period_id)
    check_open(session, submission, at=at)
    submission.outdate()


def check_time(session: Session, project: Project, period: Period, *, at: datetime) -> None:
    """Refuse a period that has not begun, and a project that is not on its report: neither at
    work in the window nor with capital of the budget year.
    """
    if period.data_from > local_day(at):
        raise RuleBroken(
            _n("The period %(code)s has not begun yet."), field="period", code=period.named
        )
    there = session.scalar(
        select(Project.id).where(Project.id == project.id, takes_figures(period))
    )
    if there is None:
        raise why_no_figures(project, period)


def find_entry(session: Session, project: Project, period: Period) -> ProgressEntry | None:
    """The entry of a project in a period, if there is one."""
    return session.scalar(
        select(ProgressEntry)
        .join(ProgressEntry.submission)
        .where(ProgressEntry.project_id == project.id, Submission.period_id == period.id)
    )


def draft_for(session: Session, project: Project, period: Period) -> Submission:
    """The submission that an entry of this project belongs to; a new draft where it is missing."""
    found = submission_of(session, project.investor_id, period.id)
    if found is None:
        found = Submission(
            investor_id=project.investor_id, period=period, status=SubmissionStatus.DRAFT
        )
        session.add(found)
    return found


def new_entry(session: Session, project: Project, period: Period, *, at: datetime) -> ProgressEntry:
    """An empty entry in the draft of the unit, added to the session. Raises RuleBroken."""
    check_time(session, project, period, at=at)
    if find_entry(session, project, period) is not None:
        raise RuleBroken(
            _n("%(project)s has an entry in %(code)s already. Open that one and change it."),
            field="project",
            project=project.code,
            code=period.named,
        )
    hold_for_writing(session, period, project.investor_id)
    submission = draft_for(session, project, period)
    session.flush()
    hold_open(session, submission, at=at)
    entry = ProgressEntry(investor_id=project.investor_id, submission=submission, project=project)
    session.add(entry)
    return entry
