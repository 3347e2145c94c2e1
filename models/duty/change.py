"""Why the list of who must report is not the one of the opening: a row for each change."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Owned, RuleBroken, UtcDateTime
from models.calendar import Period, PeriodCode
from models.catalogue import Investor


class ExpectedChange(Owned, Base):
    """One unit came onto the list of a period (`added`), or left it.

    `cause` and `finding` are sentences of the catalogue: what was done, and what the rule finds
    now; `details` fills their places. `held` keeps the exemption, extension and note of a unit
    that left, so that they are there again when it comes back. A pair with a row `by_hand` is
    changed by people alone.
    """

    __tablename__ = "expected_change"
    __table_args__ = (Index("ix_expected_change_unit", "investor_id", "period_id"),)

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    added: Mapped[bool]
    by_hand: Mapped[bool]
    cause: Mapped[str] = mapped_column(Text)
    finding: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    held: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_name: Mapped[str] = mapped_column(String(200))

    period: Mapped[Period] = relationship()
    investor: Mapped[Investor] = relationship(
        primaryjoin="Investor.id == ExpectedChange.investor_id",
        foreign_keys="[ExpectedChange.investor_id]",
    )

    @property
    def why(self) -> RuleBroken:
        """What was done, as a sentence; the period of a report in it as such."""
        values = dict(self.details)
        if PeriodCode.is_one(values.get("period", "")):
            values["period"] = PeriodCode.parse(values["period"])
        return RuleBroken(self.cause, **values)
