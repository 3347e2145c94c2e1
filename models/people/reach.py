"""Whose rows a person reaches (design §3)."""

from sqlalchemy import BindParameter, ScalarSelect, String, cast, func, select
from sqlalchemy.orm import Session

from models.base import DISTRICT, Scope
from models.catalogue import Succession
from models.people.user import Role, User, user_investor


def reach_of(user_id: int | BindParameter[int]) -> ScalarSelect[str]:
    """The units of a person and, after a merger, the units these succeed, whose open drafts they
    finish: their ids with commas between, to be read along with the person. Asked by a session
    that sees the whole district.
    """
    reach = (
        select(user_investor.c.investor_id)
        .where(user_investor.c.user_id == user_id)
        .cte("reach", recursive=True)
    )
    before = select(Succession.investor_id).join(
        reach, Succession.successor_id == reach.c.investor_id
    )
    reach = reach.union(before)
    ids = func.aggregate_strings(cast(reach.c.investor_id, String), ",")
    return select(ids).scalar_subquery()


def scope_with(user: User, reach: str | None) -> Scope:
    """Users of an investor reach what `reach_of` found; everybody else the whole district."""
    if user.role is not Role.INVESTOR:
        return DISTRICT
    return Scope.of({int(one) for one in (reach or "").split(",") if one})


def scope_of(session: Session, user: User) -> Scope:
    """What a person reaches who is known already."""
    return scope_with(user, session.scalar(select(reach_of(user.id))))
