"""Plan and disbursement of each allocation, and the day until which it may be disbursed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row
from sqlalchemy.orm import Session

from models import Allocation, Period
from models.capital import last_day, terms_of
from models.ledger import Question, Source, add_up
from reports.facts.figures import money_rows, plans_by_allocation


@dataclass(frozen=True, kw_only=True, slots=True)
class Allocated:
    """One allocation of the state budget as of the last day of a period; amounts in đồng.

    `paid` are the sums that were asked for, by their names; 0 where nothing was reported.
    """

    allocation_id: int
    project_id: int
    vintage: int
    until: date
    plan: int
    paid: Mapping[str, int]


_KEYS = {
    "allocation_id": Allocation.id,
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
    plans = plans_by_allocation(session, period, *where)
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
        yield Allocated(
            allocation_id=allocation_id,
            project_id=what.project_id,
            vintage=what.vintage,
            until=last_day(period.budget_year, what.vintage, own=what.disburse_until, terms=terms),
            plan=int(plan.plan) if plan else 0,
            paid=_sums(money),
        )


class _Paid(dict[str, int]):
    """Sums by their names; of what was never reported each is 0."""

    def __missing__(self, name: str) -> int:
        return 0


def _sums(row: Row[Any] | None) -> _Paid:
    if row is None:
        return _Paid()
    return _Paid(zip(row._fields[len(_KEYS) :], map(int, row[len(_KEYS) :]), strict=True))
