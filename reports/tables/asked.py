"""What somebody wants to see of a period."""

from dataclasses import dataclass
from datetime import datetime

from models import Period
from reports.consolidated import Cut
from reports.writing import ReportParams


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The period, the parameters, and the moment that counts as now; a `unit` of which alone
    something is asked. `cut`: which rows of so many a screen shows; a file has all."""

    period: Period
    params: ReportParams
    as_of: datetime
    show_all: bool = False
    unit: int | None = None
    cut: Cut | None = None
