"""What came before the sheet of a unit: earlier disbursement, progress, decisions, obstacles."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, extract, func, or_, select
from sqlalchemy.orm import Session

from models.calendar import Period, PeriodKind
from models.capital import Allocation, AllocationLine
from models.catalogue import Decision, Investor
from models.ledger import NET, counted_with, predecessors_of
from models.returns import Disbursement, Obstacle, ProgressEntry, Submission

MONEY_KINDS = (PeriodKind.MONTH, PeriodKind.CLOSING)


def earlier_periods(period: Period) -> ColumnElement[bool]:
    """Condition on Period: the earlier ones whose figures belong to the same budget year."""
    return and_(
        Period.budget_year == period.budget_year,
        Period.kind.in_(MONEY_KINDS),
        Period.data_to < period.data_to,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """A decision behind the capital of a project that looks wrong (V13)."""

    number: str
    issued_on: date
    is_double: bool


def earlier_amounts(
    session: Session, period: Period, investor: Investor
) -> dict[int, tuple[int, int | None]]:
    """By allocation: cumulative net of the budget year, net of the period just before.

    What a predecessor disbursed counts with the unit that holds the capital now (domain §6.3).
    """
    latest = select(func.max(Period.data_to)).where(earlier_periods(period)).scalar_subquery()
    there = counted_with(period.data_to)
    units = [investor.id, *predecessors_of(session, investor.id)]
    rows = session.execute(
        there.join(
            select(
                there.allocation_id,
                func.sum(NET),
                func.sum(NET).filter(Period.data_to == latest),
            )
            .select_from(Disbursement)
            .join(ProgressEntry, ProgressEntry.id == Disbursement.entry_id)
            .join(Submission, Submission.id == ProgressEntry.submission_id)
            .join(Period, Period.id == Submission.period_id)
        )
        .where(
            Disbursement.investor_id.in_(units),
            there.investor_id == investor.id,
            earlier_periods(period),
        )
        .group_by(there.allocation_id)
    )
    return {
        allocation_id: (int(before), None if last is None else int(last))
        for allocation_id, before, last in rows
    }


def previous_progress(
    session: Session, period: Period, investor: Investor, origins: Mapping[int, int]
) -> dict[int, Decimal | None]:
    """The last percentage reported before, by project; a predecessor's where it is carried on
    (`origins`).
    """
    rows = session.execute(
        select(ProgressEntry.project_id, ProgressEntry.physical_progress)
        .join(Submission, Submission.id == ProgressEntry.submission_id)
        .join(Period, Period.id == Submission.period_id)
        .where(
            or_(
                ProgressEntry.investor_id == investor.id,
                ProgressEntry.project_id.in_(list(origins)),
            ),
            Period.kind.in_(MONEY_KINDS),
            Period.data_to < period.data_to,
            ProgressEntry.physical_progress.is_not(None),
        )
        .order_by(Period.data_to)
    )
    return {origins.get(project_id, project_id): progress for project_id, progress in rows}


def completed_before(
    session: Session, period: Period, investor: Investor, origins: Mapping[int, int]
) -> dict[int, int]:
    """Accepted volume paid before this period since the start of each project, in đồng."""
    rows = session.execute(
        select(ProgressEntry.project_id, func.sum(Disbursement.completed))
        .join(Disbursement, Disbursement.entry_id == ProgressEntry.id)
        .join(Submission, Submission.id == ProgressEntry.submission_id)
        .join(Period, Period.id == Submission.period_id)
        .where(
            or_(
                ProgressEntry.investor_id == investor.id,
                ProgressEntry.project_id.in_(list(origins)),
            ),
            or_(
                Period.data_to < period.data_to,
                and_(Period.data_to == period.data_to, Period.budget_year < period.budget_year),
            ),
        )
        .group_by(ProgressEntry.project_id)
    )
    found: dict[int, int] = defaultdict(int)
    for project_id, amount in rows:
        found[origins.get(project_id, project_id)] += int(amount)
    return found


def open_obstacles(session: Session, period: Period, investor: Investor) -> dict[int, int]:
    """How many obstacles of the register each project has at the end of the period."""
    rows = session.execute(
        select(Obstacle.project_id, func.count())
        .where(
            Obstacle.investor_id == investor.id,
            Obstacle.raised_on <= period.data_to,
            or_(Obstacle.solved_on.is_(None), Obstacle.solved_on > period.data_to),
        )
        .group_by(Obstacle.project_id)
    )
    return {project_id: int(count) for project_id, count in rows if project_id is not None}


def doubts(session: Session, period: Period, investor: Investor) -> dict[int, tuple[Doubt, ...]]:
    """Decisions in force in the period that are dated after it, or whose number is used twice."""
    year = extract("year", Decision.issued_on)
    double = (
        select(Decision.issuer, Decision.number, year.label("year"))
        .group_by(Decision.issuer, Decision.number, year)
        .having(func.count() > 1)
        .subquery("double")
    )
    rows = session.execute(
        select(
            Allocation.project_id, Decision.number, Decision.issued_on, double.c.number.is_not(None)
        )
        .join(AllocationLine, AllocationLine.allocation_id == Allocation.id)
        .join(Decision, Decision.id == AllocationLine.decision_id)
        .outerjoin(
            double,
            and_(
                double.c.issuer == Decision.issuer,
                double.c.number == Decision.number,
                double.c.year == year,
            ),
        )
        .where(
            Allocation.investor_id == investor.id,
            Allocation.budget_year == period.budget_year,
            AllocationLine.effective_on <= period.data_to,
            or_(Decision.issued_on > period.data_to, double.c.number.is_not(None)),
        )
        .distinct()
        .order_by(Decision.issued_on, Decision.number)
    )
    found: dict[int, list[Doubt]] = defaultdict(list)
    for project_id, number, issued_on, is_double in rows:
        found[project_id].append(
            Doubt(number=number, issued_on=issued_on, is_double=bool(is_double))
        )
    return {project_id: tuple(list_) for project_id, list_ in found.items()}
