"""Reopening (mở lại) of a locked period for one unit, until an hour, with the reason."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Owned, UtcDateTime
from models.calendar.period import Period
from models.catalogue import Investor


class Reopening(Owned, Base):
    """From `from_at` to before `until_at` the unit may send a corrected report.

    It closes by itself: nothing has to happen at the hour, it is only compared with the clock.
    """

    __tablename__ = "reopening"
    __table_args__ = (
        Index("ix_reopening_unit", "investor_id", "period_id"),
        CheckConstraint("until_at > from_at", name="until_after_from"),
        CheckConstraint("length(trim(reason)) > 0", name="reason_given"),
    )

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    user_name: Mapped[str] = mapped_column(String(200))

    period: Mapped[Period] = relationship()
    investor: Mapped[Investor] = relationship()
