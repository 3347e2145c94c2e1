"""Which earlier reports of a unit its sheet adds up although they count nowhere yet."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Investor, Period
from models.ledger import REPORTS


def uncounted_before(session: Session, period: Period, investor: Investor) -> Sequence[Period]:
    """The earlier periods of the budget year whose amounts stand in “Cumulative before” on the
    sheet of a unit and in no report: drafts, and what was returned and nothing sent before it
    counts. Oldest first.
    """
    here = REPORTS.select(Period.id).where(
        REPORTS.money.investor_id == investor.id,
        Period.budget_year == period.budget_year,
        Period.data_to < period.data_to,
        REPORTS.counts("known"),
        ~REPORTS.counts("submitted"),
        REPORTS.net != 0,
    )
    return session.scalars(
        select(Period).where(Period.id.in_(here)).order_by(Period.data_to, Period.id)
    ).all()
