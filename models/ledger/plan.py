"""The ledger of allocations (domain §2.2): the plan on a day, and adding to it."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import RuleBroken
from models.capital import Allocation, AllocationLine, LineKind, Nature, Source
from models.catalogue import Decision, Project


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


def find_or_add_allocation(
    session: Session,
    *,
    project: Project,
    budget_year: int,
    source: Source,
    nature: Nature,
    vintage: int,
) -> Allocation:
    """The allocation with this key, made when there is none (design §2). May raise RuleBroken."""
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
    """Add one signed line of `amount` đồng under a decision. Raises RuleBroken (`line_rules`)."""
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
    try:
        session.flush()
    except RuleBroken:
        session.expunge(line)  # a refused line leaves nothing behind, also without a rollback
        raise
    return line
