"""What is left of capital of which nothing can be disbursed after a period."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Allocation, Period
from models.capital import terms_of, usual_term
from reports.pace.held import months_left
from reports.pace.terms import Terms


class Over(NamedTuple):
    """Đồng left of state budget capital whose last day has come, `carried`: of earlier years."""

    left: int
    carried: int


def over(session: Session, period: Period, basis: str) -> Over:
    """What is left of capital that has no month left after a period, as the pace has it. Where no
    last day of the budget year has come yet, which two queries tell, the pace is not read.
    """
    if not _has_ended(session, period):
        return Over(0, 0)
    held = [
        (-older, one.plan - one.paid)
        for terms in Terms(session, period, basis).held.values()
        for (older, until), parts in terms.items()
        if not months_left(period.data_to, until)
        for one in parts
    ]
    return Over(
        sum(left for _vintage, left in held),
        sum(left for vintage, left in held if vintage < period.budget_year),
    )


def _has_ended(session: Session, period: Period) -> bool:
    """Whether any last day of capital of the budget year has come by the end of a period."""
    year = period.budget_year
    own = session.scalar(
        select(func.min(Allocation.disburse_until)).where(Allocation.budget_year == year)
    )
    known = [
        own,
        usual_term(year, year),
        usual_term(year, year - 1),
        *terms_of(session, year).values(),
    ]
    return min(day for day in known if day is not None) <= period.data_to
