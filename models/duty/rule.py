"""Who must report in a period, and which projects its report holds (design §4 "Expected").

Conditions and statements in SQL alone, so that opening, the list of an open period, the sheet,
the record screens and the import ask the same question.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from models.base import RuleBroken, _n, among
from models.calendar import Period, PeriodCode, PeriodKind
from models.capital import BUDGET_SOURCES, Allocation, AllocationLine
from models.catalogue import (
    CapitalTransfer,
    Investor,
    OrgEvent,
    Project,
    ProjectStatus,
    ProjectSuccession,
)
from models.ledger import Question, Source, summing

# the table itself: its row follows from one that the scope bounds, and to ask for each project
# whether the act concerns its unit is what a cluster does not do for several units
_EVENTS: Any = OrgEvent.__table__
ACTIVE = (ProjectStatus.ACTIVE, ProjectStatus.COMPLETED, ProjectStatus.SUSPENDED)


def exists_on(day: Any) -> ColumnElement[bool]:
    """Condition on Investor: the unit exists on that day (a day, or a column of days)."""
    return exists_between(day, day)


def exists_between(first: Any, last: Any) -> ColumnElement[bool]:
    """Condition on Investor: the unit exists on some day of these."""
    return and_(
        Investor.valid_from <= last, or_(Investor.valid_to.is_(None), Investor.valid_to >= first)
    )


def at_work(period: Any) -> ColumnElement[bool]:
    """Condition on Project: at work in the window of `period` (a period, or the mapped class).

    From its first to its last day unless it is only planned; a suspended one is at work too,
    since its unit has to say so. One that was taken over is at work there from that day on. In
    the closing period nothing is at work: only money moves.
    """
    came_later = (
        select(ProjectSuccession.id)
        .join(_EVENTS, _EVENTS.c.id == ProjectSuccession.event_id)
        .where(
            ProjectSuccession.to_investor_id == Project.investor_id,
            ProjectSuccession.to_project_id == Project.id,
            _EVENTS.c.effective_on > period.data_to,
        )
    )
    return and_(
        Project.status.in_(ACTIVE),
        Project.start_on <= period.data_to,
        or_(Project.end_on.is_(None), Project.end_on >= period.data_from),
        period.kind != PeriodKind.CLOSING,
        ~came_later.exists(),
    )


def takes_figures(period: Period) -> ColumnElement[bool]:
    """Condition on Project: stands on the report of `period`: at work, or with capital of its
    budget year, whatever the source.
    """
    with_capital = select(Allocation.project_id).where(
        Allocation.investor_id == Project.investor_id,
        Allocation.project_id == Project.id,
        Allocation.budget_year == period.budget_year,
    )
    return or_(at_work(period), with_capital.exists())


def why_no_figures(project: Project, period: PeriodCode, *, first: date, last: date) -> RuleBroken:
    """The sentence for a project that `takes_figures` leaves out."""
    if project.start_on > last:
        return RuleBroken(
            _n(
                "The project begins on %(start)s, after the period %(code)s, and holds no capital "
                "of %(year)s."
            ),
            field="project",
            start=project.start_on,
            code=period,
            year=period.budget_year,
        )
    if project.end_on is not None and project.end_on < first:
        return RuleBroken(
            _n(
                "The project ended on %(end)s, before the period %(code)s, and holds no capital "
                "of %(year)s."
            ),
            field="project",
            end=project.end_on,
            code=period,
            year=period.budget_year,
        )
    return RuleBroken(
        _n(
            "The project is not at work in the period %(code)s and holds no capital of %(year)s, "
            "so it takes no figures."
        ),
        field="project",
        code=period,
        year=period.budget_year,
    )


def must_report(
    periods: Collection[int], investors: Collection[int] | None
) -> Select[int, int, bool, bool]:
    """(investor id, period id, has work, has capital) of all who must report; None: every unit."""
    work = _working(periods, investors)
    held = _holding(periods, investors)
    yes: ColumnElement[int] = literal_column("1")
    no: ColumnElement[int] = literal_column("0")
    both = union_all(
        select(work.c.investor_id, work.c.period_id, yes.label("work"), no.label("capital")),
        select(held.c.investor_id, held.c.period_id, no, yes),
    ).subquery("both")
    statement = (
        select(
            both.c.investor_id,
            both.c.period_id,
            (func.max(both.c.work) == 1).label("has_work"),
            (func.max(both.c.capital) == 1).label("has_capital"),
        )
        .join(Investor, Investor.id == both.c.investor_id)
        .join(Period, and_(Period.id == both.c.period_id, exists_on(Period.data_to)))
        .group_by(both.c.investor_id, both.c.period_id)
    )
    return statement if investors is None else statement.where(among(Investor.id, investors))


def _working(periods: Collection[int], investors: Collection[int] | None) -> Subquery:
    statement = (
        select(Project.investor_id, Period.id.label("period_id"))
        .join(Period, at_work(Period))
        .where(among(Period.id, periods))
        .distinct()
    )
    if investors is not None:
        statement = statement.where(among(Project.investor_id, investors))
    return statement.subquery("working")


def _holding(periods: Collection[int], investors: Collection[int] | None) -> Subquery:
    """Units with an allocation of state budget capital in force of which something is left."""
    plan = (
        select(
            AllocationLine.investor_id,
            AllocationLine.allocation_id,
            Period.id.label("period_id"),
            func.sum(AllocationLine.amount).label("plan"),
        )
        .join(AllocationLine.allocation)
        .join(Period, Period.budget_year == Allocation.budget_year)
        .where(
            among(Period.id, periods),
            Allocation.source.in_(BUDGET_SOURCES),
            AllocationLine.effective_on <= Period.data_to,
        )
        .group_by(AllocationLine.investor_id, AllocationLine.allocation_id, Period.id)
        .having(func.sum(AllocationLine.amount) > 0)
    )
    if investors is not None:
        plan = plan.where(among(AllocationLine.investor_id, investors))
    planned, paid = plan.subquery("planned"), reported_before(periods, investors)
    return (
        select(planned.c.investor_id, planned.c.period_id)
        .outerjoin(
            paid,
            and_(
                paid.c.investor_id == planned.c.investor_id,
                paid.c.allocation_id == planned.c.allocation_id,
                paid.c.period_id == planned.c.period_id,
            ),
        )
        .where(planned.c.plan > func.coalesce(paid.c.paid, 0))
        .distinct()
        .subquery("holding")
    )


def reported_before(periods: Collection[int], investors: Collection[int] | None) -> Subquery:
    """(investor_id, allocation_id, period_id, paid): the net đồng that reports which count show
    as disbursed before the window of each period began.

    What a predecessor disbursed counts with the unit that holds the capital on the last day.
    """
    asked = aliased(Period)
    before = select(CapitalTransfer.investor_id).where(
        among(CapitalTransfer.to_investor_id, investors or ())
    )

    def ask(source: Source) -> Question:
        told, (holder, allocation) = source.report.investor_id, source.holder
        return Question(
            by={"investor_id": holder, "allocation_id": allocation, "period_id": asked.id},
            sums={"paid": source.net},
            where=(
                among(asked.id, periods),
                *(() if investors is None else (or_(among(told, investors), told.in_(before)),)),
            ),
        )

    return summing(ask, basis="submitted", day=asked.data_to, before=asked).subquery("reported")


def expected_pairs(
    connection: Connection, periods: Collection[int], investors: Collection[int] | None = None
) -> dict[tuple[int, int], tuple[bool, bool]]:
    """(investor, period) of all who must report, each with (has work, has capital): one query."""
    if not periods or (investors is not None and not investors):
        return {}
    return {
        (row.investor_id, row.period_id): (bool(row.has_work), bool(row.has_capital))
        for row in connection.execute(must_report(periods, investors))
    }
