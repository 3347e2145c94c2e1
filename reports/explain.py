"""Where a figure of the consolidated report comes from: its ledger lines and its entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from models import (
    CENTRAL_SOURCES,
    Allocation,
    AllocationLine,
    Component,
    Decision,
    Disbursement,
    EventKind,
    Investor,
    LineKind,
    Nature,
    Period,
    ProgressEntry,
    Project,
    Source,
    Submission,
    SubmissionEvent,
    SubmissionStatus,
)
from models.errors import RuleBroken, _n
from models.ledger import NET
from reports.figures import money_entries, plan_lines, within

# column → the amount of plan and the amount of disbursement that it is made of
COLUMNS: dict[str, tuple[str | None, str | None]] = {
    "plan_total": ("total", None),
    "plan_year": ("year", None),
    "plan_central": ("central", None),
    "plan_local": ("local", None),
    "plan_investment": ("investment", None),
    "plan_recurrent": ("recurrent", None),
    "plan_carried": ("carried", None),
    "disbursed_month": (None, "month"),
    "disbursed_total": (None, "total"),
    "disbursed_year": (None, "year"),
    "disbursed_carried": (None, "carried"),
    "rate_total": ("total", "total"),
    "rate_year": ("year", "year"),
    "rate_carried": ("carried", "carried"),
    "remaining": ("total", "total"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanLine:
    """One line of the ledger; `amount` in đồng, signed."""

    allocation_id: int
    project: str
    investor: str
    source: Source
    nature: Nature
    vintage: int
    kind: LineKind
    effective_on: date
    decision: str
    issued_on: date
    amount: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MoneyLine:
    """One disbursement of one allocation in one period; amounts in đồng."""

    entry_id: int
    period: str
    project: str
    investor: str
    source: Source
    nature: Nature
    vintage: int
    status: SubmissionStatus
    sent_at: datetime | None
    sent_by: str
    advance: int
    completed: int
    recovered: int
    returned: int
    net: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """The rows behind a figure; None where the figure has no such part."""

    plan: tuple[PlanLine, ...] | None
    money: tuple[MoneyLine, ...] | None

    @property
    def plan_sum(self) -> int:
        return sum(line.amount for line in self.plan or ())

    @property
    def money_sum(self) -> int:
        return sum(line.net for line in self.money or ())


def explain(
    session: Session,
    *,
    period: Period,
    column: str,
    basis: str = "submitted",
    component_id: int | None = None,
    investor_id: int | None = None,
    project_id: int | None = None,
) -> Explained:
    """The lines and entries whose sums make one figure, to the đồng.

    A component alone means it with all below it; with an investor it means what this investor
    holds directly under it, as the rows of the report do. Raises RuleBroken for a column that
    is no figure.
    """
    if column not in COLUMNS:
        raise RuleBroken(_n("“%(column)s” is no figure of the report."), column=column[:40])
    plan, money = COLUMNS[column]
    row: list[ColumnElement[bool]] = []
    if project_id is not None:
        row.append(Project.id == project_id)
    if investor_id is not None:
        row.append(Project.investor_id == investor_id)
    if component_id is not None:
        below = [component_id] if investor_id else _with_descendants(session, component_id)
        row.append(Project.component_id.in_(below))
    return Explained(
        plan=_plan(session, period, [*row, *_split(plan)]) if plan else None,
        money=_money(session, period, basis, [*row, *_split(money, period)]) if money else None,
    )


def _with_descendants(session: Session, component_id: int) -> list[int]:
    parents = session.execute(select(Component.id, Component.parent_id)).all()
    found = [component_id]
    for one in found:
        found.extend(child for child, parent in parents if parent == one)
    return found


def _split(part: str, period: Period | None = None) -> list[ColumnElement[bool]]:
    of_year = Allocation.vintage == Allocation.budget_year
    central = Allocation.source.in_(CENTRAL_SOURCES)
    if part == "month" and period is not None:
        return [within(period)]
    return {
        "total": [],
        "year": [of_year],
        "central": [of_year, central],
        "local": [of_year, ~central],
        "investment": [of_year, Allocation.nature == Nature.DTPT],
        "recurrent": [of_year, Allocation.nature == Nature.SN],
        "carried": [~of_year],
    }[part]


def _plan(
    session: Session, period: Period, conditions: Sequence[ColumnElement[bool]]
) -> tuple[PlanLine, ...]:
    rows = session.execute(
        select(AllocationLine, Allocation, Project, Investor, Decision)
        .join(
            Allocation,
            and_(
                Allocation.investor_id == AllocationLine.investor_id,
                Allocation.id == AllocationLine.allocation_id,
            ),
        )
        .join(
            Project,
            and_(
                Project.investor_id == Allocation.investor_id,
                Project.id == Allocation.project_id,
            ),
        )
        .join(Investor, Investor.id == Project.investor_id)
        .join(Decision, Decision.id == AllocationLine.decision_id)
        .where(plan_lines(period), *conditions)
        .order_by(Project.code, AllocationLine.effective_on, AllocationLine.id)
    )
    return tuple(
        PlanLine(
            allocation_id=allocation.id,
            project=f"{project.code} · {project.name}",
            investor=investor.short_name,
            source=allocation.source,
            nature=allocation.nature,
            vintage=allocation.vintage,
            kind=line.kind,
            effective_on=line.effective_on,
            decision=decision.number,
            issued_on=decision.issued_on,
            amount=line.amount,
        )
        for line, allocation, project, investor, decision in rows
    )


def _money(
    session: Session, period: Period, basis: str, conditions: Sequence[ColumnElement[bool]]
) -> tuple[MoneyLine, ...]:
    behind = _entries().where(money_entries(period, basis), *conditions)
    rows = session.execute(
        behind.order_by(Period.data_to.desc(), Project.code, Disbursement.id)
    ).all()
    senders = _senders(session, {submission.id for submission, *_rest in rows})
    return tuple(
        MoneyLine(
            entry_id=entry.id,
            period=of.code,
            project=f"{project.code} · {project.name}",
            investor=investor.short_name,
            source=allocation.source,
            nature=allocation.nature,
            vintage=allocation.vintage,
            status=submission.status,
            sent_at=submission.last_submitted_at,
            sent_by=senders.get(submission.id, ""),
            advance=paid.advance,
            completed=paid.completed,
            recovered=paid.recovered,
            returned=paid.returned,
            net=net,
        )
        for submission, of, entry, paid, allocation, project, investor, net in rows
        if net or paid.completed or paid.advance
    )


def _entries() -> Select[
    Submission, Period, ProgressEntry, Disbursement, Allocation, Project, Investor, int
]:
    return (
        select(Submission, Period, ProgressEntry, Disbursement, Allocation, Project, Investor, NET)
        .join(Period, Period.id == Submission.period_id)
        .join(
            ProgressEntry,
            and_(
                ProgressEntry.investor_id == Submission.investor_id,
                ProgressEntry.submission_id == Submission.id,
            ),
        )
        .join(
            Disbursement,
            and_(
                Disbursement.investor_id == ProgressEntry.investor_id,
                Disbursement.entry_id == ProgressEntry.id,
            ),
        )
        .join(
            Allocation,
            and_(
                Allocation.investor_id == Disbursement.investor_id,
                Allocation.id == Disbursement.allocation_id,
            ),
        )
        .join(
            Project,
            and_(
                Project.investor_id == Allocation.investor_id,
                Project.id == Allocation.project_id,
            ),
        )
        .join(Investor, Investor.id == Project.investor_id)
    )


def _senders(session: Session, submissions: set[int]) -> dict[int, str]:
    """Who sent each report last."""
    rows = session.execute(
        select(SubmissionEvent.submission_id, SubmissionEvent.user_name)
        .where(
            SubmissionEvent.kind == EventKind.SENT,
            SubmissionEvent.submission_id.in_(submissions),
        )
        .order_by(SubmissionEvent.at)
    )
    senders: dict[int, str] = {}
    for submission_id, name in rows:
        senders[submission_id] = name
    return senders
