"""Charts of a period: rates against the year, disbursement by month, punctuality."""

from reports.charts.found import Charts, MonthCount, RateBar, charts

__all__ = ["Charts", "MonthCount", "RateBar", "charts"]
