"""Where a disbursed đồng counts after units were merged (domain §6.3), for every sum alike."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.coercions import expect
from sqlalchemy.sql.roles import ExpressionElementRole
from sqlalchemy.sql.util import ClauseAdapter

from models.base import among
from models.capital import Allocation
from models.catalogue import CapitalTransfer, Project, ProjectSuccession, Succession


def is_capital_of(row: Any, way: str = "") -> ColumnElement[bool]:
    """Condition on Allocation: the capital that a row of amounts, or a transfer, names by its
    `investor_id` and `allocation_id`; with the way `to_` that to which a transfer leads.
    """
    return and_(
        Allocation.investor_id == getattr(row, f"{way}investor_id"),
        Allocation.id == getattr(row, f"{way}allocation_id"),
    )


# Allocations to which capital was moved, each with the one that it was moved from. One for all
# statements, made before any thread asks: of two that were made at once a statement that holds both
# is refused, and it would be kept.
_TAKEN = (
    select(
        CapitalTransfer.investor_id.label("from_investor_id"),
        CapitalTransfer.allocation_id.label("from_allocation_id"),
        CapitalTransfer.effective_on,
        CapitalTransfer.until_on,
        *Allocation.__table__.c,
    )
    .join(Allocation, is_capital_of(CapitalTransfer, "to_"))
    .cte("taken")
    # rows of two units at once: on a cluster they are read first and taken to every server
    .prefix_with("MATERIALIZED", dialect="postgresql")
)


@dataclass(frozen=True)
class Place:
    """With which allocation disbursements count in sums as of `day`: with their own, or, of those
    whose capital a merger `is_moved` by then, with the successor's.

    Two places for two statements, because a cluster joins rows of one unit alone: the capital to
    which a successor holds the key is read on its own first, and it is little.
    """

    day: Any
    is_moved: bool = False

    def join(self, statement: Any, money: Any) -> Any:
        """`statement`, which reads disbursements, or other rows that name their capital, with the
        capital with which they count.
        """
        if self.is_moved:
            return statement.join(
                _TAKEN,
                and_(
                    _TAKEN.c.from_investor_id == money.investor_id,
                    _TAKEN.c.from_allocation_id == money.allocation_id,
                    *_in_force(_TAKEN.c, self.day),
                ),
            )
        return statement.join(Allocation, is_capital_of(money)).where(~is_moved(money, self.day))

    def of_capital(self, expression: Any) -> Any:
        """The same expression about the capital with which an amount counts.

        It is said of Allocation; of capital that was moved, what was read of it stands for it.
        """
        if not self.is_moved:
            return expression
        return ClauseAdapter(_TAKEN).traverse(expect(ExpressionElementRole, expression))


def is_moved(money: Any, day: Any) -> ColumnElement[bool]:
    """Condition on disbursements, or other rows that name their capital: by the day a merger has
    moved it.
    """
    return exists().where(
        CapitalTransfer.investor_id == money.investor_id,
        CapitalTransfer.allocation_id == money.allocation_id,
        *_in_force(CapitalTransfer, day),
    )


def _in_force(transfer: Any, day: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        transfer.effective_on <= day,
        or_(transfer.until_on.is_(None), transfer.until_on >= day),
    )


def predecessors_of(session: Session, *investor_ids: int) -> list[int]:
    """All units that these succeeded, directly or through others."""
    found: list[int] = []
    frontier = list(investor_ids)
    while frontier:
        rows = session.scalars(
            select(Succession.investor_id).where(among(Succession.successor_id, frontier))
        )
        frontier = [one for one in rows if one not in found and one not in investor_ids]
        found.extend(dict.fromkeys(frontier))
    return found


def moved_between(session: Session, units: Collection[int]) -> set[int]:
    """These units and all that capital was ever moved to from them or from to them, directly or
    through others: what any of them reports counts within these.
    """
    found, fresh = set(units), set(units)
    while fresh:
        pairs = session.execute(
            select(CapitalTransfer.investor_id, CapitalTransfer.to_investor_id)
            .where(
                or_(
                    among(CapitalTransfer.investor_id, fresh),
                    among(CapitalTransfer.to_investor_id, fresh),
                )
            )
            .distinct()
        )
        fresh = {unit for pair in pairs for unit in pair} - found
        found |= fresh
    return found


def _between(first: date, last: date) -> ColumnElement[bool]:
    """Condition on CapitalTransfer: it is in force on one of these days and not on the other, or
    not on all days in between.
    """
    begins, ends = CapitalTransfer.effective_on, CapitalTransfer.until_on
    return or_(and_(begins > first, begins <= last), and_(ends >= first, ends < last))


def moved_during(session: Session, first: date, last: date) -> set[tuple[int, int]]:
    """The units from which capital was moved, or moved back, between these days, each with the one
    to which: of others each amount counts on all of them with the same capital.
    """
    pairs = session.execute(
        select(CapitalTransfer.investor_id, CapitalTransfer.to_investor_id).where(
            _between(first, last)
        )
    )
    return {(before, after) for before, after in pairs}


def counts_alike(session: Session, first: date, last: date) -> bool:
    """Whether every amount counts on all these days in the same sums of the office: of the same
    component, budget year, source and vintage, be it with the capital of another unit.
    """
    kinds = (Allocation.budget_year, Allocation.source, Allocation.vintage, Project.component_id)

    def side(name: str, way: str) -> CTE:
        return (
            select(CapitalTransfer.id, *kinds)
            .join(Allocation, is_capital_of(CapitalTransfer, way))
            .join(Allocation.project)
            .where(_between(first, last))
            .cte(name)
            .prefix_with("MATERIALIZED", dialect="postgresql")
        )

    before, after = side("before", ""), side("after", "to_")
    differ = or_(*(before.c[kind.key] != after.c[kind.key] for kind in kinds))
    return not session.scalar(select(exists().where(before.c.id == after.c.id, differ)))


def succeeded_among(session: Session, investor_ids: Collection[int]) -> set[int]:
    """Those of these units that another of them succeeded, directly or through others."""
    behind = [*investor_ids, *predecessors_of(session, *investor_ids)]
    rows = session.scalars(
        select(Succession.investor_id).where(
            among(Succession.investor_id, investor_ids), among(Succession.successor_id, behind)
        )
    )
    return set(rows)


def origins_of(session: Session, *investor_ids: int) -> dict[int, int]:
    """Projects of predecessors, each with the project of these units that carries it on."""
    found: dict[int, int] = {}
    rows = session.execute(
        select(ProjectSuccession.project_id, ProjectSuccession.to_project_id).where(
            among(ProjectSuccession.to_investor_id, investor_ids)
        )
    )
    targets = dict(rows.all())
    while targets:
        found.update(targets)
        rows = session.execute(
            select(ProjectSuccession.project_id, ProjectSuccession.to_project_id).where(
                among(ProjectSuccession.to_project_id, targets)
            )
        )
        targets = {before: found[after] for before, after in rows if before not in found}
    return found
