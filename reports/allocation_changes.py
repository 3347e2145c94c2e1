"""What decisions changed in the plan during a period (Biểu 06, domain §4.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models import (
    BUDGET_SOURCES,
    Allocation,
    AllocationLine,
    Component,
    Decision,
    Investor,
    Period,
    Project,
)
from models.ledger import IN_BUDGET
from reports.facts import outline_number


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRow:
    """One row; the fields and their order are the keys. Amounts in đồng.

    `level`: `opening` (the plan before the period), `total`, `decision`, `line`, `closing` (the
    plan at its end); `memo` begins what is outside the state budget and in no sum.
    """

    no: str
    level: str
    decision: str
    issued_on: date | None
    effective_on: date | None
    kind: str
    code: str
    name: str
    investor: str
    component: str
    source: str
    nature: str
    vintage: int | None
    increase: int | None
    decrease: int | None
    amount: int
    note: str


KEYS = tuple(field.name for field in fields(ChangeRow))


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """The report; for each row its depth in the outline and the allocation of a line."""

    period: Period
    rows: tuple[ChangeRow, ...]
    depths: tuple[int, ...]
    allocation_ids: tuple[int | None, ...]


def allocation_changes(session: Session, *, period: Period) -> Changes:
    """Every line of the ledger of the budget year that came into force in the period.

    The first period of a year holds what came into force before it, too. Plan before, changes
    and plan after are the state budget's, the last as in the consolidated report of the entries
    as they are now; lines of memo sources follow apart. Two queries.
    """
    lines = _lines(session, period)
    opening = _opening(session, period)
    builder = _Builder()
    budget = [line for line in lines if line.source in BUDGET_SOURCES]
    memo = [line for line in lines if line.source not in BUDGET_SOURCES]
    builder.sum("opening", opening, 0)
    builder.block("total", budget)
    builder.sum("closing", opening + sum(line.amount for line in budget), 0)
    if memo:
        builder.block("memo", memo)
    return Changes(
        period=period,
        rows=tuple(builder.rows),
        depths=tuple(builder.depths),
        allocation_ids=tuple(builder.allocation_ids),
    )


def _is_first(period: Period) -> bool:
    """Whether no period of its kind comes before it in the budget year."""
    return period.number == 1


def _opening(session: Session, period: Period) -> int:
    if _is_first(period):
        return 0
    amount = session.scalar(
        select(func.sum(AllocationLine.amount))
        .select_from(AllocationLine)
        .join(
            Allocation,
            and_(
                Allocation.investor_id == AllocationLine.investor_id,
                Allocation.id == AllocationLine.allocation_id,
            ),
        )
        .where(
            Allocation.budget_year == period.budget_year,
            IN_BUDGET,
            AllocationLine.effective_on < period.data_from,
        )
    )
    return int(amount or 0)


def _lines(session: Session, period: Period) -> Sequence[Any]:
    since = () if _is_first(period) else (AllocationLine.effective_on >= period.data_from,)
    return session.execute(
        select(
            AllocationLine.id,
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
            Investor.short_name.label("investor"),
            Component.short_name.label("component"),
            Decision.id.label("decision_id"),
            Decision.number,
            Decision.issued_on,
            Decision.summary,
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
                Project.investor_id == Allocation.investor_id, Project.id == Allocation.project_id
            ),
        )
        .join(Component, Component.id == Project.component_id)
        .join(Investor, Investor.id == Project.investor_id)
        .join(Decision, Decision.id == AllocationLine.decision_id)
        .where(
            Allocation.budget_year == period.budget_year,
            AllocationLine.effective_on <= period.data_to,
            *since,
        )
        .order_by(
            Decision.issued_on,
            Decision.number,
            Decision.id,
            Investor.sort_order,
            Investor.code,
            Project.code,
            AllocationLine.id,
        )
    ).all()


class _Builder:
    def __init__(self) -> None:
        self.rows: list[ChangeRow] = []
        self.depths: list[int] = []
        self.allocation_ids: list[int | None] = []

    def sum(self, level: str, amount: int, depth: int) -> None:
        """A row that is a state of the plan, not a change."""
        self._add(depth, level=level, amount=amount)

    def block(self, level: str, lines: Sequence[Any]) -> None:
        """The sum of some lines, their decisions and the lines themselves."""
        self._add(0, level=level, **_changed(lines))
        for n, (_key, group) in enumerate(groupby(lines, key=lambda one: one.decision_id), 1):
            own = list(group)
            first = own[0]
            self._add(
                1,
                no=outline_number((n,)),
                level="decision",
                decision=first.number,
                issued_on=first.issued_on,
                name=first.summary or "",
                **_changed(own),
            )
            for m, line in enumerate(own, 1):
                self._line((n, m), line)

    def _line(self, numbers: Sequence[int], line: Any) -> None:
        self._add(
            2,
            allocation_id=line.allocation_id,
            no=outline_number(numbers),
            level="line",
            decision=line.number,
            issued_on=line.issued_on,
            effective_on=line.effective_on,
            kind=line.kind.value,
            code=line.project_code,
            name=line.project_name,
            investor=line.investor,
            component=line.component,
            source=line.source.value,
            nature=line.nature.value,
            vintage=line.vintage,
            note=line.note or "",
            **_changed([line]),
        )

    def _add(self, depth: int, allocation_id: int | None = None, **values: Any) -> None:
        empty: dict[str, Any] = dict.fromkeys(KEYS, "") | dict.fromkeys(
            ("issued_on", "effective_on", "vintage", "increase", "decrease")
        )
        self.rows.append(ChangeRow(**empty | values))
        self.depths.append(depth)
        self.allocation_ids.append(allocation_id)


def _changed(lines: Iterable[Any]) -> dict[str, int]:
    """What lines add, what they take away, and the difference."""
    amounts = [line.amount for line in lines]
    increase = sum(amount for amount in amounts if amount > 0)
    decrease = -sum(amount for amount in amounts if amount < 0)
    return {"increase": increase, "decrease": decrease, "amount": increase - decrease}
