"""The figures of the first page: how far the district is, or the units of the reader."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from models import (
    Allocation,
    ExpectedReport,
    Investor,
    Period,
    Reopening,
    SubmissionStatus,
)
from models.base import among
from models.calendar import MONEY_KINDS
from models.duty import Standing, correct_by, is_open, late_standings, reopenings_of, standings
from models.ledger import Question, add_up, held_by
from reports.consolidated import Consolidated, ConsolidatedRow, Place, consolidated
from reports.facts import disbursed_by_month, month_of, stale_units

CLOSING = 13


@dataclass(frozen=True, kw_only=True, slots=True)
class YearLine:
    """Cumulative disbursement of one budget year in đồng; None for months not yet known."""

    year: int
    values: tuple[int | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """What staff see first; `overdue` are the units late or missing in `period`, or the first of so
    `many_overdue`.
    """

    period: Period
    report: Consolidated
    months: tuple[int, ...]
    lines: tuple[YearLine, ...]
    overdue: tuple[Standing, ...]
    many_overdue: int

    @property
    def total(self) -> ConsolidatedRow:
        return self.report.rows[0]

    @property
    def component_rates(self) -> list[tuple[ConsolidatedRow, Place, Decimal | None]]:
        """The component projects below the programme with their rates."""
        pairs = list(zip(self.report.rows, self.report.places, strict=True))
        return [(row, place, row.rate_total) for row, place in pairs if place.depth == 2]


def overview(
    session: Session, *, period: Period, as_of: datetime, most_late: int | None = None
) -> Overview:
    """The district as of one period; a session that sees one unit gets the figures of that unit. Of
    the units late now at most so many are named.
    """
    late, many_late = late_standings(session, period, as_of=as_of, most=most_late)
    months, lines = cumulative_by_month(session, period)
    return Overview(
        period=period,
        report=consolidated(session, period=period, detail="group"),
        months=months,
        lines=lines,
        overdue=tuple(late),
        many_overdue=many_late,
    )


def latest_period(session: Session, *, today: date) -> Period | None:
    """The newest period whose window has ended; before the first one ends, the newest opened."""
    figures = select(Period).where(Period.kind.in_(MONEY_KINDS))
    newest = figures.order_by(Period.data_to.desc(), Period.budget_year.desc()).limit(1)
    return session.scalar(newest.where(Period.data_to <= today)) or session.scalar(newest)


def cumulative_by_month(
    session: Session, period: Period, basis: str = "submitted"
) -> tuple[tuple[int, ...], tuple[YearLine, ...]]:
    """Months of the budget year (13: the closing period) and the sums up to each of them.

    The year of `period` first, then the year before. Two queries, or a few where sums are kept.
    """
    years = (period.budget_year, period.budget_year - 1)
    periods = and_(
        Period.budget_year.in_(years),
        Period.kind.in_(MONEY_KINDS),
        Period.data_to <= period.data_to,
    )

    def live(units: Collection[int] | None) -> Sequence[Row[Any]]:
        return add_up(
            session,
            lambda reported: Question(
                by={"year": Period.budget_year, "number": Period.number},
                sums={"net": reported.net},
                # the budget year as of the period of each amount, to which a guard sees
                where=(periods, Allocation.budget_year.in_(years), *held_by(units)),
            ),
            basis=basis,
        )

    rows: Sequence[Row[Any]] | None = None
    if (stale := stale_units(session, periods, basis)) is not None:
        rows = [*disbursed_by_month(session, stale), *(live(stale.units) if stale.units else ())]
        rows = rows if stale.is_still_so(session) else None
    if rows is None:
        rows = live(None)
    nets: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        nets[row.year, row.number] += int(row.net)
    # sums tell of a month in which nothing is reported, too: it ends no year
    found = {
        year: {month: net for (of, month), net in nets.items() if of == year and net}
        for year in years
    }
    month = month_of(period)
    has_closing = month == CLOSING or any(CLOSING in one for one in found.values())
    months = tuple(range(1, CLOSING + 1 if has_closing else CLOSING))
    lines = []
    for year in years:
        last = month if year == period.budget_year else max(found[year], default=0)
        lines.append(YearLine(year=year, values=_running(found[year], months, last)))
    return months, tuple(lines)


def _running(amounts: dict[int, int], months: Sequence[int], last: int) -> tuple[int | None, ...]:
    total, values = 0, []
    for month in months:
        total += amounts.get(month, 0)
        values.append(total if month <= last else None)
    return tuple(values)


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One period of one unit: what is due, and how it stands.

    `correct_by` is when a returned report is due again; a return makes no unit late. `reopening` is
    that of a locked period which takes a correction of this unit.
    """

    standing: Standing
    correct_by: datetime | None
    reopening: Reopening | None = None

    @property
    def investor(self) -> Investor:
        return self.standing.investor

    @property
    def period(self) -> Period:
        return self.standing.period

    @property
    def deadline_at(self) -> datetime:
        return self.standing.deadline_at

    @property
    def status(self) -> SubmissionStatus | None:
        return self.standing.submission.status if self.standing.submission else None

    @property
    def return_reason(self) -> str | None:
        return self.standing.submission.return_reason if self.standing.submission else None

    @property
    def is_to_do(self) -> bool:
        """Whether the unit still has to send this report, or the correction of it."""
        sent = self.standing.last_submitted_at
        is_awaited = self.reopening is not None and (sent is None or sent < self.reopening.from_at)
        return self.standing.is_to_do or is_awaited


def tasks(session: Session, *, investors: Sequence[int], as_of: datetime) -> list[Task]:
    """Periods that take figures of these units, in which they are expected, the earliest deadline
    first: open ones, and locked ones that are reopened for the unit.
    """
    reopened = reopenings_of(session, None, investors, at=as_of)
    takes_figures = or_(is_open(as_of), among(Period.id, (period for period, _unit in reopened)))
    found = [
        one
        for one in standings(
            session, ExpectedReport.investor_id.in_(investors), takes_figures, as_of=as_of
        )
        if not one.period.is_locked(as_of) or (one.period.id, one.investor.id) in reopened
    ]
    again = correct_by(session, found)
    return sorted(
        (
            Task(
                standing=one,
                correct_by=again.get((one.investor.id, one.period.id)),
                reopening=reopened.get((one.period.id, one.investor.id)),
            )
            for one in found
        ),
        key=lambda one: (one.deadline_at, one.period.code, one.investor.code),
    )
