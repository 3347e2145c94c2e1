"""How the list of who must report came to differ from its opening, in words."""

from dataclasses import dataclass
from datetime import datetime

from admin.words import say
from models import Investor, Period, RuleBroken, db
from models.duty import changes_of


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldChange:
    """One change of the list as it is shown; `finding` is what the rule said then."""

    at: datetime
    unit: Investor
    added: bool
    by_hand: bool
    cause: str
    finding: str
    who: str


def told_changes(period: Period, investor_id: int | None = None) -> list[ToldChange]:
    """The changes of a period, or of one unit in it, the newest first; one query."""
    return [
        ToldChange(
            at=one.at,
            unit=one.investor,
            added=one.added,
            by_hand=one.by_hand,
            cause=say(one.why),
            finding=say(RuleBroken(one.finding)) if one.finding else "",
            who=one.user_name,
        )
        for one in changes_of(db.session(), period, investor_id)
    ]
