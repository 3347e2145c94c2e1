"""Remarks (ý kiến) on a figure of a report: a thread between the office and the unit."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Owned, UtcDateTime, belongs_to
from models.returns.submission import Submission


class Remark(Owned, Base):
    """One contribution to a thread; the first one carries the thread's own id and its end.

    `subject` is `allocation:<id>`, `project:<id>` or `report`, `figure` the field it is about.
    """

    __tablename__ = "remark"
    __table_args__ = (
        belongs_to("submission", "submission_id"),
        Index("ix_remark_submission", "investor_id", "submission_id"),
        CheckConstraint("length(trim(text)) > 0", name="text_given"),
    )

    submission_id: Mapped[int] = mapped_column(BigInteger)
    thread_id: Mapped[int] = mapped_column(BigInteger, index=True)
    subject: Mapped[str] = mapped_column(String(120))
    figure: Mapped[str] = mapped_column(String(40), default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    user_name: Mapped[str] = mapped_column(String(200))
    by_office: Mapped[bool] = mapped_column(default=False)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by: Mapped[str | None] = mapped_column(String(200))
    # the figures for which the point was closed; when others are sent it opens again
    resolved_for: Mapped[str | None] = mapped_column(String(64))

    submission: Mapped[Submission] = relationship()
