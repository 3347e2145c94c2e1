"""Whose rows a person reaches (design §3)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import DISTRICT, Scope
from models.catalogue import Succession
from models.people.user import Role, User, user_investor


def scope_of(session: Session, user: User) -> Scope:
    """Users of an investor reach their investors and, after a merger, the units these succeed,
    whose open drafts they finish; everybody else the whole district. Asked by a session that
    sees the whole district.
    """
    if user.role is not Role.INVESTOR:
        return DISTRICT
    reach = (
        select(user_investor.c.investor_id)
        .where(user_investor.c.user_id == user.id)
        .cte("reach", recursive=True)
    )
    before = select(Succession.investor_id).join(
        reach, Succession.successor_id == reach.c.investor_id
    )
    return Scope.of(set(session.scalars(select(reach.union(before).c.investor_id))))
