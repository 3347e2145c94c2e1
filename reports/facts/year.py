"""Where a period stands in its budget year."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_

from models import Period
from models.base import rate
from models.calendar import MONEY_KINDS, PeriodCode

LAST_MONTH, CLOSING = 12, 13
EARLIER_YEARS = 5  # how far back is looked


def month_of(period: Period) -> int:
    """The number of the last month of a period in its budget year; 13 for the closing period."""
    code = PeriodCode.parse(period.code)
    return code.months[-1][1] if code.kind == "quarter" else code.number


def elapsed(period: Period) -> Decimal:
    """How much of the days of the budget year have passed by the end of a period, in percent;
    the January in which the year is closed adds nothing.
    """
    first = date(period.budget_year, 1, 1)
    days = (date(period.budget_year + 1, 1, 1) - first).days
    passed = min((period.data_to - first).days + 1, days)
    return rate(passed, days) or Decimal(0)


def beside(period: Period) -> ColumnElement[bool]:
    """Condition on Period: of earlier budget years, what tells how much came from the same month
    on: that month, and those with which the year ends.
    """
    return and_(
        Period.budget_year < period.budget_year,
        Period.budget_year >= period.budget_year - EARLIER_YEARS,
        Period.kind.in_(MONEY_KINDS),
        Period.number.in_((period.number, LAST_MONTH, CLOSING)),
    )
