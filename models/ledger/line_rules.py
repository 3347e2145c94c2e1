"""What a line of the ledger may do to the capital it is booked on (domain §2.2).

A reduction never brings the plan below zero, nor below what is disbursed, on its own day or any
later one. Disbursed is what was reported: sent and waiting, or accepted. A draft is no disbursed
money yet, and neither is a report that was returned (design §4, what counts); should the unit
send the draft all the same, the check of its own report (V1) stops it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.base import Around, Dong, RuleBroken, _n, asked_together, changed, new_id
from models.calendar import Period
from models.capital import Allocation, AllocationLine, LineKind
from models.catalogue import CapitalTransfer, Investor
from models.ledger.paid import Question, add_up

Moves = dict[int, list[tuple[date, int]]]


@asked_together(AllocationLine)
def kind_fits_the_capital(around: Around, rows: list[AllocationLine]) -> Iterator[RuleBroken]:
    """Carried-over capital begins with what is carried in, capital of the year with its first."""
    for row in rows:
        if row.kind not in (LineKind.CARRY_IN, LineKind.INITIAL) or not changed(row, "kind"):
            continue
        allocation: Allocation | None = around.target(row, "allocation")
        if allocation is None:
            continue  # refused by the table itself
        if row.kind == LineKind.CARRY_IN and not allocation.is_carried:
            yield RuleBroken(
                _n("Carried-over capital has an earlier year of capital than the budget year."),
                field="kind",
            ).about(row)
        elif row.kind == LineKind.INITIAL and allocation.is_carried:
            yield RuleBroken(
                _n("The first allocation of a year is capital of that year; choose carried over."),
                field="kind",
            ).about(row)


@asked_together(AllocationLine)
def moved_capital_is_kept_by_the_successor(
    around: Around, rows: list[AllocationLine]
) -> Iterator[RuleBroken]:
    """Capital that a merger moved takes no line any more."""
    booked = {row: around.target(row, "allocation") for row in rows if changed(row, "amount")}
    keys = {one.id for one in booked.values() if one is not None and one.id is not None}
    if not keys:
        return
    moved = around.session.execute(
        select(CapitalTransfer.allocation_id, Investor.short_name)
        .join(Investor, CapitalTransfer.to_investor_id == Investor.id)
        .where(CapitalTransfer.allocation_id.in_(keys), CapitalTransfer.until_on.is_(None))
    )
    successors = {allocation_id: unit for allocation_id, unit in moved}  # noqa: C416
    for row, allocation in booked.items():
        if allocation is not None and allocation.id in successors:
            yield RuleBroken(
                _n("This capital was moved to %(unit)s. Enter the line there."),
                field="allocation",
                unit=successors[allocation.id],
            ).about(row)


@asked_together(AllocationLine)
def plan_bears_its_reductions(around: Around, rows: list[AllocationLine]) -> Iterator[RuleBroken]:
    """On no day from a reduction on does the plan lie below zero or below what is disbursed.

    The allocations are locked first, so that two reductions at once cannot both pass.
    """
    lowering = [
        row
        for row in rows
        if row.amount is not None
        and row.effective_on is not None
        and changed(row, "amount", "effective_on")
        and (row.amount < 0 or row in around.session.dirty)
    ]
    booked = {row: around.target(row, "allocation") for row in lowering}
    for one in booked.values():
        if one is not None and one.id is None:
            one.id = new_id()  # as the flush would, so that its lines can be told from others
    held = {one.id: one for one in booked.values() if one is not None}
    if not held:
        return
    around.session.execute(
        select(Allocation.id)
        .where(Allocation.id.in_(held), _owned_by(Allocation, held.values()))
        .order_by(Allocation.id)
        .with_for_update(key_share=True)  # as `hold_capital`, alone
    )
    plans = _plans(around, held)
    spent = disbursed_by_day(around, held.values())
    for row, allocation in booked.items():
        if allocation is None:
            continue
        refusal = _too_low(row, plans[allocation.id], spent.get(allocation.id, []))
        if refusal is not None:
            yield refusal.about(row)


def too_low_when_it_came(session: Session, lines: Iterable[AllocationLine]) -> list[RuleBroken]:
    """Refusals of stored reductions that left less than was disbursed in the periods begun by
    then: what came in one package has no order but its days. Later disbursements do not count;
    those above the plan are a matter of their own report.
    """
    around, rows = Around(session), list(lines)
    held = {row.allocation_id: around.target(row, "allocation") for row in rows}
    plans = _plans(around, held)
    spent = disbursed_by_day(around, held.values(), first_day=True)
    found = []
    for row in rows:
        day = row.effective_on
        plan = [move for move in plans[row.allocation_id] if move[0] <= day]
        paid = [move for move in spent.get(row.allocation_id, []) if move[0] <= day]
        refusal = _too_low(row, plan, paid)
        if refusal is not None:
            found.append(refusal.about(row))
    return found


def _too_low(
    row: AllocationLine, plans: list[tuple[date, int]], spent: list[tuple[date, int]]
) -> RuleBroken | None:
    plan = disbursed = 0
    moves = sorted([(day, amount, 0) for day, amount in plans] + [(d, 0, s) for d, s in spent])
    for day, group in groupby(moves, key=lambda move: move[0]):
        for _day, planned, paid in group:
            plan, disbursed = plan + planned, disbursed + paid
        if day < row.effective_on:
            continue
        if plan < 0:
            return RuleBroken(
                _n("The plan would be %(plan)s đồng on %(day)s; it cannot fall below zero."),
                field="amount",
                plan=Dong(plan),
                day=day,
            )
        if plan < disbursed:
            return RuleBroken(
                _n(
                    "The plan would be %(plan)s đồng on %(day)s, less than the %(disbursed)s "
                    "đồng already disbursed. Reduce it by at most %(most)s đồng."
                ),
                field="amount",
                plan=Dong(plan),
                day=day,
                disbursed=Dong(disbursed),
                most=Dong(max(0, plan - row.amount - disbursed)),
            )
    return None


def _owned_by(
    kind: type[Allocation] | type[AllocationLine], held: Iterable[Allocation]
) -> ColumnElement[bool]:
    return kind.investor_id.in_({one.investor_id for one in held})


def _plans(around: Around, held: dict[int, Allocation]) -> Moves:
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
        ).where(AllocationLine.allocation_id.in_(held), _owned_by(AllocationLine, held.values()))
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
                CapitalTransfer.allocation_id.in_(owners),
                CapitalTransfer.to_allocation_id.in_(owners),
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
                reported.money.investor_id.in_(set(owners.values())),
                reported.money.allocation_id.in_(owners),
            ),
        ),
        basis="submitted",
        memo=True,
    )
    for row in rows:
        found[row.allocation_id].append((row.day, int(row.net)))
    return found
