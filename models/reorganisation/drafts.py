"""Open drafts of a unit that ends go on with its successor (domain §6.3)."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import RuleBroken, _n, values_of
from models.calendar import Period
from models.capital import Allocation
from models.catalogue import Investor, Project
from models.reorganisation.journal import Journal
from models.returns import (
    EDITABLE,
    Disbursement,
    ProgressEntry,
    Submission,
    SubmissionStatus,
    submission_of,
)


def hand_drafts(
    session: Session,
    journal: Journal,
    before: Investor,
    after: Investor,
    projects: dict[int, Project],
    moved: dict[int, Allocation],
    day: date,
) -> None:
    """Open drafts of periods that end on the day or later go on with the successor."""
    drafts = session.scalars(
        select(Submission)
        .join(Period, Period.id == Submission.period_id)
        .where(
            Submission.investor_id == before.id,
            Submission.status.in_(EDITABLE),
            Period.data_to >= day,
        )
    ).all()
    for draft in drafts:
        target = _draft_beside(session, journal, after, draft)
        for entry in session.scalars(
            select(ProgressEntry).where(
                ProgressEntry.investor_id == before.id, ProgressEntry.submission_id == draft.id
            )
        ).all():
            project = projects.get(entry.project_id)
            if project is not None:
                _copy_entry(journal, entry, target, project, moved)


def _draft_beside(
    session: Session, journal: Journal, after: Investor, draft: Submission
) -> Submission:
    """The successor's own draft of the same period, made if need be. Raises RuleBroken once it
    is sent.
    """
    own = submission_of(session, after.id, draft.period_id)
    if own is None:
        return journal.add(
            Submission(
                investor_id=after.id,
                period_id=draft.period_id,
                status=SubmissionStatus.DRAFT,
            )
        )
    if own.status not in EDITABLE:
        raise RuleBroken(
            _n("%(unit)s has sent its report of %(code)s. Return it first."),
            field="successor",
            unit=str(after),
            code=draft.period.named,
        )
    if not journal.has_made(own):
        journal.touch(own)
        own.outdate()
    return own


def _copy_entry(
    journal: Journal,
    entry: ProgressEntry,
    target: Submission,
    project: Project,
    moved: dict[int, Allocation],
) -> None:
    owner = {"investor_id": target.investor_id}
    differs = {"submission_id": target.id, "project_id": project.id}
    fresh = journal.add(ProgressEntry(**(values_of(entry) | differs | owner)))
    for paid in entry.disbursements:
        if paid.allocation_id in moved:
            differs = {"entry_id": fresh.id, "allocation_id": moved[paid.allocation_id].id}
            journal.add(Disbursement(**(values_of(paid) | differs | owner)))
