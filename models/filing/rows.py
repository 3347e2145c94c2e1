"""The rows of the sheet of a unit: allocations and projects."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.base import net_of, rate
from models.capital import (
    BUDGET_SOURCES,
    Nature,
    Source,
)
from models.filing.history import (
    Doubt,
)
from models.filing.money_before import LaterMonth
from models.ledger import Totals, totals
from models.returns import IN_NET


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
    disburse_until: date
    before: int
    advance_balance_before: int
    last_month: int | None
    advance: int | None = None
    completed: int | None = None
    recovered: int | None = None
    returned: int | None = None
    correction: int | None = None
    correction_reason: str | None = None
    return_document: str | None = None
    awaits_decision: bool = False
    later: tuple[LaterMonth, ...] = ()

    @property
    def is_blank(self) -> bool:
        return all(getattr(self, name) is None for name in IN_NET)

    def entered(self, name: str) -> int | None:
        """One amount as it stands in the field of a form. The details hold 0 where only the simple
        figure was typed; their fields stay empty then.
        """
        value: int | None = getattr(self, name)
        return None if value == 0 and name != "completed" else value

    @property
    def this_period(self) -> int:
        """Net disbursement of the period (domain §3.2), corrections of earlier ones included."""
        return int(net_of(*(getattr(self, name) or 0 for name in IN_NET)))

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
class Statement:
    """What the Treasury confirms for one project at the end of a period, in đồng."""

    day: date
    confirmed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedFacts:
    """What is typed of one project, beside its money; amounts in đồng."""

    physical_progress: Decimal | None = None
    volume_value: int | None = None
    progress_text: str | None = None
    obstacles: str | None = None
    proposals: str | None = None
    estimate: int | None = None
    treasury_cumulative: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectRow(TypedFacts):
    """One project on the sheet with its allocations."""

    project_id: int
    code: str
    name: str
    component_code: str
    component_name: str
    total_investment: int | None
    allocations: tuple[AllocationRow, ...]
    previous_progress: Decimal | None = None
    completed_before: int = 0
    open_obstacles: int = 0
    doubts: tuple[Doubt, ...] = ()
    statement: Statement | None = None

    @property
    def confirmed(self) -> int | None:
        """What the Treasury confirms: its statement, else the figure that the unit typed."""
        return self.treasury_cumulative if self.statement is None else self.statement.confirmed

    @property
    def budget_rows(self) -> tuple[AllocationRow, ...]:
        """State budget capital alone; the rest are memo figures (domain §2.1)."""
        return tuple(row for row in self.allocations if row.source in BUDGET_SOURCES)

    @property
    def total(self) -> Totals:
        """Of the state budget capital of the year, all vintages; memo sources are outside."""
        return totals(self.allocations)

    @property
    def plan(self) -> int:
        return self.total.plan

    @property
    def after(self) -> int:
        """Cumulative disbursement of the year, all vintages, in đồng."""
        return self.total.after

    @property
    def rate(self) -> Decimal | None:
        return self.total.rate

    @property
    def paid_volume(self) -> int:
        """Accepted volume paid since the start of the project, this period included. A correction
        puts right what was paid for volume: the balance of advances knows none (domain §3.2), and
        what is disbursed is the one and the other.
        """
        return self.completed_before + sum(
            (row.completed or 0) + (row.correction or 0) for row in self.allocations
        )

    @property
    def unpaid(self) -> int | None:
        """Nợ đọng: accepted volume not yet paid (domain §3.1); None where none is reported."""
        return None if self.volume_value is None else self.volume_value - self.paid_volume
