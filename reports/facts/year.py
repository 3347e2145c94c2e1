"""Where a period stands in its budget year."""

from datetime import date
from decimal import Decimal

from models import Period
from models.base import rate
from models.calendar import PeriodCode


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
