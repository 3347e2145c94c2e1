"""What a line of the ledger may do to the capital it is booked on (domain §2.2).

A reduction never brings the plan below zero, nor below what is disbursed, on its own day or any
later one. Disbursed is what was reported: sent and waiting, or accepted. A draft is no disbursed
money yet, and neither is a report that was returned (design §4, what counts); should the unit
send the draft all the same, the check of its own report (V1) stops it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from sqlalchemy import select
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
    new_id,
    today,
)
from models.capital import Allocation, AllocationLine, LineKind
from models.catalogue import CapitalTransfer, Investor, called_on
from models.ledger.moves import disbursed_by_day, plans_by_day
from models.returns import hold_rows


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
        select(CapitalTransfer.allocation_id, Investor)
        .join(Investor, CapitalTransfer.to_investor_id == Investor.id)
        .where(among(CapitalTransfer.allocation_id, keys), CapitalTransfer.until_on.is_(None))
    )
    successors = dict(moved.all())
    for row, allocation in booked.items():
        if allocation is not None and allocation.id in successors:
            yield RuleBroken(
                _n("This capital was moved to %(unit)s. Enter the line there."),
                field="allocation",
                unit=called_on(successors[allocation.id], today()),
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
    _hold_plans(around.session, held)
    plans = plans_by_day(around, held)
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
    plans = plans_by_day(around, held)
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


@asked_before_leaving(AllocationLine)
def plan_bears_what_leaves(around: Around, rows: list[AllocationLine]) -> Iterator[RuleBroken]:
    """A line that is taken back (never one by itself) leaves a plan that is enough."""
    added = [row for row in rows if row.amount > 0]
    held = {row.allocation_id: around.target(row, "allocation") for row in added}
    staying = {key: one for key, one in held.items() if one not in around.leaving}
    if not staying:
        return
    _hold_plans(around.session, staying)
    plans = plans_by_day(around, staying)
    spent = disbursed_by_day(around, staying.values())
    for row in added:
        if row.allocation_id not in staying:
            continue
        found = _too_low_from(
            row.effective_on, plans[row.allocation_id], spent.get(row.allocation_id, [])
        )
        if found is not None:
            day, plan, disbursed = found
            yield RuleBroken(
                _n(
                    "Without this line the plan would be %(plan)s đồng on %(day)s, but "
                    "%(disbursed)s đồng are disbursed."
                ),
                field="amount",
                plan=Dong(plan),
                day=day,
                disbursed=Dong(disbursed),
            ).about(row)


def _hold_plans(session: Session, held: dict[int, Allocation]) -> None:
    """Hold allocations alone, so that two reductions at once cannot both pass."""
    wanted = select(Allocation.id).where(among(Allocation.id, held))
    owners = {one.investor_id for one in held.values()}
    hold_rows(session, wanted, Allocation, owners, key_share=True)  # as `hold_capital`, alone


def _too_low(
    row: AllocationLine, plans: list[tuple[date, int]], spent: list[tuple[date, int]]
) -> RuleBroken | None:
    found = _too_low_from(row.effective_on, plans, spent)
    if found is None:
        return None
    day, plan, disbursed = found
    if plan < 0:
        return RuleBroken(
            _n("The plan would be %(plan)s đồng on %(day)s; it cannot fall below zero."),
            field="amount",
            plan=Dong(plan),
            day=day,
        )
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


def _too_low_from(
    first: date, plans: list[tuple[date, int]], spent: list[tuple[date, int]]
) -> tuple[date, int, int] | None:
    """(day, plan, disbursed) of the first day from `first` on that is below zero or too low."""
    plan = disbursed = 0
    moves = [(day, amount, 0) for day, amount in plans] + [(d, 0, s) for d, s in spent]
    moves = sorted([*moves, (first, 0, 0)])
    for day, group in groupby(moves, key=lambda move: move[0]):
        for _day, planned, paid in group:
            plan, disbursed = plan + planned, disbursed + paid
        if day >= first and (plan < 0 or plan < disbursed):
            return day, plan, disbursed
    return None
