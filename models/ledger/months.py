"""Which periods a figure is made of: those with money, cumulative or of the period alone."""

from sqlalchemy import ColumnElement, and_

from models.calendar import Period, typed_for


def counted_periods(period: Period) -> ColumnElement[bool]:
    """Periods whose figures are in the cumulative sum of `period`: same budget year, not later."""
    return and_(typed_for(period.budget_year), Period.data_to <= period.data_to)


def within(period: Period) -> ColumnElement[bool]:
    """Periods whose figures are those of `period` itself: it, or the months of a quarter."""
    return and_(
        typed_for(period.budget_year),
        Period.data_from >= period.data_from,
        Period.data_to <= period.data_to,
    )
