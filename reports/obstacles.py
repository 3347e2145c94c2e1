"""The obstacles of a period (Biểu 05, domain §4.3), carried from month to month until solved."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from models import (
    Investor,
    Obstacle,
    ObstacleState,
    Period,
    Project,
    ProjectSuccession,
    Succession,
)
from models.base import local_day
from models.catalogue import names_on
from reports.facts import code_in, short_name_in
from reports.writing import ByPart


@dataclass(frozen=True, kw_only=True, slots=True)
class ObstacleRow:
    """One obstacle as it stood at the end of the period; fields and order are the keys, but for
    `obstacle_id`, its row in the register.
    """

    no: int
    code: str
    investor: str
    project: str
    content: str
    cause: str
    proposal: str
    solver: str
    promised_on: date | None
    state: str
    age_days: int
    note: str
    obstacle_id: int


KEYS = tuple(field.name for field in fields(ObstacleRow) if field.name != "obstacle_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenObstacle:
    """One open obstacle for the home page and for the sheet of its unit."""

    id: int
    investor: str
    project: str
    content: str
    solver: str
    state: ObstacleState
    promised_on: date | None
    age_days: int


def obstacles_by_part(session: Session, *, period: Period, as_of: datetime) -> ByPart[ObstacleRow]:
    """Raised by the last day of the period and not solved before its first; read when they are
    looked at: a nation has tens of thousands.

    Each stands as it stood at the end of the period, or on the day of `as_of` if that is earlier:
    what was solved after that day is open in the list, and what a successor took over after it is
    still its predecessor's. Ages in days, counted to that day or to
    the day of the solution. Units have the code and name of the last day of the period.
    """
    many = select(func.count()).select_from(Obstacle).where(*_of(period, as_of))
    return ByPart(session.scalar(many) or 0, lambda place: _rows(session, period, as_of, place))


def unsolved(
    session: Session,
    *which: ColumnElement[bool],
    period: Period,
    as_of: datetime,
    most: int | None = None,
) -> list[ObstacleRow]:
    """Those of them that are not solved, at most `most` of them, or `which` of them; one query.
    Each has its number in this list.
    """
    these = (*_not_solved(period, as_of), *which)
    return _rows(session, period, as_of, slice(most), *these)


def _not_solved(period: Period, as_of: datetime) -> tuple[ColumnElement[bool], ...]:
    return (*_of(period, as_of), _unsolved_on(_day(period, as_of)))


def _of(period: Period, as_of: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Obstacle.raised_on <= period.data_to,
        or_(Obstacle.solved_on.is_(None), Obstacle.solved_on >= period.data_from),
        _is_held_on(_day(period, as_of)),
    )


def _unsolved_on(day: date) -> ColumnElement[bool]:
    return or_(Obstacle.solved_on.is_(None), Obstacle.solved_on > day)


def _is_held_on(day: date) -> ColumnElement[bool]:
    """Not taken over by its unit after that day: until then the one it was copied from counts.

    A merger copies them to the projects that it makes, and what has no project there to the unit;
    the old one is ended the day before, so that on each day one of the two is open.
    """
    next_day = day + timedelta(days=1)
    of_project = exists().where(
        ProjectSuccession.to_investor_id == Obstacle.investor_id,
        ProjectSuccession.to_project_id == Obstacle.project_id,
        ProjectSuccession.investor_id == Succession.investor_id,
        ProjectSuccession.event_id == Succession.event_id,
        Succession.effective_on > next_day,
    )
    of_unit = exists().where(
        Succession.successor_id == Obstacle.investor_id, Succession.effective_on > next_day
    )
    return and_(~of_project, or_(Obstacle.project_id.is_not(None), ~of_unit))


def _day(period: Period, as_of: datetime) -> date:
    return min(local_day(as_of), period.data_to)


def _rows(
    session: Session,
    period: Period,
    as_of: datetime,
    place: slice,
    *which: ColumnElement[bool],
) -> list[ObstacleRow]:
    found = _read(session, *(which or _of(period, as_of)), place=place)
    day = _day(period, as_of)
    names = names_on(session, period.data_to)
    return [_row(n, row, names, day=day) for n, row in enumerate(found, (place.start or 0) + 1)]


def _row(
    no: int, obstacle: Any, names: Mapping[int, Mapping[str, Any]], *, day: date
) -> ObstacleRow:
    is_solved = obstacle.solved_on is not None and obstacle.solved_on <= day
    until = obstacle.solved_on if is_solved and obstacle.solved_on else day
    late = (until - obstacle.promised_on).days if obstacle.promised_on is not None else 0
    return ObstacleRow(
        no=no,
        code=code_in(names, obstacle.investor_id, obstacle.code),
        investor=short_name_in(names, obstacle.investor_id, obstacle.short_name),
        project="" if obstacle.work is None else f"{obstacle.work} {obstacle.name}",
        content=obstacle.content,
        cause=obstacle.cause.value,
        proposal=obstacle.proposal or "",
        solver=obstacle.solver.value,
        promised_on=obstacle.promised_on,
        state=_state(obstacle, day).value,
        age_days=max(0, (until - obstacle.raised_on).days),
        note=_note(obstacle, is_solved, late),
        obstacle_id=obstacle.id,
    )


def _state(obstacle: Any, day: date) -> ObstacleState:
    """What is solved after that day is open on it."""
    is_ahead = obstacle.solved_on is not None and obstacle.solved_on > day
    return ObstacleState.OPEN if is_ahead else ObstacleState(obstacle.state)


def _note(obstacle: Any, is_solved: bool, late: int) -> str:
    parts = [f"Quá hạn {late} ngày"] if late > 0 else []
    if is_solved and obstacle.solved_on is not None:
        parts.append(f"Giải quyết ngày {obstacle.solved_on:%d/%m/%Y}")
    return "; ".join(parts)


def counts(
    session: Session, *, period: Period, as_of: datetime
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """How many of the obstacles not solved there are of each cause and of each solver, most first;
    one query.
    """
    causes: Counter[str] = Counter()
    solvers: Counter[str] = Counter()
    for cause, solver, many in session.execute(
        select(Obstacle.cause, Obstacle.solver, func.count())
        .where(*_not_solved(period, as_of))
        .group_by(Obstacle.cause, Obstacle.solver)
        .order_by(Obstacle.cause, Obstacle.solver)
    ):
        causes[cause.value] += many
        solvers[solver.value] += many
    return causes.most_common(), solvers.most_common()


def open_of(session: Session, investor_id: int, *, today: date) -> list[OpenObstacle]:
    """Open obstacles of one unit, the oldest first; one query."""
    rows = _read(
        session,
        Obstacle.investor_id == investor_id,
        _unsolved_on(today),
        _is_held_on(today),
    )
    return [_open(row, today=today) for row in rows]


def overdue(session: Session, *, today: date, most: int | None = None) -> list[OpenObstacle]:
    """Obstacles that were promised to be solved before today and are not, at most `most` of them;
    one query.
    """
    return [_open(row, today=today) for row in _read(session, is_overdue(today), place=slice(most))]


def is_overdue(today: date) -> ColumnElement[bool]:
    """Promised to be solved before today and not solved, of the unit that is there today; false
    where no day was promised.
    """
    return and_(
        Obstacle.promised_on.is_not(None),
        Obstacle.promised_on < today,
        _unsolved_on(today),
        _is_held_on(today),
    )


def _open(obstacle: Any, *, today: date) -> OpenObstacle:
    return OpenObstacle(
        id=obstacle.id,
        investor=obstacle.short_name,
        project=obstacle.work or "",
        content=obstacle.content,
        solver=obstacle.solver.value,
        state=_state(obstacle, today),
        promised_on=obstacle.promised_on,
        age_days=(today - obstacle.raised_on).days,
    )


def _read(session: Session, *conditions: Any, place: slice = slice(None)) -> list[Any]:
    """Only what is shown: a nation has tens of thousands, too many for whole records."""
    return list(
        session.execute(
            select(
                Obstacle.id,
                Obstacle.content,
                Obstacle.cause,
                Obstacle.proposal,
                Obstacle.solver,
                Obstacle.raised_on,
                Obstacle.promised_on,
                Obstacle.state,
                Obstacle.solved_on,
                Obstacle.investor_id,
                Investor.code,
                Investor.short_name,
                Project.code.label("work"),
                Project.name,
            )
            .join(Investor, Investor.id == Obstacle.investor_id)
            .outerjoin(Obstacle.project)
            .where(*conditions)
            .order_by(Investor.sort_order, Investor.code, Obstacle.raised_on, Obstacle.id)
            .slice(place.start or 0, place.stop)
        )
    )
