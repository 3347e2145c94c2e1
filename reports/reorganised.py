"""What an act of reorganisation moved, and the totals of the district before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from models import (
    Allocation,
    AllocationLine,
    CapitalTransfer,
    Investor,
    LineKind,
    Nature,
    OrgEvent,
    Project,
    ProjectSuccession,
    Source,
)
from models.ledger import Question, add_up


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One key of capital that moved; amounts in đồng leave `before` and arrive at `after`."""

    before: str
    after: str
    project: str
    new_project: str
    budget_year: int
    source: Source
    nature: Nature
    vintage: int
    plan: int
    disbursed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """The pairs of an act, and the projects that go on without capital of the year."""

    pairs: tuple[Pair, ...]
    projects: tuple[tuple[str, str, str], ...]

    @property
    def plan(self) -> int:
        return sum(pair.plan for pair in self.pairs)

    @property
    def disbursed(self) -> int:
        return sum(pair.disbursed for pair in self.pairs)


def moved(session: Session, event: OrgEvent) -> Moved:
    """Plan and disbursement that an act moved, by key; five queries, none of two units."""
    projects = _projects(session, event)
    code_of = {row.id: row.code for row in projects}
    new_code = _new_codes(session, event)
    plans, paid = _plans(session, event), _paid(session, event)
    seen: set[int] = set()
    pairs = []
    for row in _capital(session, event):
        first = row.target_id not in seen
        seen.add(row.target_id)
        pairs.append(
            Pair(
                before=row.before,
                after=row.after,
                project=code_of.get(row.project_id, ""),
                new_project=new_code.get(row.project_id, ""),
                budget_year=row.budget_year,
                source=Source(row.source),
                nature=Nature(row.nature),
                vintage=row.vintage,
                plan=plans.get(row.target_id, 0) if first else 0,
                disbursed=paid.get(row.allocation_id, 0),
            )
        )
    return Moved(
        pairs=tuple(pairs),
        projects=tuple(
            (row.short_name, f"{row.code} {row.name}", new_code[row.id]) for row in projects
        ),
    )


def _projects(session: Session, event: OrgEvent) -> Sequence[Any]:
    return session.execute(
        select(Project.code, Project.name, Investor.short_name, Project.id)
        .join(
            ProjectSuccession,
            and_(
                ProjectSuccession.investor_id == Project.investor_id,
                ProjectSuccession.project_id == Project.id,
            ),
        )
        .join(Investor, Investor.id == ProjectSuccession.investor_id)
        .where(ProjectSuccession.event_id == event.id)
        .order_by(Project.code)
    ).all()


def _new_codes(session: Session, event: OrgEvent) -> dict[int, str]:
    """By project of old: the code of the one that carries it on."""
    carried_on = session.execute(
        select(ProjectSuccession.project_id, Project.code)
        .join(
            ProjectSuccession,
            and_(
                ProjectSuccession.to_investor_id == Project.investor_id,
                ProjectSuccession.to_project_id == Project.id,
            ),
        )
        .where(ProjectSuccession.event_id == event.id)
    )
    return dict(carried_on.all())


def _capital(session: Session, event: OrgEvent) -> Sequence[Any]:
    """Each allocation that was moved, with the units and the allocation it was moved to."""
    before, after = aliased(Investor), aliased(Investor)
    return session.execute(
        select(
            CapitalTransfer.allocation_id,
            Allocation.project_id,
            Allocation.budget_year,
            Allocation.source,
            Allocation.nature,
            Allocation.vintage,
            before.short_name.label("before"),
            after.short_name.label("after"),
            CapitalTransfer.to_allocation_id.label("target_id"),
        )
        .join(
            Allocation,
            and_(
                Allocation.investor_id == CapitalTransfer.investor_id,
                Allocation.id == CapitalTransfer.allocation_id,
            ),
        )
        .join(before, before.id == CapitalTransfer.investor_id)
        .join(after, after.id == CapitalTransfer.to_investor_id)
        .where(CapitalTransfer.event_id == event.id)
        .order_by(
            before.sort_order,
            Allocation.project_id,
            Allocation.budget_year,
            Allocation.vintage,
            Allocation.source,
        )
    ).all()


def _plans(session: Session, event: OrgEvent) -> dict[int, int]:
    targets = select(CapitalTransfer.to_allocation_id).where(CapitalTransfer.event_id == event.id)
    rows = session.execute(
        select(AllocationLine.allocation_id, func.sum(AllocationLine.amount))
        .where(
            AllocationLine.allocation_id.in_(targets),
            AllocationLine.kind == LineKind.TRANSFER,
            AllocationLine.decision_id == event.decision_id,
            AllocationLine.effective_on == event.effective_on,
            AllocationLine.amount > 0,
        )
        .group_by(AllocationLine.allocation_id)
    )
    return {allocation_id: int(amount) for allocation_id, amount in rows}


def _paid(session: Session, event: OrgEvent) -> dict[int, int]:
    moved_away = select(CapitalTransfer.allocation_id).where(CapitalTransfer.event_id == event.id)
    return {
        row.allocation_id: int(row.net)
        for row in add_up(
            session,
            lambda reported: Question(
                by={"allocation_id": reported.money.allocation_id},
                sums={"net": reported.net},
                where=(reported.money.allocation_id.in_(moved_away),),
            ),
            basis="submitted",
            memo=True,
        )
    }


def totals_on(session: Session, day: date) -> dict[str, int]:
    """Plan and disbursement of all units as of a day, in đồng; an act must not change them."""
    plan = session.scalar(
        select(func.coalesce(func.sum(AllocationLine.amount), 0)).where(
            AllocationLine.effective_on <= day
        )
    )
    (paid,) = add_up(
        session,
        lambda reported: Question(sums={"net": reported.net}),
        basis="submitted",
        day=day,
        memo=True,
    )
    return {"plan": int(plan or 0), "disbursed": int(paid.net or 0)}
