"""What came into force in the plan during a period: lines of the ledger, and the plan before."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Allocation, AllocationLine, Component, Decision, Investor, Period, Project
from models.catalogue import names_on
from models.ledger import IN_BUDGET
from reports.facts.names import short_name_in


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedLine:
    """One line of the ledger with the names of that time; `amount` in đồng, signed."""

    line_id: int
    allocation_id: int
    investor_id: int
    investor: str
    investor_order: int
    investor_code: str
    project_code: str
    project_name: str
    component: str
    source: str
    nature: str
    vintage: int
    kind: str
    amount: int
    effective_on: date
    note: str
    decision_id: int
    decision: str
    issued_on: date
    summary: str

    @property
    def order(self) -> tuple[Any, ...]:
        """By decision, then by unit and project."""
        return (
            self.issued_on, self.decision, self.decision_id,
            self.investor_order, self.investor_code, self.project_code, self.line_id,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedPlan:
    """The plan of the state budget before a period in đồng, by unit, and the lines since."""

    openings: Mapping[int, int]
    lines: tuple[ChangedLine, ...]

    @property
    def opening(self) -> int:
        return sum(self.openings.values())


def changed_plan(session: Session, period: Period) -> ChangedPlan:
    """Every line of the ledger of the budget year that came into force in a period.

    The first period of a year holds what came into force before it, too. Three queries.
    """
    names = names_on(session, period.data_to)
    lines = (ChangedLine(**_plain(row, names)) for row in _lines(session, period))
    return ChangedPlan(
        openings=_openings(session, period), lines=tuple(sorted(lines, key=lambda one: one.order))
    )


def _is_first(period: Period) -> bool:
    """Whether no period of its kind comes before it in the budget year."""
    return period.number == 1


def _openings(session: Session, period: Period) -> dict[int, int]:
    if _is_first(period):
        return {}
    found: dict[int, int] = defaultdict(int)
    for unit_id, amount in session.execute(
        select(AllocationLine.investor_id, func.sum(AllocationLine.amount))
        .select_from(AllocationLine)
        .join(AllocationLine.allocation)
        .where(
            Allocation.budget_year == period.budget_year,
            IN_BUDGET,
            AllocationLine.effective_on < period.data_from,
        )
        .group_by(AllocationLine.investor_id)
    ):
        found[unit_id] = int(amount)
    return dict(found)


def _plain(row: Any, names: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    values = dict(row._mapping)
    values["investor"] = short_name_in(names, row.investor_id, row.investor)
    for key in ("source", "nature", "kind"):
        values[key] = values[key].value
    return values | {"note": values["note"] or "", "summary": values["summary"] or ""}


def _lines(session: Session, period: Period) -> Any:
    since = () if _is_first(period) else (AllocationLine.effective_on >= period.data_from,)
    return session.execute(
        select(
            AllocationLine.id.label("line_id"),
            AllocationLine.allocation_id,
            AllocationLine.kind,
            AllocationLine.amount,
            AllocationLine.effective_on,
            AllocationLine.note,
            Allocation.source,
            Allocation.nature,
            Allocation.vintage,
            Project.code.label("project_code"),
            Project.name.label("project_name"),
            Investor.id.label("investor_id"),
            Investor.short_name.label("investor"),
            Investor.sort_order.label("investor_order"),
            Investor.code.label("investor_code"),
            Component.short_name.label("component"),
            Decision.id.label("decision_id"),
            Decision.number.label("decision"),
            Decision.issued_on,
            Decision.summary,
        )
        .select_from(AllocationLine)
        .join(AllocationLine.allocation)
        .join(Allocation.project)
        .join(Component, Component.id == Project.component_id)
        .join(Investor, Investor.id == Project.investor_id)
        .join(Decision, Decision.id == AllocationLine.decision_id)
        .where(
            Allocation.budget_year == period.budget_year,
            AllocationLine.effective_on <= period.data_to,
            *since,
        )
    )
