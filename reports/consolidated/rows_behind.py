"""The rows behind a figure: counted and summed by the database, read for the page that is shown."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from models import Allocation, AllocationLine, Decision, Investor, Period, Project
from models.ledger import IN_BUDGET, Question, Source, add_up, sources
from reports.consolidated.explained import Explained, MoneyLine, Part, PlanLine, Window
from reports.consolidated.reporters import columns_of, people_of, report_of
from reports.facts import money_rows, own_line, plan_lines

Conditions = Sequence[ColumnElement[bool]]
# columns, not rows of the mapper: the figure of a district may stand on thousands of them
_CAPITAL: tuple[Any, ...] = (Allocation.source, Allocation.nature, Allocation.vintage)
_PROJECT: tuple[Any, ...] = (
    Project.code.label("project_code"),
    Project.name.label("project_name"),
    Investor.short_name.label("investor"),
)
_AMOUNTS = ("advance", "completed", "recovered", "returned", "correction")


def capital_behind(
    session: Session,
    period: Period,
    basis: str,
    plan: Conditions | None,
    paid: Conditions | None,
    window: Window | None,
) -> Explained:
    """Lines of the plan and reported amounts under these conditions on their capital; None where
    the figure has no such part. Two queries for each, one for who sent and judged what is shown.
    """
    lines = _plan_sum(session, period, plan) if plan is not None else (0, 0)
    money = _money_sums(session, period, basis, paid) if paid is not None else {}
    entries = sum(count for count, _net in money.values())
    if window is not None:
        window = window.within((lines[0], entries))
    return Explained(
        page=window.page if window else 0,
        plans=None
        if plan is None
        else Part(count=lines[0], sum=lines[1], rows=_plan(session, period, plan, window)),
        paid=None
        if paid is None
        else Part(
            count=entries,
            sum=sum(net for _count, net in money.values()),
            rows=_money(session, period, basis, paid, money, window),
        ),
    )


def _plan_sum(session: Session, period: Period, conditions: Conditions) -> tuple[int, int]:
    count, amount = session.execute(
        select(func.count(), func.sum(AllocationLine.amount))
        .select_from(AllocationLine)
        .join(Allocation, own_line(Allocation))
        .where(plan_lines(period), *conditions)
    ).one()
    return int(count), int(amount or 0)


def _plan(
    session: Session, period: Period, conditions: Conditions, window: Window | None
) -> tuple[PlanLine, ...]:
    statement = (
        select(
            AllocationLine.allocation_id,
            AllocationLine.kind,
            AllocationLine.effective_on,
            AllocationLine.amount,
            *_CAPITAL,
            *_PROJECT,
            Decision.number.label("decision"),
            Decision.issued_on,
        )
        .select_from(AllocationLine)
        .join(Allocation, own_line(Allocation))
        .join(
            Project,
            and_(
                Project.investor_id == Allocation.investor_id, Project.id == Allocation.project_id
            ),
        )
        .join(Investor, Investor.id == Project.investor_id)
        .join(Decision, Decision.id == AllocationLine.decision_id)
        .where(plan_lines(period), *conditions)
        .order_by(Project.code, AllocationLine.effective_on, AllocationLine.id)
    )
    if window is not None:
        statement = statement.limit(window.size).offset(window.first)
    return tuple(
        PlanLine(
            allocation_id=row.allocation_id,
            project=f"{row.project_code} · {row.project_name}",
            investor=row.investor,
            source=row.source,
            nature=row.nature,
            vintage=row.vintage,
            kind=row.kind,
            effective_on=row.effective_on,
            decision=row.decision,
            issued_on=row.issued_on,
            amount=row.amount,
        )
        for row in session.execute(statement)
    )


def _money_sums(
    session: Session, period: Period, basis: str, conditions: Conditions
) -> dict[date, tuple[int, int]]:
    """By last day of the reporting periods: how many amounts are shown, and their net sum."""
    rows = add_up(
        session,
        lambda reported: Question(
            by={"data_to": Period.data_to},
            sums={"net": reported.net, "shown": case((_is_shown(reported), 1), else_=0)},
            where=(money_rows(period), *conditions),
        ),
        basis=basis,
        day=period.data_to,
        by_report=True,
    )
    return {row.data_to: (int(row.shown), int(row.net)) for row in rows}


def _is_shown(reported: Source) -> ColumnElement[bool]:
    return or_(reported.net != 0, reported.money.completed != 0, reported.money.advance != 0)


def _money(
    session: Session,
    period: Period,
    basis: str,
    conditions: Conditions,
    counts: Mapping[date, tuple[int, int]],
    window: Window | None,
) -> tuple[MoneyLine, ...]:
    """The newest period first: only those are read in which a row of the page stands."""
    days, skipped = _days_shown(counts, window)
    if not days:
        return ()
    either = union_all(
        *(
            _entries(reported).where(
                *map(
                    reported.of_capital,
                    (money_rows(period), IN_BUDGET, Period.data_to.in_(days), *conditions),
                ),
                reported.counts(basis),
                _is_shown(reported),
            )
            for reported in sources(period.data_to)
        )
    ).cte("amounts")
    either = either.prefix_with(
        "MATERIALIZED", dialect="postgresql"
    )  # see `ledger.transfers`: some of it was moved
    statement = (
        select(either, *_PROJECT)
        .join(
            Project,
            and_(Project.investor_id == either.c.holder_id, Project.id == either.c.project_id),
        )
        .join(Investor, Investor.id == Project.investor_id)
        .order_by(either.c.data_to.desc(), Project.code, either.c.money_id)
    )
    if window is not None:
        statement = statement.limit(window.size).offset(skipped)
    rows = session.execute(statement).all()
    people = people_of(session, rows)
    return tuple(
        MoneyLine(
            **report_of(row, people),
            **{name: getattr(row, name) for name in _AMOUNTS},
            net=row.net,
            budget_year=period.budget_year,
            source=row.source,
            nature=row.nature,
            vintage=row.vintage,
        )
        for row in rows
    )


def _days_shown(
    counts: Mapping[date, tuple[int, int]], window: Window | None
) -> tuple[list[date], int]:
    """Last days of the periods that the page touches, and how many rows of the first to skip."""
    newest_first = sorted((day for day, (count, _net) in counts.items() if count), reverse=True)
    if window is None:
        return newest_first, 0
    found: list[date] = []
    before, skipped = 0, 0
    for day in newest_first:
        count = counts[day][0]
        if before < window.first + window.size and before + count > window.first:
            if not found:
                skipped = window.first - before
            found.append(day)
        before += count
    return found, max(0, skipped)


def _entries(reported: Source) -> Select[Any]:
    """Reported amounts with the capital with which they count on the day."""
    money = reported.money
    return reported.select(
        *columns_of(reported),
        money.id.label("money_id"),
        *(getattr(money, name).label(name) for name in _AMOUNTS),
        reported.net.label("net"),
        Allocation.investor_id.label("holder_id"),
        Allocation.project_id.label("project_id"),
        *_CAPITAL,
    )
