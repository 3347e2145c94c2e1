"""Advances not yet settled, followed with the capital from year to year and unit to unit.

An advance lives as long as its capital does (domain §3.2): paid in 2024 and carried into 2025, it
is recovered in 2025 and adds nothing to the disbursement of that year. Money that was returned is
taken from paid volume as far as any was paid by then; only what goes beyond it comes out of an
advance (NT_tam_ung), because a return does not say which of the two it is.
"""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.calendar import Period, PeriodKind
from models.capital import Allocation
from models.catalogue import Investor
from models.returns import Disbursement, ProgressEntry, Submission

Capital = tuple[int, str, str, int]


def capital_of(allocation: Allocation) -> Capital:
    """(project, source, nature, vintage): what stays the same from one budget year to the next."""
    return allocation.project_id, allocation.source, allocation.nature, allocation.vintage


def advance_balances(
    session: Session, period: Period, investor: Investor, origins: Mapping[int, int]
) -> dict[Capital, int]:
    """The advance not yet settled before this period of each capital of the unit, in đồng.

    All that was reported before counts, drafts included, as elsewhere on the sheet; that of a
    predecessor's project with the one that carries it on (`origins`). One query, with one row for
    each capital and period.
    """
    rows = session.execute(
        select(
            Allocation.project_id,
            Allocation.source,
            Allocation.nature,
            Allocation.vintage,
            func.sum(Disbursement.advance),
            func.sum(Disbursement.completed),
            func.sum(Disbursement.recovered),
            func.sum(Disbursement.returned),
        )
        .select_from(Disbursement)
        .join(Allocation, Allocation.id == Disbursement.allocation_id)
        .join(ProgressEntry, ProgressEntry.id == Disbursement.entry_id)
        .join(Submission, Submission.id == ProgressEntry.submission_id)
        .join(Period, Period.id == Submission.period_id)
        .where(
            or_(Disbursement.investor_id == investor.id, Allocation.project_id.in_(list(origins))),
            Period.kind.in_((PeriodKind.MONTH, PeriodKind.CLOSING)),
            or_(
                Period.budget_year < period.budget_year,
                and_(Period.budget_year == period.budget_year, Period.data_to < period.data_to),
            ),
        )
        .group_by(
            Allocation.project_id,
            Allocation.source,
            Allocation.nature,
            Allocation.vintage,
            Period.budget_year,
            Period.data_to,
        )
        .order_by(Period.budget_year, Period.data_to)
    )
    found: dict[Capital, _Account] = defaultdict(_Account)
    for project_id, source, nature, vintage, *amounts in rows:
        capital = (origins.get(project_id, project_id), source, nature, vintage)
        found[capital].book(*(int(amount) for amount in amounts))
    return {capital: max(0, account.advance) for capital, account in found.items()}


class _Account:
    """What was advanced and paid on one capital so far."""

    def __init__(self) -> None:
        self.advance = self.volume = 0

    def book(self, advance: int, completed: int, recovered: int, returned: int) -> None:
        self.advance += advance - recovered
        self.volume += completed - recovered
        of_volume = min(returned, max(0, self.volume))
        self.volume -= of_volume
        self.advance -= returned - of_volume
