"""How far a new office has come before its first period is open."""

from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from models import (
    AllocationLine,
    Component,
    Holiday,
    Investor,
    LetterHead,
    Project,
    Role,
    Setting,
    User,
)
from models.calendar import NAMES, confirmed_years, is_estimate


def begun(session: Session, *, today: date) -> frozenset[str]:
    """What is there already: `settings` (every name of the office was saved), `heads` of letters,
    `components`, `investors`, `days_off` (those of this year are there and known), `projects`,
    `capital`, and `people` (somebody who enters the figures of a unit). Two queries.
    """
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    named = select(func.count()).where(Setting.key.in_(NAMES)).scalar_subquery()
    [found] = session.execute(
        select(
            (named == len(NAMES)).label("settings"),
            exists(select(LetterHead.id)).label("heads"),
            exists(select(Component.id)).label("components"),
            exists(select(Investor.id)).label("investors"),
            exists(select(Holiday.id).where(Holiday.day.between(first, last))).label("days_off"),
            exists(select(Project.id)).label("projects"),
            exists(select(AllocationLine.id)).label("capital"),
            exists(select(User.id).where(User.role == Role.INVESTOR)).label("people"),
        )
    )
    there = {key for key, is_there in found._mapping.items() if is_there}
    if is_estimate(today.year, confirmed_years(session)):
        there.discard("days_off")
    return frozenset(there)
