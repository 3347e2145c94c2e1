"""The sheet of one unit and one period: what the entry page shows and the checks read."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.allocation import Allocation, AllocationLine, Nature, Source
from models.component import Component
from models.errors import RuleBroken, _n
from models.investor import Investor
from models.ledger import NET
from models.money import rate
from models.period import ExpectedReport, Period, PeriodKind
from models.periods import ACTIVE
from models.progress import Disbursement, Explanation, ProgressEntry
from models.project import Project
from models.settings import setting
from models.submission import EDITABLE, Submission

MONEY_KINDS = (PeriodKind.MONTH, PeriodKind.CLOSING)
AMOUNTS = ("advance", "completed", "recovered", "returned")


@dataclass(frozen=True, kw_only=True, slots=True)
class AllocationRow:
    """One allocation on the sheet; amounts in đồng, None where nothing is typed."""

    allocation_id: int
    budget_year: int
    source: Source
    nature: Nature
    vintage: int
    plan: int
    first_line_on: date | None
    disburse_until: date | None
    before: int
    advance_balance_before: int
    last_month: int | None
    advance: int | None = None
    completed: int | None = None
    recovered: int | None = None
    returned: int | None = None
    return_document: str | None = None
    awaits_decision: bool = False

    @property
    def is_blank(self) -> bool:
        return all(getattr(self, name) is None for name in AMOUNTS)

    @property
    def this_period(self) -> int:
        """Net disbursement of the period (domain §3.2)."""
        advance, completed, recovered, returned = (getattr(self, n) or 0 for n in AMOUNTS)
        return int(advance + (completed - recovered) - returned)

    @property
    def after(self) -> int:
        """Cumulative disbursement of the budget year, this period included."""
        return self.before + self.this_period

    @property
    def remaining(self) -> int:
        return self.plan - self.after

    @property
    def rate(self) -> Decimal | None:
        return rate(self.after, self.plan)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectRow:
    """One project on the sheet with its allocations."""

    project_id: int
    code: str
    name: str
    component_code: str
    component_name: str
    total_investment: int | None
    allocations: tuple[AllocationRow, ...]
    previous_progress: Decimal | None = None
    physical_progress: Decimal | None = None
    volume_value: int | None = None
    progress_text: str | None = None
    obstacles: str | None = None
    proposals: str | None = None
    estimate: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Everything one unit reports in one period."""

    period: Period
    investor: Investor
    submission: Submission | None
    version: int
    projects: tuple[ProjectRow, ...]
    explanations: dict[tuple[str, str], str]
    deadline_at: datetime
    deadline_reason: str
    why_closed: RuleBroken | None

    @property
    def is_editable(self) -> bool:
        return self.why_closed is None

    @property
    def allocations(self) -> tuple[AllocationRow, ...]:
        return tuple(row for project in self.projects for row in project.allocations)


def read_sheet(session: Session, *, period: Period, investor: Investor, at: datetime) -> Sheet:
    """The sheet as stored, in the same number of queries whatever its length."""
    submission = session.scalar(
        select(Submission).where(
            Submission.investor_id == investor.id, Submission.period_id == period.id
        )
    )
    expected = session.get(ExpectedReport, (investor.id, period.id))
    entries = _entries(session, submission)
    return Sheet(
        period=period,
        investor=investor,
        submission=submission,
        version=submission.version if submission else 0,
        projects=_projects(session, period, investor, entries),
        explanations=_explanations(session, submission),
        deadline_at=(expected and expected.deadline_at) or period.deadline_at,
        deadline_reason=(expected and expected.deadline_reason) or period.deadline_reason,
        why_closed=why_closed(session, period, submission, at=at),
    )


def why_closed(
    session: Session, period: Period, submission: Submission | None, *, at: datetime
) -> RuleBroken | None:
    """Why no figure of this unit can be typed now, with whom to ask; None when it can."""
    office = setting(session, "office_contact") or setting(session, "office_name")
    if period.is_locked(at):
        return RuleBroken(
            _n(
                "Period %(code)s is locked since %(since)s: its figures are in the report. "
                "To correct them, ask %(office)s to reopen it."
            ),
            code=period.code,
            since=period.lock_at,
            office=office,
        )
    if period.kind not in MONEY_KINDS:
        return RuleBroken(
            _n("Period %(code)s takes no figures of its own: they come from its months."),
            code=period.code,
        )
    if submission is not None and submission.status not in EDITABLE:
        return RuleBroken(
            _n(
                "The report is %(status)s. To change it, ask %(office)s to return it "
                "with the reason."
            ),
            status=submission.status,
            office=office,
        )
    return None


def earlier_periods(period: Period) -> ColumnElement[bool]:
    """Condition on Period: the earlier ones whose figures belong to the same budget year."""
    return and_(
        Period.budget_year == period.budget_year,
        Period.kind.in_(MONEY_KINDS),
        Period.data_to < period.data_to,
    )


def _entries(session: Session, submission: Submission | None) -> dict[int, ProgressEntry]:
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


def _explanations(session: Session, submission: Submission | None) -> dict[tuple[str, str], str]:
    if submission is None:
        return {}
    found = session.scalars(
        select(Explanation).where(
            Explanation.investor_id == submission.investor_id,
            Explanation.submission_id == submission.id,
        )
    )
    return {(row.rule, row.subject): row.text for row in found}


def _projects(
    session: Session, period: Period, investor: Investor, entries: dict[int, ProgressEntry]
) -> tuple[ProjectRow, ...]:
    with_capital = select(Allocation.project_id).where(
        Allocation.investor_id == investor.id, Allocation.budget_year == period.budget_year
    )
    active = and_(
        Project.status.in_(ACTIVE),
        Project.start_on <= period.data_to,
        or_(Project.end_on.is_(None), Project.end_on >= period.data_from),
    )
    projects = session.execute(
        select(Project, Component)
        .join(Component, Component.id == Project.component_id)
        .where(
            Project.investor_id == investor.id,
            or_(active, Project.id.in_(with_capital), Project.id.in_(list(entries))),
        )
        .order_by(Component.sort_order, Project.code, Project.id)
    ).all()
    allocations = _allocations(session, period, investor, entries)
    progress = _previous_progress(session, period, investor)
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
            **_typed(entries.get(project.id)),
        )
        for project, component in projects
    )


def _place(row: AllocationRow) -> tuple[int, int, str]:
    """Capital of the year first, central money before local, as in the printed forms."""
    return -row.vintage, list(Source).index(row.source), row.nature


def _typed(entry: ProgressEntry | None) -> dict[str, Any]:
    names = (
        "physical_progress",
        "volume_value",
        "progress_text",
        "obstacles",
        "proposals",
        "estimate",
    )
    return {name: getattr(entry, name) for name in names} if entry else {}


def _allocations(
    session: Session, period: Period, investor: Investor, entries: dict[int, ProgressEntry]
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
    earlier = _earlier(session, period, investor)
    typed = {d.allocation_id: d for entry in entries.values() for d in entry.disbursements}
    found: dict[int, list[AllocationRow]] = {}
    for allocation, plan, first_on in rows:
        before, balance, last = earlier.get(allocation.id, (0, 0, None))
        entered = typed.get(allocation.id)
        names = (*AMOUNTS, "return_document", "awaits_decision")
        row = AllocationRow(
            allocation_id=allocation.id,
            budget_year=allocation.budget_year,
            source=Source(allocation.source),
            nature=Nature(allocation.nature),
            vintage=allocation.vintage,
            plan=int(plan),
            first_line_on=first_on,
            disburse_until=allocation.disburse_until,
            before=before,
            advance_balance_before=balance,
            last_month=last,
            **({name: getattr(entered, name) for name in names} if entered else {}),
        )
        found.setdefault(allocation.project_id, []).append(row)
    return found


def _earlier(
    session: Session, period: Period, investor: Investor
) -> dict[int, tuple[int, int, int | None]]:
    """By allocation: cumulative net, advance not yet settled, net of the period just before."""
    latest = select(func.max(Period.data_to)).where(earlier_periods(period)).scalar_subquery()
    settled = Disbursement.recovered + Disbursement.returned
    rows = session.execute(
        select(
            Disbursement.allocation_id,
            func.sum(NET),
            func.sum(Disbursement.advance - settled),
            func.sum(NET).filter(Period.data_to == latest),
        )
        .join(ProgressEntry, ProgressEntry.id == Disbursement.entry_id)
        .join(Submission, Submission.id == ProgressEntry.submission_id)
        .join(Period, Period.id == Submission.period_id)
        .where(Disbursement.investor_id == investor.id, earlier_periods(period))
        .group_by(Disbursement.allocation_id)
    )
    return {
        allocation_id: (int(before), max(0, int(balance)), None if last is None else int(last))
        for allocation_id, before, balance, last in rows
    }


def _previous_progress(
    session: Session, period: Period, investor: Investor
) -> dict[int, Decimal | None]:
    rows = session.execute(
        select(ProgressEntry.project_id, ProgressEntry.physical_progress)
        .join(Submission, Submission.id == ProgressEntry.submission_id)
        .join(Period, Period.id == Submission.period_id)
        .where(
            ProgressEntry.investor_id == investor.id,
            Period.kind.in_(MONEY_KINDS),
            Period.data_to < period.data_to,
            ProgressEntry.physical_progress.is_not(None),
        )
        .order_by(Period.data_to)
    )
    return {project_id: progress for project_id, progress in rows}  # noqa: C416
