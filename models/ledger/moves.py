"""Plan and disbursement of capital day by day, as a flush is going to leave them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.base import Around, among
from models.calendar import Period
from models.capital import Allocation, AllocationLine
from models.catalogue import CapitalTransfer
from models.ledger.paid import Question, add_up

Moves = dict[int, list[tuple[date, int]]]


class LineToBe(NamedTuple):
    """A line as a flush is going to leave it; what is refused for lacking its day is among them."""

    allocation_id: int
    kind: str
    day: date | None
    amount: int


def lines_to_be(around: Around, held: Mapping[int, Allocation]) -> Iterator[LineToBe]:
    """The lines of these allocations, as this flush is going to leave them."""
    unsettled = {row.id for row in around.unsettled(AllocationLine)}
    stored = around.session.execute(
        select(
            AllocationLine.id,
            AllocationLine.allocation_id,
            AllocationLine.kind,
            AllocationLine.effective_on,
            AllocationLine.amount,
        ).where(
            among(AllocationLine.allocation_id, held),
            among(AllocationLine.investor_id, (one.investor_id for one in held.values())),
        )
    )
    for key, allocation_id, kind, day, amount in stored:
        if key not in unsettled:
            yield LineToBe(allocation_id, kind, day, amount)
    for row in around.pending(AllocationLine):
        allocation = around.target(row, "allocation")
        if allocation is not None and allocation.id in held and row.amount is not None:
            yield LineToBe(allocation.id, row.kind, row.effective_on, row.amount)


def plans_by_day(around: Around, held: Mapping[int, Allocation]) -> Moves:
    """(day, đồng) of each allocation's lines, as this flush is going to leave them."""
    found: Moves = defaultdict(list)
    for line in lines_to_be(around, held):
        if line.day is not None:
            found[line.allocation_id].append((line.day, line.amount))
    return found


def transfers_of(around: Around, allocations: Collection[int]) -> list[CapitalTransfer]:
    """What mergers moved from these allocations or to them, as this flush is going to leave it."""
    rows = around.rows(
        CapitalTransfer,
        or_(
            among(CapitalTransfer.allocation_id, allocations),
            among(CapitalTransfer.to_allocation_id, allocations),
        ),
    )
    return [
        one
        for one in rows
        if one.allocation_id in allocations or one.to_allocation_id in allocations
    ]


def disbursed_by_day(
    around: Around, held: Iterable[Allocation], *, first_day: bool = False
) -> Moves:
    """(day, net đồng) of each allocation: what was reported, and what a merger moved here or away.

    The day is the last one of the period, or with `first_day` the first one.
    """
    owners = {one.id: one.investor_id for one in held}
    transfers = transfers_of(around, owners)
    sources = owners | {one.allocation_id: one.investor_id for one in transfers}
    reported = _reported(around.session, sources, first_day=first_day)
    found: Moves = {key: list(reported.get(key, [])) for key in owners}
    for key, moves in found.items():
        away = [one.effective_on for one in transfers if one.allocation_id == key]
        if away:
            moves.append((min(away), -sum(amount for _day, amount in moves)))
        for one in transfers:
            if one.to_allocation_id == key:
                amount = sum(net for _day, net in reported.get(one.allocation_id, []))
                moves.append((one.effective_on, amount))
                if one.until_on is not None:
                    moves.append((one.until_on + timedelta(days=1), -amount))
    return found


def _reported(session: Session, owners: dict[int, int], *, first_day: bool) -> Moves:
    """(day of the period, net đồng) of what was sent or accepted."""
    found: Moves = defaultdict(list)
    if not owners:
        return found
    day = Period.data_from if first_day else Period.data_to
    rows = add_up(
        session,
        lambda reported: Question(
            by={"allocation_id": reported.money.allocation_id, "day": day},
            sums={"net": reported.net},
            where=(
                among(reported.money.investor_id, owners.values()),
                among(reported.money.allocation_id, owners),
            ),
        ),
        basis="submitted",
        memo=True,
    )
    for row in rows:
        found[row.allocation_id].append((row.day, int(row.net)))
    return found
