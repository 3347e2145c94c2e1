"""Whether anything a report is made of has changed: one row of counts for each table.

Every change of a row raises its version, and a report's version is raised by each saving of its
figures. So two equal stamps mean that what was computed between them was computed from one state.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from models import (
    Allocation,
    AllocationLine,
    CapitalTerm,
    Component,
    Decision,
    ExpectedReport,
    Investor,
    OrgEvent,
    Period,
    Project,
    Setting,
    Submission,
)
from models.ledger import within

# ids are large and rise with time; their remainders tell rows apart and cannot overflow a sum
_PRIME = 1_000_003


def stamp(session: Session, period: Period, *, apart: Collection[int] = ()) -> tuple[Row[Any], ...]:
    """What the figures of a period rest on, as short as it can be compared; but for the reports
    `apart` (ids), which the caller changes itself.
    """
    of_year = Period.budget_year == period.budget_year
    submissions = _mark(Submission).join(Period, Period.id == Submission.period_id).where(of_year)
    if apart:
        submissions = submissions.where(Submission.id.not_in(apart))
    lines = (
        _mark(AllocationLine)
        .join(AllocationLine.allocation)
        # and of the next year: what is carried on into it
        .where(Allocation.budget_year.in_([period.budget_year, period.budget_year + 1]))
    )
    held = _mark(Allocation).where(Allocation.budget_year == period.budget_year)
    rest = [
        _mark(model) for model in (Component, Investor, Project, OrgEvent, Decision, CapitalTerm)
    ]
    # a quarter is told by its months, and waits for what is owed in each
    own = or_(Period.id == period.id, within(period))
    # not by version: the list is written past it, and locking itself raises that of the period
    duties = (
        select(
            ExpectedReport.period_id,
            ExpectedReport.investor_id,
            ExpectedReport.exempt_reason,
            ExpectedReport.exempt_until,
            ExpectedReport.deadline_at,
        )
        .join(Period, Period.id == ExpectedReport.period_id)
        .where(own)
        .order_by(ExpectedReport.period_id, ExpectedReport.investor_id)
    )
    periods = (
        select(Period.id, Period.deadline_at, Period.deadline_reason).where(own).order_by(Period.id)
    )
    settings = select(Setting.key, Setting.value).order_by(Setting.key)
    return tuple(
        row
        for one in (submissions, lines, held, *rest, duties, periods, settings)
        for row in session.execute(one)
    )


def _mark(model: Any) -> Any:
    version: ColumnElement[int] = model.version
    return select(
        func.count(), func.sum(version), func.sum((model.id % _PRIME) * version)
    ).select_from(model)
