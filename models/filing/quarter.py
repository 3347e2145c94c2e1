"""Quarter reports: figures come from the months, the narrative is the quarter's own (SEED)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Actor, PeriodLocked, RuleBroken, _n
from models.calendar import ExpectedReport, Period, PeriodCode, PeriodKind
from models.catalogue import Investor
from models.duty import IS_EXEMPT, select_standings
from models.filing.keeping import NARRATIVE
from models.filing.writable import draft_to_write
from models.ledger import stands
from models.returns import Submission, hold_submissions


def months_of(session: Session, period: Period) -> list[Period]:
    """The opened months of a quarter, in order."""
    return list(
        session.scalars(
            select(Period)
            .where(
                Period.kind == PeriodKind.MONTH,
                Period.data_from >= period.data_from,
                Period.data_to <= period.data_to,
            )
            .order_by(Period.data_to)
        )
    )


def months_missing(session: Session, period: Period, investor_id: int) -> list[str]:
    """Codes of the months of a quarter that this unit still has to send."""
    rows = session.execute(
        select_standings(Period.code, stands("submitted"))
        .where(
            ~IS_EXEMPT,
            ExpectedReport.investor_id == investor_id,
            Period.id.in_([month.id for month in months_of(session, period)]),
        )
        .order_by(Period.data_to)
    )
    return [code for code, is_in in rows if not is_in]


def save_narrative(
    session: Session,
    *,
    period: Period,
    investor: Investor,
    narrative: Mapping[str, str],
    version: int,
    at: datetime,
    actor: Actor | None = None,
) -> Submission:
    """Save the words of a quarter. Raises Stale, PeriodLocked or RuleBroken like a month.

    What was sent before and is reopened stands until the corrected one is sent.
    """
    if period.kind is not PeriodKind.QUARTER:
        raise PeriodLocked(
            _n("Period %(code)s has a narrative only as a quarter."), code=period.named
        )
    submission = draft_to_write(session, period, investor, version=version, at=at, actor=actor)
    for name in NARRATIVE:
        setattr(submission, name, narrative.get(name, "").strip() or None)
    session.flush()
    return submission


def check_quarter(session: Session, submission: Submission) -> None:
    """Refuse to send a quarter without its results in words, or with a month not yet sent."""
    hold_submissions(
        session,
        submission.investor_id,
        [month.id for month in months_of(session, submission.period)],
    )
    missing = months_missing(session, submission.period, submission.investor_id)
    if missing:
        raise RuleBroken(
            _n("Send the months first, the figures of the quarter come from them: %(months)s."),
            months=[PeriodCode.parse(code) for code in missing],
        )
    if not submission.narrative_results:
        raise RuleBroken(
            _n("Write the results of the quarter before you send it."), field="narrative_results"
        )
