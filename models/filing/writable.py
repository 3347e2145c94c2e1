"""Whether figures of a unit can be typed now, and if not, the rule, the day and whom to ask."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from models.base import Actor, PeriodLocked, RuleBroken, Stale, _n, current_actor, new_id
from models.calendar import Period, all_settings
from models.catalogue import Investor
from models.duty import open_reopening
from models.filing.keeping import open_for_correction
from models.returns import (
    EDITABLE,
    Submission,
    SubmissionStatus,
    hold_period,
    hold_reports,
    hold_units,
)


def why_closed(
    session: Session,
    period: Period,
    investor_id: int,
    submission: Submission | None,
    *,
    at: datetime,
) -> RuleBroken | None:
    """Why nothing of this unit can be typed now, with the rule, the day and whom to ask; None
    when it can.
    """
    unit = session.get(Investor, investor_id)
    is_reopened = (
        period.is_locked(at) and open_reopening(session, period, investor_id, at=at) is not None
    )
    return closed_by(session, period, unit, submission, at=at, is_reopened=is_reopened)


def closed_by(
    session: Session,
    period: Period,
    unit: Investor | None,
    submission: Submission | None,
    *,
    at: datetime,
    is_reopened: bool,
) -> RuleBroken | None:
    """`why_closed` for who knows already whether the period is reopened for the unit."""
    why = reason_closed(period, unit, submission, at=at, is_reopened=is_reopened)
    if why is None:
        return None
    return RuleBroken(why.message, **why.values, office=_office(session))


def reason_closed(
    period: Period,
    unit: Investor | None,
    submission: Submission | None,
    *,
    at: datetime,
    is_reopened: bool,
) -> RuleBroken | None:
    """The rule itself, which asks nothing of the database; its sentence lacks the office to ask."""
    if unit is not None and unit.valid_to is not None and unit.valid_to < period.data_to:
        return RuleBroken(
            _n(
                "%(unit)s ended on %(day)s, before the last day of the period: its successor "
                "reports. Ask %(office)s."
            ),
            unit=str(unit),
            day=unit.valid_to,
        )
    if unit is not None and unit.valid_from > period.data_to:
        return RuleBroken(
            _n(
                "%(unit)s begins on %(day)s, after the last day of the period, so it has nothing "
                "to report. Ask %(office)s."
            ),
            unit=str(unit),
            day=unit.valid_from,
        )
    if period.is_locked(at) and not is_reopened:
        return RuleBroken(
            _n(
                "Period %(code)s is locked since %(since)s: its figures are frozen in the report, "
                "and no unit can change them. To correct them, ask %(office)s to reopen the "
                "period for your unit, or report a correction in the next period."
            ),
            code=period.named,
            since=period.lock_at,
        )
    if submission is not None and submission.status not in EDITABLE:
        return RuleBroken(
            _n(
                "The report is %(status)s. To change it, ask %(office)s to return it with the "
                "reason."
            ),
            status=submission.status,
        )
    return None


def is_correction(
    session: Session, period: Period, submission: Submission | None, *, at: datetime
) -> bool:
    """Whether a report that was sent may be replaced by a corrected one: the period is locked,
    and reopened for this unit. What was sent stands until then.
    """
    return corrects_by(period, submission, at=at, is_reopened=True) and (
        submission is not None
        and open_reopening(session, period, submission.investor_id, at=at) is not None
    )


def corrects_by(
    period: Period, submission: Submission | None, *, at: datetime, is_reopened: bool
) -> bool:
    """`is_correction` for who knows already whether the period is reopened for the unit."""
    return (
        submission is not None
        and submission.status not in EDITABLE
        and period.is_locked(at)
        and is_reopened
    )


def _office(session: Session) -> str:
    known = all_settings(session)  # both in one query
    return str(known["office_contact"] or known["office_name"])


def draft_to_write(
    session: Session,
    period: Period,
    investor: Investor,
    *,
    version: int,
    at: datetime,
    actor: Actor | None,
) -> Submission:
    """The report into which is typed now, held with its period: a new one, the draft, or the
    sent one of a reopened period, kept whole and a draft again. Raises Stale, PeriodLocked.
    """
    return drafts_to_write(session, period, {investor: version}, at=at, actor=actor)[investor.id]


def drafts_to_write(
    session: Session,
    period: Period,
    versions: Mapping[Investor, int],
    *,
    at: datetime,
    actor: Actor | None,
) -> dict[int, Submission]:
    """The same of many units, by unit; a refusal is `about` its unit. Held in one order, so that
    two who write at once do not wait for each other.
    """
    ordered = sorted(versions, key=lambda unit: unit.id)
    hold_period(session, period)
    hold_units(session, [unit.id for unit in ordered])
    held = hold_reports(session, [unit.id for unit in ordered], period.id)
    corrected = []
    for unit in ordered:
        submission = held.get(unit.id)
        try:
            if check_writable(session, period, unit, submission, at=at):
                corrected.append(submission)
        except PeriodLocked as refusal:
            raise refusal.about(unit) from None
        if versions[unit] != (submission.version if submission else 0):
            raise Stale(_n("Somebody else saved this report after you opened it.")).about(unit)
    for unit in ordered:
        if unit.id not in held:
            held[unit.id] = Submission(
                id=new_id(),
                investor_id=unit.id,
                period_id=period.id,
                status=SubmissionStatus.DRAFT,
            )
            session.add(held[unit.id])
    session.flush()
    for submission in corrected:
        if submission is not None:
            open_for_correction(session, submission, at=at, actor=actor or current_actor())
    return held


def check_writable(
    session: Session,
    period: Period,
    investor: Investor,
    submission: Submission | None,
    *,
    at: datetime,
) -> bool:
    """Refuse to write what is closed. True for a sent report that is reopened: what was sent
    has to be kept before anything is typed (`open_for_correction`).
    """
    if is_correction(session, period, submission, at=at):
        return True
    refuse_closed(session, period, investor.id, submission, at=at)
    return False


def refuse_closed(
    session: Session,
    period: Period,
    investor_id: int,
    submission: Submission | None,
    *,
    at: datetime,
) -> None:
    """Raise what `why_closed` says, as PeriodLocked."""
    closed = why_closed(session, period, investor_id, submission, at=at)
    if closed is not None:
        raise PeriodLocked(closed.message, **closed.values)
