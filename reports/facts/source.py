"""What a consolidated report is built from: plain facts, read from the tables at one moment.

The same facts are frozen into a version of the report, so that a locked period can be built
from them for ever, in every grouping.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, select, union_all
from sqlalchemy.orm import Session

from models import (
    Allocation,
    Component,
    FormerName,
    Investor,
    Period,
    PeriodKind,
    Project,
    Succession,
)
from models.duty import expected_and_excused
from models.filing import months_of
from models.ledger import reported_in, sources
from reports.facts.figures import Figures, figures_by_project


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A component of the programme tree, as it was called."""

    id: int
    parent_id: int | None
    code: str
    name: str
    short_name: str
    sort_order: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the unit wrote about one project in the period."""

    physical_progress: Decimal | None
    progress_text: str | None
    obstacles: str | None
    estimate: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One project with its figures in đồng; `is_fresh`: its unit reported in this period."""

    project_id: int
    code: str
    name: str
    component_id: int
    investor_id: int
    figures: Figures
    told: Told | None
    is_fresh: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """All a report needs. Units are those with a line or with the duty to report."""

    data_to: date
    components: Mapping[int, Node]
    units: Mapping[int, Unit]
    lines: tuple[Line, ...]


def gather(session: Session, *, period: Period, basis: str) -> Source:
    """The facts of a period as they are now; a narrow session gets those of its units."""
    reported = _reported(session, period, basis)
    duties = expected_and_excused(session, period)
    expected = {investor_id for investor_id, is_exempt in duties.items() if not is_exempt}
    fresh = reported if period.kind is not PeriodKind.QUARTER else _fresh(session, period, basis)
    lines = _lines(session, period, basis, fresh)
    names = names_on(session, period.data_to)
    shown = {line.investor_id for line in lines} | expected
    units = {
        row.id: Unit(
            id=row.id,
            sort_order=row.sort_order,
            is_expected=row.id in expected,
            has_reported=row.id in reported,
            figures_in=row.id in fresh,
            **names.get(row.id, {"code": row.code, "short_name": row.short_name, "name": row.name}),
        )
        for row in session.scalars(select(Investor))
        if row.id in shown
    }
    return Source(
        data_to=period.data_to,
        components={row.id: _node(row) for row in session.scalars(select(Component))},
        units=units,
        lines=lines,
    )


def _node(row: Component) -> Node:
    return Node(
        id=row.id,
        parent_id=row.parent_id,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        sort_order=row.sort_order,
    )


def names_on(session: Session, day: date) -> dict[int, dict[str, str]]:
    """Code and names of the units that were called otherwise on that day."""
    rows = session.scalars(
        select(FormerName).where(FormerName.valid_to >= day).order_by(FormerName.valid_to.desc())
    )
    return {
        row.investor_id: {"code": row.code, "short_name": row.short_name, "name": row.name}
        for row in rows
        if row.valid_from <= day
    }


def successors_today(session: Session) -> dict[int, Unit]:
    """For every unit that was succeeded: the unit that stands in its place now."""
    rows = session.execute(
        select(Succession.investor_id, Succession.successor_id).order_by(
            Succession.effective_on, Succession.id
        )
    )
    after = {before: successor for before, successor in rows}  # noqa: C416
    investors = {row.id: row for row in session.scalars(select(Investor))}
    found = {}
    for before in after:
        last, seen = after[before], {before}
        while last in after and last not in seen:
            seen.add(last)
            last = after[last]
        if last in investors:
            row = investors[last]
            found[before] = Unit(
                id=row.id,
                code=row.code,
                short_name=row.short_name,
                name=row.name,
                sort_order=row.sort_order,
            )
    return found


def _reported(session: Session, period: Period, basis: str) -> frozenset[int]:
    """Units of which a sending counts on the basis."""
    return frozenset(session.scalars(reported_in(basis), {"period_id": period.id}))


def _fresh(session: Session, quarter: Period, basis: str) -> frozenset[int]:
    """Units of which every month of a quarter that they owe is in."""
    in_: set[int] = set()
    owed: set[int] = set()
    for month in months_of(session, quarter):
        reported = _reported(session, month, basis)
        in_ |= reported
        duties = expected_and_excused(session, month)
        owed |= {unit for unit, is_exempt in duties.items() if not is_exempt} - set(reported)
    return frozenset(in_ - owed)


def telling_period(session: Session, period: Period) -> Period | None:
    """The period whose entries tell of the progress: a quarter's is told by its last month."""
    if period.kind is not PeriodKind.QUARTER:
        return period
    months = months_of(session, period)
    return months[-1] if months else None


def _lines(session: Session, period: Period, basis: str, fresh: frozenset[int]) -> tuple[Line, ...]:
    figures = {
        project_id: found
        for project_id, found in figures_by_project(session, period=period, basis=basis).items()
        if not found.is_empty
    }
    telling = telling_period(session, period)
    told = _told(session, telling, basis) if telling is not None else {}
    # columns, not rows of the mapper: nothing here is changed, and years of projects pass through
    rows = session.execute(
        select(Project.id, Project.code, Project.name, Project.component_id, Project.investor_id)
        .where(_has_capital(period))
        .order_by(Project.code, Project.id)
    )
    return tuple(
        Line(
            project_id=row.id,
            code=row.code,
            name=row.name,
            component_id=row.component_id,
            investor_id=row.investor_id,
            figures=figures[row.id],
            told=told.get(row.id),
            is_fresh=row.investor_id in fresh,
        )
        for row in rows
        if row.id in figures
    )


def _has_capital(period: Period) -> ColumnElement[bool]:
    """Condition on Project: it holds capital of the budget year, so it may have a figure."""
    return exists().where(
        Allocation.investor_id == Project.investor_id,
        Allocation.project_id == Project.id,
        Allocation.budget_year == period.budget_year,
    )


def _told(session: Session, period: Period, basis: str) -> dict[int, Told]:
    return {
        row.project_id: Told(
            physical_progress=row.physical_progress,
            progress_text=row.progress_text,
            obstacles=row.obstacles,
            estimate=row.estimate,
        )
        for row in session.execute(_telling(basis), {"period_id": period.id})
    }


@cache
def _telling(basis: str) -> Select[Any]:
    """What counts on the basis of the words and percentages of the period `:period_id`."""
    told = [
        select(
            place.entry.project_id,
            place.entry.physical_progress,
            place.entry.progress_text,
            place.entry.obstacles,
            place.entry.estimate,
        )
        .join(place.report, place.holds)
        .where(place.report.period_id == bindparam("period_id"), place.counts(basis))
        for place in sources()
    ]
    return select(union_all(*told).subquery("told"))
