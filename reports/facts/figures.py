"""Plan and disbursement of one period, summed in SQL to one figure set per project.

Everything a consolidated report shows is a sum of these; nothing else adds amounts.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from models import (
    CENTRAL_SOURCES,
    Allocation,
    AllocationLine,
    Nature,
    Period,
    Project,
)
from models.base import rate, summed
from models.ledger import IN_BUDGET, Question, Source, counted_periods, summing, within
from reports.facts.narrowed import narrow, values_of


@dataclass(frozen=True, slots=True)
class Figures:
    """Amounts in đồng; sums of parts are sums of these fields.

    `corrected` is the part of `disbursed_month` that puts earlier periods right.
    """

    plan_central: int = 0
    plan_local: int = 0
    plan_investment: int = 0
    plan_recurrent: int = 0
    plan_carried: int = 0
    disbursed_month: int = 0
    disbursed_year: int = 0
    disbursed_carried: int = 0
    corrected: int = 0

    @property
    def plan_year(self) -> int:
        """Capital of the year itself."""
        return self.plan_central + self.plan_local

    @property
    def plan_total(self) -> int:
        return int(plan_of(self))

    @property
    def disbursed_total(self) -> int:
        return int(paid_of(self))

    @property
    def rate_total(self) -> Decimal | None:
        """Percent, half-up, two decimals; None without a plan."""
        return rate(self.disbursed_total, self.plan_total)

    @property
    def rate_year(self) -> Decimal | None:
        return rate(self.disbursed_year, self.plan_year)

    @property
    def rate_carried(self) -> Decimal | None:
        return rate(self.disbursed_carried, self.plan_carried)

    @property
    def remaining(self) -> int:
        return self.plan_total - self.disbursed_total

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in NAMES)


def plan_of(amounts: Any) -> Any:
    """The whole plan: of columns it makes the SQL expression, of `Figures` the number."""
    return amounts.plan_central + amounts.plan_local + amounts.plan_carried


def paid_of(amounts: Any) -> Any:
    """All that is disbursed, likewise."""
    return amounts.disbursed_year + amounts.disbursed_carried


NAMES = tuple(field.name for field in fields(Figures))


def total(parts: Iterable[Figures]) -> Figures:
    """The sum, field by field; spelled out, which takes a tenth of the time of a loop over them."""
    central = local = investment = recurrent = carried = 0
    month = year = paid_of_carried = corrected = 0
    for one in parts:
        central += one.plan_central
        local += one.plan_local
        investment += one.plan_investment
        recurrent += one.plan_recurrent
        carried += one.plan_carried
        month += one.disbursed_month
        year += one.disbursed_year
        paid_of_carried += one.disbursed_carried
        corrected += one.corrected
    return Figures(
        plan_central=central,
        plan_local=local,
        plan_investment=investment,
        plan_recurrent=recurrent,
        plan_carried=carried,
        disbursed_month=month,
        disbursed_year=year,
        disbursed_carried=paid_of_carried,
        corrected=corrected,
    )


def plan_lines(period: Period) -> ColumnElement[bool]:
    """Condition on lines and allocations of the plan as of the last day of `period`."""
    return and_(
        Allocation.budget_year == period.budget_year,
        IN_BUDGET,
        AllocationLine.effective_on <= period.data_to,
    )


def money_rows(period: Period) -> ColumnElement[bool]:
    """Condition on reported amounts that are in the figures of `period`."""
    return and_(Allocation.budget_year == period.budget_year, counted_periods(period))


def is_shown(reported: Source) -> ColumnElement[bool]:
    """Condition on reported amounts: all that is part of the story, also where it comes to none."""
    return or_(reported.net != 0, reported.money.completed != 0, reported.money.advance != 0)


def figures_by_part(
    session: Session, *, period: Period, basis: str, by: str
) -> dict[tuple[int, str], Figures]:
    """Figures apart for each kind of capital, by project and code; `by` is "nature" or "source".

    The sums of a project over its kinds are those of its line, to the đồng.
    """
    rows = session.execute(by_project(basis, by), values_of(period))
    return {(row.project_id, row.part): Figures(*row[-len(NAMES) :]) for row in rows}


def with_figures(
    session: Session, period: Period, basis: str, projects: Collection[tuple[int, int]]
) -> set[int]:
    """Of these projects, each behind its unit, those that have a figure, so a line in a report. One
    query.
    """
    named = values_of(period, {unit for unit, _one in projects}, {one for _unit, one in projects})
    rows = session.execute(by_project(basis, of="projects"), named) if projects else ()
    return {row.project_id for row in rows}


@cache
def by_project(basis: str, by: str = "", *, told: Any = None, of: str = "") -> Select[Any]:
    """The statement of the figures of each project that has some, by `_keys` and then `NAMES`;
    asked with `values_of`. `of`: of the "units" that are named there, or of their "projects". Made
    once, as all that is made of it: making it costs as much as its answer for a district.

    `told`: what units say of projects (`telling`); of how many an estimate is `told` and those
    `estimates` in đồng stand behind. Plan, disbursement and estimates are put one below the other
    and added up, not joined: how many rows a join of sums gives is beyond PostgreSQL's guess, and
    a wrong one made it read every estimate for every project.
    """
    keys = tuple(_keys(by))
    plans = planning(by).where(*narrow(of, Allocation))
    paid = disbursing(basis, by, of)
    parts = [plans.subquery("plans"), paid.subquery("all_paid")]
    columns = NAMES
    if told is not None:
        columns = (*NAMES, "told", "estimates")
        said = told.subquery("said")
        parts.append(
            select(
                *(said.c[key] for key in keys),
                literal_column("1").label("told"),
                said.c.estimate.label("estimates"),
            )
            .where(said.c.estimate.is_not(None), *narrow(of, said.c))
            .subquery("estimated")
        )
    zero: ColumnElement[int] = literal_column("0")
    every = union_all(
        *(
            select(
                *(part.c[key] for key in keys),
                *(part.c.get(name, zero).label(name) for name in columns),
            )
            for part in parts
        )
    ).subquery("every")
    sums = {name: summed(every.c[name]) for name in columns}
    return (
        select(
            *(every.c[key] for key in keys),
            *(amount.label(name) for name, amount in sums.items()),
        )
        .group_by(*(every.c[key] for key in keys))
        .having(or_(*(sums[name] != 0 for name in NAMES)))
    )


def _keys(by: str) -> dict[str, Any]:
    """What figures are summed by: the project, and where asked for the kind of its capital."""
    part = {"nature": Allocation.nature, "source": Allocation.source}
    owner = {"investor_id": Allocation.investor_id, "project_id": Allocation.project_id}
    return owner | ({"part": part[by]} if by else {})


def _sum(amount: Any, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return summed(case((and_(*conditions), amount), else_=0))


def with_projects(figures: Select[Any], name: str = "whole") -> tuple[CTE, ColumnElement[bool]]:
    """Figures of projects as a result of its own, which a cluster joins with the rows of each
    unit; and how Project is joined to it.
    """
    whole = figures.cte(name).prefix_with("MATERIALIZED", dialect="postgresql")
    return whole, and_(Project.investor_id == whole.c.investor_id, Project.id == whole.c.project_id)


# stands for the period in statements that are made once: `values_of` names it
ASKED: Any = SimpleNamespace(
    budget_year=bindparam("budget_year", type_=Integer),
    data_from=bindparam("data_from", type_=Date),
    data_to=bindparam("data_to", type_=Date),
)


def planning(by: str = "", *, counted: bool = False) -> Select[Any]:
    """The statement of the plans of all projects, by `_keys`; `counted`: of how many lines."""
    amount: Any = literal_column("1") if counted else AllocationLine.amount
    of_year = Allocation.vintage == Allocation.budget_year
    central = Allocation.source.in_(CENTRAL_SOURCES)
    return (
        select(
            *(column.label(name) for name, column in _keys(by).items()),
            _sum(amount, of_year, central).label("plan_central"),
            _sum(amount, of_year, ~central).label("plan_local"),
            _sum(amount, of_year, Allocation.nature == Nature.DTPT).label("plan_investment"),
            _sum(amount, of_year, Allocation.nature == Nature.SN).label("plan_recurrent"),
            _sum(amount, ~of_year).label("plan_carried"),
        )
        .join(Allocation.lines)
        .where(plan_lines(ASKED))
        .group_by(*_keys(by).values())
    )


@cache
def disbursing(basis: str, by: str, of: str = "", *, counted: bool = False) -> Select[Any]:
    """The statement of what is disbursed, by `_keys`; `counted`: of how many amounts of the period
    itself.
    """
    of_year = Allocation.vintage == Allocation.budget_year
    now = within(ASKED)

    def ask(reported: Source) -> Question:
        # capital was moved between the units alone: what they report counts with them
        whose = reported.report if counted and of == "units" else Allocation
        which = (money_rows(ASKED), *narrow(of, whose))
        amount: Any = literal_column("1") if counted else reported.net
        sums = {
            "disbursed_year": case((of_year, amount), else_=0),
            "disbursed_carried": case((of_year, 0), else_=amount),
        }
        if counted:
            return Question(by=_keys(by), sums=sums, where=(*which, now, is_shown(reported)))
        sums["disbursed_month"] = case((now, amount), else_=0)
        sums["corrected"] = case((now, reported.money.correction), else_=0)
        return Question(by=_keys(by), sums=sums, where=which)

    return summing(ask, basis=basis, day=ASKED.data_to, by_report=counted)
