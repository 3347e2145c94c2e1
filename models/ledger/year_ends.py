"""What does not close from one budget year to the next (domain §2.3): V6 in the ledger."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.base import Dong, Found, _n, among, error, local_day, warning
from models.calendar import Period, PeriodKind, PeriodStatus
from models.capital import IS_CARRIED, Allocation, AllocationLine, LineKind, key_of_capital
from models.catalogue import CapitalTransfer, Project
from models.ledger.carrying import Books, Chains, added, chain, paid_by_allocation
from models.ledger.paid import held_by
from models.ledger.transfers import moved_between


def look_at_year_ends(
    session: Session, *, day: date, units: Set[int] | None = None
) -> Iterator[Found]:
    """What does not close from one budget year to the next, as of `day`, of all capital or of what
    these `units` hold. Five queries, or one more for each step that mergers took.

    More carried in than is left is an error. Less is said: of capital of the year where some of
    it was carried in; of carried-over capital once its year is closed, when disbursed, carried on
    and cancelled have to make up what was carried in (domain §2.3).
    """
    chains, books = _capital(session, units)
    closed = _closed_years(session, day)
    told: set[int] = set()
    held_capital = chains.allocations.values()
    for one in sorted(held_capital, key=lambda a: (a.budget_year, a.project_id, a.vintage, a.id)):
        if one.id in told:
            continue
        same = chains.together[one.id]
        told |= same
        after = {other for each in same for other in chains.near(each, 1)}
        held = chains.allocations[max(same)]  # by the unit that holds it now
        if units is not None and held.investor_id not in units:
            continue
        yield from _closing(
            held,
            added(books[each] for each in same),
            added(books[each] for each in after),
            is_closed=one.budget_year in closed,
        )


def _capital(session: Session, units: Set[int] | None) -> tuple[Chains, Mapping[int, Books]]:
    """The capital that goes on from year to year, of all or of these units, and its books."""
    asked, of_lines = _goes_on(), AllocationLine.kind != LineKind.TRANSFER
    together = None if units is None else moved_between(session, units)  # with mergers between
    allocations = session.execute(
        select(
            Allocation.id,
            Allocation.investor_id,
            Allocation.project_id,
            Allocation.budget_year,
            Allocation.source,
            Allocation.nature,
            Allocation.vintage,
            Project.code,
        )
        .join(Allocation.project)
        .where(*held_by(together), asked)
    ).all()
    if together is not None:  # what goes on is known of these, and dear to ask
        ids = [one.id for one in allocations]
        asked = and_(*held_by(together), among(Allocation.id, ids, joined=True))
        of_lines = and_(among(AllocationLine.investor_id, together), of_lines)
    moved = session.execute(select(CapitalTransfer.allocation_id, CapitalTransfer.to_allocation_id))
    chains = chain(allocations, [(before, after) for before, after in moved])
    books: dict[int, Books] = defaultdict(Books)
    lines = session.execute(
        select(AllocationLine.allocation_id, AllocationLine.kind, func.sum(AllocationLine.amount))
        .join(AllocationLine.allocation)
        .where(of_lines, asked)
        .group_by(AllocationLine.allocation_id, AllocationLine.kind)
    )
    for allocation_id, kind, amount in lines:
        books[allocation_id].book(kind, int(amount))
    for allocation_id, amount in paid_by_allocation(session, asked):
        books[allocation_id].paid += amount
    return chains, books


def is_carried_on_as(after: type[Allocation]) -> ColumnElement[bool]:
    """Condition: `after`, an alias, is the capital of Allocation in the next budget year."""
    return and_(
        after.investor_id == Allocation.investor_id,
        after.project_id == Allocation.project_id,
        after.source == Allocation.source,
        after.nature == Allocation.nature,
        after.vintage == Allocation.vintage,
        after.budget_year == Allocation.budget_year + 1,
    )


def _goes_on() -> ColumnElement[bool]:
    """Condition on Allocation: it was carried over, is carried on, or a merger moved it. Of other
    capital nothing is asked, and it is most of all.
    """
    after = aliased(Allocation)
    return or_(
        IS_CARRIED,
        exists().where(is_carried_on_as(after)),
        Allocation.id.in_(select(CapitalTransfer.allocation_id)),
        Allocation.id.in_(select(CapitalTransfer.to_allocation_id)),
    )


def _closing(one: Row[Any], here: Books, after: Books, *, is_closed: bool) -> Iterator[Found]:
    if here.left == after.kept:
        return
    subject = f"allocation:{one.id}"
    shown = {
        "project": one.code,
        "capital": key_of_capital(one),
        "year": one.budget_year,
        "next": one.budget_year + 1,
        "left": Dong(here.left),
        "carried": Dong(after.kept),
        "rest": Dong(abs(here.left - after.kept)),
    }
    if after.kept > here.left:
        yield error(
            subject,
            _n(
                "%(project)s (%(capital)s): %(carried)s đồng are carried into %(next)s, "
                "%(rest)s đồng more than the %(left)s đồng left of %(year)s. Recall the difference."
            ),
            **shown,
        )
    elif one.vintage < one.budget_year and is_closed and here.left > after.kept:
        yield warning(
            subject,
            _n(
                "%(project)s (%(capital)s): of %(plan)s đồng carried over, %(paid)s đồng were "
                "disbursed in %(year)s, %(carried)s đồng carried on and %(recalled)s đồng "
                "cancelled; %(rest)s đồng are missing. Enter the decision that carries on or "
                "cancels them."
            ),
            **shown,
            plan=Dong(here.plan + here.recalled),
            paid=Dong(here.paid),
            recalled=Dong(here.recalled),
        )
    elif after.carried_in and here.left > after.kept:
        yield warning(
            subject,
            _n(
                "%(project)s (%(capital)s): only %(carried)s of the %(left)s đồng left of "
                "%(year)s are carried into %(next)s; %(rest)s đồng are neither carried over nor "
                "recalled."
            ),
            **shown,
        )


def _closed_years(session: Session, day: date) -> set[int]:
    """Budget years of which nothing changes any more: the closing period is locked; where none
    was opened, December is, and the January after it is over."""
    rows = session.execute(
        select(Period.budget_year, Period.kind, Period.status, Period.lock_at).where(
            or_(
                Period.kind == PeriodKind.CLOSING,
                and_(Period.kind == PeriodKind.MONTH, Period.number == 12),
            )
        )
    )
    locked: dict[int, dict[PeriodKind, bool]] = defaultdict(dict)
    for year, kind, status, lock_at in rows:
        is_past = lock_at is not None and local_day(lock_at) < day
        locked[year][PeriodKind(kind)] = status == PeriodStatus.LOCKED or is_past
    return {
        year
        for year, kinds in locked.items()
        if kinds.get(
            PeriodKind.CLOSING, kinds.get(PeriodKind.MONTH) and day > date(year + 1, 1, 31)
        )
    }
