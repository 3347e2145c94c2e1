"""What a consolidated report is built from: plain facts, read from the tables at one moment.

The same facts are frozen into a version of the report, so that a locked period can be built
from them for ever, in every grouping.
"""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import (
    Component,
    Investor,
    Period,
    PeriodKind,
    Project,
)
from models.base import among
from models.catalogue import names_on
from models.duty import expected_and_excused
from models.filing import months_of
from models.ledger import reported_in
from reports.facts.figures import NAMES, Figures, by_project, with_projects
from reports.facts.kept import Stale
from reports.facts.narrowed import values_of
from reports.facts.plain import Held, Line, Node, Source, Told, Unit
from reports.facts.telling import telling, telling_period
from reports.facts.together import by_component, by_component_and_unit, by_unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Returns:
    """Units of which a sending counts in a period, those that owe one, and those whose figures
    are in.
    """

    reported: frozenset[int]
    expected: frozenset[int]
    fresh: frozenset[int]


def gather(session: Session, *, period: Period, basis: str, by: str = "project") -> Source:
    """The facts of a period as they are now; a narrow session gets those of its units.

    By "component" a line is all that is right under one, for reports that show nothing below that;
    such lines tell no words. By "unit" there is also what each unit holds.
    """
    returns = returns_of(session, period, basis)
    components = components_of(session)
    held: dict[int, Held] | None = None
    if by == "project":
        lines = project_lines(session, period, basis, returns.fresh)
    elif by == "component":
        lines = lines_together(session, period, basis)
    else:
        rows, of_units = by_component_and_unit(session, period=period, basis=basis)
        lines, held = _together(rows), _held(of_units)
    shown = {line.investor_id for line in lines} | returns.expected
    shown.update(held or ())
    return Source(
        data_to=period.data_to,
        components=components,
        units=units_of(session, period, returns, shown),
        lines=lines,
        held=held,
    )


def held_now(
    session: Session, *, period: Period, basis: str, of: Collection[int] | None = None
) -> Mapping[int, Held]:
    """What each unit holds in a period, or each `of` these, of the facts of it nothing else."""
    return _held(by_unit(session, period=period, basis=basis, of=of))


def _held(rows: Iterable[Any]) -> dict[int, Held]:
    return {unit: (plan, paid) for unit, plan, paid in rows}


def returns_of(session: Session, period: Period, basis: str) -> Returns:
    """Who has reported, who owed it, and whose figures are in; those of a quarter come from its
    months.
    """
    reported = _reported(session, period, basis)
    duties = expected_and_excused(session, period)
    return Returns(
        reported=reported,
        expected=frozenset(unit for unit, is_exempt in duties.items() if not is_exempt),
        fresh=reported if period.kind is not PeriodKind.QUARTER else _fresh(session, period, basis),
    )


def components_of(session: Session) -> dict[int, Node]:
    """The programme trees, by component."""
    return {row.id: _node(row) for row in session.scalars(select(Component))}


def units_of(
    session: Session,
    period: Period,
    returns: Returns,
    shown: AbstractSet[int] | None = None,
    unit: int | None = None,
) -> dict[int, Unit]:
    """Units as they were called on the last day of the period: all, or those that are `shown`;
    only one where `unit` says which.
    """
    names = names_on(session, period.data_to)
    found = {
        key: Unit(
            key,
            code,
            short_name,
            name,
            order,
            key in returns.expected,
            key in returns.reported,
            key in returns.fresh,
        )
        for key, code, short_name, name, order in session.execute(_investors(unit))
        if shown is None or key in shown
    }
    for key in found.keys() & names.keys():
        found[key] = found[key]._replace(**names[key])
    return found


def _investors(unit: int | None) -> Select[int, str, str, str, int]:
    shown = (Investor.id, Investor.code, Investor.short_name, Investor.name, Investor.sort_order)
    return select(*shown).where(*(() if unit is None else (Investor.id == unit,)))


def _node(row: Component) -> Node:
    return Node(
        id=row.id,
        parent_id=row.parent_id,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        sort_order=row.sort_order,
    )


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


def project_lines(
    session: Session,
    period: Period,
    basis: str,
    fresh: AbstractSet[int],
    units: Collection[int] | None = None,
    components: Collection[int] | None = None,
) -> tuple[Line, ...]:
    """A line for each project that has a figure, by their codes: of all units, or of these all, or
    what they hold right under these components.
    """
    of, projects = "" if units is None else "units", None
    if units is not None and components is not None:
        of = "projects"
        under = among(Project.investor_id, units), among(Project.component_id, components)
        projects = session.scalars(select(Project.id).where(*under)).all()
    values = values_of(period, units, projects)
    told_in = telling_period(session, period)
    told = _told(session, told_in, basis, of, values) if told_in is not None else {}
    rows = session.execute(_with_figures(basis, of), values)
    return tuple(
        Line(
            project_id=project_id,
            code=code,
            name=name,
            component_id=component_id,
            investor_id=investor_id,
            figures=Figures(*amounts),
            told=told.get(project_id),
            is_fresh=investor_id in fresh,
        )
        for project_id, code, name, component_id, investor_id, *amounts in rows
    )


@cache
def _with_figures(basis: str, of: str) -> Select[Any]:
    whole, own = with_projects(by_project(basis, of=of))
    columns = Project.id, Project.code, Project.name, Project.component_id, Project.investor_id
    return (
        select(*columns, *(whole.c[name] for name in NAMES))
        .join(whole, own)
        .order_by(Project.code, Project.id)
    )


def lines_together(
    session: Session, period: Period, basis: str, stale: Stale | None = None
) -> tuple[Line, ...]:
    """A line for each component that stands for all projects right under it."""
    return _together(by_component(session, period=period, basis=basis, stale=stale))


def _together(rows: Iterable[Any]) -> tuple[Line, ...]:
    return tuple(
        Line(
            project_id=0,
            code="",
            name="",
            component_id=component_id,
            investor_id=0,
            figures=Figures(*amounts),
            told=None,
            is_fresh=False,
            projects=projects,
            estimates=(told, estimates),
        )
        for component_id, *amounts, projects, told, estimates in rows
    )


def _told(
    session: Session, period: Period, basis: str, of: str, values: Mapping[str, Any]
) -> dict[int, Told]:
    return {
        row.project_id: Told(
            physical_progress=row.physical_progress,
            progress_text=row.progress_text,
            obstacles=row.obstacles,
            estimate=row.estimate,
        )
        for row in session.execute(telling(basis, of), {**values, "period_id": period.id})
    }
