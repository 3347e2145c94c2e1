"""Until when a returned report is to be sent again (domain §5.5)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import among, end_of_day, local_day
from models.calendar import days_off, working_days_after
from models.duty.standing import Standing
from models.returns import EventKind, SubmissionEvent

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
