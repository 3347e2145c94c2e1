"""What the checks find in the stored reports: the same findings as on the page of the unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Investor, Period, PeriodKind, Submission
from models.filing import read_sheet
from models.filing.checks import Finding, check_sheet


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One finding in the report of one unit; `explanation` is what the unit answered to it."""

    period: Period
    investor: Investor
    finding: Finding
    explanation: str


def findings_of(session: Session, period: Period, *, at: datetime) -> Iterator[Found]:
    """Findings of every stored report of a period, units in their order."""
    if period.kind is PeriodKind.QUARTER:
        return
    investors = session.scalars(
        select(Investor)
        .join(Submission, Submission.investor_id == Investor.id)
        .where(Submission.period_id == period.id)
        .order_by(Investor.sort_order, Investor.code, Investor.id)
    ).all()
    for investor in investors:
        sheet = read_sheet(session, period=period, investor=investor, at=at)
        for finding in check_sheet(sheet):
            yield Found(
                period=period,
                investor=investor,
                finding=finding,
                explanation=sheet.explanations.get(finding.key, ""),
            )
