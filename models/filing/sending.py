"""Sending, returning and accepting the report of a unit (design §4)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Actor, PeriodLocked, RuleBroken, _n, local_day
from models.calendar import PeriodKind, Reopening
from models.catalogue import called_on
from models.filing.checks import Level, check_sheet, unexplained
from models.filing.keeping import keep, kept_of, restand
from models.filing.quarter import check_quarter
from models.filing.sheet import Sheet, read_sheet
from models.filing.threads import open_again
from models.filing.writable import check_writable
from models.returns import (
    ENTERED,
    IN_NET,
    EventKind,
    Outcome,
    Submission,
    SubmissionEvent,
    SubmissionStatus,
    hold_capital,
    hold_for_writing,
    hold_report,
    hold_submission,
    register_obstacles,
    take_back_untold,
)


def send_report(session: Session, submission: Submission, *, at: datetime, actor: Actor) -> None:
    """Send a saved report. The first sending decides punctuality and is never moved.

    Refused while an error stands, a warning lacks its explanation, a nil report has amounts, or
    a report that is not declared nil is empty (domain §3.4, design §4).
    """
    period, investor = submission.period, submission.investor
    hold_for_writing(session, period, investor.id)
    hold_submission(session, investor.id, period.id)
    hold_capital(session, investor.id, period.budget_year)
    check_writable(session, period, investor, submission, at=at)
    if submission.first_submitted_at is not None and at < submission.first_submitted_at:
        raise RuleBroken(
            _n(
                "By the clock of the server this would be earlier than the first sending. The "
                "clock is wrong: tell the administrator; nothing was sent."
            )
        )
    sheet = None
    if period.kind is PeriodKind.QUARTER:
        check_quarter(session, submission)
    else:
        sheet = _check_sheet(session, submission, at=at)
    submission.status = SubmissionStatus.SUBMITTED
    is_again = submission.first_submitted_at is not None
    submission.first_submitted_at = submission.first_submitted_at or at
    submission.last_submitted_at = at
    submission.return_reason = None
    _note(session, submission, EventKind.SENT, at=at, actor=actor)
    restand(session, submission)
    if sheet is not None:
        open_again(session, submission, sheet, at=at)
    register_obstacles(session, Submission.id == submission.id, day=local_day(at))
    if is_again:
        take_back_untold(session, submission)


def _check_sheet(session: Session, submission: Submission, *, at: datetime) -> Sheet:
    """The sheet as it may be sent. Raises RuleBroken."""
    sheet = read_sheet(session, period=submission.period, investor=submission.investor, at=at)
    _check_nil(sheet)
    findings = check_sheet(sheet)
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    open_warnings = unexplained(sheet, findings)
    if errors and open_warnings:
        raise RuleBroken(
            _n(
                "The report is not sent. Errors to correct first: %(count)s; "
                "warnings to explain: %(warnings)s."
            ),
            count=len(errors),
            warnings=len(open_warnings),
        )
    if errors:
        raise RuleBroken(
            _n("The report is not sent. Errors to correct first: %(count)s."),
            count=len(errors),
        )
    if open_warnings:
        raise RuleBroken(
            _n("The report is not sent. Warnings to explain first: %(count)s."),
            count=len(open_warnings),
        )
    return sheet


def _check_nil(sheet: Sheet) -> None:
    submission = sheet.submission
    has_money = any(getattr(row, name) for row in sheet.allocations for name in IN_NET)
    if submission is not None and submission.nil_report:
        if has_money:
            raise RuleBroken(
                _n("A report with nothing to report cannot have amounts. Clear one of the two."),
                field="nil_report",
            )
        return
    has_text = any(
        getattr(project, name) not in (None, "") for project in sheet.projects for name in ENTERED
    )
    if not has_money and not has_text:
        raise RuleBroken(
            _n("The report is empty. Fill it in, or declare that there is nothing to report."),
            field="nil_report",
        )


def return_report(
    session: Session, submission: Submission, *, reason: str, at: datetime, actor: Actor
) -> None:
    """Give a sent report back with the reason; its first sending still counts for punctuality.

    What was sent is kept whole, and the sending before it that was not returned stands again. In
    a locked period there has to be one: its figures may not go missing.
    """
    hold_report(session, submission)
    if submission.status not in (SubmissionStatus.SUBMITTED, SubmissionStatus.ACCEPTED):
        raise RuleBroken(_n("Only a sent report can be returned."))
    if submission.period.is_locked(at) and not _one_remains(session, submission):
        raise PeriodLocked(
            _n(
                "Period %(code)s is locked, so nothing can be returned: the figures would be "
                "missing. Reopen it for this unit instead."
            ),
            code=submission.period.named,
        )
    if not reason.strip():
        raise RuleBroken(_n("Write what the unit has to correct."), field="reason")
    submission.return_reason = reason.strip()
    keep(session, submission, Outcome.RETURNED, at=at, actor=actor)
    submission.status = SubmissionStatus.RETURNED
    restand(session, submission)
    _note(session, submission, EventKind.RETURNED, at=at, actor=actor, reason=reason.strip())


def accept_report(session: Session, submission: Submission, *, at: datetime, actor: Actor) -> None:
    """Take a sent report into the accepted figures.

    In a locked period only what came in by a reopening can be accepted; the caller then freezes
    the next version.
    """
    hold_report(session, submission, alone=submission.period.is_locked(at))
    if submission.period.is_locked(at) and not _came_by_reopening(session, submission):
        raise PeriodLocked(
            _n("Period %(code)s is locked; its reports can no longer be accepted."),
            code=submission.period.named,
        )
    if submission.status is not SubmissionStatus.SUBMITTED:
        raise RuleBroken(
            _n("%(unit)s: only a sent report can be accepted; this one is %(status)s."),
            unit=called_on(submission.investor, submission.period.data_to),
            status=submission.status,
        )
    submission.status = SubmissionStatus.ACCEPTED
    _note(session, submission, EventKind.ACCEPTED, at=at, actor=actor)
    restand(session, submission)


def _one_remains(session: Session, submission: Submission) -> bool:
    """Whether an earlier sending would stand in the place of the present one."""
    return any(row.outcome is not Outcome.RETURNED for row in kept_of(session, submission))


def _came_by_reopening(session: Session, submission: Submission) -> bool:
    sent = submission.last_submitted_at
    found = sent is not None and session.scalar(
        select(Reopening.id)
        .where(
            Reopening.investor_id == submission.investor_id,
            Reopening.period_id == submission.period_id,
            Reopening.from_at <= sent,
        )
        .limit(1)
    )
    return bool(found)


def _note(
    session: Session,
    submission: Submission,
    kind: EventKind,
    *,
    at: datetime,
    actor: Actor,
    reason: str | None = None,
) -> None:
    session.add(
        SubmissionEvent(
            investor_id=submission.investor_id,
            submission_id=submission.id,
            kind=kind,
            at=at,
            user_id=actor.user_id,
            user_name=actor.name,
            reason=reason,
        )
    )
    session.flush()
