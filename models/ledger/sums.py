"""Plan and disbursement of allocations, summed in SQL for the pages of records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.base import among, rate
from models.capital import BUDGET_SOURCES, Allocation, AllocationLine
from models.catalogue import CapitalTransfer
from models.ledger.paid import Question, add_up


@dataclass(frozen=True)
class Sums:
    """Amounts of one allocation in đồng."""

    plan: int = 0
    disbursed: int = 0

    @property
    def remaining(self) -> int:
        return self.plan - self.disbursed

    @property
    def rate(self) -> object:
        """Disbursed of the plan in percent; None without a plan."""
        return rate(self.disbursed, self.plan)


def sums_of(session: Session, allocation_ids: Iterable[int], *, day: date) -> dict[int, Sums]:
    """Plan in force on `day`, and what reports that are sent or accepted show as disbursed.

    What a predecessor disbursed counts with the allocation to which a merger moved the capital.
    """
    ids = list(allocation_ids)
    plans: dict[int, int] = {
        key: int(amount)
        for key, amount in session.execute(
            select(AllocationLine.allocation_id, func.sum(AllocationLine.amount))
            .where(among(AllocationLine.allocation_id, ids), AllocationLine.effective_on <= day)
            .group_by(AllocationLine.allocation_id)
        )
    }
    moved_here = select(CapitalTransfer.allocation_id).where(
        among(CapitalTransfer.to_allocation_id, ids)
    )
    disbursed: dict[int, int] = {
        row.allocation_id: int(row.net)
        for row in add_up(
            session,
            lambda reported: Question(
                by={"allocation_id": Allocation.id},
                sums={"net": reported.net},
                where=(
                    among(Allocation.id, ids),
                    or_(
                        among(reported.money.allocation_id, ids),
                        reported.money.allocation_id.in_(moved_here),
                    ),
                ),
            ),
            basis="submitted",
            day=day,
            memo=True,
        )
    }
    return {key: Sums(plans.get(key, 0), disbursed.get(key, 0)) for key in ids}


def budget_sums(allocations: Iterable[Allocation], sums: Mapping[int, Sums]) -> dict[int, Sums]:
    """The state budget capital of several allocations by budget year, the latest first.

    Memo sources are outside (domain §2.1), and years are not added up: what is carried over
    would count twice.
    """
    found: dict[int, Sums] = {}
    for one in sorted(allocations, key=lambda one: -one.budget_year):
        if one.source in BUDGET_SOURCES:
            so_far, mine = found.get(one.budget_year, Sums()), sums[one.id]
            found[one.budget_year] = Sums(
                so_far.plan + mine.plan, so_far.disbursed + mine.disbursed
            )
    return found
