"""Reports that came on paper or by chat: registered with their evidence (nhập thay; §5.5)."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.base import Actor, RuleBroken, _n, given, local_day, now
from models.calendar import Period
from models.catalogue import Investor, called_on
from models.filing.keeping import next_number
from models.filing.writable import closed_by
from models.returns import (
    ReceiptWay,
    Submission,
    SubmissionStatus,
    hold_for_writing,
    hold_report,
    hold_submission,
)


def register_receipt(
    session: Session,
    period: Period,
    investor: Investor,
    *,
    received_at: datetime,
    way: ReceiptWay,
    note: str,
    at: datetime,
    actor: Actor,
) -> Submission:
    """Note when a report came on paper or by chat, with the evidence (nhập thay).

    That moment decides punctuality. The figures are typed afterwards; until they are sent the
    report stays a draft and counts in no sum.
    """
    hold_for_writing(session, period, investor.id)
    _check_unlocked(period, at)
    if (closed := closed_by(session, period, investor, None, at=at, is_reopened=False)) is not None:
        raise closed  # the unit is not there at the end of the period
    check_past(received_at, at=at, field="received_day")
    if local_day(received_at) < period.data_from:
        raise RuleBroken(
            _n("The report cannot have come before the period began (%(day)s)."),
            field="received_day",
            day=period.data_from,
        )
    submission = hold_submission(session, investor.id, period.id)
    if submission is None:
        submission = Submission(
            investor_id=investor.id, period_id=period.id, status=SubmissionStatus.DRAFT
        )
        session.add(submission)
    if submission.first_submitted_at is not None:
        raise RuleBroken(
            _n("%(unit)s has sent its report already, at %(moment)s."),
            unit=called_on(investor, period.data_to),
            moment=submission.first_submitted_at,
        )
    submission.first_submitted_at = submission.last_submitted_at = received_at
    submission.received_via = way
    submission.received_note = given(note, field="received_note")
    submission.received_by = actor.name
    session.flush()
    return submission


def check_past(came_at: datetime, *, at: datetime, field: str) -> None:
    """Refuse a moment after now for a report that came: it decides who was late. Raises
    RuleBroken.
    """
    if came_at > at:
        raise RuleBroken(_n("The report cannot have come in the future."), field=field)


def _check_unlocked(period: Period, at: datetime) -> None:
    if period.is_locked(at):
        raise RuleBroken(
            _n("Period %(code)s is locked; nothing can be registered in it."), code=period.named
        )


def withdraw_receipt(session: Session, submission: Submission) -> None:
    """Take a registered receipt back as long as the report is not sent."""
    hold_report(session, submission)
    _check_unlocked(submission.period, now())
    if submission.received_via is None or submission.status is not SubmissionStatus.DRAFT:
        raise RuleBroken(_n("There is no registered receipt that can be taken back."))
    if next_number(session, submission) > 1:
        raise RuleBroken(_n("The report was sent already; its receipt stays."))
    submission.first_submitted_at = submission.last_submitted_at = None
    submission.received_via = submission.received_note = submission.received_by = None
    session.flush()
