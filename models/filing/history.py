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

from models.calendar import MONEY_KINDS, Period
from models.capital import Allocation, AllocationLine
from models.catalogue import Decision, used_twice
from models.filing.money_before import ASKED, before_it, given, sums_of_sheet
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
            or_(
                place.entry.investor_id.in_(ASKED.investors),
                place.entry.project_id.in_(ASKED.origins),
            ),
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
    session: Session, period: Period, investors: Sequence[int], origins: Mapping[int, int]
) -> dict[int, Decimal | None]:
    """The last percentage reported before, by project; a predecessor's where it is carried on
    (`origins`).
    """
    rows = session.execute(_told(), given(period, investors, origins=origins))
    return {origins.get(row.project_id, row.project_id): row.physical_progress for row in rows}


def _completed(reported: Source) -> Question:
    return Question(
        by={"project_id": reported.entry.project_id},
        sums={"completed": reported.money.completed + reported.money.correction},
        where=(
            or_(
                reported.entry.investor_id.in_(ASKED.investors),
                reported.entry.project_id.in_(ASKED.origins),
            ),
            before_it(),
        ),
    )


def completed_before(
    session: Session, period: Period, investors: Sequence[int], origins: Mapping[int, int]
) -> dict[int, int]:
    """Accepted volume paid before this period since the start of each project, in đồng, with what
    corrections put right of it.
    """
    rows = sums_of_sheet(session, _completed, period, investors, origins=origins)
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
    twice, its_own = used_twice()
    return (
        select(
            Allocation.project_id, Decision.number, Decision.issued_on, twice.c.alike.is_not(None)
        )
        .join(Allocation.lines)
        .join(Decision, Decision.id == AllocationLine.decision_id)
        .outerjoin(twice, its_own)
        .where(
            Allocation.investor_id.in_(ASKED.investors),
            Allocation.budget_year == ASKED.budget_year,
            AllocationLine.effective_on <= ASKED.data_to,
            or_(Decision.issued_on > ASKED.data_to, twice.c.alike.is_not(None)),
        )
        .distinct()
        .order_by(Decision.issued_on, Decision.number)
    )


def doubts(
    session: Session, period: Period, investors: Sequence[int]
) -> dict[int, tuple[Doubt, ...]]:
    """Decisions in force in the period that are dated after it, or whose number is used twice."""
    rows = session.execute(_doubtful(), given(period, investors))
    found: dict[int, list[Doubt]] = defaultdict(list)
    for project_id, number, issued_on, is_double in rows:
        found[project_id].append(
            Doubt(number=number, issued_on=issued_on, is_double=bool(is_double))
        )
    return {project_id: tuple(list_) for project_id, list_ in found.items()}
