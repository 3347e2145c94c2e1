"""Reporting periods (kỳ báo cáo): window, stored deadline, lock, and who is expected."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    SmallInteger,
    String,
    Text,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    Base,
    InvestorScoped,
    PeriodLocked,
    Surrogate,
    UtcDateTime,
    Versioned,
    _n,
    choice,
    hidden,
    shown,
)
from models.calendar.code import PeriodCode
from models.catalogue import Investor


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    CLOSING = "closing"


# whose figures are typed; those of a quarter come from its months
MONEY_KINDS = (PeriodKind.MONTH, PeriodKind.CLOSING)


class PeriodStatus(StrEnum):
    OPEN = "open"
    LOCKED = "locked"


class Period(Surrogate, Versioned, Base):
    """Everything about the deadline is resolved when the period is opened, and stored."""

    __tablename__ = "period"
    __table_args__ = (CheckConstraint("data_to >= data_from", name="window_order"),)

    in_files = (("code", ""),)
    in_order = ("data_to", "code")

    code: Mapped[str] = mapped_column(String(10), unique=True, info=shown(_n("Code")))
    kind: Mapped[PeriodKind] = mapped_column(
        choice(PeriodKind, "kind_known"), info=shown(_n("Kind"))
    )
    budget_year: Mapped[int] = mapped_column(
        SmallInteger, index=True, info=shown(_n("Budget year"))
    )
    number: Mapped[int] = mapped_column(SmallInteger, info=hidden("a part of the code"))
    data_from: Mapped[date] = mapped_column(info=shown(_n("Data from")))
    data_to: Mapped[date] = mapped_column(index=True, info=shown(_n("Data to")))
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime, info=shown(_n("Deadline")))
    deadline_reason: Mapped[str] = mapped_column(Text, info=shown(_n("Reason of the deadline")))
    status: Mapped[PeriodStatus] = mapped_column(
        choice(PeriodStatus, "status_known"), info=shown(_n("Status"))
    )
    lock_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=shown(_n("Locked from")))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, info=shown(_n("Opened at")))

    expected: Mapped[list["ExpectedReport"]] = relationship(
        back_populates="period", cascade="all, delete-orphan"
    )

    @property
    def named(self) -> PeriodCode:
        """The period as a value of sentences: on pages its name, from commands its code."""
        return PeriodCode.parse(self.code)

    def is_locked(self, at: datetime) -> bool:
        """Whether no figure of the period may change at that moment."""
        return self.status is PeriodStatus.LOCKED or (
            self.lock_at is not None and at >= self.lock_at
        )

    def __str__(self) -> str:
        return self.code


def typed_for(budget_year: Any) -> ColumnElement[bool]:
    """Condition on Period: its figures are typed, and belong to this budget year."""
    return and_(Period.budget_year == budget_year, Period.kind.in_(MONEY_KINDS))


def takes_no_figures(named: PeriodCode) -> PeriodLocked | None:
    """Why a period takes no figures, where they come from its months; None where it does."""
    if named.kind in MONEY_KINDS:
        return None
    return PeriodLocked(
        _n("Period %(code)s takes no figures of its own: they come from its months."),
        field="period",
        code=named,
    )


class ExpectedReport(InvestorScoped, Base):
    """The snapshot, taken at opening, of who must report, with a unit's exemption or extension."""

    __tablename__ = "expected_report"
    __table_args__ = (
        CheckConstraint(
            "exempt_until IS NULL OR exempt_reason IS NOT NULL",
            name="exemption_has_reason",
        ),
        CheckConstraint(
            "deadline_at IS NULL OR deadline_reason IS NOT NULL",
            name="extension_has_reason",
        ),
    )

    investor_id: Mapped[int] = mapped_column(ForeignKey("investor.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True, index=True)
    exempt_reason: Mapped[str | None] = mapped_column(Text)
    exempt_until: Mapped[date | None]
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deadline_reason: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)

    period: Mapped[Period] = relationship(back_populates="expected")
    investor: Mapped[Investor] = relationship()
