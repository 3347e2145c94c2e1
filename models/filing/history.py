"""What came before the sheet of a unit: earlier disbursement, progress, decisions, obstacles."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, func, or_, select, union_all
from sqlalchemy.orm import Session

from models.base import among
from models.calendar import MONEY_KINDS, Period
from models.capital import Allocation, AllocationLine
from models.catalogue import Decision, used_twice
from models.filing.money_before import ASKED, before_it, given, of_their_projects, sums_of_sheet
from models.ledger import Question, Source, sources
from models.returns import Obstacle


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """A decision behind the capital of a project that looks wrong (V13)."""

    number: str
    issued_on: date
    is_double: bool


@cache
def _told() -> Select[Any]:
    told = [
        select(place.entry.project_id, place.entry.physical_progress, Period.data_to)
        .join(place.report, place.holds)
        .join(Period, Period.id == place.report.period_id)
        .where(
            place.entry.investor_id.in_(ASKED.units),
            of_their_projects(place.entry),
            place.counts("known"),
            Period.kind.in_(MONEY_KINDS),
            Period.data_to < ASKED.data_to,
            place.entry.physical_progress.is_not(None),
        )
        for place in sources()
    ]
    both = union_all(*told).subquery("told")
    return select(both.c.project_id, both.c.physical_progress).order_by(both.c.data_to)


def previous_progress(
    session: Session,
    period: Period,
    investors: Sequence[int],
    units: Sequence[int],
    origins: Mapping[int, int],
) -> dict[int, Decimal | None]:
    """The last percentage reported before, by project; a predecessor's where it is carried on
    (`origins`). `units` are these units and those before them.
    """
    rows = session.execute(_told(), given(period, investors, units=units, origins=origins))
    return {origins.get(row.project_id, row.project_id): row.physical_progress for row in rows}


def _completed(reported: Source) -> Question:
    return Question(
        by={"project_id": reported.entry.project_id},
        sums={"completed": reported.money.completed + reported.money.correction},
        where=(
            reported.entry.investor_id.in_(ASKED.units),
            of_their_projects(reported.entry),
            before_it(),
        ),
    )


def completed_before(
    session: Session,
    period: Period,
    investors: Sequence[int],
    units: Sequence[int],
    origins: Mapping[int, int],
) -> dict[int, int]:
    """Accepted volume paid before this period since the start of each project, in đồng, with what
    corrections put right of it. `units` are these units and those before them.
    """
    rows = sums_of_sheet(session, _completed, period, investors, units=units, origins=origins)
    found: dict[int, int] = defaultdict(int)
    for row in rows:
        found[origins.get(row.project_id, row.project_id)] += int(row.completed)
    return found


def open_obstacles(session: Session, period: Period, investors: Sequence[int]) -> dict[int, int]:
    """How many obstacles of the register each project has at the end of the period."""
    rows = session.execute(
        select(Obstacle.project_id, func.count())
        .where(
            Obstacle.investor_id.in_(investors),
            Obstacle.raised_on <= period.data_to,
            or_(Obstacle.solved_on.is_(None), Obstacle.solved_on > period.data_to),
        )
        .group_by(Obstacle.project_id)
    )
    return {project_id: int(count) for project_id, count in rows if project_id is not None}


@cache
def _doubtful() -> Select[int, str, date, bool]:
    twice = used_twice()
    return (
        select(Decision.id, Decision.number, Decision.issued_on, twice.c.id.is_not(None))
        .outerjoin(twice, twice.c.id == Decision.id)
        .where(or_(Decision.issued_on > ASKED.data_to, twice.c.id.is_not(None)))
        .order_by(Decision.issued_on, Decision.number)
    )


def doubts(
    session: Session, period: Period, investors: Sequence[int]
) -> dict[int, tuple[Doubt, ...]]:
    """Decisions in force in the period that are dated after it, or whose number is used twice, by
    project. Lines are looked for of these decisions alone, and mostly there is none.
    """
    doubtful = {
        key: Doubt(number=number, issued_on=issued_on, is_double=bool(is_double))
        for key, number, issued_on, is_double in session.execute(
            _doubtful(), given(period, investors)
        )
    }
    if not doubtful:
        return {}
    rows = session.execute(
        select(AllocationLine.decision_id, Allocation.project_id)
        .join(Allocation.lines)
        .where(
            Allocation.investor_id.in_(investors),
            Allocation.budget_year == period.budget_year,
            AllocationLine.effective_on <= period.data_to,
            among(AllocationLine.decision_id, doubtful),
        )
        .distinct()
    )
    behind: dict[int, list[int]] = defaultdict(list)
    for key, project_id in rows:
        behind[key].append(project_id)
    found: dict[int, dict[Doubt, None]] = defaultdict(dict)  # each once, in their order
    for key, doubt in doubtful.items():
        for project_id in behind[key]:
            found[project_id][doubt] = None
    return {project_id: tuple(doubts_) for project_id, doubts_ in found.items()}
