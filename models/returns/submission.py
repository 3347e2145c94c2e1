"""Submissions (báo cáo của đơn vị): one investor in one period; the unit of lateness."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import (
    FIRST,
    Base,
    Checked,
    Owned,
    RuleBroken,
    UtcDateTime,
    _n,
    belongs_to,
    choice,
    in_dong,
    shown,
)
from models.calendar import Period
from models.catalogue import Investor
from models.people import User


class SubmissionStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


EDITABLE = (SubmissionStatus.DRAFT, SubmissionStatus.RETURNED)
COUNTED = {
    "submitted": (SubmissionStatus.SUBMITTED, SubmissionStatus.ACCEPTED),
    "accepted": (SubmissionStatus.ACCEPTED,),
}


class ReceiptWay(StrEnum):
    """How a report came that was not sent through the system (nhập thay; domain §5.5)."""

    PAPER = "paper"
    CHAT = "chat"
    MAIL = "mail"
    FILE = "file"
    OTHER = "other"


class EventKind(StrEnum):
    SENT = "sent"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Submission(Owned, Checked, Base):
    """`first_submitted_at` is set once and decides punctuality; a return never clears it."""

    __tablename__ = "submission"
    flagged = "period_id"
    __table_args__ = (
        UniqueConstraint("investor_id", "period_id"),
        CheckConstraint(
            "status = 'draft' OR first_submitted_at IS NOT NULL", name="sent_has_moment"
        ),
        CheckConstraint(
            "(first_submitted_at IS NULL) = (last_submitted_at IS NULL)",
            name="moments_together",
        ),
        CheckConstraint("last_submitted_at >= first_submitted_at", name="moments_order"),
        CheckConstraint(
            "received_via IS NULL OR received_note IS NOT NULL", name="receipt_has_evidence"
        ),
        in_dong("stated_total", signed=True),
        Index("ix_submission_period_status", "period_id", "status"),
    )

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    status: Mapped[SubmissionStatus] = mapped_column(
        choice(SubmissionStatus, "status_known"),
        default=SubmissionStatus.DRAFT,
        info=shown(_n("Status")),
    )
    first_submitted_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=shown(_n("First sent"))
    )
    last_submitted_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=shown(_n("Last sent"))
    )
    nil_report: Mapped[bool] = mapped_column(default=False, info=shown(_n("Nothing to report")))
    return_reason: Mapped[str | None] = mapped_column(Text, info=shown(_n("Reason of the return")))
    stated_total: Mapped[int | None] = mapped_column(
        BigInteger, info=shown(_n("Total of your own table"), unit="đồng")
    )
    received_via: Mapped[ReceiptWay | None] = mapped_column(
        choice(ReceiptWay, "received_known"), info=shown(_n("How it came"))
    )
    received_note: Mapped[str | None] = mapped_column(Text, info=shown(_n("Evidence")))
    received_by: Mapped[str | None] = mapped_column(String(200), info=shown(_n("Registered by")))
    narrative_results: Mapped[str | None] = mapped_column(
        Text, info=shown(_n("Results of the quarter"))
    )
    narrative_obstacles: Mapped[str | None] = mapped_column(
        Text, info=shown(_n("Difficulties and their causes"))
    )
    narrative_tasks: Mapped[str | None] = mapped_column(
        Text, info=shown(_n("Tasks and solutions of the next quarter"))
    )
    narrative_proposals: Mapped[str | None] = mapped_column(Text, info=shown(_n("Proposals")))

    period: Mapped[Period] = relationship(info=shown(_n("Reporting period"), after=FIRST))
    investor: Mapped[Investor] = relationship(info=shown(_n("Investor"), after="period"))
    events: Mapped[list["SubmissionEvent"]] = relationship(
        back_populates="submission",
        order_by="SubmissionEvent.at, SubmissionEvent.id",
    )

    def check(self) -> None:
        """A sent report has its moments, the first not after the last."""
        first, last = self.first_submitted_at, self.last_submitted_at
        if (first is None) != (last is None):
            raise RuleBroken(_n("First and last sending go together."), field="last_submitted_at")
        if first is None and self.status not in (None, SubmissionStatus.DRAFT):
            raise RuleBroken(
                _n("A report that was sent has its moment."), field="first_submitted_at"
            )
        if first is not None and last is not None and last < first:
            raise RuleBroken(
                _n("The last sending lies before the first."), field="last_submitted_at"
            )

    def __str__(self) -> str:
        return f"{self.investor} · {self.period}"


def of_report(kind: Any, report: Any) -> ColumnElement[bool]:
    """Condition on a class of rows that belong to reports: to this one; given Submission itself,
    to the one beside it in the statement.
    """
    return and_(kind.investor_id == report.investor_id, kind.submission_id == report.id)


def submission_of(session: Session, investor_id: int, period_id: int) -> Submission | None:
    """The report of a unit in a period, whatever its status; not held, see `hold_submission`."""
    return session.scalar(
        select(Submission).where(
            Submission.investor_id == investor_id, Submission.period_id == period_id
        )
    )


class SubmissionEvent(Owned, Base):
    """What happened to a submission: sent, returned with its reason, accepted."""

    __tablename__ = "submission_event"
    __table_args__ = (
        belongs_to("submission", "submission_id"),
        Index("ix_submission_event_owner", "investor_id", "submission_id"),
        CheckConstraint("kind <> 'returned' OR reason IS NOT NULL", name="return_has_reason"),
    )

    submission_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "kind_known"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    user_name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(Text)

    submission: Mapped[Submission] = relationship(
        back_populates="events",
    )
    user: Mapped[User | None] = relationship()
