"""Capital of earlier years by unit, with what the sums tell that are kept of each unit (`kept`).

They tell what is disbursed of all that was carried over. That is of one vintage until one last day
where the unit holds no other, and of all of it where each allocation has a plan: what has none, and
nothing disbursed, is no part of the report. Other units are added up, like those of which something
has changed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Allocation, AllocationLine, Decision, Period
from models.base import among, summed
from models.capital import IS_CARRIED, is_over, last_day, terms_of
from models.ledger import IN_BUDGET, counted_periods, moved_during
from reports.facts.carried import (
    Carried,
    carried_capital,
    carried_on,
    carrying_projects,
)
from reports.facts.kept import Stale, stale_of
from reports.facts.kinds import kinds_by_unit

Decisions = dict[tuple[date, str], None]


@dataclass(frozen=True)
class CarriedByUnit:
    """What each unit has `held`: what `carried_capital` tells of the projects that
    `carrying_projects` names, or of all of them `together`, and then how many these are, if they
    were counted. `stale`: what of the sums was not so.
    """

    held: Mapping[int, Sequence[Carried]]
    together: Mapping[int, int]
    stale: Stale


def carried_by_unit(
    session: Session, period: Period, basis: str, *, count_projects: bool = False
) -> CarriedByUnit | None:
    """Capital of earlier years by unit; None where all of it has to be added up, or there is
    nothing.
    """
    before = _before(session, period)
    if before is None:
        return None
    periods = [period, *before]
    if (stale := stale_of(session, periods, basis)) is None:
        return None
    first = min(one.data_to for one in periods)
    unsaid = set(chain.from_iterable(moved_during(session, first, period.data_to)))
    capital = _capital(session, period, count_projects=count_projects)
    terms = terms_of(session, period.budget_year)
    paid = {unit: sums for unit, (_year, (_plan, *sums)) in kinds_by_unit(session, periods, stale)}
    unsaid |= {unit for unit in paid.keys() - capital.keys() if any(paid[unit])}
    unsaid |= {unit for unit, (own, *more) in capital.items() if more or own.least <= 0}
    if (stale := stale.with_units(unsaid)) is None:
        return None
    said = {unit: own for unit, (own, *_more) in capital.items() if unit not in stale.units}
    on = carried_on(session, period, Allocation.investor_id)
    decisions = _decisions(session, period, said)
    found: dict[int, list[Carried]] = {}
    for unit, own in said.items():
        until = last_day(period.budget_year, own.vintage, own=own.disburse_until, terms=terms)
        total, *earlier = paid.get(unit, (0,))
        left = own.plan - total - on.get(unit, 0)
        found[unit] = [
            Carried(
                project_id=0,
                vintage=own.vintage,
                plan=own.plan,
                month=total - sum(earlier),
                paid=total,
                carried_on=on.get(unit, 0),
                over=left if is_over(until, period.data_to) else 0,
                untils={until},
                decisions=decisions[unit],
            )
        ]
    if stale.units:
        found |= _added(session, period, basis, stale.units)
    if not found or not stale.is_still_so(session):
        return None
    together = {unit: own.projects for unit, own in said.items()} if count_projects else {}
    return CarriedByUnit(found, together, stale)


def _before(session: Session, period: Period) -> list[Period] | None:
    """The newest of the periods that are in the sum of this one and not part of it, if there is
    one; None where what is disbursed in the period is not what its sum is more than that.
    """
    counted = session.scalars(
        select(Period).where(counted_periods(period)).order_by(Period.data_to)
    ).all()
    earlier = [one for one in counted if one.data_from < period.data_from]
    if any(one is not other for one, other in zip(counted, earlier, strict=False)):
        return None
    return earlier[-1:]


def _capital(session: Session, period: Period, *, count_projects: bool) -> dict[int, list[Any]]:
    """By unit, vintage and own last day: the plan at the end of the period, the `least` line of it
    (0 where an allocation has none), of the decisions behind them the first and the last id, and
    how many projects hold it.
    """
    count = {"projects": func.count(Allocation.project_id.distinct())} if count_projects else {}
    amount = func.coalesce(AllocationLine.amount, 0)
    keys = (Allocation.investor_id, Allocation.vintage, Allocation.disburse_until)
    in_force = AllocationLine.effective_on <= period.data_to
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(
            *keys,
            summed(amount).label("plan"),
            func.min(amount).label("least"),
            func.min(AllocationLine.decision_id).label("first"),
            func.max(AllocationLine.decision_id).label("last"),
            *(counted.label(name) for name, counted in count.items()),
        )
        .outerjoin(Allocation.lines.and_(in_force))
        .where(Allocation.budget_year == period.budget_year, IN_BUDGET, IS_CARRIED)
        .group_by(*keys)
    ):
        found[row.investor_id].append(row)
    return found


def _decisions(
    session: Session, period: Period, said: Mapping[int, Any]
) -> Mapping[int, Decisions]:
    """By unit: the decisions behind its capital, in the order of their days. One query; one more
    where some unit has more than one decision.
    """
    behind = {unit: {own.first, own.last} for unit, own in said.items()}
    if any(len(ids) > 1 for ids in behind.values()):
        rows = session.execute(
            select(Allocation.investor_id, AllocationLine.decision_id)
            .join(Allocation.lines)
            .where(
                Allocation.budget_year == period.budget_year, IN_BUDGET, IS_CARRIED,
                AllocationLine.effective_on <= period.data_to,
            )
            .distinct()
        )  # fmt: skip
        for unit, decision in rows:
            if unit in behind:
                behind[unit].add(decision)
    ids = set(chain.from_iterable(behind.values()))
    known = {
        key: (day, number)
        for key, day, number in session.execute(
            select(Decision.id, Decision.issued_on, Decision.number).where(among(Decision.id, ids))
        )
    }
    return {
        unit: dict.fromkeys(sorted(known[one] for one in its if one is not None))
        for unit, its in behind.items()
    }


def _added(
    session: Session, period: Period, basis: str, units: Collection[int]
) -> dict[int, list[Carried]]:
    held = carried_capital(session, period, basis, units)
    return by_owner(held, carrying_projects(session, period, basis, held, units))


def by_owner(held: Collection[Carried], projects: Mapping[int, Any]) -> dict[int, list[Carried]]:
    """By unit the capital of these projects."""
    found: dict[int, list[Carried]] = defaultdict(list)
    for one in held:
        if (project := projects.get(one.project_id)) is not None:
            found[project.investor_id].append(one)
    return found
