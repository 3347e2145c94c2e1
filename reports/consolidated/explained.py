"""What stands behind a figure: ledger lines and disbursements, as rows."""

from dataclasses import dataclass
from datetime import date, datetime

from models import (
    LineKind,
    Nature,
    Outcome,
    Source,
    SubmissionStatus,
)

STATUS_OF = {
    Outcome.WAITING: SubmissionStatus.SUBMITTED,
    Outcome.ACCEPTED: SubmissionStatus.ACCEPTED,
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
    """One disbursement of one allocation in one period; amounts in đồng.

    `entry_id` is None for a sending kept whole: the report was opened again since; then
    `sending` is its number in the report of unit `investor_id`.
    """

    entry_id: int | None
    sending: int | None
    investor_id: int
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
    correction: int
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
