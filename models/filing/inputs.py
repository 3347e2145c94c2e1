"""What was typed into a report, field by field."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.filing.rows import AllocationRow, ProjectRow, TypedFacts
from models.returns import AMOUNTS, ENTERED, IN_NET, Disbursement

# what is typed for one allocation, beside the mark that a correction awaits its decision
OF_CAPITAL = (*IN_NET, "correction_reason", "return_document")


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

    @classmethod
    def of(cls, row: AllocationRow | Disbursement) -> "DisbursementInput":
        """What is stored, as if it had been typed so: saved again it changes nothing."""
        return cls(
            allocation_id=row.allocation_id,
            **{name: getattr(row, name) for name in AMOUNTS},
            correction=row.correction or None,
            correction_reason=row.correction_reason,
            return_document=row.return_document,
            awaits_decision=row.awaits_decision,
        )

    @property
    def is_blank(self) -> bool:
        return not self.awaits_decision and all(getattr(self, name) is None for name in OF_CAPITAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectInput(TypedFacts):
    """What was typed for one project."""

    project_id: int
    disbursements: Sequence[DisbursementInput] = ()

    @classmethod
    def of(cls, row: ProjectRow) -> "ProjectInput":
        """What is stored of a project and its capital, as if it had been typed so."""
        return cls(
            project_id=row.project_id,
            **{name: getattr(row, name) for name in ENTERED},
            disbursements=[DisbursementInput.of(one) for one in row.allocations],
        )

    @property
    def is_blank(self) -> bool:
        blank = all(getattr(self, name) in (None, "") for name in ENTERED)
        return blank and all(typed.is_blank for typed in self.disbursements)
