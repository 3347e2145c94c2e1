"""How many rows stand behind a figure, and their sums: as they were added up ahead, or counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from models import Allocation, AllocationLine, Period
from models.base import among
from models.ledger import Question, summing
from reports.consolidated.figure_asked import KINDS, Conditions, Figure
from reports.facts import ASKED, Ahead, is_shown, kept_behind, money_rows, plan_lines


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A figure of a period, and the values of the parameters of its statements."""

    period: Period
    figure: Figure
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Sums:
    """How many `lines` of the plan and their sum; the net sum of the amounts, and how many of them
    are shown, by last day of the reporting periods. Sums in đồng.
    """

    lines: int
    plan: int
    shown: Mapping[date, int]
    net: int

    @property
    def amounts(self) -> int:
        return sum(self.shown.values())


def sums_behind(session: Session, asked: Asked, *, use_kept: bool) -> Sums:
    """The sums of a figure over all rows; a few queries, of the units that are stale alone where
    the figure is kept.
    """
    kept = None
    figure = asked.figure
    if use_kept and figure.of_office:
        under = asked.values.get("components")
        kept = kept_behind(session, asked.period, figure.basis, under)
    lines, plan = _lines(session, asked, kept) if figure.plan is not None else (0, 0)
    shown, net = _amounts(session, asked, kept) if figure.money is not None else ({}, 0)
    if kept is not None and not kept.stale.is_still_so(session):
        return sums_behind(session, asked, use_kept=False)
    return Sums(lines=lines, plan=plan, shown=shown, net=net)


def _of_stale(kept: Ahead | None, rows: Any) -> Conditions:
    """Condition on rows with an owner, of which only those of the stale units are counted now."""
    return () if kept is None else (among(rows.investor_id, kept.stale.units),)


def _lines(session: Session, asked: Asked, kept: Ahead | None) -> tuple[int, int]:
    count, amount = 0, 0
    if kept is not None:
        name = f"plan_{asked.figure.plan}"
        count, amount = getattr(kept.lines, name), getattr(kept.sums, name)
    if kept is None or kept.stale.units:
        statement = _counting_lines(asked.figure.of_plan)
        if kept is not None:
            statement = statement.where(*_of_stale(kept, Allocation))
        now = session.execute(statement, asked.values).one()
        count, amount = count + now[0], amount + int(now[1] or 0)
    return count, amount


def _amounts(session: Session, asked: Asked, kept: Ahead | None) -> tuple[dict[date, int], int]:
    shown: dict[date, int] = {}
    net = 0
    if kept is not None and kept.shown is not None:
        money = asked.figure.money
        is_month = money == "month"
        net = getattr(kept.sums, f"disbursed_{money}")
        name = f"disbursed_{'total' if is_month else money}"
        for first, last, counts in kept.shown:
            if not is_month or first >= asked.period.data_from:
                shown[last] = getattr(counts, name)
        if not kept.stale.units:
            return shown, net
        statement = _adding_amounts(asked.figure, kept)
    else:
        statement = _adding_all_amounts(asked.figure.of_money)
    rows = session.execute(statement, asked.values)
    for row in rows:
        shown[row.data_to] = shown.get(row.data_to, 0) + int(row.shown)
        net += int(row.net)
    return shown, net


@lru_cache(KINDS)
def _counting_lines(figure: Figure) -> Select[int, int]:
    return (
        select(func.count(), func.sum(AllocationLine.amount))
        .select_from(AllocationLine)
        .join(AllocationLine.allocation)
        .where(plan_lines(ASKED), *figure.plans(), *figure.held())
    )


@lru_cache(KINDS)
def _adding_all_amounts(figure: Figure) -> Select[Any]:
    return _adding_amounts(figure)


def _adding_amounts(figure: Figure, kept: Ahead | None = None) -> Select[Any]:
    return summing(
        lambda reported: Question(
            by={"data_to": Period.data_to},
            sums={"net": reported.net, "shown": case((is_shown(reported), 1), else_=0)},
            where=(
                *(money_rows(ASKED), *figure.paid(), *figure.held()),
                # capital was moved between these units alone: what they report counts with them
                *_of_stale(kept, reported.report),
            ),
        ),
        basis=figure.basis,
        day=ASKED.data_to,
        by_report=True,
    )
