"""What is left of capital when its year ends, and what of it goes on (domain §2.3).

Capital of a key (project, source, nature, vintage) goes on under the same key in the next budget
year. What is left of a year is its plan less what was reported of it, the closing period included.
Capital that a merger moved stays one with what it was moved to: there the pair of transfer lines
cancels, and each đồng that was paid counts once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.base import (
    Around,
    Dong,
    RuleBroken,
    _n,
    among,
    asked_before_leaving,
    asked_together,
    changed,
)
from models.capital import Allocation, AllocationLine, LineKind
from models.ledger.moves import lines_to_be, transfers_of
from models.ledger.paid import Question, add_up
from models.returns import hold_rows

Key = tuple[int, str, str, int, int]


def _key(one: Any, step: int = 0) -> Key:
    """The key of an allocation in its own budget year, or `step` years after."""
    project_id = one.project_id if one.project_id is not None else one.project.id
    return project_id, one.source, one.nature, one.vintage, one.budget_year + step


@dataclass
class Books:
    """Lines and reports of one capital in one budget year, in đồng.

    `plan` is the sum of all lines, `carried_in` and `recalled` are parts of it.
    """

    plan: int = 0
    carried_in: int = 0
    recalled: int = 0
    paid: int = 0

    def book(self, kind: str, amount: int) -> None:
        self.plan += amount
        if kind == LineKind.CARRY_IN:
            self.carried_in += amount
        elif kind == LineKind.RECALL:
            self.recalled -= amount

    @property
    def left(self) -> int:
        """What can still go on; nothing where more was paid than planned."""
        return max(0, self.plan - self.paid)

    @property
    def kept(self) -> int:
        """What was carried in and not taken back: a recall puts right what was too much."""
        return max(0, self.carried_in - self.recalled)


def added(many: Iterable[Books]) -> Books:
    """The books of several allocations as those of one."""
    total = Books()
    for one in many:
        total.plan += one.plan
        total.carried_in += one.carried_in
        total.recalled += one.recalled
        total.paid += one.paid
    return total


@dataclass
class Chains:
    """Which allocations are one capital (`together`), and which follow on which by year."""

    allocations: dict[int, Any]
    together: dict[int, set[int]] = field(default_factory=dict)
    by_key: dict[Key, int] = field(default_factory=dict)

    def near(self, allocation_id: int, step: int) -> set[int]:
        """All allocations of the same capital `step` years after this one."""
        found: set[int] = set()
        for one in self.together[allocation_id]:
            other = self.by_key.get(_key(self.allocations[one], step))
            if other is not None:
                found |= self.together[other]
        return found


def chain(allocations: Iterable[Any], moved: Iterable[tuple[int, int]]) -> Chains:
    """Of allocations, or of rows with their id and key."""
    chains = Chains({one.id: one for one in allocations})
    chains.by_key = {_key(one): one.id for one in chains.allocations.values()}
    chains.together = {one: {one} for one in chains.allocations}
    for before, after in moved:
        if before in chains.together and after in chains.together:
            both = chains.together[before] | chains.together[after]
            for one in both:
                chains.together[one] = both
    return chains


@asked_together(AllocationLine)
def no_more_is_carried_in_than_is_left(
    around: Around, rows: list[AllocationLine]
) -> Iterator[RuleBroken]:
    """A carry-in is at most what is left of its source, whichever of the two is booked last.

    Where the unit has no capital of the year before in the system (its first year of use), there
    is nothing to compare with, and nothing is asked.
    """
    booked = {
        row: around.target(row, "allocation")
        for row in rows
        if row.amount is not None and row.kind != LineKind.TRANSFER
        and changed(row, "amount", "kind", "allocation_id")
        and (row.kind == LineKind.CARRY_IN or row.amount < 0 or row in around.session.dirty)
    }  # fmt: skip
    yield from _too_much(around, {row: one for row, one in booked.items() if one is not None})


@asked_before_leaving(AllocationLine)
def enough_is_left_of_what_goes_on(
    around: Around, rows: list[AllocationLine]
) -> Iterator[RuleBroken]:
    """The same for capital that is taken back: what was carried on from it needs it."""
    booked = {row: around.target(row, "allocation") for row in rows if row.amount > 0}
    yield from _too_much(
        around,
        {
            row: one
            for row, one in booked.items()
            if row.kind != LineKind.CARRY_IN and one is not None
        },
    )


def too_much_carried_in(session: Session, lines: Iterable[AllocationLine]) -> list[RuleBroken]:
    """Refusals of stored carry-ins, once all figures of a package are written."""
    around = Around(session)
    return list(_too_much(around, {row: around.target(row, "allocation") for row in lines}))


def _too_much(around: Around, booked: dict[AllocationLine, Allocation]) -> Iterator[RuleBroken]:
    if not booked:
        return
    chains = _chains_of(around, booked.values())
    books = _books(around, chains.allocations)
    kept = {(one.investor_id, one.budget_year) for one in chains.allocations.values()}
    kept |= _years_kept(around, booked.values())
    for row, allocation in booked.items():
        year = allocation.budget_year
        into = chains.together[allocation.id]
        if row.kind != LineKind.CARRY_IN:
            into, year = chains.near(allocation.id, 1), year + 1
        sources = {one for each in into for one in chains.near(each, -1)}
        units = {chains.allocations[one].investor_id for one in into}
        if not sources and not any((unit, year - 1) in kept for unit in units):
            continue
        left = added(books[one] for one in sources).left
        carried = added(books[one] for one in into).kept
        if carried > left and any(books[one].carried_in for one in into):
            yield _refusal(row, year, carried, left).about(row)


def _refusal(row: AllocationLine, year: int, carried: int, left: int) -> RuleBroken:
    if row.kind == LineKind.CARRY_IN:
        return RuleBroken(
            _n(
                "%(carried)s đồng would be carried into %(year)s, but only %(left)s đồng of this "
                "capital are left of %(before)s (plan less what was disbursed). Reduce the amount "
                "by %(over)s đồng."
            ),
            field="amount",
            carried=Dong(carried),
            year=year,
            left=Dong(left),
            before=year - 1,
            over=Dong(carried - left),
        )
    return RuleBroken(
        _n(
            "%(carried)s đồng of this capital are carried into %(year)s, but only %(left)s đồng "
            "of %(before)s would be left. Reduce what is carried in first."
        ),
        field="amount",
        carried=Dong(carried),
        year=year,
        left=Dong(left),
        before=year - 1,
    )


def _chains_of(around: Around, held: Iterable[Allocation]) -> Chains:
    """These allocations with their neighbours, held against everybody else until the end."""
    found: dict[int, Allocation] = {}
    moved: set[tuple[int, int]] = set()
    fresh = {one.id: one for one in held if one.id is not None}
    while fresh:
        found |= fresh
        transfers = transfers_of(around, fresh)
        pairs = {(one.allocation_id, one.to_allocation_id) for one in transfers}
        moved |= pairs
        owners = {one.investor_id for one in fresh.values()}
        projects = {_key(one)[0] for one in fresh.values()}
        ids = {one for pair in pairs for one in pair}
        rows = around.rows(
            Allocation,
            or_(
                among(Allocation.id, ids),
                and_(among(Allocation.investor_id, owners), among(Allocation.project_id, projects)),
            ),
        )
        wanted = {_key(one, step) for one in fresh.values() for step in (-1, 0, 1)}
        fresh = {
            one.id: one
            for one in rows
            if one.id is not None and one.id not in found and (one.id in ids or _key(one) in wanted)
        }
    if around.holds:
        capital = select(Allocation.id).where(among(Allocation.id, found))
        owners = {one.investor_id for one in found.values()}
        hold_rows(around.session, capital, Allocation, owners)
    return chain(found.values(), moved)


def _years_kept(around: Around, held: Iterable[Allocation]) -> set[tuple[int, int]]:
    """(unit, budget year) with capital of its own in the system."""
    units = {one.investor_id for one in held}
    rows = around.session.execute(
        select(Allocation.investor_id, Allocation.budget_year)
        .where(among(Allocation.investor_id, units))
        .distinct()
    )
    return {(unit, year) for unit, year in rows}


def _books(around: Around, held: Mapping[int, Allocation]) -> dict[int, Books]:
    """The books of these allocations, as this flush is going to leave them."""
    found: dict[int, Books] = defaultdict(Books)
    for line in lines_to_be(around, held):
        found[line.allocation_id].book(line.kind, line.amount)
    for allocation_id, amount in paid_by_allocation(around.session, among(Allocation.id, held)):
        found[allocation_id].paid += amount
    return found


def paid_by_allocation(session: Session, which: ColumnElement[bool]) -> Iterator[tuple[int, int]]:
    """(allocation, net đồng) of what was sent and stands, of `which` allocations."""
    rows = add_up(
        session,
        lambda reported: Question(
            by={"allocation_id": Allocation.id},
            sums={"net": reported.net},
            where=(which,),
        ),
        basis="submitted",
        memo=True,
    )
    for row in rows:
        yield row.allocation_id, int(row.net)
