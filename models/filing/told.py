"""What a file says of a report, laid over what is stored: the rest stays as it is.

The page of a unit shows the whole report and saves it whole. A file has some columns and some
rows of it; what it does not carry, it says nothing about (an empty cell is no zero).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from models.filing.rows import AllocationRow, ProjectRow
from models.filing.sheet import Sheet
from models.returns import AMOUNTS

Fact = int | Decimal | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What is said of one project, and no more.

    `facts` are by the names of FIGURES and TEXTS; `amounts`, in đồng, by allocation and the
    names of AMOUNTS.
    """

    project_id: int
    facts: Mapping[str, Fact] = field(default_factory=dict)
    amounts: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


def overlaid(sheet: Sheet, told: Sequence[Told]) -> Sheet:
    """The sheet as it would be stored with what is said; nothing is written."""
    by_project = {one.project_id: one for one in told}
    return replace(
        sheet,
        projects=tuple(
            _project(row, by_project[row.project_id]) if row.project_id in by_project else row
            for row in sheet.projects
        ),
    )


def _project(row: ProjectRow, told: Told) -> ProjectRow:
    facts: dict[str, Any] = dict(told.facts)
    return replace(
        row,
        allocations=tuple(
            _amounts(one, told.amounts[one.allocation_id])
            if one.allocation_id in told.amounts
            else one
            for one in row.allocations
        ),
        **facts,
    )


def _amounts(row: AllocationRow, told: Mapping[str, int]) -> AllocationRow:
    """A row that is stored has all four amounts: those that nobody says are zero."""
    stored: dict[str, Any] = {name: getattr(row, name) or 0 for name in AMOUNTS}
    return replace(row, **{**stored, **told})
