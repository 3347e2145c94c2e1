"""Booking the lines of an annex under its decision."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import RuleBroken, Stale, _n, among, stored_day
from models.capital import Allocation, AllocationLine, LineKind
from models.catalogue import Decision, Project
from models.imports.capital_lines import Key, key_of, new_allocation
from models.imports.writes import DecisionWrite, LineWrite
from models.returns import one_at_a_time


def write_lines(session: Session, decision: DecisionWrite, lines: Sequence[LineWrite]) -> None:
    """The lines together, so that what an adjustment takes and gives is weighed as one.

    Raises Stale where the decision came or got lines meanwhile, and the refusals of the ledger.
    """
    one_at_a_time(session, f"decision {decision.number}")
    held = _decision(session, decision)
    allocations = _allocations(session, lines)
    for one in lines:
        session.add(
            AllocationLine(
                investor_id=allocations[key_of(one)].investor_id,
                allocation_id=allocations[key_of(one)].id,
                decision_id=held.id,
                kind=LineKind(one.kind),
                amount=one.amount,
                effective_on=stored_day(one.effective_on),
            )
        )
    session.flush()


def _decision(session: Session, write: DecisionWrite) -> Decision:
    known = (
        select(Decision).where(Decision.id == write.id)
        if write.id is not None
        else select(Decision).where(
            Decision.number == write.number,
            Decision.issued_on == stored_day(write.issued_on),
            Decision.issuer == write.issuer,
        )
    )
    held = session.scalar(known.with_for_update())
    count = select(func.count()).select_from(AllocationLine)
    lines = (
        session.scalar(count.where(AllocationLine.decision_id == held.id))
        if held is not None
        else 0
    )
    if (held is None) != (write.id is None) or lines != write.lines_seen:
        raise Stale(
            _n(
                "Somebody entered or changed decision %(number)s after the file was looked at. "
                "Look at the file again."
            ),
            number=write.number,
        )
    if held is None:
        held = Decision(
            number=write.number,
            issued_on=stored_day(write.issued_on),
            issuer=write.issuer,
            summary=write.summary or None,
            effective_on=stored_day(write.effective_on),
        )
        session.add(held)
        session.flush()
    return held


def _allocations(session: Session, lines: Sequence[LineWrite]) -> dict[Key, Allocation]:
    """The capital of all lines; what is missing is made."""
    ids = {one.project_id for one in lines}
    projects = {
        project.id: project
        for project in session.scalars(select(Project).where(among(Project.id, ids)))
    }
    if ids - projects.keys():
        raise RuleBroken(_n("A project of this file is not there any more."))
    found = {
        key_of(one): one
        for one in session.scalars(select(Allocation).where(among(Allocation.project_id, ids)))
    }
    for one in lines:
        if key_of(one) not in found:
            found[key_of(one)] = new_allocation(projects[one.project_id], key_of(one))
            session.add(found[key_of(one)])
    session.flush()
    return found
