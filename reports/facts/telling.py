"""What units wrote in a period about their projects, beside the amounts."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, union_all
from sqlalchemy.orm import Session

from models import Period, PeriodKind
from models.filing import months_of
from models.ledger import sources
from reports.facts.narrowed import narrow


@cache
def telling(basis: str, of: str = "") -> Select[Any]:
    """What counts on the basis of the words and percentages of the period `:period_id`; `of` as for
    `by_project`.
    """
    told = [
        select(
            place.entry.investor_id,
            place.entry.project_id,
            place.entry.physical_progress,
            place.entry.progress_text,
            place.entry.obstacles,
            place.entry.estimate,
        )
        .join(place.report, place.holds)
        .where(
            place.report.period_id == bindparam("period_id"),
            place.counts(basis),
            *narrow(of, place.entry, under=place.report),
        )
        for place in sources()
    ]
    return select(union_all(*told).subquery("told"))


def telling_period(session: Session, period: Period) -> Period | None:
    """The period whose entries tell of the progress: a quarter's is told by its last month."""
    if period.kind is not PeriodKind.QUARTER:
        return period
    months = months_of(session, period)
    return months[-1] if months else None
