"""The ledger of allocations (domain §2.2): the plan on a day, and what may be added to it."""

from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.base import MAX_DONG, Dong, RuleBroken, _n
from models.calendar import Period
from models.capital import Allocation, AllocationLine, LineKind, Nature, Source
from models.catalogue import CapitalTransfer, Component, Decision, Investor, Project
from models.returns import Disbursement, ProgressEntry, Submission

POSITIVE = frozenset({LineKind.INITIAL, LineKind.SUPPLEMENT, LineKind.CARRY_IN})
NET = (
    Disbursement.advance
    + (Disbursement.completed - Disbursement.recovered)
    - Disbursement.returned
    + Disbursement.correction
)


def plan_of(session: Session, allocation: Allocation, *, as_of: date) -> int:
    """Planned capital in đồng: the sum of the lines in force on that day."""
    total = session.scalar(
        select(func.coalesce(func.sum(AllocationLine.amount), 0)).where(
            AllocationLine.investor_id == allocation.investor_id,
            AllocationLine.allocation_id == allocation.id,
            AllocationLine.effective_on <= as_of,
        )
    )
    return int(total or 0)


def disbursed_of(session: Session, allocation: Allocation) -> int:
    """Disbursed in đồng over all periods, drafts included."""
    return sum(amount for _day, amount in _disbursed_by_day(session, allocation))


def _disbursed_by_day(session: Session, allocation: Allocation) -> list[tuple[date, int]]:
    """(day, net đồng) in date order: what was reported, and what a merger moved here or away."""
    own = _reported_by_day(session, allocation)
    moves = session.scalars(
        select(CapitalTransfer).where(
            or_(
                and_(
                    CapitalTransfer.investor_id == allocation.investor_id,
                    CapitalTransfer.allocation_id == allocation.id,
                ),
                and_(
                    CapitalTransfer.to_investor_id == allocation.investor_id,
                    CapitalTransfer.to_allocation_id == allocation.id,
                ),
            )
        )
    ).all()
    away = [move.effective_on for move in moves if move.allocation_id == allocation.id]
    if away:
        own.append((min(away), -sum(amount for _day, amount in own)))
    for move in moves:
        if move.to_allocation_id == allocation.id:
            there = session.get(Allocation, move.allocation_id)
            amount = sum(a for _day, a in _reported_by_day(session, there)) if there else 0
            own.append((move.effective_on, amount))
            if move.until_on is not None:
                own.append((move.until_on + timedelta(days=1), -amount))
    return sorted(own)


def _reported_by_day(session: Session, allocation: Allocation) -> list[tuple[date, int]]:
    """(last day of the period, net đồng), in date order."""
    rows = session.execute(
        select(Period.data_to, func.sum(NET))
        .join(Submission, Submission.period_id == Period.id)
        .join(ProgressEntry, ProgressEntry.submission_id == Submission.id)
        .join(Disbursement, Disbursement.entry_id == ProgressEntry.id)
        .where(
            Disbursement.investor_id == allocation.investor_id,
            Disbursement.allocation_id == allocation.id,
        )
        .group_by(Period.data_to)
        .order_by(Period.data_to)
    )
    return [(day, int(amount)) for day, amount in rows]


def find_or_add_allocation(
    session: Session,
    *,
    project: Project,
    budget_year: int,
    source: Source,
    nature: Nature,
    vintage: int,
) -> Allocation:
    """The allocation with this key, made when there is none (design §2)."""
    has_parts = session.scalar(
        select(Component.id).where(Component.parent_id == project.component_id).limit(1)
    )
    if has_parts is not None:
        raise RuleBroken(
            _n(
                "Project %(project)s belongs to a component that has sub-projects. "
                "Capital is allocated to a sub-project; move the project there first."
            ),
            field="project",
            project=project.code,
        )
    if vintage > budget_year:
        raise RuleBroken(
            _n("The year of the capital (%(vintage)s) cannot lie after the budget year."),
            field="vintage",
            vintage=vintage,
        )
    found = session.scalar(
        select(Allocation).where(
            Allocation.investor_id == project.investor_id,
            Allocation.project_id == project.id,
            Allocation.budget_year == budget_year,
            Allocation.source == source,
            Allocation.nature == nature,
            Allocation.vintage == vintage,
        )
    )
    if found is None:
        found = Allocation(
            investor_id=project.investor_id,
            project_id=project.id,
            budget_year=budget_year,
            source=source,
            nature=nature,
            vintage=vintage,
        )
        session.add(found)
        session.flush()
    return found


def add_line(
    session: Session,
    *,
    allocation: Allocation,
    decision: Decision,
    kind: LineKind,
    amount: int,
    effective_on: date,
    note: str | None = None,
) -> AllocationLine:
    """Add one signed line of `amount` đồng under a decision.

    Refused (RuleBroken) when the sign does not fit the kind, when the kind does not fit the
    vintage, or when on any day from `effective_on` the plan would fall below zero or, for a
    reduction, below what is disbursed by then (domain §2.2). The allocation is locked first,
    so that two reductions at once cannot both pass.
    """
    check_line(allocation, kind, amount)
    _check_not_moved(session, allocation)
    session.execute(
        select(Allocation.id)
        .where(Allocation.investor_id == allocation.investor_id, Allocation.id == allocation.id)
        .with_for_update()
    )
    _check_plan(session, allocation, amount, effective_on)
    line = AllocationLine(
        investor_id=allocation.investor_id,
        allocation_id=allocation.id,
        decision=decision,
        kind=kind,
        amount=amount,
        effective_on=effective_on,
        note=note,
    )
    session.add(line)
    session.flush()
    return line


def _check_not_moved(session: Session, allocation: Allocation) -> None:
    """Capital that a merger moved is kept on by the successor alone."""
    successor = session.scalar(
        select(Investor.short_name)
        .join(CapitalTransfer, CapitalTransfer.to_investor_id == Investor.id)
        .where(
            CapitalTransfer.investor_id == allocation.investor_id,
            CapitalTransfer.allocation_id == allocation.id,
            CapitalTransfer.until_on.is_(None),
        )
    )
    if successor is not None:
        raise RuleBroken(
            _n("This capital was moved to %(unit)s. Enter the line there."),
            field="allocation",
            unit=successor,
        )


def check_line(allocation: Allocation, kind: LineKind, amount: int) -> None:
    """Refuse (RuleBroken) a line whose sign or kind does not fit; the plan is weighed apart."""
    if amount == 0:
        raise RuleBroken(_n("A ledger line cannot be 0 đồng."), field="amount")
    if abs(amount) > MAX_DONG:
        raise RuleBroken(
            _n("The amount is too large: at most %(most)s đồng."),
            field="amount",
            most=Dong(MAX_DONG),
        )
    if kind in POSITIVE and amount < 0:
        raise RuleBroken(
            _n("“%(kind)s” adds capital, so its amount is positive. To reduce, choose a recall."),
            field="amount",
            kind=kind,
        )
    if kind is LineKind.RECALL and amount > 0:
        raise RuleBroken(
            _n("A recall takes capital away: write its amount with a minus."), field="amount"
        )
    if kind is LineKind.CARRY_IN and not allocation.is_carried:
        raise RuleBroken(
            _n("Carried-over capital has an earlier year of capital than the budget year."),
            field="kind",
        )
    if kind is LineKind.INITIAL and allocation.is_carried:
        raise RuleBroken(
            _n("The first allocation of a year is capital of that year; choose carried over."),
            field="kind",
        )


def _check_plan(session: Session, allocation: Allocation, amount: int, day: date) -> None:
    if amount > 0:
        return
    lines = session.execute(
        select(AllocationLine.effective_on, AllocationLine.amount)
        .where(
            AllocationLine.investor_id == allocation.investor_id,
            AllocationLine.allocation_id == allocation.id,
        )
        .order_by(AllocationLine.effective_on)
    ).all()
    moves = sorted([(d, a, 0) for d, a in lines] + [(day, amount, 0)])
    spent = [(d, 0, s) for d, s in _disbursed_by_day(session, allocation)]
    plan = disbursed = 0
    for on, group in groupby(sorted(moves + spent), key=lambda move: move[0]):
        for _day, planned, paid in group:
            plan, disbursed = plan + planned, disbursed + paid
        if on < day:
            continue
        if plan < 0:
            raise RuleBroken(
                _n("The plan would be %(plan)s đồng on %(day)s; it cannot fall below zero."),
                field="amount",
                plan=Dong(plan),
                day=on,
            )
        if plan < disbursed:
            raise RuleBroken(
                _n(
                    "The plan would be %(plan)s đồng on %(day)s, less than the %(disbursed)s "
                    "đồng already disbursed. Reduce it by at most %(most)s đồng."
                ),
                field="amount",
                plan=Dong(plan),
                day=on,
                disbursed=Dong(disbursed),
                most=Dong(max(0, plan - amount - disbursed)),
            )
