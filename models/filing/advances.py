"""Advances not yet settled, followed with the capital from year to year and unit to unit.

An advance lives as long as its capital does (domain §3.2): paid in 2024 and carried into 2025, it
is recovered in 2025 and adds nothing to the disbursement of that year. Money that was returned is
taken from paid volume as far as any was paid by then; only what goes beyond it comes out of an
advance (NT_tam_ung), because a return does not say which of the two it is.
"""

from collections import defaultdict
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.calendar import Period, PeriodKind
from models.capital import Allocation
from models.catalogue import CapitalTransfer, Investor
from models.ledger import predecessors_of
from models.returns import Disbursement, ProgressEntry, Submission

Key = tuple[int, str, str, int, int]


def advance_balances(session: Session, period: Period, investor: Investor) -> dict[int, int]:
    """By allocation of the unit: the advance not yet settled before this period, in đồng.

    All that was reported before counts, drafts included, as on the sheet; three queries and one
    for each generation of predecessors.
    """
    units = [investor.id, *predecessors_of(session, investor.id)]
    allocations = list(
        session.scalars(
            select(Allocation).where(
                Allocation.investor_id.in_(units), Allocation.budget_year <= period.budget_year
            )
        )
    )
    homes = _homes(allocations, _moved(session, units, period.data_to))
    mine = {
        one.id
        for one in allocations
        if one.investor_id == investor.id and one.budget_year == period.budget_year
    }
    rows = session.execute(
        select(
            Disbursement.allocation_id,
            Period.budget_year,
            Period.data_to,
            func.sum(Disbursement.advance),
            func.sum(Disbursement.completed),
            func.sum(Disbursement.recovered),
            func.sum(Disbursement.returned),
        )
        .join(ProgressEntry, ProgressEntry.id == Disbursement.entry_id)
        .join(Submission, Submission.id == ProgressEntry.submission_id)
        .join(Period, Period.id == Submission.period_id)
        .where(
            Disbursement.investor_id.in_(units),
            Period.kind.in_((PeriodKind.MONTH, PeriodKind.CLOSING)),
            or_(
                Period.budget_year < period.budget_year,
                and_(
                    Period.budget_year == period.budget_year,
                    Period.data_to < period.data_to,
                ),
            ),
        )
        .group_by(Disbursement.allocation_id, Period.budget_year, Period.data_to)
        .order_by(Period.budget_year, Period.data_to)
    )
    found: dict[int, _Account] = defaultdict(_Account)
    for allocation_id, _year, _day, *amounts in rows:
        home = homes.get(allocation_id)
        if home in mine:
            found[home].book(*(int(amount) for amount in amounts))
    return {key: max(0, account.advance) for key, account in found.items()}


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


def _moved(session: Session, units: list[int], day: date) -> dict[int, int]:
    """Where mergers had moved capital by `day`."""
    rows = session.execute(
        select(CapitalTransfer.allocation_id, CapitalTransfer.to_allocation_id).where(
            CapitalTransfer.investor_id.in_(units),
            CapitalTransfer.effective_on <= day,
            or_(CapitalTransfer.until_on.is_(None), CapitalTransfer.until_on >= day),
        )
    )
    return {before: after for before, after in rows}  # noqa: C416


def _homes(allocations: list[Allocation], moved: dict[int, int]) -> dict[int, int]:
    """Each allocation with the last one that its capital became: moved first, then carried."""
    by_key = {_key(one, one.budget_year): one.id for one in allocations}
    following = {
        one.id: by_key.get(_key(one, one.budget_year + 1), one.id) for one in allocations
    } | moved
    found: dict[int, int] = {}
    for one in allocations:
        home, seen = one.id, {one.id}
        while (after := following.get(home, home)) not in seen:
            home = after
            seen.add(after)
        found[one.id] = home
    return found


def _key(one: Allocation, budget_year: int) -> Key:
    return one.project_id, one.source, one.nature, one.vintage, budget_year
