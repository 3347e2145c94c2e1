"""The sheet of one unit and one period: what the entry page shows and the checks read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.base import RuleBroken
from models.calendar import ExpectedReport, Period
from models.capital import (
    BUDGET_SOURCES,
    Allocation,
    AllocationLine,
    Nature,
    Source,
    last_day,
    terms_of,
)
from models.catalogue import Component, Investor, Project
from models.duty import effective_deadline, open_reopening, takes_figures
from models.filing.history import (
    completed_before,
    doubts,
    open_obstacles,
    previous_progress,
)
from models.filing.money_before import LaterMonth, advance_balances, earlier_amounts, later_months
from models.filing.rows import AllocationRow, ProjectRow
from models.filing.rule_use import RuleUse, rule_uses
from models.filing.writable import is_correction, why_closed
from models.ledger import Totals, origins_of, predecessors_of, totals
from models.returns import FIGURES, MONEY, TEXTS, Explanation, ProgressEntry, Submission


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Everything one unit reports in one period."""

    period: Period
    investor: Investor
    submission: Submission | None
    version: int
    projects: tuple[ProjectRow, ...]
    explanations: dict[tuple[str, str], str]
    explained_for: dict[tuple[str, str], str | None] = field(default_factory=dict)
    rule_uses: dict[str, RuleUse] = field(default_factory=dict)
    deadline_at: datetime
    deadline_reason: str
    why_closed: RuleBroken | None
    reopened_until: datetime | None = None
    is_correction: bool = False

    @property
    def is_editable(self) -> bool:
        return self.why_closed is None

    @property
    def allocations(self) -> tuple[AllocationRow, ...]:
        return tuple(row for project in self.projects for row in project.allocations)

    @property
    def total(self) -> Totals:
        """Of all state budget capital of the unit; memo sources are outside."""
        return totals(self.allocations)

    @property
    def has_memo(self) -> bool:
        return any(row.source not in BUDGET_SOURCES for row in self.allocations)


def read_sheet(session: Session, *, period: Period, investor: Investor, at: datetime) -> Sheet:
    """The sheet as stored, in the same number of queries whatever its length."""
    submission = session.scalar(
        select(Submission).where(
            Submission.investor_id == investor.id, Submission.period_id == period.id
        )
    )
    expected = session.get(ExpectedReport, (investor.id, period.id))
    deadline_at, deadline_reason = effective_deadline(period, expected)
    entries = entries_of(session, submission)
    reopening = (
        open_reopening(session, period, investor.id, at=at) if period.is_locked(at) else None
    )
    corrects = is_correction(session, period, submission, at=at)
    closed = None if corrects else why_closed(session, period, investor.id, submission, at=at)
    explained = _explanations(session, submission)
    return Sheet(
        period=period,
        investor=investor,
        submission=submission,
        version=submission.version if submission else 0,
        projects=_projects(session, period, investor, entries),
        explanations={key: text for key, (text, _figures) in explained.items()},
        explained_for={key: figures for key, (_text, figures) in explained.items()},
        rule_uses=rule_uses(session),
        deadline_at=deadline_at,
        deadline_reason=deadline_reason,
        why_closed=closed,
        reopened_until=reopening.until_at if reopening else None,
        is_correction=corrects,
    )


def entries_of(session: Session, submission: Submission | None) -> dict[int, ProgressEntry]:
    """By project, with their amounts."""
    if submission is None:
        return {}
    found = session.scalars(
        select(ProgressEntry)
        .options(joinedload(ProgressEntry.disbursements))
        .where(
            ProgressEntry.investor_id == submission.investor_id,
            ProgressEntry.submission_id == submission.id,
        )
        .execution_options(populate_existing=True)
    ).unique()
    return {entry.project_id: entry for entry in found}


def _explanations(
    session: Session, submission: Submission | None
) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Text, and the figures for which it was given."""
    if submission is None:
        return {}
    found = session.scalars(
        select(Explanation).where(
            Explanation.investor_id == submission.investor_id,
            Explanation.submission_id == submission.id,
        )
    )
    return {(row.rule, row.subject): (row.text, row.figures) for row in found}


def _projects(
    session: Session, period: Period, investor: Investor, entries: dict[int, ProgressEntry]
) -> tuple[ProjectRow, ...]:
    projects = session.execute(
        select(Project, Component)
        .join(Component, Component.id == Project.component_id)
        .where(
            Project.investor_id == investor.id,
            or_(takes_figures(period), Project.id.in_(list(entries))),
        )
        .order_by(Component.sort_order, Project.code, Project.id)
    ).all()
    origins = origins_of(session, investor.id)
    allocations = _allocations(session, period, investor, entries, origins)
    progress = previous_progress(session, period, investor, origins)
    completed = completed_before(session, period, investor, origins)
    obstacles = open_obstacles(session, period, investor)
    doubtful = doubts(session, period, investor)
    return tuple(
        ProjectRow(
            project_id=project.id,
            code=project.code,
            name=project.name,
            component_code=component.code,
            component_name=f"{component.short_name}: {component.name}",
            total_investment=project.total_investment,
            allocations=tuple(sorted(allocations.get(project.id, ()), key=_place)),
            previous_progress=progress.get(project.id),
            completed_before=completed.get(project.id, 0),
            open_obstacles=obstacles.get(project.id, 0),
            doubts=doubtful.get(project.id, ()),
            **_typed(entries.get(project.id)),
        )
        for project, component in projects
    )


def _place(row: AllocationRow) -> tuple[int, int, str]:
    """Capital of the year first, central money before local, as in the printed forms."""
    return -row.vintage, list(Source).index(row.source), row.nature


def _typed(entry: ProgressEntry | None) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in (*FIGURES, *TEXTS)} if entry else {}


def _allocations(
    session: Session,
    period: Period,
    investor: Investor,
    entries: dict[int, ProgressEntry],
    origins: Mapping[int, int],
) -> dict[int, list[AllocationRow]]:
    in_force = AllocationLine.effective_on <= period.data_to
    rows = session.execute(
        select(
            Allocation,
            func.coalesce(func.sum(AllocationLine.amount).filter(in_force), 0),
            func.min(AllocationLine.effective_on),
        )
        .outerjoin(
            AllocationLine,
            and_(
                AllocationLine.investor_id == Allocation.investor_id,
                AllocationLine.allocation_id == Allocation.id,
            ),
        )
        .where(Allocation.investor_id == investor.id, Allocation.budget_year == period.budget_year)
        .group_by(Allocation.investor_id, Allocation.id)
        .order_by(Allocation.id)
    ).all()
    terms = terms_of(session, period.budget_year)
    units = [investor.id, *predecessors_of(session, investor.id)]
    earlier = earlier_amounts(session, period, investor, units)
    later = later_months(session, period, investor)
    balances = advance_balances(session, period, investor, units, origins)
    typed = {d.allocation_id: d for entry in entries.values() for d in entry.disbursements}
    found: dict[int, list[AllocationRow]] = {}
    for allocation, plan, first_on in rows:
        before, last = earlier.get(allocation.id, (0, None))
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
                terms=terms,
            ),
            before=before,
            advance_balance_before=balances.get(key, 0),
            last_month=last,
            later=_with_plans(later.get(allocation.id, ()), int(plan)),
            **({name: getattr(entered, name) for name in MONEY} if entered else {}),
        )
        found.setdefault(allocation.project_id, []).append(row)
    return found


def _with_plans(months: Sequence[LaterMonth], plan: int) -> tuple[LaterMonth, ...]:
    """The plan of each later month: that of this period, and what was decided until then."""
    return tuple(replace(month, plan=plan + month.plan) for month in months)
