"""What was typed into a report, field by field."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.returns import (
    AMOUNTS,
    FIGURES,
    TEXTS,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class AmountsInput:
    """The four amounts of one allocation as typed; đồng, None where a field is blank."""

    allocation_id: int
    advance: int | None = None
    completed: int | None = None
    recovered: int | None = None
    returned: int | None = None
    return_document: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DisbursementInput(AmountsInput):
    """All that was typed for one allocation."""

    correction: int | None = None
    correction_reason: str | None = None
    awaits_decision: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.awaits_decision and all(
            getattr(self, name) is None
            for name in (*AMOUNTS, "correction", "correction_reason", "return_document")
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectInput:
    """What was typed for one project."""

    project_id: int
    physical_progress: Decimal | None = None
    volume_value: int | None = None
    progress_text: str | None = None
    obstacles: str | None = None
    proposals: str | None = None
    estimate: int | None = None
    treasury_cumulative: int | None = None
    disbursements: Sequence[DisbursementInput] = ()

    @property
    def is_blank(self) -> bool:
        blank = all(getattr(self, name) in (None, "") for name in (*TEXTS, *FIGURES))
        return blank and all(typed.is_blank for typed in self.disbursements)
