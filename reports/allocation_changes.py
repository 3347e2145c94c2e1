"""What decisions changed in the plan during a period (Biểu 06, domain §4.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import BUDGET_SOURCES, Period
from reports.facts import ChangedLine, changed_plan, outline_number
from reports.frozen import Frozen, changes_in, shown_version


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
    """The report; for each row its depth in the outline, the allocation of a line and the decision
    of a sum. `before` is the code of the period just before, if there is one in the budget year.
    `frozen` is the version that it is of; `lacks` the number of one that was to be shown and does
    not hold it.
    """

    period: Period
    rows: tuple[ChangeRow, ...]
    depths: tuple[int, ...]
    allocation_ids: tuple[int | None, ...]
    decision_ids: tuple[int | None, ...]
    before: str | None
    frozen: Frozen | None = None
    lacks: int | None = None


def allocation_changes(
    session: Session, *, period: Period, version: int | str | None = None
) -> Changes:
    """Every line of the ledger of the budget year that came into force in the period.

    The first period of a year holds what came into force before it, too. Plan before, changes
    and plan after are the state budget's, the last as in the consolidated report of the same
    state; lines of memo sources follow apart. A locked period shows its newest version, or the
    one asked for, `version` "live" what the ledger says now.
    """
    frozen = shown_version(session, period, version)
    plan = changes_in(frozen) if frozen is not None else None
    lacks = frozen.number if frozen is not None and plan is None else None
    if plan is None:
        frozen, plan = None, changed_plan(session, period)
    builder, opening = _Builder(), plan.opening
    budget = [line for line in plan.lines if line.source in BUDGET_SOURCES]
    memo = [line for line in plan.lines if line.source not in BUDGET_SOURCES]
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
        decision_ids=tuple(builder.decision_ids),
        before=_before(session, period),
        frozen=frozen,
        lacks=lacks,
    )


def _before(session: Session, period: Period) -> str | None:
    """The period whose plan is the one before this period."""
    return session.scalar(
        select(Period.code)
        .where(
            Period.budget_year == period.budget_year,
            Period.data_to == period.data_from - timedelta(days=1),
        )
        .order_by(Period.code)
        .limit(1)
    )


class _Builder:
    def __init__(self) -> None:
        self.rows: list[ChangeRow] = []
        self.depths: list[int] = []
        self.allocation_ids: list[int | None] = []
        self.decision_ids: list[int | None] = []

    def sum(self, level: str, amount: int, depth: int) -> None:
        """A row that is a state of the plan, not a change."""
        self._add(depth, level=level, amount=amount)

    def block(self, level: str, lines: Sequence[ChangedLine]) -> None:
        """The sum of some lines, their decisions and the lines themselves."""
        self._add(0, level=level, **_changed(lines))
        for n, (_key, group) in enumerate(groupby(lines, key=lambda one: one.decision_id), 1):
            own = list(group)
            first = own[0]
            self._add(
                1,
                no=outline_number((n,)),
                level="decision",
                decision=first.decision,
                issued_on=first.issued_on,
                name=first.summary,
                decision_id=first.decision_id,
                **_changed(own),
            )
            for m, line in enumerate(own, 1):
                self._line((n, m), line)

    def _line(self, numbers: Sequence[int], line: ChangedLine) -> None:
        self._add(
            2,
            allocation_id=line.allocation_id,
            no=outline_number(numbers),
            level="line",
            decision=line.decision,
            issued_on=line.issued_on,
            effective_on=line.effective_on,
            kind=line.kind,
            code=line.project_code,
            name=line.project_name,
            investor=line.investor,
            component=line.component,
            source=line.source,
            nature=line.nature,
            vintage=line.vintage,
            note=line.note,
            **_changed([line]),
        )

    def _add(
        self,
        depth: int,
        allocation_id: int | None = None,
        decision_id: int | None = None,
        **values: Any,
    ) -> None:
        empty: dict[str, Any] = dict.fromkeys(KEYS, "") | dict.fromkeys(
            ("issued_on", "effective_on", "vintage", "increase", "decrease")
        )
        self.rows.append(ChangeRow(**empty | values))
        self.depths.append(depth)
        self.allocation_ids.append(allocation_id)
        self.decision_ids.append(decision_id)


def _changed(lines: Iterable[ChangedLine]) -> dict[str, int]:
    """What lines add, what they take away, and the difference."""
    amounts = [line.amount for line in lines]
    increase = sum(amount for amount in amounts if amount > 0)
    decrease = -sum(amount for amount in amounts if amount < 0)
    return {"increase": increase, "decrease": decrease, "amount": increase - decrease}
