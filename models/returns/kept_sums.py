"""Figures of units and of the whole office, added up ahead for offices of many thousand units.

Nobody has to keep them: a page asks for the sums as they were and for what has changed since
(`reports.facts.kept`), and where there are none it adds up all. `flask figures sum` makes them.
"""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InvestorScoped

# In the place of a component: the sum of all. Sums in which units have none say 0 there, and are
# not taken for those of today.
WHOLE = -1


class _Sums:
    """Sums of the projects under one component that have a figure in a period, in đồng; how many
    `projects` these are, of how many an estimate is `told`, and those `estimates`. Behind each
    amount of the plan stand so many `lines_…` of the ledger; behind what is disbursed in the period
    itself so many reported `amounts_…` of the capital of the year, and of that carried over. What
    comes to nothing has these, too.
    """

    period_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("period.id", ondelete="CASCADE"), primary_key=True, sort_order=-3
    )
    basis: Mapped[str] = mapped_column(String(10), primary_key=True, sort_order=-2)
    component_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, sort_order=0
    )
    plan_central: Mapped[int] = mapped_column(BigInteger)
    plan_local: Mapped[int] = mapped_column(BigInteger)
    plan_investment: Mapped[int] = mapped_column(BigInteger)
    plan_recurrent: Mapped[int] = mapped_column(BigInteger)
    plan_carried: Mapped[int] = mapped_column(BigInteger)
    disbursed_month: Mapped[int] = mapped_column(BigInteger)
    disbursed_year: Mapped[int] = mapped_column(BigInteger)
    disbursed_carried: Mapped[int] = mapped_column(BigInteger)
    corrected: Mapped[int] = mapped_column(BigInteger)
    projects: Mapped[int] = mapped_column(BigInteger)
    told: Mapped[int] = mapped_column(BigInteger)
    estimates: Mapped[int] = mapped_column(BigInteger)
    lines_central: Mapped[int]
    lines_local: Mapped[int]
    lines_investment: Mapped[int]
    lines_recurrent: Mapped[int]
    lines_carried: Mapped[int]
    amounts_year: Mapped[int]
    amounts_carried: Mapped[int]


class UnitSum(_Sums, InvestorScoped, Base):
    """Of one unit, as they were when the office's were added up, or later; there is always one of
    the `WHOLE` beside those of its components. What the office has holds them even when the unit
    is deleted, so they stay then, and are taken off it.
    """

    __tablename__ = "unit_sum"

    investor_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, sort_order=-1
    )


class OfficeSum(_Sums, Base):
    """Of all units, exactly the sums of those kept of each; there is always one of the `WHOLE`.

    `sealed` is how many entries the audit trail had when they were begun: of no unit whose rows
    are not named in a later entry has anything changed.
    """

    __tablename__ = "office_sum"

    sealed: Mapped[int] = mapped_column(BigInteger)
