"""Until when a returned report is to be sent again (domain §5.5)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import among, end_of_day, local_day
from models.calendar import Period, days_off, working_days_after
from models.duty.standing import Standing, standing_of
from models.returns import EventKind, Submission, SubmissionEvent, SubmissionStatus

CORRECTION_DAYS = 2  # working days to send a returned report again


def correct_by(session: Session, found: Sequence[Standing]) -> dict[tuple[int, int], datetime]:
    """Until when returned reports are to be sent again, by (investor, period) (domain §5.5).

    Two working days after the return; nothing for a report of which no return is noted.
    """
    held = {one.submission.id: one for one in found if one.submission and one.is_returned}
    if not held:
        return {}
    table = days_off(session)
    rows = session.execute(
        select(SubmissionEvent.submission_id, func.max(SubmissionEvent.at))
        .where(
            among(SubmissionEvent.investor_id, (one.investor.id for one in held.values())),
            among(SubmissionEvent.submission_id, held),
            SubmissionEvent.kind == EventKind.RETURNED,
        )
        .group_by(SubmissionEvent.submission_id)
    )
    return {
        (held[key].investor.id, held[key].period.id): end_of_day(
            working_days_after(local_day(at), CORRECTION_DAYS, table)
        )
        for key, at in rows
    }


def due_again(
    session: Session, period: Period, submission: Submission | None, *, as_of: datetime
) -> datetime | None:
    """Until when this one report is to be sent again; None where it is not a returned one."""
    if submission is None or submission.status is not SubmissionStatus.RETURNED:
        return None
    one = standing_of(session, period, submission.investor_id, as_of=as_of)
    return correct_by(session, [one]).get((submission.investor_id, period.id)) if one else None
