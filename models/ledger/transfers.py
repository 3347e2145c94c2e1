"""Where a disbursed đồng counts after units were merged (domain §6.3), for every sum alike."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models.capital import Allocation
from models.catalogue import CapitalTransfer, ProjectSuccession, Succession
from models.returns import Disbursement


@dataclass(frozen=True)
class Place:
    """The allocation with which a disbursement counts on a day: its own, or the successor's."""

    money: Any
    transfer: Any
    day: Any
    allocation_id: ColumnElement[int]
    investor_id: ColumnElement[int]

    def join(self, statement: Any) -> Any:
        """`statement`, which reads disbursements, with the transfers that are in force."""
        return statement.outerjoin(
            self.transfer,
            and_(
                self.transfer.investor_id == self.money.investor_id,
                self.transfer.allocation_id == self.money.allocation_id,
                self.transfer.effective_on <= self.day,
                or_(self.transfer.until_on.is_(None), self.transfer.until_on >= self.day),
            ),
        )

    @property
    def is_allocation(self) -> ColumnElement[bool]:
        """Condition that joins the allocation with which the disbursement counts."""
        return and_(Allocation.investor_id == self.investor_id, Allocation.id == self.allocation_id)


def counted_with(day: Any, money: Any = Disbursement) -> Place:
    """Where disbursements count in sums as of `day`; `money` is the table that holds them.

    The day may be a parameter of the statement.
    """
    transfer = CapitalTransfer
    return Place(
        money=money,
        transfer=transfer,
        day=day,
        allocation_id=func.coalesce(transfer.to_allocation_id, money.allocation_id),
        investor_id=func.coalesce(transfer.to_investor_id, money.investor_id),
    )


def predecessors_of(session: Session, *investor_ids: int) -> list[int]:
    """All units that these succeeded, directly or through others."""
    found: list[int] = []
    frontier = list(investor_ids)
    while frontier:
        rows = session.scalars(
            select(Succession.investor_id).where(Succession.successor_id.in_(frontier))
        )
        frontier = [one for one in rows if one not in found and one not in investor_ids]
        found.extend(dict.fromkeys(frontier))
    return found


def succeeded_among(session: Session, investor_ids: Collection[int]) -> set[int]:
    """Those of these units that another of them succeeded, directly or through others."""
    behind = [*investor_ids, *predecessors_of(session, *investor_ids)]
    rows = session.scalars(
        select(Succession.investor_id).where(
            Succession.investor_id.in_(investor_ids), Succession.successor_id.in_(behind)
        )
    )
    return set(rows)


def origins_of(session: Session, *investor_ids: int) -> dict[int, int]:
    """Projects of predecessors, each with the project of these units that carries it on."""
    found: dict[int, int] = {}
    rows = session.execute(
        select(ProjectSuccession.project_id, ProjectSuccession.to_project_id).where(
            ProjectSuccession.to_investor_id.in_(investor_ids)
        )
    )
    targets = {before: after for before, after in rows}  # noqa: C416
    while targets:
        found.update(targets)
        rows = session.execute(
            select(ProjectSuccession.project_id, ProjectSuccession.to_project_id).where(
                ProjectSuccession.to_project_id.in_(list(targets))
            )
        )
        targets = {before: found[after] for before, after in rows if before not in found}
    return found
