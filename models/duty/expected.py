"""The list of who must report stays true while a period is open (design §4 "Expected").

Whatever changes a duty (capital, a project, a unit, a merger, a report that says more is
disbursed) is noticed when the session flushes it and settled once before the commit, so that no
screen, import or command has to remember. Each change of the list is logged with its cause.
"""

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, event, func, select
from sqlalchemy.orm import Session

from models.base import ScopedSession, among, now
from models.calendar import ExpectedReport, Period
from models.catalogue import CapitalTransfer, Investor
from models.duty.change import ExpectedChange
from models.duty.log import Pair, lasting_exemptions, worded, write_changes
from models.duty.marks import (
    ASKED,
    GONE,
    HOLDS,
    NOTHING,
    WORKS,
    Cause,
    marks_of,
    take_marks,
)
from models.duty.rule import exists_on, expected_pairs
from models.duty.standing import is_open

FEW = 500  # so many units are asked for by name; of more, the whole district is asked
_EVERY = -(2**32)  # advisory lock of all units, below all of `one_at_a_time`; then one for each
Found = TypeVar("Found")


@event.listens_for(ScopedSession, "before_commit")
def _settle_before_commit(session: ScopedSession) -> None:
    if not session.in_nested_transaction():
        session.flush()
        settle(session)


@event.listens_for(ScopedSession, "before_flush")
def _forget_removed_units(session: ScopedSession, _context: Any, _instances: Any) -> None:
    """A unit that never was, and is removed again, leaves no log of the lists it stood on."""
    units = [row.id for row in session.deleted if isinstance(row, Investor)]
    if units:
        with session.trusted() as connection:
            connection.execute(
                delete(ExpectedChange).where(among(ExpectedChange.investor_id, units))
            )


def leave_lists(session: Session, unit_id: int) -> None:
    """Take a unit off all lists: it was founded by an act that is taken back, and never was."""
    with whole_district(session) as connection:
        connection.execute(delete(ExpectedReport).where(ExpectedReport.investor_id == unit_id))


# ------------------------------------------------------------------ settling


def settle(session: Session) -> int:
    """Bring the lists of open periods in line with the rule for the marked units; how many rows
    were changed. Needs no scope: a unit that sends settles its own duty and nothing else.
    """
    marks = take_marks(session)
    if marks is None:
        return 0
    with whole_district(session) as connection:
        return _settle(session, connection, marks)


def _settle(session: Session, connection: Connection, marks: Any) -> int:
    open_ids = _hold_open(connection, None if marks.units else list(marks.periods))
    if not open_ids:
        return 0
    units = _with_successors(connection, marks.units)
    settle_alone(connection, units)
    whole = {one for one in open_ids if one in marks.periods}
    stored = stored_lists(connection, whole)
    wanted = expected_pairs(connection, whole)
    if units:
        several = list(units) if len(units) <= FEW else None
        part = [one for one in open_ids if one not in whole]
        stored |= _only(units, stored_lists(connection, part, several))
        wanted |= _only(units, expected_pairs(connection, part, several))
    left_alone = _by_hand(connection, stored.keys() ^ wanted.keys())
    added = sorted(wanted.keys() - stored.keys() - left_alone)
    removed = sorted(stored.keys() - wanted.keys() - left_alone)
    if not added and not removed:
        return 0
    causes = {
        (unit, period): marks.act or units.get(unit) or marks.periods.get(period) or Cause(ASKED)
        for unit, period in (*added, *removed)
    }
    findings = {pair: WORKS if wanted[pair][0] else HOLDS for pair in added}
    findings |= _why_removed(connection, removed)
    write_changes(
        session,
        connection,
        added=added,
        removed={pair: stored[pair] for pair in removed},
        words=worded(connection, causes),
        findings=findings,
        unlogged=marks.opened,
        by_hand=False,
    )
    return len(added) + len(removed)


def settle_periods(session: Session, periods: Iterable[Period], *, opened: bool = False) -> int:
    """Settle the lists of these periods for every unit; how many rows were changed."""
    marks = marks_of(session)
    for period in periods:
        marks.periods.setdefault(period.id, Cause(ASKED))
        if opened:
            marks.opened.add(period.id)
    session.flush()
    return settle(session)


def whole_district(session: Session) -> AbstractContextManager[Connection]:
    """The connection of the session, for a list that follows from the rule whoever changes it."""
    if isinstance(session, ScopedSession):
        return session.trusted()
    return nullcontext(session.connection())


def _with_successors(connection: Connection, units: dict[int, Cause]) -> dict[int, Cause]:
    """What a unit reports counts with the unit that took its capital over."""
    found = dict(units)
    if units:
        moves = select(CapitalTransfer.investor_id, CapitalTransfer.to_investor_id).distinct()
        if len(units) <= FEW:
            moves = moves.where(among(CapitalTransfer.investor_id, units))
        for before, after in connection.execute(moves):
            if before in units:
                found.setdefault(after, units[before])
    return found


def _hold_open(connection: Connection, periods: list[int] | None) -> list[int]:
    """The open ones of these periods (None: of all), shared: one that somebody is locking now is
    waited for, then it is no longer open.

    Where no unit is to be settled no other period is asked for: two officers who lock two months
    at once hold one each, and would wait for each other.
    """
    wanted = select(Period.id).where(is_open(now())).order_by(Period.id)
    if periods is not None:
        wanted = wanted.where(among(Period.id, periods))
    return list(connection.scalars(wanted.with_for_update(read=True)))


def settle_alone(connection: Connection, units: Collection[int]) -> None:
    """One transaction at a time settles a unit; the next one sees what this one did.

    No row of the unit is held for it: whoever sends holds the unit shared, and two that then ask
    for it alone would wait for each other. This comes last, after all rows (see hold.py).
    """
    if not units or connection.dialect.name != "postgresql":
        return
    if len(units) > FEW:
        connection.execute(select(func.pg_advisory_xact_lock(_EVERY)))
        return
    # in the order of the rows, and each beside the mark that keeps those out who settle all
    connection.execute(
        select(
            func.pg_advisory_xact_lock_shared(_EVERY),
            func.pg_advisory_xact_lock(_EVERY - Investor.id),
        )
        .where(among(Investor.id, units))
        .order_by(Investor.id)
    )


def _only(units: Collection[int], found: dict[Pair, Found]) -> dict[Pair, Found]:
    return {pair: value for pair, value in found.items() if pair[0] in units}


def stored_lists(
    connection: Connection, periods: Collection[int], investors: Collection[int] | None = None
) -> dict[Pair, Any]:
    """The rows of the lists of these periods by (unit, period), of all units or of some."""
    if not periods or (investors is not None and not investors):
        return {}
    table = ExpectedReport.__table__
    statement = select(table).where(among(table.c.period_id, periods))
    if investors is not None:
        statement = statement.where(among(table.c.investor_id, investors))
    return {(row.investor_id, row.period_id): row for row in connection.execute(statement)}


def _by_hand(connection: Connection, pairs: set[Pair]) -> set[Pair]:
    """Those of these pairs that an officer decided."""
    if not pairs:
        return set()
    rows = connection.execute(
        select(ExpectedChange.investor_id, ExpectedChange.period_id)
        .where(
            ExpectedChange.by_hand.is_(True),
            among(ExpectedChange.period_id, (period for _unit, period in pairs)),
        )
        .distinct()
    )
    return pairs & {(unit, period) for unit, period in rows}


def _why_removed(connection: Connection, removed: Collection[Pair]) -> dict[Pair, str]:
    if not removed:
        return {}
    units, periods = ({pair[place] for pair in removed} for place in (0, 1))
    asked = select(Investor.id, Period.id).join(Period, exists_on(Period.data_to))
    asked = asked.where(among(Period.id, periods))
    if len(units) <= FEW:
        asked = asked.where(among(Investor.id, units))
    there = {(unit, period) for unit, period in connection.execute(asked)}
    return {pair: NOTHING if pair in there else GONE for pair in removed}


# ------------------------------------------------------------------ opening


def fill_list(session: Session, period: Period) -> int:
    """The list of a period that is being opened, as part of the opening; the number of units."""
    with whole_district(session) as connection:
        pairs = sorted(expected_pairs(connection, [period.id]))
        exempt = lasting_exemptions(connection, pairs)
    period.expected = [
        ExpectedReport(investor_id=unit, **exempt.get((unit, period.id), {}))
        for unit, _period in pairs
    ]
    session.flush()
    return len(pairs)


def excuse_lasting(session: Session, periods: Iterable[Period]) -> None:
    """Excuse units on the lists of these periods by exemptions of earlier ones that came in once
    the lists were made.
    """
    for period in sorted(periods, key=lambda one: one.data_to):
        rows = {(row.investor_id, period.id): row for row in period.expected}
        with whole_district(session) as connection:
            lasting = lasting_exemptions(connection, list(rows))
        for pair, given in lasting.items():
            for name, value in given.items():
                setattr(rows[pair], name, value)
        session.flush()
