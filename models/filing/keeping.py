"""Keeping a sending whole before its report is changed, and which of the kept ones stand.

The rows of a report that is sent or accepted are the content of its last sending. Whoever takes
it out of that state, or opens it to be typed into, calls `keep` first (design §4).
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models.base import Actor, new_id
from models.returns import (
    COUNTED,
    ENTERED,
    MONEY,
    EventKind,
    Explanation,
    Outcome,
    ProgressEntry,
    Sending,
    SentDisbursement,
    SentEntry,
    Submission,
    SubmissionEvent,
    SubmissionStatus,
    of_report,
)

# the parts of a report in words (domain §4.5)
NARRATIVE = (
    "narrative_results",
    "narrative_obstacles",
    "narrative_tasks",
    "narrative_proposals",
)
# what a sending has of its report, beside figures and explanations
SAID = (
    *("nil_report", "stated_total", "return_reason"),
    *("received_via", "received_note", "received_by"),
    *NARRATIVE,
)


def keep(
    session: Session, submission: Submission, outcome: Outcome, *, at: datetime, actor: Actor
) -> Sending:
    """Copy the last sending of a report that is sent or accepted, and say what became of it."""
    sent = last_event(session, submission, EventKind.SENT)
    outcome_at, outcome_by = None, ""
    if outcome is Outcome.RETURNED:
        outcome_at, outcome_by = at, actor.name
    elif outcome is Outcome.ACCEPTED and (
        accepted := last_event(session, submission, EventKind.ACCEPTED)
    ):
        outcome_at, outcome_by = accepted.at, accepted.user_name
    kept = Sending(
        id=new_id(),
        investor_id=submission.investor_id,
        submission_id=submission.id,
        period_id=submission.period_id,
        number=next_number(session, submission),
        sent_at=submission.last_submitted_at,
        sent_by=submission.received_by or (sent.user_name if sent else ""),
        outcome=outcome,
        outcome_at=outcome_at,
        outcome_by=outcome_by,
        explanations=[
            {"rule": row.rule, "subject": row.subject, "text": row.text}
            for row in session.scalars(
                select(Explanation)
                .where(of_report(Explanation, submission))
                .order_by(Explanation.rule, Explanation.subject)
            )
        ],
        **{name: getattr(submission, name) for name in SAID},
    )
    session.add(kept)
    session.flush()
    _keep_entries(session, submission, kept)
    return kept


def _keep_entries(session: Session, submission: Submission, kept: Sending) -> None:
    """Copy what a report says of each project and its capital into a sending."""
    entries = session.scalars(
        select(ProgressEntry)
        .options(selectinload(ProgressEntry.disbursements))
        .where(of_report(ProgressEntry, submission))
        .order_by(ProgressEntry.id)
        .execution_options(populate_existing=True)
    ).all()
    copies = {
        entry.id: SentEntry(
            id=new_id(),
            investor_id=entry.investor_id,
            sending_id=kept.id,
            project_id=entry.project_id,
            **{name: getattr(entry, name) for name in ENTERED},
        )
        for entry in entries
    }
    session.add_all(copies.values())
    session.flush()
    session.add_all(
        SentDisbursement(
            id=new_id(),
            investor_id=row.investor_id,
            entry_id=copies[entry.id].id,
            allocation_id=row.allocation_id,
            **{name: getattr(row, name) for name in MONEY},
        )
        for entry in entries
        for row in entry.disbursements
    )
    session.flush()


def open_for_correction(
    session: Session, submission: Submission, *, at: datetime, actor: Actor
) -> None:
    """A sent report becomes a draft again: what was sent stands until the next sending."""
    was_accepted = submission.status is SubmissionStatus.ACCEPTED
    keep(
        session,
        submission,
        Outcome.ACCEPTED if was_accepted else Outcome.WAITING,
        at=at,
        actor=actor,
    )
    submission.status = SubmissionStatus.DRAFT
    restand(session, submission)


def restand(session: Session, submission: Submission) -> None:
    """Mark which kept sending counts on each basis, after the state of the report changed.

    None where the report itself counts; else the last that was accepted (`accepted`), or that
    was not returned (`submitted`).
    """
    rows = kept_of(session, submission)
    counts = {basis: submission.status in statuses for basis, statuses in COUNTED.items()}
    accepted = [row for row in rows if row.outcome is Outcome.ACCEPTED]
    sent = [row for row in rows if row.outcome is not Outcome.RETURNED]
    for row in rows:
        row.stands_accepted = not counts["accepted"] and row in accepted[-1:]
        row.stands_submitted = not counts["submitted"] and row in sent[-1:]
    session.flush()


def kept_of(session: Session, submission: Submission) -> list[Sending]:
    """The sendings of a report that are kept, the first one first."""
    own = select(Sending).where(of_report(Sending, submission))
    return list(session.scalars(own.order_by(Sending.number)))


def next_number(session: Session, submission: Submission) -> int:
    """The number of the sending after those that are kept, from 1."""
    last = session.scalar(select(func.max(Sending.number)).where(of_report(Sending, submission)))
    return (last or 0) + 1


def last_event(session: Session, submission: Submission, kind: EventKind) -> SubmissionEvent | None:
    """The latest sending, return or acceptance of a report."""
    return session.scalar(
        select(SubmissionEvent)
        .where(of_report(SubmissionEvent, submission), SubmissionEvent.kind == kind)
        .order_by(SubmissionEvent.at.desc(), SubmissionEvent.id.desc())
        .limit(1)
    )
