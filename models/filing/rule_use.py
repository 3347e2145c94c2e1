"""How a check is used: from which period it counts, and whether it is only tried."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Versioned


class RuleSetting(Versioned, Base):
    """In trial an error only warns and a warning only hints: nobody is stopped by a new rule."""

    __tablename__ = "rule_setting"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    since: Mapped[date]
    is_trial: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True)
class RuleUse:
    """How one check is used at present."""

    since: date
    is_trial: bool


def rule_uses(session: Session) -> dict[str, RuleUse]:
    """The checks whose use was changed, by code."""
    return {
        row.code: RuleUse(row.since, row.is_trial) for row in session.scalars(select(RuleSetting))
    }
