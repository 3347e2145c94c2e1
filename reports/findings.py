"""What the checks find in stored reports and in the ledger: page, command and locking read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import Investor, Period, PeriodKind, Submission
from models.base import RuleBroken, _n, local_day
from models.filing import read_sheets
from models.filing.checks import Finding, Level, check_ledger, check_sheet

AT_ONCE = 100  # units whose sheets are in memory
LEDGER_AT_ONCE = 400  # units whose capital is looked at together
_AS_UNITS_STAND = (Investor.sort_order, Investor.code, Investor.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One finding: in the report of a unit for a period, or in the ledger (both None).

    `explanation` is what the unit answered to it.
    """

    period: Period | None
    investor: Investor | None
    finding: Finding
    explanation: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something: an error, or a warning not explained."""
        if self.finding.level is Level.ERROR:
            return True
        return self.finding.asks_explanation and not self.explanation.strip()


def reports_stored(session: Session, period: Period) -> int:
    """Of how many units a report of the period is stored."""
    if period.kind is PeriodKind.QUARTER:
        return 0
    stored = select(func.count()).select_from(Submission).where(Submission.period_id == period.id)
    return session.scalar(stored) or 0


def findings_of(
    session: Session, period: Period, *, at: datetime, units: slice = slice(None)
) -> Iterator[Found]:
    """Findings of every stored report of a period, units in their order; or of those `units`
    alone, by their place in it.
    """
    if period.kind is PeriodKind.QUARTER:
        return
    wanted = (
        select(Investor)
        .join(Submission, Submission.investor_id == Investor.id)
        .where(Submission.period_id == period.id)
        .order_by(*_AS_UNITS_STAND)
    )
    investors = session.scalars(_part(wanted, units)).all()
    for start in range(0, len(investors), AT_ONCE):
        part = investors[start : start + AT_ONCE]
        for sheet in read_sheets(session, period=period, investors=part, at=at):
            for finding in check_sheet(sheet):
                yield Found(
                    period=period,
                    investor=sheet.investor,
                    finding=finding,
                    explanation=sheet.explanations.get(finding.key, ""),
                )


def units_of_ledger(session: Session) -> int:
    """By how many units the findings of the ledger are told."""
    return session.scalar(select(func.count()).select_from(Investor)) or 0


def ledger_findings(
    session: Session, *, at: datetime, units: slice = slice(None)
) -> Iterator[Found]:
    """Findings in decisions and their lines (V6, V13), as of the day of `at`: `LEDGER_AT_ONCE`
    units after the other, errors of them first, decisions with the first of them; or those
    `units` alone, by their place in their order. What a decision gives to many units is told with
    each of these parts, and once in the list of all.
    """
    wanted = select(Investor.id).order_by(*_AS_UNITS_STAND)
    ids = session.scalars(_part(wanted, units)).all()
    told: set[tuple[str, str, str]] = set()
    for n in range(0, len(ids) or 1, LEDGER_AT_ONCE):  # decisions there are without units, too
        part, is_first = frozenset(ids[n : n + LEDGER_AT_ONCE]), not units.start and n == 0
        found = check_ledger(session, day=local_day(at), units=part, decisions=is_first)
        for one in found:
            if one.rule == "V13":
                if (said := (one.subject, one.message, one.figures)) in told:
                    continue
                told.add(said)
            yield Found(period=None, investor=None, finding=one)


def _part(wanted: Select[Any], units: slice) -> Select[Any]:
    """Those of the units wanted whose place in their order is in the slice."""
    return wanted if units.stop is None else wanted.slice(units.start or 0, units.stop)


def ask_why(session: Session, period: Period, *, reason: str, at: datetime) -> None:
    """Refuse (RuleBroken) to lock a period in whose reports findings are open without a reason."""
    if reason.strip():
        return
    count = sum(found.is_open for found in findings_of(session, period, at=at))
    if count:
        raise RuleBroken(
            _n(
                "Findings still open in the reports of %(code)s: %(count)s. Look at them, or write "
                "why the period is locked all the same."
            ),
            field="lock_reason",
            code=period.named,
            count=count,
        )
