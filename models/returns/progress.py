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

from models.base import (
    DETAILS,
    FIRST,
    FORM,
    Base,
    Checked,
    Owned,
    Percent,
    RuleBroken,
    _n,
    belongs_to,
    hidden,
    in_dong,
    net_of,
    shown,
    shown_columns,
    told,
)
from models.capital import Allocation
from models.catalogue import Project
from models.returns.submission import Submission

AMOUNTS = ("advance", "completed", "recovered", "returned")
IN_NET = (*AMOUNTS, "correction")  # in the order of `net_of`


class Facts:
    """What a report says of one project: percent of work, đồng of work, words."""

    physical_progress: Mapped[Decimal | None] = mapped_column(
        Percent,
        info=shown(
            _n("Physical progress"),
            _n("Work done since the start of the project, in percent of the whole."),
            unit="%",
        ),
    )
    volume_value: Mapped[int | None] = mapped_column(
        BigInteger,
        info=shown(
            _n("Value of work done"),
            _n("Value accepted since the start of the project, paid or not."),
            unit="đồng",
        ),
    )
    progress_text: Mapped[str | None] = mapped_column(
        Text, info=shown(_n("Progress and results"), lines=4)
    )
    obstacles: Mapped[str | None] = mapped_column(Text, info=shown(_n("Obstacles"), lines=3))
    proposals: Mapped[str | None] = mapped_column(Text, info=shown(_n("Proposals"), lines=3))
    estimate: Mapped[int | None] = mapped_column(
        BigInteger,
        info=shown(
            _n("Estimate to the end of the year"),
            _n("What you expect to have disbursed by the end of the budget year."),
            unit="đồng",
        ),
    )
    treasury_cumulative: Mapped[int | None] = mapped_column(
        BigInteger,
        info=shown(
            _n("Cumulative as the Treasury confirms it"),
            _n("From the confirmation of the State Treasury; it is compared, never added."),
            unit="đồng",
        ),
    )


class Amounts:
    """The five amounts of a report on one allocation, in đồng, and what belongs to them."""

    advance: Mapped[int] = mapped_column(
        BigInteger, default=0, info=shown(_n("Advance"), needed=False)
    )
    completed: Mapped[int] = mapped_column(
        BigInteger, default=0, info=shown(_n("Payment for completed volume"), needed=False)
    )
    recovered: Mapped[int] = mapped_column(
        BigInteger, default=0, info=shown(_n("Advance recovered"), needed=False)
    )
    returned: Mapped[int] = mapped_column(
        BigInteger, default=0, info=shown(_n("Returned money"), needed=False)
    )
    correction: Mapped[int] = mapped_column(
        BigInteger,
        default=0,
        info=shown(
            _n("Correction of earlier periods"),
            needed=False,
            signed=True,
            out={FORM: "typed in the unit's report, where the locked period is shown beside"},
        ),
    )
    correction_reason: Mapped[str | None] = mapped_column(
        Text, info=shown(_n("Reason of the correction"), out={FORM: "goes with the correction"})
    )
    return_document: Mapped[str | None] = mapped_column(
        String(200), info=shown(_n("Document of the return"))
    )
    awaits_decision: Mapped[bool] = mapped_column(
        default=False,
        info=shown(
            _n("A decision is awaited"),
            out={FORM: "said in the unit's report, where the checks ask for it"},
        ),
    )

    @hybrid_property
    def net(self) -> int:
        """Giải ngân trong kỳ, in đồng (`net_of`)."""
        return net_of(  # type: ignore[no-any-return]
            self.advance, self.completed, self.recovered, self.returned, self.correction
        )


class ProgressEntry(Facts, Owned, Base):
    """One project in one submission: what was done, in percent, in đồng of work and in words."""

    __tablename__ = "progress_entry"
    flagged = "project_id"
    __table_args__ = (
        belongs_to("submission", "submission_id"),
        belongs_to("project", "project_id"),
        UniqueConstraint("investor_id", "submission_id", "project_id"),
        Index("ix_progress_entry_project", "investor_id", "project_id"),
        CheckConstraint("physical_progress BETWEEN 0 AND 10000", name="physical_progress_range"),
        *map(in_dong, ("volume_value", "estimate", "treasury_cumulative")),
    )

    submission_id: Mapped[int] = mapped_column(
        BigInteger, info=hidden("its period and status stand in its place")
    )
    project_id: Mapped[int] = mapped_column(BigInteger)

    submission: Mapped[Submission] = relationship()
    project: Mapped[Project] = relationship(
        overlaps="submission",
        info=shown(
            _n("Project"),
            _n("Type a part of its code or name; accents are not needed."),
            after=FIRST,
        ),
    )
    disbursements: Mapped[list["Disbursement"]] = relationship(
        back_populates="entry",
        cascade="all, delete-orphan",
    )

    @property
    @told(
        _n("Disbursed in the period"),
        unit="đồng",
        after="volume_value",
        out={DETAILS: "stands beneath, allocation by allocation"},
    )
    def disbursed(self) -> int:
        """Net disbursement of all allocations in the period, in đồng."""
        return sum(one.net for one in self.disbursements)

    def __str__(self) -> str:
        return f"{self.project} · {self.submission.period}"


class Disbursement(Amounts, Owned, Checked, Base):
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
        *map(in_dong, AMOUNTS),
        CheckConstraint("recovered <= completed", name="recovered_within_completed"),
        in_dong("correction", signed=True),
    )

    entry_id: Mapped[int] = mapped_column(
        BigInteger, info=hidden("shown only on the page of its entry")
    )
    allocation_id: Mapped[int] = mapped_column(
        BigInteger, info=hidden("heads its line or its part of the form")
    )

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


# what is told of a project, from the columns of its entry: a column added there is saved as well
TEXTS = tuple(one.name for one in shown_columns(ProgressEntry) if isinstance(one.type, Text))
FIGURES = tuple(one.name for one in shown_columns(ProgressEntry) if one.name not in TEXTS)
ENTERED = (*FIGURES, *TEXTS)


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
    # the figures it was given for; None: for those of before this was kept
    figures: Mapped[str | None] = mapped_column(String(64))

    submission: Mapped[Submission] = relationship()


# the same of an amount
MONEY = tuple(one.name for one in shown_columns(Disbursement))
