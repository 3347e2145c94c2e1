"""Capital of earlier years by project and vintage: plan, disbursement, term, what goes on."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, select, union_all
from sqlalchemy.orm import Session, aliased

from models import Allocation, AllocationLine, Decision, LineKind, Period, Project
from models.base import among, summed
from models.capital import IS_CARRIED, is_over
from models.ledger import Place, held_by, is_carried_on_as, is_moved, within
from reports.facts.allocated import by_allocation
from reports.facts.figures import plan_lines
from reports.facts.held import has_capital
from reports.facts.source import project_lines


@dataclass(kw_only=True, slots=True)
class Carried:
    """What one project holds of one vintage, in đồng.

    `carried_on`: what decisions carry on into the next year; `over`: of capital whose term is
    over, what is left and not carried on. Last days and decisions of all its allocations.
    """

    project_id: int
    vintage: int
    plan: int = 0
    month: int = 0
    paid: int = 0
    carried_on: int = 0
    over: int = 0
    untils: set[date] = field(default_factory=set)
    decisions: dict[tuple[date, str], None] = field(default_factory=dict)


def carried_capital(
    session: Session, period: Period, basis: str, units: Collection[int] | None = None
) -> list[Carried]:
    """By project and vintage, of allocations with a plan or a disbursement: all, or what these
    units hold. Five queries.

    State budget sources only, as of the last day of the period.
    """
    which = (IS_CARRIED, *held_by(units))
    kept = carried_on(session, period, Allocation.id, *held_by(units))
    decisions = _decisions(session, period, *which)
    found: dict[tuple[int, int], Carried] = {}
    for each in by_allocation(
        session,
        period,
        basis,
        lambda reported: {
            "total": reported.net,
            "month": case((within(period), reported.net), else_=0),
        },
        *which,
    ):
        total, on = each.paid["total"], kept.get(each.allocation_id, 0)
        if not (each.plan or total or on):
            continue
        key = each.project_id, each.vintage
        one = found.setdefault(key, Carried(project_id=key[0], vintage=key[1]))
        one.plan += each.plan
        one.paid += total
        one.month += each.paid["month"]
        one.carried_on += on
        one.untils.add(each.until)
        one.decisions |= dict.fromkeys(decisions[each.allocation_id])
        if is_over(each.until, period.data_to):
            one.over += each.plan - total - on
    return list(found.values())


def carrying_projects(
    session: Session,
    period: Period,
    basis: str,
    held: Iterable[Carried],
    units: Collection[int] | None = None,
) -> Mapping[int, Any]:
    """Code, name and unit of the projects of this capital, that of all units or of these, that
    have a line in the consolidated report (`project_lines`). One query.

    Where something is planned or disbursed of earlier years there is a figure; the lines are asked
    only for units with a project where both come to nothing.
    """
    sums: dict[int, tuple[int, int]] = {}
    for one in held:
        plan, paid = sums.get(one.project_id, (0, 0))
        sums[one.project_id] = plan + one.plan, paid + one.paid
    named = {
        row.id: row
        for row in session.execute(
            select(Project.id, Project.code, Project.name, Project.investor_id).where(
                has_capital(period.budget_year, IS_CARRIED),
                *(() if units is None else (among(Project.investor_id, units),)),
            )
        )
        if row.id in sums
    }
    if doubtful := {project for project in named if not any(sums[project])}:
        theirs = {named[project].investor_id for project in doubtful}
        lines = project_lines(session, period, basis, frozenset(), theirs)
        for project in doubtful - {line.project_id for line in lines}:
            del named[project]
    return named


def carried_on(
    session: Session, period: Period, key: Any, *which: ColumnElement[bool]
) -> dict[int, int]:
    """By a key of Allocation: what is carried on into the next budget year of what was carried
    over, under the same key; `which` narrows the capital.

    It stands with who holds the capital at the end of the period: a merger in January moves that of
    both years, and what was carried in before it stays in the books of its predecessor.
    """
    day, found = period.data_to, Counter[int]()
    carried_in = (AllocationLine.kind == LineKind.CARRY_IN, AllocationLine.effective_on <= day)
    of_next = period.budget_year + 1  # mostly there is none yet
    later = aliased(Allocation)
    own = (
        select(key, summed(AllocationLine.amount))
        .join(later, is_carried_on_as(later))
        .join(later.lines)
        .where(later.budget_year == of_next, *carried_in, ~is_moved(AllocationLine, day))
    )
    there = Place(day, is_moved=True)
    same = {name: there.of_capital(getattr(Allocation, name)).label(name) for name in _SAME}
    lines = select(*same.values(), AllocationLine.amount).select_from(AllocationLine)
    in_force = (*carried_in, there.of_capital(Allocation.budget_year == of_next))
    # rows of two units at once: on a cluster they are read first and taken to every server
    taken_in = there.join(lines, AllocationLine).where(*in_force).cte("taken_in")
    taken_in = taken_in.prefix_with("MATERIALIZED", dialect="postgresql")
    moved = select(key, summed(taken_in.c.amount)).join(
        taken_in, and_(*(getattr(Allocation, name) == taken_in.c[name] for name in _SAME))
    )
    held = (Allocation.budget_year == period.budget_year, IS_CARRIED, *which)
    parts = (one.where(*held).group_by(key) for one in (own, moved))
    for of, amount in session.execute(union_all(*parts)):
        found[of] += int(amount)
    return found


_SAME = ("investor_id", "project_id", "source", "nature", "vintage")  # from year to year


def _decisions(
    session: Session, period: Period, *which: ColumnElement[bool]
) -> dict[int, list[tuple[date, str]]]:
    """By allocation: day and number of the decisions behind its lines in force."""
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for allocation_id, day, number in session.execute(
        select(AllocationLine.allocation_id, Decision.issued_on, Decision.number)
        .join(AllocationLine.allocation)
        .join(Decision, Decision.id == AllocationLine.decision_id)
        .where(plan_lines(period), *which)
        .order_by(Decision.issued_on, Decision.number)
        .distinct()
    ):
        found[allocation_id].append((day, number))
    return found
