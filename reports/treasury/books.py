"""What the Treasury confirms and what the reports say, project by project, through a year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Allocation,
    OrgEvent,
    Period,
    ProjectSuccession,
    TreasuryLine,
    TreasuryStatement,
)
from models.calendar import MONEY_KINDS, days_off
from models.ledger import Question, add_up, days_of_one_balance


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One project on the day of one statement; đồng, cumulative since the year began."""

    day: date
    reported: int
    confirmed: int
    made_by: str

    @property
    def difference(self) -> int:
        return self.reported - self.confirmed


@dataclass(kw_only=True, slots=True)
class Book:
    """A project, under its successor where it was handed over: its statements, oldest first."""

    project_ids: set[int] = field(default_factory=set)
    points: list[Point] = field(default_factory=list)
    monthly: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    def reported(self, day: date) -> int:
        """What was reported for the months that ended by `day`."""
        return sum(amount for ended, amount in self.monthly.items() if ended <= day)


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """The books of a budget year; `ended` are its months by their last day, in order."""

    books: Mapping[int, Book]
    days: tuple[date, ...]
    last_days: Mapping[date, date]
    ended: tuple[tuple[date, str], ...]
    successions: Mapping[int, tuple[int, date]]

    def counted(self, day: date) -> str:
        """The code of the last month that the reports of a statement's day hold, if any."""
        codes = [code for ended, code in self.ended if ended <= self.last_days[day]]
        return codes[-1] if codes else ""

    def held_by(self, project_id: int, day: date) -> int:
        """The project under which another one is carried on on a day."""
        while project_id in self.successions and self.successions[project_id][1] <= day:
            project_id = self.successions[project_id][0]
        return project_id


def read_year(session: Session, budget_year: int) -> Year:
    """All statements of a budget year beside the reports, whatever its length in five queries.

    What was carried on under another project counts as one with it, on both sides.
    """
    periods = session.execute(
        select(Period.data_to, Period.code)
        .where(Period.budget_year == budget_year, Period.kind.in_(MONEY_KINDS))
        .order_by(Period.data_to)
    ).all()
    successions = _successions(session)
    rows = session.execute(
        select(
            TreasuryStatement.day,
            TreasuryStatement.made_by,
            TreasuryLine.project_id,
            TreasuryLine.confirmed,
        )
        .join(TreasuryLine, TreasuryLine.statement_id == TreasuryStatement.id)
        .where(TreasuryStatement.budget_year == budget_year)
        .order_by(TreasuryStatement.day, TreasuryLine.project_id)
    ).all()
    ended = tuple((row.data_to, row.code) for row in periods)
    if not rows:  # nothing to be held against: no sum is asked for
        return Year(books={}, days=(), last_days={}, ended=ended, successions=successions)
    off = days_off(session)
    last_days = {row.day: days_of_one_balance(row.day, off)[1] for row in rows}
    books: dict[int, Book] = defaultdict(Book)
    for paid in add_up(
        session,
        lambda reported: Question(
            by={"project_id": Allocation.project_id, "ended": Period.data_to},
            sums={"net": reported.net},
            where=(Period.budget_year == budget_year, Period.kind.in_(MONEY_KINDS)),
        ),
        basis="submitted",
    ):
        book = books[_last(paid.project_id, successions)]
        book.project_ids.add(paid.project_id)
        book.monthly[paid.ended] += int(paid.net)
    _confirm(books, rows, last_days, successions)
    return Year(
        books=books,
        days=tuple(last_days),
        last_days=last_days,
        ended=ended,
        successions=successions,
    )


def _confirm(
    books: dict[int, Book],
    rows: Iterable[Any],
    last_days: Mapping[date, date],
    successions: Mapping[int, tuple[int, date]],
) -> None:
    """A point for every project and statement; rows of one project are summed."""
    sums: dict[tuple[int, date], int] = defaultdict(int)
    made_by: dict[date, str] = {}
    for row in rows:
        last = _last(row.project_id, successions)
        books[last].project_ids.add(row.project_id)
        sums[last, row.day] += row.confirmed
        made_by[row.day] = row.made_by
    for (last, day), confirmed in sums.items():
        book = books[last]
        book.points.append(
            Point(
                day=day,
                reported=book.reported(last_days[day]),
                confirmed=confirmed,
                made_by=made_by[day],
            )
        )
    for book in books.values():
        book.points.sort(key=lambda point: point.day)


def _successions(session: Session) -> dict[int, tuple[int, date]]:
    """By project: the one under which it is carried on, and from which day."""
    rows = session.execute(
        select(ProjectSuccession.project_id, ProjectSuccession.to_project_id, OrgEvent.effective_on)
        .join(OrgEvent, OrgEvent.id == ProjectSuccession.event_id)
        .where(OrgEvent.undone_at.is_(None))
    )
    return {project_id: (to, day) for project_id, to, day in rows}


def _last(project_id: int, successions: Mapping[int, tuple[int, date]]) -> int:
    while project_id in successions:
        project_id = successions[project_id][0]
    return project_id
