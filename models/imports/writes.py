"""What carrying out an import needs, in plain types: a run is confirmed later, by another request.

Each part names the version of what it was planned upon, so that nothing is overwritten that
somebody saved in between.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from models.filing import Told
from models.returns import FIGURES


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportWrite:
    """Figures of one unit. `version` is that of its report when it was looked at (0: none)."""

    investor_id: int
    period_id: int
    version: int
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionWrite:
    """The decision of an annex: a stored one by `id` with its lines counted, or a new one."""

    number: str
    issued_on: str
    issuer: str
    summary: str
    effective_on: str
    id: int | None = None
    lines_seen: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class LineWrite:
    """One signed line of the ledger, in đồng."""

    project_id: int
    budget_year: int
    vintage: int
    source: str
    nature: str
    kind: str
    amount: int
    effective_on: str
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectWrite:
    """A new project (`id` None), or fields of a stored one in its `version`; values as stored."""

    values: Mapping[str, Any]
    investor_id: int
    id: int | None = None
    version: int = 0
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmedWrite:
    """What the Treasury confirms of one project, in đồng."""

    investor_id: int
    project_id: int
    confirmed: int
    text: str
    seen: int | None = None  # what was stored when it was looked at


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementWrite:
    """A statement of the Treasury as of a day."""

    day: str
    budget_year: int
    lines: tuple[ConfirmedWrite, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Writes:
    """Everything one import is going to do."""

    reports: tuple[ReportWrite, ...] = ()
    decision: DecisionWrite | None = None
    lines: tuple[LineWrite, ...] = ()
    projects: tuple[ProjectWrite, ...] = ()
    statement: StatementWrite | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain types, to be kept until the import is confirmed."""
        return {
            "reports": [
                {
                    "investor_id": one.investor_id,
                    "period_id": one.period_id,
                    "version": one.version,
                    "told": [_told_as_json(told) for told in one.told],
                }
                for one in self.reports
            ],
            "decision": asdict(self.decision) if self.decision is not None else None,
            "lines": [asdict(one) for one in self.lines],
            "projects": [asdict(one) for one in self.projects],
            "statement": asdict(self.statement) if self.statement is not None else None,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Writes":
        """The reverse of `as_json`."""
        decision, statement = kept["decision"], kept["statement"]
        return cls(
            reports=tuple(
                ReportWrite(
                    investor_id=one["investor_id"],
                    period_id=one["period_id"],
                    version=one["version"],
                    told=tuple(_told_from_json(told) for told in one["told"]),
                )
                for one in kept["reports"]
            ),
            decision=DecisionWrite(**decision) if decision is not None else None,
            lines=tuple(LineWrite(**one) for one in kept["lines"]),
            projects=tuple(ProjectWrite(**one) for one in kept["projects"]),
            statement=None
            if statement is None
            else StatementWrite(
                **statement | {"lines": tuple(ConfirmedWrite(**one) for one in statement["lines"])}
            ),
        )


def _told_as_json(told: Told) -> dict[str, Any]:
    return {
        "project_id": told.project_id,
        "facts": {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in told.facts.items()
        },
        "amounts": {str(key): dict(amounts) for key, amounts in told.amounts.items()},
    }


def _told_from_json(kept: Mapping[str, Any]) -> Told:
    return Told(
        project_id=kept["project_id"],
        facts={
            name: Decimal(value) if name in FIGURES and isinstance(value, str) else value
            for name, value in kept["facts"].items()
        },
        amounts={int(key): amounts for key, amounts in kept["amounts"].items()},
    )
