"""Checks of decisions, their lines and year ends: V6 and V13 of domain §3.4 in the ledger."""

from collections.abc import Iterator, Set
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, extract, func, select
from sqlalchemy.orm import Session

from models.base import Dong, Found, _n, among, error, warning
from models.capital import Allocation, AllocationLine, LineKind
from models.catalogue import Decision, used_twice
from models.ledger.paid import held_by

MOVES = (LineKind.ADJUST, LineKind.TRANSFER)
OCTOBER = 10  # from it on the capital of the next year is given (domain §2.2)


def look_at_decisions(
    session: Session, *, day: date, decision_id: int | None = None
) -> Iterator[tuple[str, Found]]:
    """(code, finding) of all decisions, or of one alone; `day` is today. Three queries."""
    only = Decision.id == decision_id if decision_id is not None else Decision.id.is_not(None)
    yield from (("V6", found) for found in _unbalanced(session, only))
    yield from (("V13", found) for found in _doubtful(session, only, day))


def _unbalanced(session: Session, only: ColumnElement[bool]) -> Iterator[Found]:
    """What a decision moves it takes from somewhere, unless another level is part of it."""
    balance = func.sum(AllocationLine.amount)
    rows = session.execute(
        select(Decision.id, Decision.number, balance)
        .join(AllocationLine, AllocationLine.decision_id == Decision.id)
        .where(only, AllocationLine.kind.in_(MOVES), Decision.crosses_level.is_(False))
        .group_by(Decision.id, Decision.number)
        .having(balance != 0)
        .order_by(Decision.number)
    )
    for decision_id, number, amount in rows:
        yield out_of_balance(f"decision:{decision_id}", number, amount)


def out_of_balance(subject: str, number: str, amount: int) -> Found:
    """The finding of a decision whose moves leave `amount` đồng over (V6)."""
    return error(
        subject,
        _n(
            "Decision %(number)s: its adjustments and transfers add up to %(amount)s đồng "
            "instead of 0. Add the missing side, or mark that another level is part of it."
        ),
        number=number,
        amount=Dong(amount),
    )


def _doubtful(session: Session, only: ColumnElement[bool], day: date) -> Iterator[Found]:
    twice = used_twice()
    first = func.min(AllocationLine.effective_on)
    # only the lines that are told of: beside its decision each of millions is dear
    too_early = and_(
        AllocationLine.decision_id == Decision.id,
        AllocationLine.effective_on < Decision.issued_on,
    )
    rows = session.execute(
        select(Decision, first, twice.c.id.is_not(None))
        .outerjoin(AllocationLine, too_early)
        .outerjoin(twice, twice.c.id == Decision.id)
        .where(only)
        .group_by(Decision.id, twice.c.id)
        .order_by(Decision.number)
    )
    for decision, used_on, is_double in rows:
        subject = f"decision:{decision.id}"
        if used_on is not None:
            yield warning(
                subject,
                _n(
                    "Decision %(number)s is dated %(issued)s, but its capital counts from "
                    "%(used)s on. Check the date."
                ),
                number=decision.number,
                issued=decision.issued_on,
                used=used_on,
            )
        elif decision.issued_on > day:
            yield dated_ahead(subject, decision.number, decision.issued_on)
        if is_double:
            yield numbered_twice(subject, decision.number, decision.issuer)


def look_at_first_allocations(
    session: Session, *, units: Set[int] | None = None, decision_id: int | None = None
) -> Iterator[Found]:
    """Decisions that give the first allocation of a budget year and are dated neither in it nor in
    the last quarter before it (domain §2.2): all of them, those of what these `units` hold, or one
    alone. One query.
    """
    year, issued = Allocation.budget_year, Decision.issued_on
    asked = (
        select(Decision.id, Decision.number, issued, year)
        .join(AllocationLine, AllocationLine.decision_id == Decision.id)
        .join(AllocationLine.allocation)
        .where(
            AllocationLine.kind == LineKind.INITIAL,
            ~in_season(year, extract("year", issued), extract("month", issued)),
            *held_by(units),
        )
        .distinct()
        .order_by(Decision.number, Decision.id, year)
    )
    if units is not None:
        asked = asked.where(among(AllocationLine.investor_id, units))
    if decision_id is not None:
        asked = asked.where(Decision.id == decision_id)
    for key, number, day, of in session.execute(asked):
        yield out_of_season(f"decision:{key}", number, day, of)


def in_season(budget_year: Any, year: Any, month: Any) -> Any:
    """Whether a decision of this year and month gives first allocations of the budget year: from
    October before it to its end (domain §2.2). Numbers give a bool, columns a condition.
    """
    return (budget_year == year) | ((budget_year == year + 1) & (month >= OCTOBER))


def out_of_season(subject: str, number: str, issued_on: date, budget_year: int) -> Found:
    """The finding of a decision that gives a first allocation out of season (V13)."""
    return warning(
        subject,
        _n(
            "Decision %(number)s is dated %(issued)s, but gives the first allocation of the "
            "budget year %(year)s. Check the date and the year."
        ),
        number=number,
        issued=issued_on,
        year=budget_year,
    )


def dated_ahead(subject: str, number: str, issued_on: date) -> Found:
    """The finding of a decision whose day has not come (V13)."""
    return warning(
        subject,
        _n("Decision %(number)s is dated %(issued)s, in the future. Check the date."),
        number=number,
        issued=issued_on,
    )


def numbered_twice(subject: str, number: str, issuer: str) -> Found:
    """The finding of a decision with the number of another one of its issuer and year (V13)."""
    return warning(
        subject,
        _n("The number %(number)s is used twice by %(issuer)s in one year."),
        number=number,
        issuer=issuer,
    )
