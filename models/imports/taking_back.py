"""Taking an import back: exactly what stood before, as long as nothing followed it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Actor, AuditEntry, Followed, PeriodLocked, RuleBroken, _n, among, put_back
from models.calendar import Period
from models.catalogue import called_on
from models.imports.written import ReportSeen, Written
from models.returns import (
    EDITABLE,
    Submission,
    SubmissionEvent,
    hold_period,
    hold_reports,
    hold_units,
)


def take_back(session: Session, written: Written, *, at: datetime, actor: Actor) -> None:
    """Put back what an import wrote, in the caller's transaction.

    A draft that was not there vanishes with its entries, lines, decisions, projects and
    statements that were made vanish, changed fields get their old values. Raises RuleBroken,
    which says by whom and when, where something of it was changed, built upon, sent or locked
    since; the caller then rolls back.
    """
    _check_reports(session, written.reports, at=at)
    try:
        put_back(session, written.steps)
    except Followed as followed:
        raise _followed(session, followed) from None


# ------------------------------------------------------------------------------ reports


def _check_reports(session: Session, reports: Sequence[ReportSeen], *, at: datetime) -> None:
    """Period and reports are held as for writing, and neither sent nor locked since."""
    if not reports:
        return
    period = session.get(Period, reports[0].period_id)
    if period is None:
        return  # said by the rows
    hold_period(session, period)
    if period.is_locked(at):
        raise PeriodLocked(
            _n(
                "Period %(code)s is locked since %(since)s (%(who)s), so the import cannot be "
                "taken back."
            ),
            code=period.named,
            since=period.lock_at,
            who=entry.user_name if (entry := _last_entry(session, "period", period.id)) else "",
        )
    units = [one.investor_id for one in reports]
    hold_units(session, units)
    held = hold_reports(session, units, period.id)
    events = _events(session, list(held.values()))
    for one in reports:
        submission = held.get(one.investor_id)
        if submission is not None and submission.id == one.submission_id:
            _check_report(one, submission, events[submission.id])


def _events(session: Session, reports: Sequence[Submission]) -> dict[int, list[SubmissionEvent]]:
    """What happened to these reports, in order."""
    found: dict[int, list[SubmissionEvent]] = defaultdict(list)
    rows = session.scalars(
        select(SubmissionEvent)
        .where(
            among(SubmissionEvent.investor_id, (one.investor_id for one in reports)),
            among(SubmissionEvent.submission_id, (one.id for one in reports)),
        )
        .order_by(SubmissionEvent.at, SubmissionEvent.id)
    )
    for row in rows:
        found[row.submission_id].append(row)
    return found


def _check_report(
    seen: ReportSeen, submission: Submission, events: Sequence[SubmissionEvent]
) -> None:
    if seen.was_opened:
        raise RuleBroken(
            _n(
                "The import opened the sent report of %(unit)s for correction; what was sent is "
                "kept. It cannot be taken back: correct the draft by hand."
            ),
            unit=called_on(submission.investor, submission.period.data_to),
        )
    if len(events) > seen.events or submission.status not in EDITABLE:
        last = events[seen.events] if len(events) > seen.events else None
        raise RuleBroken(
            _n(
                "The report of %(unit)s was sent since (by %(who)s, %(moment)s), so the import "
                "cannot be taken back. Return the report, or have it corrected."
            ),
            unit=called_on(submission.investor, submission.period.data_to),
            who=last.user_name if last is not None else "",
            moment=last.at if last is not None else submission.last_submitted_at,
        )


# ------------------------------------------------------------------------------ who did it


def _followed(session: Session, followed: Followed) -> RuleBroken:
    """Who changed the row, and when, as the trail knows it."""
    entry = _last_entry(session, followed.table, followed.key)
    if entry is None:
        return RuleBroken(
            _n("What the import wrote was changed since, so it cannot be taken back.")
        )
    return RuleBroken(
        _n(
            "What the import wrote was changed since: %(what)s, by %(who)s, %(moment)s. So it "
            "cannot be taken back."
        ),
        what=entry.label,
        who=entry.user_name,
        moment=entry.at,
    )


def _last_entry(session: Session, table: str, key: int) -> AuditEntry | None:
    """The latest change of a row in the trail, as far as this person may read it."""
    return session.scalar(
        select(AuditEntry)
        .where(AuditEntry.resource == table, AuditEntry.row_id == str(key))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
