"""Plan and disbursement of allocations, summed in SQL for the pages of records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import rate
from models.capital import AllocationLine
from models.returns import COUNTED, Disbursement, ProgressEntry, Submission


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
    """Plan in force on `day`, and what reports that are sent or accepted show as disbursed."""
    ids = list(allocation_ids)
    plans: dict[int, int] = {
        key: int(amount)
        for key, amount in session.execute(
            select(AllocationLine.allocation_id, func.sum(AllocationLine.amount))
            .where(AllocationLine.allocation_id.in_(ids), AllocationLine.effective_on <= day)
            .group_by(AllocationLine.allocation_id)
        )
    }
    disbursed: dict[int, int] = {
        key: int(amount)
        for key, amount in session.execute(
            select(Disbursement.allocation_id, func.sum(Disbursement.net))
            .join(Disbursement.entry)
            .join(ProgressEntry.submission)
            .where(
                Disbursement.allocation_id.in_(ids),
                Submission.status.in_(COUNTED["submitted"]),
            )
            .group_by(Disbursement.allocation_id)
        )
    }
    return {key: Sums(plans.get(key, 0), disbursed.get(key, 0)) for key in ids}
