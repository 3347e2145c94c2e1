"""How far a new office has come before its first period is open."""

from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models import (
    AllocationLine,
    Component,
    Investor,
    LetterHead,
    Project,
    Role,
    Setting,
    User,
)
from models.calendar import confirmed_years, is_estimate


def begun(session: Session, *, today: date) -> frozenset[str]:
    """What is there already: `settings` (one was changed), `heads` of letters, `components`,
    `investors`, `days_off` (those of this year are known), `projects`, `capital`, and `people`
    (somebody who enters the figures of a unit). Two queries.
    """
    [found] = session.execute(
        select(
            exists(select(Setting.key)).label("settings"),
            exists(select(LetterHead.id)).label("heads"),
            exists(select(Component.id)).label("components"),
            exists(select(Investor.id)).label("investors"),
            exists(select(Project.id)).label("projects"),
            exists(select(AllocationLine.id)).label("capital"),
            exists(select(User.id).where(User.role == Role.INVESTOR)).label("people"),
        )
    )
    is_known = not is_estimate(today.year, confirmed_years(session))
    there = {key for key, is_there in found._mapping.items() if is_there}
    return frozenset(there | ({"days_off"} if is_known else set()))
