"""Whether anything a report is made of has changed: one row of counts for each table.

Every change of a row raises its version, and a report's version is raised by each saving of its
figures. So two equal stamps mean that what was computed between them was computed from one state.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select
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
        .join(
            Allocation,
            and_(
                Allocation.investor_id == AllocationLine.investor_id,
                Allocation.id == AllocationLine.allocation_id,
            ),
        )
        # and of the next year: what is carried on into it
        .where(Allocation.budget_year.in_([period.budget_year, period.budget_year + 1]))
    )
    held = _mark(Allocation).where(Allocation.budget_year == period.budget_year)
    rest = [
        _mark(model) for model in (Component, Investor, Project, OrgEvent, Decision, CapitalTerm)
    ]
    # not by version: the list is written past it, and locking itself raises that of the period
    duties = (
        select(
            ExpectedReport.investor_id,
            ExpectedReport.exempt_reason,
            ExpectedReport.exempt_until,
            ExpectedReport.deadline_at,
        )
        .where(ExpectedReport.period_id == period.id)
        .order_by(ExpectedReport.investor_id)
    )
    own = select(Period.deadline_at, Period.deadline_reason).where(Period.id == period.id)
    settings = select(Setting.key, Setting.value).order_by(Setting.key)
    return tuple(
        row
        for one in (submissions, lines, held, *rest, duties, own, settings)
        for row in session.execute(one)
    )


def _mark(model: Any) -> Any:
    version: ColumnElement[int] = model.version
    return select(
        func.count(), func.sum(version), func.sum((model.id % _PRIME) * version)
    ).select_from(model)
