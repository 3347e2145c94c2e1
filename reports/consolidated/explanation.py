"""Where a figure of the consolidated report comes from: its ledger lines and its entries."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models import (
    CENTRAL_SOURCES,
    Allocation,
    AllocationLine,
    Component,
    Decision,
    Investor,
    Nature,
    Period,
    Project,
)
from models.base import RuleBroken, _n
from models.capital import last_day, terms_of
from models.ledger import IN_BUDGET, predecessors_of, sources, within
from models.ledger import Source as Place
from reports.consolidated.explained import Explained, MoneyLine, PlanLine
from reports.consolidated.reporters import TOLD, columns_of, people_of, report_of, told_lines
from reports.facts import money_rows, plan_lines

# columns, not rows of the mapper: the figure of a district may stand on thousands of them
_CAPITAL: tuple[Any, ...] = (
    Allocation.source,
    Allocation.nature,
    Allocation.vintage,
    Project.code.label("project_code"),
    Project.name.label("project_name"),
    Investor.short_name.label("investor"),
)
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

CARRIED = "carried"


def explain(
    session: Session,
    *,
    period: Period,
    column: str,
    basis: str = "submitted",
    units: str = "then",
    component_id: int | None = None,
    investor_id: int | None = None,
    project_id: int | None = None,
    vintage: int | str | None = None,
    part: tuple[str, str] | None = None,
    until: date | None = None,
) -> Explained:
    """The lines and entries whose sums make one figure, to the đồng.

    A component alone means it with all below it; with an investor it means what this investor
    holds directly under it, as the rows of the report do. `vintage` narrows it to capital of one
    year, or with CARRIED of all earlier years, as Biểu 04 does, and `until` to what of it has this
    last day; `part` narrows it to one kind, ("nature", "SN") or ("source", "NST"), as the split
    report does. Raises RuleBroken for a column that is no figure.
    """
    if column not in COLUMNS and (column not in TOLD or vintage is not None):
        raise RuleBroken(_n("“%(column)s” is no figure of the report."), column=column[:40])
    row: list[ColumnElement[bool]] = []
    if vintage is not None:
        row.append(
            Allocation.vintage < Allocation.budget_year
            if vintage == CARRIED
            else Allocation.vintage == vintage
        )
    if part is not None:
        row.append(_of_part(period, *part, is_told=column in TOLD))
    if until is not None:
        row.append(_has_term(session, period, until))
    if project_id is not None:
        row.append(Project.id == project_id)
    if investor_id is not None:
        before = predecessors_of(session, investor_id) if units == "today" else []
        row.append(Project.investor_id.in_([investor_id, *before]))
    if component_id is not None:
        below = [component_id] if investor_id else _with_descendants(session, component_id)
        row.append(Project.component_id.in_(below))
    if column in TOLD:
        return Explained(told=told_lines(session, period, basis, column, row))
    plan, money = COLUMNS[column]
    return Explained(
        plan=_plan(session, period, [*row, *_split(plan)]) if plan else None,
        money=_money(session, period, basis, [*row, *_split(money, period)]) if money else None,
    )


def _has_term(session: Session, period: Period, until: date) -> ColumnElement[bool]:
    """Condition on Allocation: its last day, of its own or that of its vintage, is this one."""
    terms, year = terms_of(session, period.budget_year), period.budget_year
    vintages = session.scalars(
        select(Allocation.vintage).where(Allocation.budget_year == year).distinct()
    )
    usual = [one for one in vintages if last_day(year, one, own=None, terms=terms) == until]
    return or_(
        Allocation.disburse_until == until,
        and_(Allocation.disburse_until.is_(None), Allocation.vintage.in_(usual)),
    )


def _with_descendants(session: Session, component_id: int) -> list[int]:
    parents = session.execute(select(Component.id, Component.parent_id)).all()
    found = [component_id]
    for one in found:
        found.extend(child for child, parent in parents if parent == one)
    return found


def _of_part(period: Period, by: str, code: str, *, is_told: bool) -> ColumnElement[bool]:
    """Capital of one nature or source; of what is told, the projects that hold such capital."""
    kind: Any = {"nature": Allocation.nature, "source": Allocation.source}[by]
    if not is_told:
        return cast(ColumnElement[bool], kind == code)
    held = select(Allocation.project_id).where(
        Allocation.budget_year == period.budget_year, kind == code
    )
    return Project.id.in_(held)


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
        select(
            AllocationLine.allocation_id,
            AllocationLine.kind,
            AllocationLine.effective_on,
            AllocationLine.amount,
            *_CAPITAL,
            Decision.number.label("decision"),
            Decision.issued_on,
        )
        .select_from(AllocationLine)
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
            allocation_id=row.allocation_id,
            kind=row.kind,
            effective_on=row.effective_on,
            decision=row.decision,
            issued_on=row.issued_on,
            amount=row.amount,
            **_capital(row),
        )
        for row in rows
    )


def _money(
    session: Session, period: Period, basis: str, conditions: Sequence[ColumnElement[bool]]
) -> tuple[MoneyLine, ...]:
    rows = sorted(
        (
            row
            for reported in sources(period.data_to)
            for row in session.execute(
                _entries(reported).where(
                    money_rows(period), IN_BUDGET, reported.counts(basis), *conditions
                )
            )
        ),
        key=lambda row: (-row.data_to.toordinal(), row.project_code, row.money_id),
    )
    people = people_of(session, {row.submission_id for row in rows if row.sending is None})
    return tuple(
        MoneyLine(
            **report_of(row, people),
            advance=row.advance,
            completed=row.completed,
            recovered=row.recovered,
            returned=row.returned,
            correction=row.correction,
            net=row.net,
            budget_year=period.budget_year,
            source=row.source,
            nature=row.nature,
            vintage=row.vintage,
        )
        for row in rows
        if row.net or row.completed or row.advance
    )


def _capital(row: Any) -> dict[str, Any]:
    """What a line of the ledger says about whose capital it is."""
    return {
        "project": f"{row.project_code} · {row.project_name}",
        "investor": row.investor,
        "source": row.source,
        "nature": row.nature,
        "vintage": row.vintage,
    }


def _entries(reported: Place) -> Any:
    """Reported amounts with the capital with which they count on the day."""
    money = reported.money
    return (
        reported.select(
            *columns_of(reported),
            money.id.label("money_id"),
            money.advance,
            money.completed,
            money.recovered,
            money.returned,
            money.correction,
            reported.net.label("net"),
            *_CAPITAL,
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
