"""What was sent, kept whole once the report it was sent from is returned or changed (design §4).

As long as a report is sent or accepted, its own rows are the content of the last sending. When
it is returned, or opened for correction and typed into, the sending is copied here: what was
accepted stands until it is replaced, and nothing that was sent is ever lost.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    exists,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Owned, UtcDateTime, belongs_to, choice
from models.calendar import Period
from models.returns.progress import Amounts, Facts
from models.returns.submission import ReceiptWay, Submission, of_report


class Outcome(StrEnum):
    """What the office had done with a sending when it was kept."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class Sending(Owned, Base):
    """One sending of a report. `stands_submitted`, `stands_accepted`: its figures count on that
    basis, because no later sending does. The content is never changed.
    """

    __tablename__ = "sending"
    __table_args__ = (
        belongs_to("submission", "submission_id"),
        UniqueConstraint("investor_id", "submission_id", "number"),
        Index("ix_sending_period", "period_id"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint(
            "outcome <> 'returned' OR (NOT stands_submitted AND NOT stands_accepted)",
            name="returned_does_not_stand",
        ),
        CheckConstraint(
            "outcome = 'accepted' OR NOT stands_accepted", name="only_accepted_stands_accepted"
        ),
    )

    submission_id: Mapped[int] = mapped_column(BigInteger)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    number: Mapped[int]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, "outcome_known"))
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome_by: Mapped[str] = mapped_column(String(200), default="")
    stands_submitted: Mapped[bool] = mapped_column(default=False)
    stands_accepted: Mapped[bool] = mapped_column(default=False)
    nil_report: Mapped[bool] = mapped_column(default=False)
    stated_total: Mapped[int | None] = mapped_column(BigInteger)
    return_reason: Mapped[str | None] = mapped_column(Text)
    received_via: Mapped[ReceiptWay | None] = mapped_column(choice(ReceiptWay, "received_known"))
    received_note: Mapped[str | None] = mapped_column(Text)
    received_by: Mapped[str | None] = mapped_column(String(200))
    narrative_results: Mapped[str | None] = mapped_column(Text)
    narrative_obstacles: Mapped[str | None] = mapped_column(Text)
    narrative_tasks: Mapped[str | None] = mapped_column(Text)
    narrative_proposals: Mapped[str | None] = mapped_column(Text)
    # [{rule, subject, text}]: what was explained when it was sent
    explanations: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    period: Mapped[Period] = relationship()
    submission: Mapped[Submission] = relationship(
        primaryjoin="and_(Submission.investor_id == Sending.investor_id, "
        "Submission.id == Sending.submission_id)",
        foreign_keys="[Sending.investor_id, Sending.submission_id]",
    )


class SentEntry(Facts, Owned, Base):
    """One project of a sending, as it was sent."""

    __tablename__ = "sent_entry"
    __table_args__ = (
        belongs_to("sending", "sending_id"),
        belongs_to("project", "project_id"),
        UniqueConstraint("investor_id", "sending_id", "project_id"),
        Index("ix_sent_entry_project", "investor_id", "project_id"),
    )

    sending_id: Mapped[int] = mapped_column(BigInteger)
    project_id: Mapped[int] = mapped_column(BigInteger)


class SentDisbursement(Amounts, Owned, Base):
    """The amounts of one allocation in a sending, as they were sent."""

    __tablename__ = "sent_disbursement"
    __table_args__ = (
        belongs_to("sent_entry", "entry_id"),
        belongs_to("allocation", "allocation_id"),
        UniqueConstraint("investor_id", "entry_id", "allocation_id"),
        Index("ix_sent_disbursement_allocation", "investor_id", "allocation_id"),
    )

    entry_id: Mapped[int] = mapped_column(BigInteger)
    allocation_id: Mapped[int] = mapped_column(BigInteger)


def is_sent_again() -> ColumnElement[bool]:
    """Whether a report was sent again after it first came. What the office types in of a report on
    paper is no second sending, though it is done after the paper came.
    """
    earlier = exists().where(
        of_report(Sending, Submission), Sending.sent_at < Submission.last_submitted_at
    )
    later = Submission.last_submitted_at > Submission.first_submitted_at
    return and_(later, or_(Submission.received_via.is_(None), earlier))
