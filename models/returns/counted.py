"""What counts of each capital in each period: the rollup that sums are made of.

The database keeps it by its triggers (`models.base.counting`), proved equal to the raw sums by
`flask check`. Nobody else writes it.
"""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InvestorScoped

_GIVEN_BACK = text("net < 0")


class CountedDisbursement(InvestorScoped, Base):
    """Net disbursement of one allocation in one period, and how much of it puts earlier periods
    right, in đồng, of what counts among reports sent or accepted (`counts_submitted`), among those
    accepted (`counts_accepted`), or among both: the same content then stands in one row.
    """

    __tablename__ = "counted_disbursement"
    __table_args__ = (
        # says to PostgreSQL, too, that each row has its capital: it plans joins by that. Nothing
        # depends on a sum: it goes with the capital
        ForeignKeyConstraint(
            ["investor_id", "allocation_id"],
            ["allocation.investor_id", "allocation.id"],
            ondelete="CASCADE",
        ),
        Index("ix_counted_disbursement_period", "period_id", "investor_id"),
        # few rows of so many; a plan that is kept takes it only where the 0 is no parameter
        Index(
            "ix_counted_disbursement_given_back", "period_id", "investor_id",
            postgresql_where=_GIVEN_BACK, sqlite_where=_GIVEN_BACK,
        ),
    )  # fmt: skip

    investor_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    allocation_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    period_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    counts_submitted: Mapped[bool] = mapped_column(primary_key=True)
    counts_accepted: Mapped[bool] = mapped_column(primary_key=True)
    net: Mapped[int] = mapped_column(BigInteger)
    correction: Mapped[int] = mapped_column(BigInteger)
