"""Who must report in a period, and which projects its report holds (design §4 "Expected").

Conditions and statements in SQL alone, so that opening, the list of an open period, the sheet,
the record screens and the import ask the same question.
"""

from collections.abc import Collection
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from models.base import RuleBroken, _n, among
from models.calendar import Period, PeriodKind
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


def why_no_figures(project: Project, period: Any) -> RuleBroken:
    """The sentence for a project that `takes_figures` leaves out, of a period stored or read."""
    if project.start_on > period.data_to:
        return RuleBroken(
            _n(
                "The project begins on %(start)s, after the period %(code)s, and holds no capital "
                "of %(year)s."
            ),
            field="project",
            start=project.start_on,
            code=period.named,
            year=period.budget_year,
        )
    if project.end_on is not None and project.end_on < period.data_from:
        return RuleBroken(
            _n(
                "The project ended on %(end)s, before the period %(code)s, and holds no capital "
                "of %(year)s."
            ),
            field="project",
            end=project.end_on,
            code=period.named,
            year=period.budget_year,
        )
    return RuleBroken(
        _n(
            "The project is not at work in the period %(code)s and holds no capital of %(year)s, "
            "so it takes no figures."
        ),
        field="project",
        code=period.named,
        year=period.budget_year,
    )


def _among(column: Any, of: str) -> ColumnElement[bool]:
    """Condition that a column is one of the parameter ("periods" or "units"); of the only one there
    is ("one of units") it is said as it is, as `among` does; of all where no name is given.
    """
    name = of.removeprefix("one of ")
    if not name:
        return true()
    value: Any = bindparam(name)
    return among(column, value) if name == of else cast(ColumnElement[bool], column == value)


@cache
def must_report(periods: str, units: str) -> Select[int, int, bool, bool]:
    """The statement of (investor id, period id, has work, has capital) of all who must report in
    the periods, of the units; see `_among`. Made once: it is asked at every save that changes what
    the lists of open periods are made of, and making it costs as much as its answer.
    """
    work = _working(periods, units)
    held = _holding(periods, units)
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
    return statement.where(_among(Investor.id, units)) if units else statement


def _working(periods: str, units: str) -> Subquery:
    return (
        select(Project.investor_id, Period.id.label("period_id"))
        .join(Period, at_work(Period))
        .where(_among(Period.id, periods), _among(Project.investor_id, units))
        .distinct()
        .subquery("working")
    )


def _holding(periods: str, units: str) -> Subquery:
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
            _among(Period.id, periods),
            _among(AllocationLine.investor_id, units),
            Allocation.source.in_(BUDGET_SOURCES),
            AllocationLine.effective_on <= Period.data_to,
        )
        .group_by(AllocationLine.investor_id, AllocationLine.allocation_id, Period.id)
        .having(func.sum(AllocationLine.amount) > 0)
    )
    planned, paid = plan.subquery("planned"), reported_before(periods, units)
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


def reported_before(periods: str, units: str) -> Subquery:
    """(investor_id, allocation_id, period_id, paid): the net đồng that reports which count show
    as disbursed before the window of each period began.

    What a predecessor disbursed counts with the unit that holds the capital on the last day.
    """
    asked = aliased(Period)
    before = select(CapitalTransfer.investor_id).where(
        _among(CapitalTransfer.to_investor_id, units)
    )

    def ask(source: Source) -> Question:
        told, (holder, allocation) = source.report.investor_id, source.holder
        return Question(
            by={"investor_id": holder, "allocation_id": allocation, "period_id": asked.id},
            sums={"paid": source.net},
            where=(
                _among(asked.id, periods),
                *((or_(_among(told, units), told.in_(before)),) if units else ()),
            ),
        )

    return summing(ask, basis="submitted", day=asked.data_to, before=asked).subquery("reported")


def expected_pairs(
    connection: Connection, periods: Collection[int], investors: Collection[int] | None = None
) -> dict[tuple[int, int], tuple[bool, bool]]:
    """(investor, period) of all who must report, each with (has work, has capital): one query."""
    if not periods or (investors is not None and not investors):
        return {}
    values: dict[str, Any] = {"periods": sorted(set(periods))}
    if investors is not None:
        values["units"] = sorted(set(investors))
    asked = {name: name for name in values}
    for name, ids in values.items():
        if len(ids) == 1:
            asked[name], values[name] = f"one of {name}", ids[0]
    statement = must_report(asked["periods"], asked.get("units", ""))
    return {
        (row.investor_id, row.period_id): (bool(row.has_work), bool(row.has_capital))
        for row in connection.execute(statement, values)
    }
