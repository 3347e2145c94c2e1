"""Totals of rows that are already read, and the net of one entry, by the rules of the adder."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from models.base import rate, summed
from models.capital import BUDGET_SOURCES
from models.ledger.paid import IN_BUDGET
from models.returns import (
    Disbursement,
    ProgressEntry,
)

_NET = summed(Disbursement.net)


def net_of_each() -> ScalarSelect[int]:
    """Net of the state budget capital of each entry of a statement, as it is typed now. It is
    asked entry by entry, so that the first of a long list does not wait for those of all.
    """
    return (
        select(_NET)
        .join(Disbursement.allocation)
        .where(
            IN_BUDGET,
            Disbursement.investor_id == ProgressEntry.investor_id,
            Disbursement.entry_id == ProgressEntry.id,
        )
        .correlate(ProgressEntry)
        .scalar_subquery()
    )


def nets_of(session: Session, entries: Sequence[ProgressEntry]) -> dict[int, int]:
    """The same of these entries, by id; those without an amount are missing."""
    units, ids = {one.investor_id for one in entries}, [one.id for one in entries]
    asked = (
        select(Disbursement.entry_id, _NET)
        .join(Disbursement.allocation)
        .where(IN_BUDGET, Disbursement.investor_id.in_(units), Disbursement.entry_id.in_(ids))
        .group_by(Disbursement.investor_id, Disbursement.entry_id)
    )
    return dict(session.execute(asked).all())


def net_of_entry(entry: ProgressEntry) -> int:
    """The same of one entry whose disbursements and their allocations are loaded, in đồng."""
    rows = entry.disbursements
    return sum(row.net for row in rows if row.allocation.source in BUDGET_SOURCES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """Plan and disbursement of several rows of state budget capital, in đồng."""

    plan: int = 0
    before: int = 0
    this_period: int = 0

    @property
    def after(self) -> int:
        return self.before + self.this_period

    @property
    def remaining(self) -> int:
        return self.plan - self.after

    @property
    def rate(self) -> Decimal | None:
        """Disbursed of the plan in percent; None without a plan."""
        return rate(self.after, self.plan)


def totals(rows: Sequence[Any]) -> Totals:
    """Of rows that show plan, before and this period; memo sources are left out."""
    budget = [row for row in rows if row.source in BUDGET_SOURCES]
    return Totals(
        plan=sum(row.plan for row in budget),
        before=sum(row.before for row in budget),
        this_period=sum(row.this_period for row in budget),
    )
