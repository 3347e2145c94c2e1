"""Writing the figures of a file into the drafts of its units."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import Actor, OutOfScope, RuleBroken, Stale, _n
from models.calendar import Period
from models.catalogue import Investor
from models.filing import register_receipt, save_told
from models.imports.writes import ReportWrite
from models.imports.written import ReportSeen
from models.returns import (
    EDITABLE,
    ReceiptWay,
    Submission,
    SubmissionEvent,
    hold_period,
    hold_units,
)


def write_reports(
    session: Session,
    reports: Sequence[ReportWrite],
    *,
    at: datetime,
    actor: Actor,
    received_at: datetime | None,
    evidence: str,
) -> list[ReportSeen]:
    """The drafts of these units, each saved as from its own page. Held in the order of their
    ids, so that two imports at once do not wait for each other.
    """
    ordered = sorted(reports, key=lambda one: one.investor_id)
    if not ordered:
        return []
    period = session.get(Period, ordered[0].period_id)
    if period is None:
        raise Stale(_n("The period is not there any more. Look at the file again."))
    hold_period(session, period)
    hold_units(session, [one.investor_id for one in ordered])
    units = _units(session, ordered)
    found = []
    for one in ordered:
        unit = units.get(one.investor_id)
        if unit is None:
            raise OutOfScope(_n("A project of this form is not part of this report."))
        was_sent = _is_sent(session, one)
        if one.told:
            _save(session, period, unit, one, at=at, actor=actor)
        if received_at is not None:
            register_receipt(
                session,
                period,
                unit,
                received_at=received_at,
                way=ReceiptWay.FILE,
                note=evidence,
                at=at,
                actor=actor,
            )
        if one.told or received_at is not None:
            found.append(_seen(session, one, was_opened=was_sent))
    return found


def _units(session: Session, reports: Sequence[ReportWrite]) -> dict[int, Investor]:
    ids = [one.investor_id for one in reports]
    rows = session.scalars(select(Investor).where(Investor.id.in_(ids)))
    return {unit.id: unit for unit in rows}


def _save(
    session: Session,
    period: Period,
    unit: Investor,
    one: ReportWrite,
    *,
    at: datetime,
    actor: Actor,
) -> None:
    try:
        save_told(
            session,
            period=period,
            investor=unit,
            told=one.told,
            version=one.version,
            at=at,
            actor=actor,
        )
    except Stale:
        raise Stale(
            _n(
                "Somebody saved the report of %(unit)s after this file was looked at. Look at the "
                "file again: it shows what would change now."
            ),
            unit=str(unit),
        ) from None
    except RuleBroken as refusal:
        refusal.values.setdefault("unit", str(unit))
        raise


def _is_sent(session: Session, one: ReportWrite) -> bool:
    """Whether the report was sent, so that writing opens it for correction."""
    status = session.scalar(
        select(Submission.status).where(
            Submission.investor_id == one.investor_id, Submission.period_id == one.period_id
        )
    )
    return status is not None and status not in EDITABLE


def _seen(session: Session, one: ReportWrite, *, was_opened: bool) -> ReportSeen:
    submission_id = session.scalar(
        select(Submission.id).where(
            Submission.investor_id == one.investor_id, Submission.period_id == one.period_id
        )
    )
    if submission_id is None:
        raise Stale(_n("The report is not there any more. Look at the file again."))
    events = session.scalar(
        select(func.count())
        .select_from(SubmissionEvent)
        .where(
            SubmissionEvent.investor_id == one.investor_id,
            SubmissionEvent.submission_id == submission_id,
        )
    )
    return ReportSeen(
        investor_id=one.investor_id,
        period_id=one.period_id,
        submission_id=submission_id,
        events=events or 0,
        was_opened=was_opened,
    )
