"""What the State Treasury confirms (đối chiếu Kho bạc): the office's word, beside the reports.

A statement is compared with what units report and never changes it.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    Base,
    Checked,
    Owned,
    RuleBroken,
    Surrogate,
    UtcDateTime,
    Versioned,
    _n,
    belongs_to,
    changed,
    in_dong,
    reached_by,
    shown,
    today,
)
from models.catalogue import Project


def check_confirmed_day(day: date) -> None:
    """Nothing is confirmed of a day that has not come; today's is. Raises RuleBroken."""
    if day > today():
        raise RuleBroken(
            _n(
                "The Treasury cannot have confirmed what is paid until %(day)s: that day has not "
                "come yet. Write the day of the statement above its table."
            ),
            field="day",
            day=day,
        )


class TreasuryStatement(Surrogate, Checked, Versioned, Base):
    """Cumulative payments of one budget year as of the end of a day. One for each day: several
    files of the same day complete each other.
    """

    __tablename__ = "treasury_statement"
    __table_args__ = (
        UniqueConstraint("day", "budget_year"),
        CheckConstraint("budget_year BETWEEN 2000 AND 2100", name="budget_year_range"),
    )

    day: Mapped[date] = mapped_column(info=shown(_n("As of the end of")))
    budget_year: Mapped[int] = mapped_column(
        SmallInteger, info=shown(_n("Budget year"), least=2000, most=2100)
    )
    note: Mapped[str | None] = mapped_column(Text, info=shown(_n("Note")))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, info=shown(_n("Entered at")))
    made_by: Mapped[str] = mapped_column(String(200), info=shown(_n("Entered by")))

    def check(self) -> None:
        """Not of a day that lies ahead."""
        if self.day is not None and changed(self, "day"):
            check_confirmed_day(self.day)

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return f"{self.day:%d/%m/%Y}"

    def __str__(self) -> str:
        return self.name


class TreasuryLine(Owned, Base):
    """What the Treasury confirms as paid for one project since the year began, in đồng."""

    __tablename__ = "treasury_line"
    __table_args__ = (
        belongs_to("project", "project_id"),
        UniqueConstraint("investor_id", "statement_id", "project_id"),
        Index("ix_treasury_line_project", "investor_id", "project_id"),
        in_dong("confirmed"),
    )

    statement_id: Mapped[int] = mapped_column(ForeignKey("treasury_statement.id"), index=True)
    project_id: Mapped[int] = mapped_column(BigInteger)
    confirmed: Mapped[int] = mapped_column(
        BigInteger,
        info=shown(
            _n("Cumulative as the Treasury confirms it"),
            _n("Of the budget year, all capital; it is compared, never added."),
            unit="đồng",
        ),
    )
    text: Mapped[str | None] = mapped_column(Text, info=shown(_n("As written")))

    statement: Mapped[TreasuryStatement] = relationship()
    project: Mapped[Project] = relationship()


def _statements_of_units(ids: BindParameter[Any]) -> Any:
    # DISTINCT: a cluster reads them first, also where this stands in the ON of a join
    own = select(TreasuryLine.statement_id).where(TreasuryLine.investor_id.in_(ids)).distinct()
    return TreasuryStatement.id.in_(own)


reached_by(TreasuryStatement, _statements_of_units)
