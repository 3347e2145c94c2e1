"""Allocations (vốn giao) and their ledger (domain §2).

The planned capital of an allocation is the sum of its lines in force on a day; it is never
typed and never stored.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    DETAILS,
    FIRST,
    MAX_DONG,
    Base,
    Checked,
    Dong,
    Owned,
    RuleBroken,
    _n,
    belongs_to,
    check_vintage,
    choice,
    in_dong,
    shown,
    today,
    told,
)
from models.catalogue import Decision, Project


class Source(StrEnum):
    """Nguồn vốn. HDK and TDCS are memo figures outside the budget rates (domain §2.1)."""

    NSTW = "NSTW"
    NST = "NST"
    NSH = "NSH"
    NSX = "NSX"
    HDK = "HDK"
    TDCS = "TDCS"


CENTRAL_SOURCES = (Source.NSTW,)
LOCAL_SOURCES = (Source.NST, Source.NSH, Source.NSX)
BUDGET_SOURCES = (*CENTRAL_SOURCES, *LOCAL_SOURCES)


class Nature(StrEnum):
    DTPT = "DTPT"
    SN = "SN"


class LineKind(StrEnum):
    INITIAL = "initial"
    SUPPLEMENT = "supplement"
    ADJUST = "adjust"
    RECALL = "recall"
    CARRY_IN = "carry_in"
    TRANSFER = "transfer"


_SOURCES, _NATURES = list(Source), list(Nature)
POSITIVE = frozenset({LineKind.INITIAL, LineKind.SUPPLEMENT, LineKind.CARRY_IN})


def key_of_capital(one: Any) -> list[Any]:
    """What capital is called beside its project, of an allocation or a row with its key: source,
    nature and vintage, for the edge to write in words.
    """
    return [one.source, one.nature, one.vintage]


def order_of_capital(one: Any) -> tuple[int, int, int]:
    """The place of capital among that of its project, as in the printed forms: that of the year
    first, central money before local, investment before recurrent.
    """
    return -one.vintage, _SOURCES.index(one.source), _NATURES.index(one.nature)


class Allocation(Owned, Checked, Base):
    """The key (project, budget year, source, nature, vintage) under which capital is held."""

    __tablename__ = "allocation"
    __table_args__ = (
        belongs_to("project", "project_id"),
        UniqueConstraint("investor_id", "project_id", "budget_year", "source", "nature", "vintage"),
        CheckConstraint("vintage <= budget_year", name="vintage_not_later"),
        CheckConstraint("budget_year BETWEEN 2000 AND 2100", name="budget_year_range"),
        CheckConstraint("vintage BETWEEN 2000 AND 2100", name="vintage_range"),
    )

    project_id: Mapped[int] = mapped_column(BigInteger, index=True)
    budget_year: Mapped[int] = mapped_column(
        SmallInteger, index=True, info=shown(_n("Budget year"), least=2000, most=2100)
    )
    source: Mapped[Source] = mapped_column(
        choice(Source, "source_known"),
        info=shown(
            _n("Source"), _n("Policy credit and other mobilisation stay outside the rates.")
        ),
    )
    nature: Mapped[Nature] = mapped_column(choice(Nature, "nature_known"), info=shown(_n("Nature")))
    vintage: Mapped[int] = mapped_column(
        SmallInteger,
        info=shown(
            _n("Vintage"),
            _n("The year the capital was given for; earlier for carried-over capital."),
            least=2000,
            most=2100,
        ),
    )
    disburse_until: Mapped[date | None] = mapped_column(
        info=shown(_n("Disburse until"), _n("Last day on which it may be paid out, if set."))
    )

    project: Mapped[Project] = relationship(
        info=shown(_n("Project"), _n("Type a part of its code or name."), after=FIRST),
    )
    lines: Mapped[list["AllocationLine"]] = relationship(
        back_populates="allocation",
        order_by="AllocationLine.effective_on, AllocationLine.id",
    )

    @property
    @told(
        _n("Plan as of today"),
        _n("Sum of the ledger lines in force today."),
        unit="đồng",
        after="vintage",
        out={DETAILS: "stands beneath the ledger with what is left of it"},
    )
    def planned_now(self) -> int:
        """The ledger lines in force today, in đồng."""
        return sum(line.amount for line in self.lines if line.effective_on <= today())

    @property
    def is_carried(self) -> bool:
        """Carried over from an earlier year (vốn kéo dài)."""
        return self.vintage < self.budget_year

    def check(self) -> None:
        check_vintage(self.budget_year, self.vintage)

    def __str__(self) -> str:
        return " · ".join(map(str, key_of_capital(self)))


class AllocationLine(Owned, Checked, Base):
    """One signed entry of the ledger, under a decision. Lines are added, never changed."""

    __tablename__ = "allocation_line"
    __table_args__ = (
        belongs_to("allocation", "allocation_id"),
        Index("ix_allocation_line_owner", "investor_id", "allocation_id"),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        in_dong("amount", signed=True),
        CheckConstraint(
            "(kind IN ('initial', 'supplement', 'carry_in') AND amount > 0)"
            " OR (kind = 'recall' AND amount < 0) OR kind IN ('adjust', 'transfer')",
            name="sign_fits_kind",
        ),
    )

    allocation_id: Mapped[int] = mapped_column(BigInteger)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    kind: Mapped[LineKind] = mapped_column(
        choice(LineKind, "kind_known"), info=shown(_n("Kind of the line"))
    )
    amount: Mapped[int] = mapped_column(
        BigInteger,
        info=shown(
            _n("Amount"),
            _n("With a minus where capital is taken away, such as -50.000.000."),
            unit="đồng",
            signed=True,
        ),
    )
    effective_on: Mapped[date] = mapped_column(
        index=True,
        info=shown(
            _n("Effective on"),
            _n("Empty: the day on which the decision takes effect."),
            needed=False,
        ),
    )
    note: Mapped[str | None] = mapped_column(Text, info=shown(_n("Note")))

    allocation: Mapped[Allocation] = relationship(
        back_populates="lines",
    )
    decision: Mapped[Decision] = relationship(
        info=shown(
            _n("Decision"),
            _n("Type a part of its number; add the decision first if it is missing."),
            after=FIRST,
        )
    )

    def check(self) -> None:
        """The sign fits the kind; whether the capital bears the line is asked apart."""
        if self.amount is None:
            return  # refused by the table itself
        if self.amount == 0:
            raise RuleBroken(_n("A ledger line cannot be 0 đồng."), field="amount")
        if abs(self.amount) > MAX_DONG:
            raise RuleBroken(
                _n("The amount is too large: at most %(most)s đồng."),
                field="amount",
                most=Dong(MAX_DONG),
            )
        if self.kind in POSITIVE and self.amount < 0:
            raise RuleBroken(
                _n(
                    "“%(kind)s” adds capital, so its amount is positive. "
                    "To reduce, choose a recall."
                ),
                field="amount",
                kind=LineKind(self.kind),
            )
        if self.kind == LineKind.RECALL and self.amount > 0:
            raise RuleBroken(
                _n("A recall takes capital away: write its amount with a minus."), field="amount"
            )


IS_CARRIED = Allocation.vintage < Allocation.budget_year  # `is_carried`, for the database
