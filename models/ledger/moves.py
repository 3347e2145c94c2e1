"""Plan and disbursement of capital day by day, as a flush is going to leave them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.base import Around, among
from models.calendar import Period
from models.capital import Allocation, AllocationLine
from models.catalogue import CapitalTransfer
from models.ledger.paid import Question, add_up

Moves = dict[int, list[tuple[date, int]]]


def owned_by(
    kind: type[Allocation] | type[AllocationLine], held: Iterable[Allocation]
) -> ColumnElement[bool]:
    return among(kind.investor_id, (one.investor_id for one in held))


def plans_by_day(around: Around, held: dict[int, Allocation]) -> Moves:
    """(day, đồng) of each allocation's lines, as this flush is going to leave them."""
    found: Moves = defaultdict(list)
    pending = around.pending(AllocationLine)
    unsettled = {row.id for row in pending if row.id is not None}
    unsettled |= {row.id for row in around.leaving if isinstance(row, AllocationLine)}
    stored = around.session.execute(
        select(
            AllocationLine.id,
            AllocationLine.allocation_id,
            AllocationLine.effective_on,
            AllocationLine.amount,
        ).where(among(AllocationLine.allocation_id, held), owned_by(AllocationLine, held.values()))
    )
    for key, allocation_id, day, amount in stored:
        if key not in unsettled:
            found[allocation_id].append((day, amount))
    for row in pending:
        allocation = around.target(row, "allocation")
        if allocation is None or allocation.id not in held:
            continue
        if row.effective_on is not None and row.amount is not None:
            found[allocation.id].append((row.effective_on, row.amount))
    return found


def disbursed_by_day(
    around: Around, held: Iterable[Allocation], *, first_day: bool = False
) -> Moves:
    """(day, net đồng) of each allocation: what was reported, and what a merger moved here or away.

    The day is the last one of the period, or with `first_day` the first one.
    """
    owners = {one.id: one.investor_id for one in held}
    transfers = [
        one
        for one in around.rows(
            CapitalTransfer,
            or_(
                among(CapitalTransfer.allocation_id, owners),
                among(CapitalTransfer.to_allocation_id, owners),
            ),
        )
        if one.allocation_id in owners or one.to_allocation_id in owners
    ]
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
