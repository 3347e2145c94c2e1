"""The rows of the sheets of one or many units: projects with their capital, as stored."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from models.calendar import Period
from models.capital import (
    Allocation,
    AllocationLine,
    CapitalTerm,
    Nature,
    Source,
    last_day,
    order_of_capital,
    term_of_allocation,
)
from models.catalogue import Component, Project
from models.duty import takes_figures
from models.filing.history import (
    Doubt,
    completed_before,
    doubts,
    open_obstacles,
    previous_progress,
)
from models.filing.money_before import (
    Key,
    LaterMonth,
    advance_balances,
    earlier_amounts,
    later_months,
)
from models.filing.rows import AllocationRow, ProjectRow, Statement
from models.filing.statements import statements_for
from models.ledger import origins_of, predecessors_of
from models.returns import ENTERED, MONEY, ProgressEntry


@dataclass(frozen=True, slots=True)
class _MoneyElsewhere:
    """What other periods say of the money: by allocation, and by its key where it is carried."""

    earlier: Mapping[int, tuple[int, int | None]] = field(default_factory=dict)
    later: Mapping[int, Sequence[LaterMonth]] = field(default_factory=dict)
    balances: Mapping[Key, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _FactsElsewhere:
    """What is known of projects, by project, besides what their report holds."""

    progress: Mapping[int, Decimal | None] = field(default_factory=dict)
    completed: Mapping[int, int] = field(default_factory=dict)
    obstacles: Mapping[int, int] = field(default_factory=dict)
    doubts: Mapping[int, tuple[Doubt, ...]] = field(default_factory=dict)
    statements: Mapping[int, Statement] = field(default_factory=dict)


def projects_of_sheets(
    session: Session,
    period: Period,
    investors: Sequence[int],
    entries: Mapping[int, ProgressEntry],
    *,
    whole: bool,
) -> tuple[dict[int, list[ProjectRow]], list[object]]:
    """The rows of these units, by unit; `entries` are what their reports hold, by project. Not
    `whole`: without what other periods say of them, which takes as long as their history.

    Also the stored rows behind them: whoever holds these need not ask for them again.
    """
    projects = session.execute(
        select(Project, Component)
        .join(Component, Component.id == Project.component_id)
        .where(
            Project.investor_id.in_(investors),
            or_(takes_figures(period), _is_told(entries)),
        )
        .order_by(Component.sort_order, Component.code, Project.code, Project.id)
    ).all()
    money, facts = _MoneyElsewhere(), _FactsElsewhere()
    if whole:
        origins = origins_of(session, *investors)
        units = [*investors, *predecessors_of(session, *investors)]
        money = _money_elsewhere(session, period, investors, units, origins)
        facts = _FactsElsewhere(
            previous_progress(session, period, investors, units, origins),
            completed_before(session, period, investors, units, origins),
            open_obstacles(session, period, investors),
            doubts(session, period, investors),
            statements_for(session, period, investors, origins),
        )
    capital = _capital(session, period, investors)
    allocations = _allocations(capital, entries, money)
    found: dict[int, list[ProjectRow]] = defaultdict(list)
    for project, component in projects:
        found[project.investor_id].append(
            ProjectRow(
                project_id=project.id,
                code=project.code,
                name=project.name,
                component_code=component.code,
                component_name=f"{component.short_name}: {component.name}",
                total_investment=project.total_investment,
                allocations=tuple(sorted(allocations.get(project.id, ()), key=order_of_capital)),
                previous_progress=facts.progress.get(project.id),
                completed_before=facts.completed.get(project.id, 0),
                open_obstacles=facts.obstacles.get(project.id, 0),
                doubts=facts.doubts.get(project.id, ()),
                statement=facts.statements.get(project.id),
                **_typed(entries.get(project.id)),
            )
        )
    return found, [*(row[0] for row in projects), *(row[0] for row in capital)]


def _is_told(entries: Mapping[int, ProgressEntry]) -> ColumnElement[bool]:
    """Condition on Project: one of the reports has an entry of it."""
    reports = {entry.submission_id for entry in entries.values()}
    return Project.id.in_(
        select(ProgressEntry.project_id).where(
            ProgressEntry.investor_id == Project.investor_id,
            ProgressEntry.submission_id.in_(reports),
        )
    )


def _typed(entry: ProgressEntry | None) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ENTERED} if entry else {}


def _money_elsewhere(
    session: Session,
    period: Period,
    investors: Sequence[int],
    units: Sequence[int],
    origins: Mapping[int, int],
) -> _MoneyElsewhere:
    return _MoneyElsewhere(
        earlier_amounts(session, period, investors, units),
        later_months(session, period, investors),
        advance_balances(session, period, investors, units, origins),
    )


def _capital(session: Session, period: Period, investors: Sequence[int]) -> Sequence[Any]:
    """(allocation, plan, day of its first line, last day of its term) of these units."""
    in_force = AllocationLine.effective_on <= period.data_to
    return session.execute(
        select(
            Allocation,
            func.coalesce(func.sum(AllocationLine.amount).filter(in_force), 0),
            func.min(AllocationLine.effective_on),
            CapitalTerm.disburse_until,
        )
        .outerjoin(CapitalTerm, term_of_allocation())
        .outerjoin(Allocation.lines)
        .where(Allocation.investor_id.in_(investors), Allocation.budget_year == period.budget_year)
        .group_by(Allocation.investor_id, Allocation.id, CapitalTerm.disburse_until)
        .order_by(Allocation.id)
    ).all()


def _allocations(
    capital: Sequence[Any], entries: Mapping[int, ProgressEntry], elsewhere: _MoneyElsewhere
) -> dict[int, list[AllocationRow]]:
    typed = {d.allocation_id: d for entry in entries.values() for d in entry.disbursements}
    found: dict[int, list[AllocationRow]] = {}
    for allocation, plan, first_on, term in capital:
        before, last = elsewhere.earlier.get(allocation.id, (0, None))
        key = (
            allocation.project_id, str(allocation.source), str(allocation.nature),
            allocation.vintage,
        )  # fmt: skip
        entered = typed.get(allocation.id)
        row = AllocationRow(
            allocation_id=allocation.id,
            budget_year=allocation.budget_year,
            source=Source(allocation.source),
            nature=Nature(allocation.nature),
            vintage=allocation.vintage,
            plan=int(plan),
            first_line_on=first_on,
            disburse_until=last_day(
                allocation.budget_year,
                allocation.vintage,
                own=allocation.disburse_until,
                terms={} if term is None else {allocation.vintage: term},
            ),
            before=before,
            advance_balance_before=elsewhere.balances.get(key, 0),
            last_month=last,
            later=_with_plans(elsewhere.later.get(allocation.id, ()), int(plan)),
            **({name: getattr(entered, name) for name in MONEY} if entered else {}),
        )
        found.setdefault(allocation.project_id, []).append(row)
    return found


def _with_plans(months: Sequence[LaterMonth], plan: int) -> tuple[LaterMonth, ...]:
    """The plan of each later month: that of this period, and what was decided until then."""
    return tuple(replace(month, plan=plan + month.plan) for month in months)
