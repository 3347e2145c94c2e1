"""The rows behind a figure: counted and summed by the database, read for the page that is shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, select, union_all
from sqlalchemy.orm import Session

from models import Allocation, AllocationLine, Decision, Investor, Period, Project
from models.catalogue import names_on
from models.ledger import IN_BUDGET, Source, sources
from reports.consolidated.explained import Explained, MoneyLine, Part, PlanLine, Window
from reports.consolidated.figure_asked import KINDS, Conditions, Figure
from reports.consolidated.paging import in_order, read_page
from reports.consolidated.reporters import columns_of, people_of, report_of
from reports.consolidated.sums_behind import Asked, sums_behind
from reports.facts import ASKED, is_shown, money_rows, plan_lines, short_name_in

# columns, not rows of the mapper: the figure of a district may stand on thousands of them
_CAPITAL: tuple[Any, ...] = (Allocation.source, Allocation.nature, Allocation.vintage)
_CODE: Any = Project.code.label("project_code")
_PROJECT: tuple[Any, ...] = (
    Project.name.label("project_name"),
    Investor.id.label("unit_id"),
    Investor.short_name.label("investor"),
)
Names = Mapping[int, Mapping[str, Any]]  # of units that were called otherwise then
_AMOUNTS = ("advance", "completed", "recovered", "returned", "correction")


def capital_behind(session: Session, asked: Asked, window: Window | None) -> Explained:
    """Lines of the plan and reported amounts of a figure; None where it has no such part. Of a page
    one or a few queries for each, one for who sent and judged what is shown.
    """
    sums = sums_behind(session, asked, use_kept=window is not None)
    if window is not None:
        window = window.within((sums.lines, sums.amounts))
    plans = paid = None
    names = names_on(session, asked.period.data_to)
    if asked.figure.plan is not None:
        lines = _plan(session, asked, sums.lines, window, names)
        plans = Part(count=sums.lines, sum=sums.plan, rows=lines)
    if asked.figure.money is not None:
        amounts = _money(session, asked, sums.shown, window, names)
        paid = Part(count=sums.amounts, sum=sums.net, rows=amounts)
    return Explained(page=window.page if window else 0, plans=plans, paid=paid)


def _plan(
    session: Session, asked: Asked, count: int, window: Window | None, names: Names
) -> tuple[PlanLine, ...]:
    def ask(bound: Conditions = (), *, backwards: bool = False, keys: bool = False) -> Select[Any]:
        rows = _lines(asked.figure.of_plan, backwards=backwards, keys=keys)
        return rows.where(*bound) if bound else rows

    if window is None:
        rows = list(session.execute(ask(), asked.values))
    else:
        at = {"rows": count, "first": window.first, "size": window.size}
        rows = read_page(session, ask, asked, **at)
    return tuple(
        PlanLine(
            allocation_id=row.allocation_id,
            project=f"{row.project_code} · {row.project_name}",
            investor=short_name_in(names, row.unit_id, row.investor),
            source=row.source,
            nature=row.nature,
            vintage=row.vintage,
            kind=row.kind,
            effective_on=row.effective_on,
            decision=row.decision,
            issued_on=row.issued_on,
            amount=row.amount,
        )
        for row in rows
    )


def _money(
    session: Session,
    asked: Asked,
    counts: Mapping[date, int],
    window: Window | None,
    names: Names,
) -> tuple[MoneyLine, ...]:
    """The newest period first: only those are read in which a row of the page stands."""
    days, skipped = _days_shown(counts, window)
    if not days:
        return ()

    def ask(bound: Conditions = (), *, backwards: bool = False, keys: bool = False) -> Select[Any]:
        amounts = _amounts if bound else _all_amounts
        return amounts(asked.figure.of_money, *bound, backwards=backwards, keys=keys)

    values = {**asked.values, "days": days}
    if window is None:
        rows = list(session.execute(ask(), values))
    elif len(days) > 1:  # not in the order of codes alone
        page = ask().limit(window.size).offset(skipped)
        rows = list(session.execute(page, values))
    else:
        at = {"rows": counts[days[0]], "first": skipped, "size": window.size}
        rows = read_page(session, ask, replace(asked, values=values), **at)
    people = people_of(session, rows)
    return tuple(
        MoneyLine(
            **report_of(row, people, names),
            **{name: getattr(row, name) for name in _AMOUNTS},
            net=row.net,
            budget_year=asked.period.budget_year,
            source=row.source,
            nature=row.nature,
            vintage=row.vintage,
        )
        for row in rows
    )


@lru_cache(KINDS)
def _lines(figure: Figure, *, backwards: bool, keys: bool) -> Select[Any]:
    """Lines of the plan with their capital, project and decision."""
    line = (
        AllocationLine.allocation_id,
        AllocationLine.kind,
        AllocationLine.effective_on,
        AllocationLine.amount,
        *_CAPITAL,
        *_PROJECT,
        Decision.number.label("decision"),
        Decision.issued_on,
    )
    statement = (
        select(_CODE, AllocationLine.id.label("row_id"), *(() if keys else line))
        .select_from(AllocationLine)
        .join(AllocationLine.allocation)
        .join(Allocation.project)
        .where(plan_lines(ASKED), *figure.plans(), *figure.under())
    )
    if not keys:
        statement = statement.join(Investor, Investor.id == Project.investor_id)
        statement = statement.join(Decision, Decision.id == AllocationLine.decision_id)
    order = (Project.code, AllocationLine.effective_on, AllocationLine.id)
    return statement.order_by(*in_order(*order, backwards=backwards))


@lru_cache(KINDS)
def _all_amounts(figure: Figure, *, backwards: bool, keys: bool) -> Select[Any]:
    return _amounts(figure, backwards=backwards, keys=keys)


def _amounts(
    figure: Figure, *bound: ColumnElement[bool], backwards: bool, keys: bool
) -> Select[Any]:
    """Reported amounts of the periods with the last days `:days`, with their capital and project,
    which is under these conditions.
    """
    conditions = [
        *(money_rows(ASKED), IN_BUDGET, Period.data_to.in_(bindparam("days", expanding=True))),
        *(*figure.paid(), *figure.held(*bound)),
    ]
    either = union_all(
        *(
            _entries(reported, keys=keys).where(
                *map(reported.of_capital, conditions),
                reported.counts(figure.basis),
                is_shown(reported),
            )
            for reported in sources(ASKED.data_to)
        )
    ).cte("amounts")
    either = either.prefix_with(
        "MATERIALIZED", dialect="postgresql"
    )  # see `ledger.transfers`: some of it was moved
    statement = select(_CODE, either, *(() if keys else _PROJECT)).join(
        Project,
        and_(Project.investor_id == either.c.holder_id, Project.id == either.c.project_id),
    )
    if not keys:
        statement = statement.join(Investor, Investor.id == Project.investor_id)
    return statement.order_by(
        *in_order(either.c.data_to, backwards=not backwards),
        *in_order(Project.code, either.c.row_id, backwards=backwards),
    )


def _days_shown(counts: Mapping[date, int], window: Window | None) -> tuple[list[date], int]:
    """Last days of the periods that the page touches, and how many rows of the first to skip."""
    newest_first = sorted((day for day, count in counts.items() if count), reverse=True)
    if window is None:
        return newest_first, 0
    found: list[date] = []
    before, skipped = 0, 0
    for day in newest_first:
        count = counts[day]
        if before < window.first + window.size and before + count > window.first:
            if not found:
                skipped = window.first - before
            found.append(day)
        before += count
    return found, max(0, skipped)


def _entries(reported: Source, *, keys: bool) -> Select[Any]:
    """Reported amounts with the capital with which they count on the day."""
    money = reported.money
    key = (
        money.id.label("row_id"),
        Allocation.investor_id.label("holder_id"),
        Allocation.project_id.label("project_id"),
    )
    if keys:
        return reported.select(Period.data_to.label("data_to"), *key)
    return reported.select(
        *columns_of(reported),
        *key,
        *(getattr(money, name).label(name) for name in _AMOUNTS),
        reported.net.label("net"),
        *_CAPITAL,
    )
