"""Computing before anything is held, and writing only if nothing has changed since."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import DISTRICT, Scope, ScopedSession, Succession

TRIES = 3
Computed = TypeVar("Computed")
Answer = TypeVar("Answer")


class Overtaken(Exception):
    """What was computed before the lock no longer holds: somebody wrote in between."""


def undisturbed(
    session: Session,
    compute: Callable[[], Computed],
    write: Callable[[Computed | None], Answer],
) -> Answer:
    """`write(compute())`, where `compute` only reads, so that nobody waits for it.

    `write` raises Overtaken where what it got no longer holds; then all is let go and computed
    again. People who never stop writing do not put it off for ever: at last `write` gets None and
    computes while it holds.
    """
    for _try in range(TRIES):
        made = compute()
        try:
            return write(made)
        except Overtaken:
            session.rollback()
    return write(None)


def of_units_alone(
    session: Session, units: Collection[int], read: Callable[[], Computed]
) -> Computed | None:
    """What `read` finds for these units, asking for no rows of others; None where that may not be
    all: figures of units that were merged count with one another.
    """
    merged = select(Succession.id).where(
        or_(Succession.investor_id.in_(units), Succession.successor_id.in_(units))
    )
    whole: Any = session
    if (
        not isinstance(whole, ScopedSession)
        or whole.scope != DISTRICT
        or session.scalar(merged.limit(1))
    ):
        return None
    session.flush()
    whole.enter(Scope.of(frozenset(units)))
    try:
        return read()
    finally:
        whole.enter(DISTRICT)
