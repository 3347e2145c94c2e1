"""Until when capital of the newest budget year may be disbursed, by vintage (domain §2.3)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Allocation, CapitalTerm
from models.capital import last_day, usual_term


@dataclass(frozen=True, kw_only=True, slots=True)
class TermInForce:
    """The last day of one vintage, and how many allocations have one of their own."""

    budget_year: int
    vintage: int
    last_day: date
    usual: date
    is_set: bool
    basis: str
    own_days: int


def terms_in_force(session: Session) -> list[TermInForce]:
    """Terms of each vintage with allocations in the newest budget year that has any, newest first.

    Three queries at most; an empty list where there is no allocation.
    """
    year = session.scalar(select(func.max(Allocation.budget_year)))
    if year is None:
        return []
    terms = {
        term.vintage: term
        for term in session.scalars(select(CapitalTerm).where(CapitalTerm.budget_year == year))
    }
    days = {vintage: term.disburse_until for vintage, term in terms.items()}
    vintages = session.execute(
        select(Allocation.vintage, func.count(Allocation.disburse_until))
        .where(Allocation.budget_year == year)
        .group_by(Allocation.vintage)
        .order_by(Allocation.vintage.desc())
    )
    return [
        TermInForce(
            budget_year=year,
            vintage=vintage,
            last_day=last_day(year, vintage, own=None, terms=days),
            usual=usual_term(year, vintage),
            is_set=vintage in terms,
            basis=(terms[vintage].basis or "") if vintage in terms else "",
            own_days=own_days,
        )
        for vintage, own_days in vintages
    ]
