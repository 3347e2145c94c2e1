"""What an import would write, found out without writing: rows, findings and what is to be done."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.imports.run import RunStatus
from models.imports.writes import Writes
from models.sheets import NOWHERE, At, Finding, Kind, Level


class State(StrEnum):
    """How a row stands to what is stored."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedRow:
    """One row as it would be stored, in the columns and the spelling of the data package.

    `old` is what is stored now, None for a new row. `at` is the first cell that it came from;
    `cells` are those of single columns, where a row comes from several.
    """

    table: str
    state: State
    values: Mapping[str, str]
    old: Mapping[str, str] | None = None
    at: At = NOWHERE
    cells: Mapping[str, At] = field(default_factory=dict)


def planned(
    table: str,
    values: Mapping[str, str],
    old: Mapping[str, str] | None,
    at: At,
    cells: Mapping[str, At] | None = None,
) -> PlannedRow:
    """A row with its state, which follows from the two sides."""
    state = State.NEW if old is None else State.SAME if old == values else State.CHANGED
    return PlannedRow(table=table, state=state, values=values, old=old, at=at, cells=cells or {})


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A project of which the Treasury confirms another cumulative amount than is reported."""

    project_code: str
    reported: int
    confirmed: int
    at: At = NOWHERE

    @property
    def difference(self) -> int:
        return self.reported - self.confirmed


def status_of(findings: Iterable[Finding]) -> RunStatus:
    """Whether a file with these findings can be imported. Errors come before questions: a file
    that must be corrected is not asked about.
    """
    blocking = {one.level for one in findings if one.blocks}
    if Level.ERROR in blocking:
        return RunStatus.ERRORS
    return RunStatus.QUESTIONS if blocking else RunStatus.READY


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All that a file would do. Nothing of it is stored yet."""

    kind: Kind
    findings: tuple[Finding, ...] = ()
    rows: tuple[PlannedRow, ...] = ()
    differences: tuple[Difference, ...] = ()
    writes: Writes = field(default_factory=Writes)

    @property
    def status(self) -> RunStatus:
        """What can be done with it, by its own findings."""
        return status_of(self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, and the same."""
        found = Counter(row.state.value for row in self.rows)
        return {state.value: found[state.value] for state in State}

    def as_rows(self) -> list[dict[str, Any]]:
        """The rows in plain types, as the interfaces give them."""
        return [
            {
                "table": row.table,
                "state": row.state.value,
                "values": dict(row.values),
                "old": dict(row.old) if row.old is not None else None,
                "sheet": row.at.sheet,
                "cell": row.at.cell,
                **(
                    {"cells": {name: at.cell for name, at in row.cells.items()}}
                    if row.cells
                    else {}
                ),
            }
            for row in self.rows
        ]

    def as_differences(self) -> list[dict[str, str]]:
        """The differences in plain types; amounts as the package writes them."""
        return [
            {
                "project_code": one.project_code,
                "reported": str(one.reported),
                "confirmed": str(one.confirmed),
                "difference": str(one.difference),
            }
            for one in self.differences
        ]
