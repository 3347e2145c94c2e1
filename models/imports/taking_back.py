"""Taking an import back: exactly what stood before, as long as nothing followed it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Actor, AuditEntry, Followed, PeriodLocked, RuleBroken, _n, put_back
from models.calendar import Period
from models.imports.written import ReportSeen, Written
from models.returns import (
    EDITABLE,
    SubmissionEvent,
    hold_period,
    hold_submission,
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


def _check_reports(session: Session, reports: Iterable[ReportSeen], *, at: datetime) -> None:
    """Period and reports are held as for writing, and neither sent nor locked since."""
    ordered = sorted(reports, key=lambda one: one.investor_id)
    for period_id in sorted({one.period_id for one in ordered}):
        period = session.get(Period, period_id)
        if period is None:
            continue
        hold_period(session, period)
        if period.is_locked(at):
            raise PeriodLocked(
                _n(
                    "Period %(code)s is locked since %(since)s, so the import cannot be taken back."
                ),
                code=period.code,
                since=period.lock_at,
            )
    hold_units(session, [one.investor_id for one in ordered])
    for one in ordered:
        _check_report(session, one)


def _check_report(session: Session, seen: ReportSeen) -> None:
    submission = hold_submission(session, seen.investor_id, seen.period_id)
    if submission is None or submission.id != seen.submission_id:
        return  # said by the rows
    if seen.was_opened:
        raise RuleBroken(
            _n(
                "The import opened the sent report of %(unit)s for correction; what was sent is "
                "kept. It cannot be taken back: correct the draft by hand."
            ),
            unit=str(submission.investor),
        )
    events = session.scalars(
        select(SubmissionEvent)
        .where(
            SubmissionEvent.investor_id == seen.investor_id,
            SubmissionEvent.submission_id == seen.submission_id,
        )
        .order_by(SubmissionEvent.at, SubmissionEvent.id)
    ).all()
    if len(events) > seen.events or submission.status not in EDITABLE:
        last = events[seen.events] if len(events) > seen.events else None
        raise RuleBroken(
            _n(
                "The report of %(unit)s was sent since (by %(who)s, %(moment)s), so the import "
                "cannot be taken back. Return the report, or have it corrected."
            ),
            unit=str(submission.investor),
            who=last.user_name if last is not None else "",
            moment=last.at if last is not None else submission.last_submitted_at,
        )


# ------------------------------------------------------------------------------ who did it


def _followed(session: Session, followed: Followed) -> RuleBroken:
    """Who changed the row, and when, as the trail knows it."""
    entry = session.scalar(
        select(AuditEntry)
        .where(AuditEntry.resource == followed.table, AuditEntry.row_id == str(followed.key))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
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
