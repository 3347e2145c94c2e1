"""Adding to the ledger of allocations (domain §2.2)."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import RuleBroken
from models.capital import Allocation, AllocationLine, LineKind, Nature, Source
from models.catalogue import Decision, Project


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
    key = {
        "investor_id": project.investor_id,
        "project_id": project.id,
        "budget_year": budget_year,
        "source": source,
        "nature": nature,
        "vintage": vintage,
    }
    found = session.scalar(select(Allocation).filter_by(**key))
    if found is None:
        found = Allocation(**key)
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
