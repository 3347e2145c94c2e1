"""Reminders (đôn đốc): what was sent to whom, when; each step once per unit and address."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, Owned, Surrogate, UtcDateTime, choice, local
from models.calendar import Period
from models.catalogue import Investor


class Channel(StrEnum):
    MAIL = "mail"
    CHAT = "chat"
    LETTER = "letter"


class Delivery(StrEnum):
    """CLAIMED is written before a mail leaves: what breaks off there is never sent twice."""

    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


class Reminder(Owned, Base):
    """One reminder of one unit about one period; `step` is its place in the schedule."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("investor_id", "period_id", "step", "channel", "recipient"),
        Index("ix_reminder_period", "period_id"),
    )

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    step: Mapped[str] = mapped_column(String(40))
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel_known"))
    recipient: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_name: Mapped[str] = mapped_column(String(200))
    delivery: Mapped[Delivery] = mapped_column(choice(Delivery, "delivery_known"))
    problem: Mapped[str | None] = mapped_column(Text)

    period: Mapped[Period] = relationship()
    investor: Mapped[Investor] = relationship()


def note_told(
    session: Session,
    channel: Channel,
    told: Iterable[tuple[int, int, str]],
    *,
    step: str,
    at: datetime,
    actor_name: str,
) -> list[Reminder]:
    """Store that somebody told units of their reports by other ways than mail: (unit, period,
    recipient) each. Flushed; the caller commits.
    """
    rows = [
        Reminder(
            investor_id=investor_id,
            period_id=period_id,
            step=f"{step}-{local(at):%Y%m%d%H%M%S}",
            channel=channel,
            recipient=recipient,
            at=at,
            user_name=actor_name,
            delivery=Delivery.SENT,
        )
        for investor_id, period_id, recipient in told
    ]
    session.add_all(rows)
    session.flush()
    return rows


class Digest(Surrogate, Base):
    """One mail a day at most to an officer about all units."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("day", "recipient"),)

    day: Mapped[date]
    recipient: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivery: Mapped[Delivery] = mapped_column(choice(Delivery, "delivery_known"))
    problem: Mapped[str | None] = mapped_column(Text)
