"""Writing the figures of a file into the drafts of its units."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import Actor, OutOfScope, PeriodLocked, Stale, _n, among
from models.calendar import Period
from models.catalogue import Investor, called_on
from models.filing import DraftTold, register_receipt, save_drafts
from models.imports.writes import ReportWrite
from models.imports.written import ReportSeen
from models.returns import EDITABLE, ReceiptWay, Submission, SubmissionEvent


def write_reports(
    session: Session,
    reports: Sequence[ReportWrite],
    *,
    at: datetime,
    actor: Actor,
    received_at: datetime | None,
    evidence: str,
) -> list[ReportSeen]:
    """The drafts of these units, each saved as from its own page, together."""
    wanted = [one for one in reports if one.told or received_at is not None]
    if not wanted:
        return []
    period = session.get(Period, wanted[0].period_id)
    if period is None:
        raise Stale(_n("The period is not there any more. Look at the file again."))
    units = _units(session, wanted)
    sent = {one.investor_id for one in _reports(session, wanted) if one.status not in EDITABLE}
    _save(session, period, units, [one for one in wanted if one.told], at=at, actor=actor)
    if received_at is not None:
        for one in wanted:
            register_receipt(
                session,
                period,
                units[one.investor_id],
                received_at=received_at,
                way=ReceiptWay.FILE,
                note=evidence,
                at=at,
                actor=actor,
            )
    return _seen(session, wanted, sent)


def _units(session: Session, reports: Sequence[ReportWrite]) -> dict[int, Investor]:
    ids = {one.investor_id for one in reports}
    found = {
        unit.id: unit for unit in session.scalars(select(Investor).where(among(Investor.id, ids)))
    }
    if ids - found.keys():
        raise OutOfScope(_n("A project of this form is not part of this report."))
    return found


def _reports(session: Session, reports: Sequence[ReportWrite]) -> Sequence[Submission]:
    return session.scalars(
        select(Submission).where(
            among(Submission.investor_id, (one.investor_id for one in reports)),
            Submission.period_id == reports[0].period_id,
        )
    ).all()


def _save(
    session: Session,
    period: Period,
    units: dict[int, Investor],
    reports: Sequence[ReportWrite],
    *,
    at: datetime,
    actor: Actor,
) -> None:
    drafts = [
        DraftTold(investor=units[one.investor_id], version=one.version, told=one.told)
        for one in reports
    ]
    if not drafts:
        return
    try:
        save_drafts(session, period=period, drafts=drafts, at=at, actor=actor)
    except (Stale, PeriodLocked) as refusal:
        raise Stale(
            _n(
                "The report of %(unit)s was saved, sent or locked after this file was looked at. "
                "Look at the file again: it shows what would change now."
            ),
            unit=called_on(refusal.row, period.data_to) if refusal.row is not None else "",
        ) from None


def _seen(session: Session, reports: Sequence[ReportWrite], sent: set[int]) -> list[ReportSeen]:
    """The reports as they stand now, with what had happened to them by then."""
    events: Counter[int] = Counter()
    submissions = _reports(session, reports)
    rows = session.execute(
        select(SubmissionEvent.submission_id, func.count())
        .where(
            among(SubmissionEvent.investor_id, (one.investor_id for one in submissions)),
            among(SubmissionEvent.submission_id, (one.id for one in submissions)),
        )
        .group_by(SubmissionEvent.submission_id)
    )
    for submission_id, count in rows:
        events[submission_id] = count
    return [
        ReportSeen(
            investor_id=one.investor_id,
            period_id=one.period_id,
            submission_id=one.id,
            events=events[one.id],
            was_opened=one.investor_id in sent,
        )
        for one in submissions
    ]
