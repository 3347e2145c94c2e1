"""Monthly progress of a project and disbursement per allocation (domain §3)."""

from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import MAX_DONG, Base, Checked, Owned, Percent, RuleBroken, _n, belongs_to
from models.capital import Allocation
from models.catalogue import Project
from models.returns.submission import Submission


class ProgressEntry(Owned, Base):
    """One project in one submission: what was done, in percent, in đồng of work and in words."""

    __tablename__ = "progress_entry"
    __table_args__ = (
        belongs_to("submission", "submission_id"),
        belongs_to("project", "project_id"),
        UniqueConstraint("investor_id", "submission_id", "project_id"),
        Index("ix_progress_entry_project", "investor_id", "project_id"),
        CheckConstraint("physical_progress BETWEEN 0 AND 10000", name="physical_progress_range"),
        CheckConstraint(f"volume_value BETWEEN 0 AND {MAX_DONG}", name="volume_value_range"),
        CheckConstraint(f"estimate BETWEEN 0 AND {MAX_DONG}", name="estimate_range"),
        CheckConstraint(
            f"treasury_cumulative BETWEEN 0 AND {MAX_DONG}", name="treasury_cumulative_range"
        ),
    )

    submission_id: Mapped[int] = mapped_column(BigInteger)
    project_id: Mapped[int] = mapped_column(BigInteger)
    physical_progress: Mapped[Decimal | None] = mapped_column(Percent)
    volume_value: Mapped[int | None] = mapped_column(BigInteger)
    progress_text: Mapped[str | None] = mapped_column(Text)
    obstacles: Mapped[str | None] = mapped_column(Text)
    proposals: Mapped[str | None] = mapped_column(Text)
    estimate: Mapped[int | None] = mapped_column(BigInteger)
    treasury_cumulative: Mapped[int | None] = mapped_column(BigInteger)

    submission: Mapped[Submission] = relationship()
    project: Mapped[Project] = relationship(
        overlaps="submission",
    )
    disbursements: Mapped[list["Disbursement"]] = relationship(
        back_populates="entry",
        cascade="all, delete-orphan",
    )

    @property
    def disbursed(self) -> int:
        """Net disbursement of all allocations in the period, in đồng."""
        return sum(one.net for one in self.disbursements)

    def __str__(self) -> str:
        return f"{self.project} · {self.submission.period}"


class Disbursement(Owned, Checked, Base):
    """Giải ngân of one allocation in one period; all four amounts are đồng and not negative.

    `completed` is the gross accepted value paid; `recovered` the part of it that settles an
    earlier advance, so it is never new money (domain §3.2). `correction` is signed: it puts right
    what an earlier, locked period reported, and is explained.
    """

    __tablename__ = "disbursement"
    __table_args__ = (
        belongs_to("progress_entry", "entry_id"),
        belongs_to("allocation", "allocation_id"),
        UniqueConstraint("investor_id", "entry_id", "allocation_id"),
        Index("ix_disbursement_allocation", "investor_id", "allocation_id"),
        *(
            CheckConstraint(f"{name} BETWEEN 0 AND {MAX_DONG}", name=f"{name}_range")
            for name in ("advance", "completed", "recovered", "returned")
        ),
        CheckConstraint("recovered <= completed", name="recovered_within_completed"),
        CheckConstraint(f"correction BETWEEN -{MAX_DONG} AND {MAX_DONG}", name="correction_range"),
    )

    entry_id: Mapped[int] = mapped_column(BigInteger)
    allocation_id: Mapped[int] = mapped_column(BigInteger)
    advance: Mapped[int] = mapped_column(BigInteger, default=0)
    completed: Mapped[int] = mapped_column(BigInteger, default=0)
    recovered: Mapped[int] = mapped_column(BigInteger, default=0)
    returned: Mapped[int] = mapped_column(BigInteger, default=0)
    correction: Mapped[int] = mapped_column(BigInteger, default=0)
    correction_reason: Mapped[str | None] = mapped_column(Text)
    return_document: Mapped[str | None] = mapped_column(String(200))
    awaits_decision: Mapped[bool] = mapped_column(default=False)

    entry: Mapped[ProgressEntry] = relationship(
        back_populates="disbursements",
    )
    allocation: Mapped[Allocation] = relationship(
        overlaps="disbursements,entry",
    )

    def check(self) -> None:
        """An advance is recovered out of accepted volume."""
        if (self.recovered or 0) > (self.completed or 0):
            raise RuleBroken(
                _n("Recovered cannot be more than the accepted volume it is part of."),
                field="recovered",
            )

    @hybrid_property
    def net(self) -> int:
        """Giải ngân trong kỳ = advance + (completed − recovered) − returned, in đồng.

        With what corrects an earlier, locked period (điều chỉnh số kỳ trước; domain §8.2).
        """
        return self.advance + (self.completed - self.recovered) - self.returned + self.correction


class Explanation(Owned, Base):
    """Giải trình: what a unit answers to a warning of the checks; seen by the reviewer."""

    __tablename__ = "explanation"
    __table_args__ = (
        belongs_to("submission", "submission_id"),
        UniqueConstraint("investor_id", "submission_id", "rule", "subject"),
        CheckConstraint("length(trim(text)) > 0", name="text_given"),
    )

    submission_id: Mapped[int] = mapped_column(BigInteger)
    rule: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)

    submission: Mapped[Submission] = relationship()
