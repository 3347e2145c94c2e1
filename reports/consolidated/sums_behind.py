"""How many rows stand behind a figure, and their sums: as they were added up ahead, or counted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from models import Allocation, AllocationLine, Period, Project
from models.base import among
from models.ledger import Question, add_up
from reports.facts import Ahead, is_shown, kept_behind, money_rows, plan_lines

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A figure: of which part of the plan and of what is disbursed it is made, and under which
    conditions on their capital; None where it has no such part.

    `projects` are the conditions on the projects that hold this capital, where `components` are
    given they are right under these. A figure `of_office` is narrowed by nothing else.
    """

    period: Period
    basis: str
    plan: str | None
    plans: Conditions
    money: str | None
    paid: Conditions
    projects: Conditions
    of_office: bool
    components: Collection[int] | None

    def under(self, *more: ColumnElement[bool]) -> Conditions:
        """Conditions on projects: that they are under the components, and more."""
        if self.components is None:
            return more
        return (Project.component_id.in_(self.components), *more)

    def held(self, *more: ColumnElement[bool]) -> Conditions:
        """The same as conditions on capital."""
        which = self.under(*more)
        own = and_(
            Project.investor_id == Allocation.investor_id, Project.id == Allocation.project_id
        )
        whose = select(Project.id).where(own, *which).correlate(Allocation.__table__)
        return (exists(whose),) if which else ()


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
    if use_kept and asked.of_office:
        kept = kept_behind(session, asked.period, asked.basis, asked.components)
    lines, plan = _lines(session, asked, kept) if asked.plan is not None else (0, 0)
    shown, net = _amounts(session, asked, kept) if asked.money is not None else ({}, 0)
    if kept is not None and not kept.stale.is_still_so(session):
        return sums_behind(session, asked, use_kept=False)
    return Sums(lines=lines, plan=plan, shown=shown, net=net)


def _of_stale(kept: Ahead | None, rows: Any) -> Conditions:
    """Condition on rows with an owner, of which only those of the stale units are counted now."""
    return () if kept is None else (among(rows.investor_id, kept.stale.units),)


def _lines(session: Session, asked: Asked, kept: Ahead | None) -> tuple[int, int]:
    count, amount = 0, 0
    if kept is not None:
        name = f"plan_{asked.plan}"
        count, amount = getattr(kept.lines, name), getattr(kept.sums, name)
    if kept is None or kept.stale.units:
        now = session.execute(
            select(func.count(), func.sum(AllocationLine.amount))
            .select_from(AllocationLine)
            .join(AllocationLine.allocation)
            .where(plan_lines(asked.period), *asked.plans, *asked.held())
            .where(*_of_stale(kept, Allocation))
        ).one()
        count, amount = count + now[0], amount + int(now[1] or 0)
    return count, amount


def _amounts(session: Session, asked: Asked, kept: Ahead | None) -> tuple[dict[date, int], int]:
    shown: dict[date, int] = {}
    net = 0
    if kept is not None and kept.shown is not None:
        is_month = asked.money == "month"
        net = getattr(kept.sums, f"disbursed_{asked.money}")
        name = f"disbursed_{'total' if is_month else asked.money}"
        for first, last, counts in kept.shown:
            if not is_month or first >= asked.period.data_from:
                shown[last] = getattr(counts, name)
        if not kept.stale.units:
            return shown, net
    else:
        kept = None
    rows = add_up(
        session,
        lambda reported: Question(
            by={"data_to": Period.data_to},
            sums={"net": reported.net, "shown": case((is_shown(reported), 1), else_=0)},
            where=(
                *(money_rows(asked.period), *asked.paid, *asked.held()),
                # capital was moved between these units alone: what they report counts with them
                *_of_stale(kept, reported.report),
            ),
        ),
        basis=asked.basis,
        day=asked.period.data_to,
        by_report=True,
    )
    for row in rows:
        shown[row.data_to] = shown.get(row.data_to, 0) + int(row.shown)
        net += int(row.net)
    return shown, net
