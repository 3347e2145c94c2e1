"""The plain facts of a consolidated report: components, units, lines with their figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from reports.facts.figures import Figures

# what a unit holds in đồng: its plan, and what is disbursed of it
Held = tuple[int, int]
BASES = ("submitted", "accepted")  # what of the reports counts in those of the office


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A component of the programme tree, as it was called."""

    id: int
    parent_id: int | None
    code: str
    name: str
    short_name: str
    sort_order: int


class Unit(NamedTuple):
    """An investor, as it was called on the last day of the period, and its duty in it."""

    id: int
    code: str
    short_name: str
    name: str
    sort_order: int
    is_expected: bool = False
    has_reported: bool = False
    # None in a version frozen before this was kept
    figures_in: bool | None = None

    @property
    def has_figures(self) -> bool:
        """Whether the figures of the period are in; those of a quarter come from its months."""
        return self.has_reported if self.figures_in is None else self.figures_in


def in_order(units: Iterable[Unit]) -> list[Unit]:
    """Units as a report names them one below the other."""
    return sorted(units, key=lambda unit: (unit.sort_order, unit.code, unit.id))


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the unit wrote about one project in the period."""

    physical_progress: Decimal | None
    progress_text: str | None
    obstacles: str | None
    estimate: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One project with its figures in đồng; `is_fresh`: its unit reported in this period.

    Or many of them together (`gather`).
    """

    project_id: int
    code: str
    name: str
    component_id: int
    investor_id: int
    figures: Figures
    told: Told | None
    is_fresh: bool
    # of a line that stands for many: how many, and (how many told one, sum) of their estimates
    projects: int = 1
    estimates: tuple[int, int] | None = None

    @property
    def estimated(self) -> tuple[int, int]:
        """Of how many projects there is an estimate, and their sum in đồng."""
        if self.estimates is not None:
            return self.estimates
        estimate = self.told.estimate if self.told is not None else None
        return (0, 0) if estimate is None else (1, estimate)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """All a report needs. Units are those with a line or with the duty to report."""

    data_to: date
    components: Mapping[int, Node]
    units: Mapping[int, Unit]
    lines: tuple[Line, ...]
    # by unit, where a line stands for projects of all of them
    held: Mapping[int, Held] | None = None


def held_in(source: Source) -> Mapping[int, Held]:
    """What each unit holds that has a line."""
    if source.held is not None:
        return source.held
    return held_together(
        (line.investor_id, (line.figures.plan_total, line.figures.disbursed_total))
        for line in source.lines
    )


def held_together(parts: Iterable[tuple[int, Held]]) -> Mapping[int, Held]:
    """By unit the sum of what is told of it."""
    found: dict[int, Held] = {}
    for unit, (plan, paid) in parts:
        before = found.get(unit, (0, 0))
        found[unit] = before[0] + plan, before[1] + paid
    return found
