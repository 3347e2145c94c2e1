"""Checks of decisions, their lines and year ends: V6 and V13 of domain §3.4 in the ledger."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import and_, extract, func, or_, select
from sqlalchemy.orm import Session

from models.base import Dong, Found, _n, error, warning
from models.capital import AllocationLine, LineKind
from models.catalogue import Decision
from models.ledger.year_ends import look_at_year_ends

MOVES = (LineKind.ADJUST, LineKind.TRANSFER)


def look_at_ledger(
    session: Session, *, day: date, decision_id: int | None = None
) -> Iterator[tuple[str, Found]]:
    """(code, finding) of all decisions and of all capital, or of one decision alone; `day` is
    today. Seven queries, or two."""
    only = Decision.id == decision_id if decision_id is not None else Decision.id.is_not(None)
    yield from (("V6", found) for found in _unbalanced(session, only))
    yield from (("V13", found) for found in _doubtful(session, only, day))
    if decision_id is None:
        yield from (("V6", found) for found in look_at_year_ends(session, day=day))


def _unbalanced(session: Session, only: object) -> Iterator[Found]:
    """What a decision moves it takes from somewhere, unless another level is part of it."""
    balance = func.sum(AllocationLine.amount)
    rows = session.execute(
        select(Decision.id, Decision.number, balance)
        .join(AllocationLine, AllocationLine.decision_id == Decision.id)
        .where(only, AllocationLine.kind.in_(MOVES), Decision.crosses_level.is_(False))  # type: ignore[arg-type]
        .group_by(Decision.id, Decision.number)
        .having(balance != 0)
        .order_by(Decision.number)
    )
    for decision_id, number, amount in rows:
        yield error(
            f"decision:{decision_id}",
            _n(
                "Decision %(number)s: its adjustments and transfers add up to %(amount)s đồng "
                "instead of 0. Add the missing side, or mark that another level is part of it."
            ),
            number=number,
            amount=Dong(amount),
        )


def _doubtful(session: Session, only: object, day: date) -> Iterator[Found]:
    year = extract("year", Decision.issued_on)
    double = (
        select(Decision.issuer, Decision.number, year.label("year"))
        .group_by(Decision.issuer, Decision.number, year)
        .having(func.count() > 1)
        .subquery("double")
    )
    first = func.min(AllocationLine.effective_on)
    rows = session.execute(
        select(Decision, first, func.count(double.c.number))
        .outerjoin(AllocationLine, AllocationLine.decision_id == Decision.id)
        .outerjoin(
            double,
            and_(
                double.c.issuer == Decision.issuer,
                double.c.number == Decision.number,
                double.c.year == year,
            ),
        )
        .where(only)  # type: ignore[arg-type]
        .group_by(Decision.id)
        .having(
            or_(
                Decision.issued_on > func.coalesce(first, day),
                Decision.issued_on > day,
                func.count(double.c.number) > 0,
            )
        )
        .order_by(Decision.number)
    )
    for decision, used_on, doubles in rows:
        subject = f"decision:{decision.id}"
        if used_on is not None and decision.issued_on > used_on:
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
            yield warning(
                subject,
                _n("Decision %(number)s is dated %(issued)s, in the future. Check the date."),
                number=decision.number,
                issued=decision.issued_on,
            )
        if doubles:
            yield warning(
                subject,
                _n("The number %(number)s is used twice by %(issuer)s in one year."),
                number=decision.number,
                issuer=decision.issuer,
            )
