"""Frozen reports (bản báo cáo đã chốt): figures, names and settings as they were, for ever."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, InvestorScoped, Surrogate, UtcDateTime
from models.calendar import Period


class ReportVersion(Surrogate, Base):
    """Version `number` of the report of a period. Both databases refuse to alter it."""

    __tablename__ = "report_version"
    __table_args__ = (UniqueConstraint("period_id", "number"),)

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    number: Mapped[int]
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    user_name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    period: Mapped[Period] = relationship()

    def __str__(self) -> str:
        return f"{self.period} · {self.number}"


class VersionPart(InvestorScoped, Base):
    """The part of a version that belongs to one unit, so that the row scope guards it, too."""

    __tablename__ = "version_part"

    investor_id: Mapped[int] = mapped_column(ForeignKey("investor.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("report_version.id"), primary_key=True, index=True
    )
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class VersionPaper(Surrogate, Base):
    """Number and day that the clerk gave the paper of a version; recorded later, never changed.

    A slip is corrected by a further record: the newest one counts.
    """

    __tablename__ = "version_paper"
    __table_args__ = (Index("ix_version_paper_version", "version_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("report_version.id"))
    number: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_name: Mapped[str] = mapped_column(String(200))
