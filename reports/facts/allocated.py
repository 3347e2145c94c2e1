"""Plan and disbursement of each allocation, and the day until which it may be disbursed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from models import Allocation, AllocationLine, Period
from models.base import summed
from models.capital import last_day, terms_of
from models.ledger import Question, Source, add_up
from reports.facts.figures import money_rows, plan_lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Allocated:
    """One allocation of the state budget as of the last day of a period; amounts in đồng.

    `paid` are the sums that were asked for, by their names; 0 where nothing was reported.
    """

    allocation_id: int
    investor_id: int
    project_id: int
    vintage: int
    until: date
    plan: int
    paid: Mapping[str, int]


_KEYS = {
    "allocation_id": Allocation.id,
    "investor_id": Allocation.investor_id,
    "project_id": Allocation.project_id,
    "vintage": Allocation.vintage,
    "disburse_until": Allocation.disburse_until,
}


def by_allocation(
    session: Session,
    period: Period,
    basis: str,
    sums: Callable[[Source], Mapping[str, Any]],
    *where: ColumnElement[bool],
) -> Iterator[Allocated]:
    """Every allocation with a plan or a reported amount, in the order of their ids. Three queries.

    `where` narrows the allocations.
    """
    for plan, money, until in allocation_rows(session, period, basis, sums, *where):
        what: Any = plan or money
        yield Allocated(
            allocation_id=what.allocation_id,
            investor_id=what.investor_id,
            project_id=what.project_id,
            vintage=what.vintage,
            until=until,
            plan=int(plan.plan) if plan else 0,
            paid=_sums(money),
        )


def allocation_rows(
    session: Session,
    period: Period,
    basis: str,
    sums: Callable[[Source], Mapping[str, Any]],
    *where: ColumnElement[bool],
) -> Iterator[tuple[Any, Any, date]]:
    """The same as they are read, for who adds up many: the row with the `plan` or None, that with
    the sums behind `SUMS_FROM` or None, and the last day.
    """
    plans = _plans(session, period, *where)
    rows = add_up(
        session,
        lambda reported: Question(
            by=_KEYS, sums=sums(reported), where=(money_rows(period), *where)
        ),
        basis=basis,
        day=period.data_to,
    )
    paid = {row.allocation_id: row for row in rows}
    terms = terms_of(session, period.budget_year)
    for allocation_id in sorted(plans.keys() | paid.keys()):
        plan, money = plans.get(allocation_id), paid.get(allocation_id)
        what: Any = plan or money
        yield (
            plan,
            money,
            last_day(period.budget_year, what.vintage, own=what.disburse_until, terms=terms),
        )


def _plans(session: Session, period: Period, *where: ColumnElement[bool]) -> dict[int, Any]:
    """By allocation: what it is, and its lines in force at the end of the period. One query."""
    rows = session.execute(
        select(
            *(column.label(name) for name, column in _KEYS.items()),
            summed(AllocationLine.amount).label("plan"),
        )
        .join(Allocation.lines)
        .where(plan_lines(period), *where)
        .group_by(*_KEYS.values())
    )
    return {row.allocation_id: row for row in rows}


SUMS_FROM = len(_KEYS)


class _Paid(dict[str, int]):
    """Sums by their names; of what was never reported each is 0."""

    def __missing__(self, name: str) -> int:
        return 0


def _sums(row: Row[Any] | None) -> _Paid:
    if row is None:
        return _Paid()
    return _Paid(zip(row._fields[SUMS_FROM:], map(int, row[SUMS_FROM:]), strict=True))
