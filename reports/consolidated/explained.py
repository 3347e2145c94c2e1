"""What stands behind a figure: ledger lines and disbursements, as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from models import (
    LineKind,
    Nature,
    Outcome,
    Source,
    SubmissionStatus,
)
from models.exchange.package import text_of
from models.imports import Figure, Origin, origins_of_figures, origins_of_words
from models.returns import AMOUNTS

RowT = TypeVar("RowT")
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
class Reported:
    """What a unit reported about a project in one period: who sent it, and who judged it.

    `entry_id` is None for a sending kept whole: the report was opened again since; then
    `sending` is its number in the report of unit `investor_id`.
    """

    entry_id: int | None
    sending: int | None
    investor_id: int
    period: str
    project_code: str
    project: str
    investor: str
    status: SubmissionStatus
    sent_at: datetime | None
    sent_by: str
    judged_at: datetime | None
    judged_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MoneyLine(Reported):
    """One disbursement of one allocation in one period; amounts in đồng.

    `imported` is the cell of a file that it came from, None for what was typed.
    """

    budget_year: int
    source: Source
    nature: Nature
    vintage: int
    advance: int
    completed: int
    recovered: int
    returned: int
    correction: int
    net: int
    imported: Origin | None = None

    @property
    def figure(self) -> Figure:
        """How the data package names it."""
        capital = (self.budget_year, self.vintage, str(self.source), str(self.nature))
        return (self.project_code, self.period, *capital)


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldLine(Reported):
    """What a unit wrote about one project beside its amounts; the estimate in đồng.

    `imported` is the cell of a file that it came from, None for what was typed.
    """

    physical_progress: Decimal | None
    progress_text: str | None
    obstacles: str | None
    estimate: int | None
    imported: Origin | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """One page of the rows behind a figure, counted from 0; `size` rows of each kind."""

    page: int
    size: int

    def within(self, counts: Iterable[int]) -> "Window":
        """The same, or the last page that has a row."""
        return replace(self, page=min(self.page, pages_of(max(counts, default=0), self.size) - 1))

    @property
    def first(self) -> int:
        return self.page * self.size


def pages_of(count: int, size: int) -> int:
    """How many pages the rows fill; an empty one is a page, too."""
    return max(1, -(-count // size))


@dataclass(frozen=True, kw_only=True, slots=True)
class Part(Generic[RowT]):
    """Rows of one kind behind a figure: how many there are, their sum in đồng, and those of the
    page, or all."""

    count: int = 0
    sum: int = 0
    rows: tuple[RowT, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """What is behind a figure; None where the figure has no such part.

    Sums are those of the database over all rows, whichever of them are shown.
    """

    plans: Part[PlanLine] | None = None
    paid: Part[MoneyLine] | None = None
    said: Part[ToldLine] | None = None
    page: int = 0

    @property
    def plan(self) -> tuple[PlanLine, ...] | None:
        return None if self.plans is None else self.plans.rows

    @property
    def money(self) -> tuple[MoneyLine, ...] | None:
        return None if self.paid is None else self.paid.rows

    @property
    def told(self) -> tuple[ToldLine, ...] | None:
        return None if self.said is None else self.said.rows

    @property
    def plan_sum(self) -> int:
        return self.plans.sum if self.plans else 0

    @property
    def money_sum(self) -> int:
        return self.paid.sum if self.paid else 0

    @property
    def estimate_sum(self) -> int:
        return self.said.sum if self.said else 0

    def pages(self, size: int) -> int:
        """How many pages of `size` rows its longest part fills."""
        parts = (self.plans, self.paid, self.said)
        return pages_of(max((one.count for one in parts if one is not None), default=0), size)


def with_origins(session: Session, lines: Sequence[MoneyLine]) -> tuple[MoneyLine, ...]:
    """The same lines, each with the cell of a file that it was imported from, if it was."""
    wanted = {line.figure: {name: getattr(line, name) for name in AMOUNTS} for line in lines}
    units = {line.investor_id for line in lines}
    origins = origins_of_figures(session, wanted, units) if wanted else {}
    return tuple(replace(line, imported=origins.get(line.figure)) for line in lines)


def with_origins_of_words(
    session: Session, lines: Sequence[ToldLine], names: Sequence[str]
) -> tuple[ToldLine, ...]:
    """The same of what units wrote beside their amounts, for these fields of it."""
    wanted = {
        (line.project_code, line.period): {name: text_of(getattr(line, name)) for name in names}
        for line in lines
    }
    units = {line.investor_id for line in lines}
    origins = origins_of_words(session, wanted, units) if wanted else {}
    return tuple(
        replace(line, imported=origins.get((line.project_code, line.period))) for line in lines
    )


def as_data(
    found: Explained,
    *,
    money: Sequence[MoneyLine] | None,
    told: Sequence[ToldLine] | None,
) -> dict[str, Any]:
    """The rows behind a figure as plain data: amounts in đồng as numbers, days in ISO 8601.

    `plan` and `money` have their sum and their rows, these with their origins; of what units wrote
    the estimates are the money. A part that the figure does not have has the sum 0 and no rows.
    """
    return {
        "plan": {"sum": found.plan_sum, "lines": _plain(found.plan)},
        "money": {
            "sum": found.money_sum + found.estimate_sum,
            "entries": _plain(told if told is not None else money),
        },
    }


def _plain(rows: Iterable[Any] | None) -> list[dict[str, Any]]:
    return [{name: plain_value(value) for name, value in asdict(row).items()} for row in rows or ()]


def plain_value(value: Any) -> Any:
    """A value as JSON holds it."""
    match value:
        case date() | datetime():
            return value.isoformat()
        case Decimal():
            return float(value)
    return value
