"""The report of a unit for a quarter: figures of its months side by side, words of its own."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Allocation,
    ExpectedReport,
    Investor,
    Period,
    Submission,
)
from models.base import RuleBroken, rate
from models.duty import effective_deadline, open_reopening
from models.filing import is_correction, months_missing, months_of, read_sheet, why_closed
from models.ledger import Question, add_up, counted_periods


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarterTotal:
    """The sums of a quarter of one unit, in đồng, state budget capital."""

    plan: int
    before: int
    months: tuple[int, ...]

    @property
    def quarter(self) -> int:
        return sum(self.months)

    @property
    def after(self) -> int:
        return self.before + self.quarter

    @property
    def rate(self) -> Decimal | None:
        return rate(self.after, self.plan)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarterRow(QuarterTotal):
    """One project; amounts in đồng, `months` in the order of the opened months."""

    project_id: int
    code: str
    name: str
    physical_progress: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarterSheet:
    """What one unit reports for a quarter; `missing` are its months not yet sent."""

    period: Period
    investor: Investor
    submission: Submission | None
    version: int
    months: tuple[Period, ...]
    rows: tuple[QuarterRow, ...]
    missing: tuple[str, ...]
    expected: ExpectedReport | None
    deadline_at: datetime
    deadline_reason: str
    why_closed: RuleBroken | None
    reopened_until: datetime | None
    is_correction: bool

    @property
    def is_editable(self) -> bool:
        return self.why_closed is None

    @property
    def total(self) -> QuarterTotal:
        return QuarterTotal(
            plan=sum(row.plan for row in self.rows),
            before=sum(row.before for row in self.rows),
            months=tuple(map(sum, zip(*(row.months for row in self.rows), strict=True))),
        )


def quarter_sheet(
    session: Session, *, period: Period, investor: Investor, at: datetime
) -> QuarterSheet:
    """The figures of sent reports of the months, never typed again, beside the narrative."""
    submission = session.scalar(
        select(Submission).where(
            Submission.investor_id == investor.id, Submission.period_id == period.id
        )
    )
    expected = session.get(ExpectedReport, (investor.id, period.id))
    deadline_at, deadline_reason = effective_deadline(period, expected)
    months = months_of(session, period)
    corrects = is_correction(session, period, submission, at=at)
    is_locked = period.is_locked(at)
    reopening = open_reopening(session, period, investor.id, at=at) if is_locked else None
    return QuarterSheet(
        period=period,
        investor=investor,
        submission=submission,
        version=submission.version if submission else 0,
        months=tuple(months),
        rows=_rows(session, months, investor, at) if months else (),
        missing=tuple(months_missing(session, period, investor.id)),
        expected=expected,
        deadline_at=deadline_at,
        deadline_reason=deadline_reason,
        why_closed=None
        if corrects
        else why_closed(session, period, investor.id, submission, at=at),
        reopened_until=reopening.until_at if reopening else None,
        is_correction=corrects,
    )


def _rows(
    session: Session, months: list[Period], investor: Investor, at: datetime
) -> tuple[QuarterRow, ...]:
    """The plan from the sheet of the last month; what was disbursed before and in each month as the
    reports count it, on the last day: with what a unit took over in the midst of the quarter.
    """
    last = read_sheet(session, period=months[-1], investor=investor, at=at)
    before: dict[int, int] = defaultdict(int)
    paid: dict[tuple[int, date], int] = defaultdict(int)
    for row in add_up(
        session,
        lambda reported: Question(
            by={"project_id": Allocation.project_id, "day": Period.data_to},
            sums={"net": reported.net},
            where=(Allocation.investor_id == investor.id, counted_periods(months[-1])),
        ),
        basis="submitted",
        day=months[-1].data_to,
    ):
        if row.day < months[0].data_from:
            before[row.project_id] += int(row.net)
        else:
            paid[row.project_id, row.day] += int(row.net)
    return tuple(
        QuarterRow(
            project_id=project.project_id,
            code=project.code,
            name=project.name,
            plan=project.plan,
            before=before[project.project_id],
            months=tuple(paid[project.project_id, month.data_to] for month in months),
            physical_progress=project.physical_progress
            if project.physical_progress is not None
            else project.previous_progress,
        )
        for project in last.projects
    )
