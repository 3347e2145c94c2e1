"""Who is late and how many have reported, asked in sets: as fast for a nation as for a district.

The database narrows down to who can be late, or counts those alike; `status_of` still weighs
each of what is left, so that the rule stands in one place.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, not_, or_, select
from sqlalchemy.orm import Session

from models.base import among, batched
from models.calendar import ExpectedReport, Period, Punctuality
from models.duty.standing import (
    IS_EXEMPT,
    LATE,
    Standing,
    due_of,
    grace_of,
    select_expected,
    standings,
    status_of,
)
from models.ledger import stands
from models.returns import Submission

BITS = 48  # periods that are told in one number
USUAL = and_(ExpectedReport.exempt_reason.is_(None), ExpectedReport.deadline_at.is_(None))

# When a report is due, on what `select_expected` joins; `due_of` in SQL
DUE: ColumnElement[datetime] = case(
    (ExpectedReport.deadline_at > Period.deadline_at, ExpectedReport.deadline_at),
    else_=Period.deadline_at,
)


def _unsent(as_of: datetime) -> ColumnElement[bool]:
    """Condition on Submission: nothing had come by that moment."""
    return or_(Submission.first_submitted_at.is_(None), Submission.first_submitted_at > as_of)


def may_be_late(as_of: datetime) -> ColumnElement[bool]:
    """Condition on what `select_expected` joins, true of every unit that is late or missing.

    It knows nothing of days of grace: `status_of` does. Before its deadline nobody is late, so
    that none of a nation's units is read while all of them still have time.
    """
    return or_(
        Submission.first_submitted_at > DUE,
        and_(_unsent(as_of), not_(IS_EXEMPT), as_of > DUE),
    )


def _of(periods: Sequence[Period]) -> ColumnElement[bool]:
    return ExpectedReport.period_id.in_([period.id for period in periods])


def late_standings(
    session: Session, period: Period, *, as_of: datetime, most: int | None = None
) -> tuple[list[Standing], int]:
    """The units that are late or missing in a period, in their order, at most so many of them; and
    how many there are: of a nation thousands, each of them dear to read.
    """
    late = times_late(session, [period], as_of=as_of)
    if not late:
        return [], 0
    units = among(ExpectedReport.investor_id, (unit for unit, _period in late))
    return standings(session, _of([period]), units, as_of=as_of, most=most), len(late)


def times_late(
    session: Session, periods: Sequence[Period], *, as_of: datetime
) -> Counter[tuple[int, int]]:
    """(unit, period) of every report that is late or missing in these periods, each counted 1."""
    grace = grace_of(session)
    by_id = {period.id: period for period in periods}
    rows = session.execute(
        select_expected(
            ExpectedReport.investor_id,
            ExpectedReport.period_id,
            ExpectedReport.deadline_at,
            Submission.first_submitted_at,
            IS_EXEMPT.label("is_exempt"),
            of=list(by_id),
        ).where(may_be_late(as_of))
    )
    return Counter(
        (row.investor_id, row.period_id)
        for row in rows
        if status_of(
            due_of(by_id[row.period_id], row),
            row.first_submitted_at,
            is_exempt=bool(row.is_exempt),
            as_of=as_of,
            grace=grace,
        )
        in LATE
    )


def _alike(
    session: Session,
    periods: Sequence[Period],
    *told: ColumnElement[Any],
    as_of: datetime,
    only: ColumnElement[bool] | None = None,
) -> Iterable[Row[Any]]:
    """The expected units of these periods (`only` some), counted (`units`) where they are alike in
    what their status is made of, in whether they are unsent, and in what is `told`.
    """
    alike = (
        select_expected(
            ExpectedReport.period_id,
            ExpectedReport.deadline_at,
            IS_EXEMPT.label("is_exempt"),
            _unsent(as_of).label("is_unsent"),
            *told,
            of=[period.id for period in periods],
        )
        .where(*(() if only is None else (only,)))
        .subquery()
    )
    return session.execute(select(*alike.c, func.count().label("units")).group_by(*alike.c))


def punctualities(
    session: Session, periods: Sequence[Period], *, as_of: datetime
) -> dict[int, Counter[Punctuality]]:
    """How many of the expected units have which status, by period. One query: units alike are
    counted, and only those that sent after the deadline are told apart by the moment.
    """
    grace = grace_of(session)
    sent = Submission.first_submitted_at
    sent_after = case((and_(sent > DUE, sent <= as_of), sent)).label("sent_after")
    found: dict[int, Counter[Punctuality]] = {period.id: Counter() for period in periods}
    by_id = {period.id: period for period in periods}
    for row in _alike(session, periods, sent_after, as_of=as_of):
        due_at = due_of(by_id[row.period_id], row)
        first = None if row.is_unsent else row.sent_after or min(due_at, as_of)
        state = status_of(due_at, first, is_exempt=bool(row.is_exempt), as_of=as_of, grace=grace)
        found[row.period_id][state] += row.units
    return found


@dataclass(kw_only=True, slots=True)
class Tally:
    """Of one period: units expected and not excused, those of which a sending counts, and those
    that have sent nothing though the deadline passed."""

    expected: int = 0
    reported: int = 0
    missing: int = 0


def tallies(session: Session, periods: Sequence[Period], *, as_of: datetime) -> dict[int, Tally]:
    """How far each of these periods is, by its id. Two queries that count units alike: those that
    are exempt or have a deadline of their own, and all others.
    """
    grace = grace_of(session)
    has_reported = stands("submitted").label("has_reported")
    found = {period.id: Tally() for period in periods}
    by_id = {period.id: period for period in periods}
    for row in _alike(session, periods, has_reported, as_of=as_of, only=not_(USUAL)):
        one = found[row.period_id]
        if not row.is_exempt:
            one.expected += row.units
            one.reported += row.units if row.has_reported else 0
        if row.is_unsent:
            state = status_of(
                due_of(by_id[row.period_id], row),
                None,
                is_exempt=bool(row.is_exempt),
                as_of=as_of,
                grace=grace,
            )
            one.missing += row.units if state is Punctuality.MISSING else 0
    for some in batched(periods, BITS):
        _add_usual(session, found, some, as_of, grace)
    return found


def _add_usual(
    session: Session,
    found: dict[int, Tally],
    periods: Sequence[Period],
    as_of: datetime,
    grace: timedelta,
) -> None:
    """Add the units that are expected like all others. What each did in all of the periods is one
    number, a bit for each of them: so one row a unit is joined, not one a unit and period.
    """
    bits = {period.id: 1 << n for n, period in enumerate(periods)}

    def numbered(column: Any, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
        here = case(bits, value=column)
        return func.sum(case((and_(*conditions), here), else_=0) if conditions else here)

    duty = (
        select(ExpectedReport.investor_id, numbered(ExpectedReport.period_id).label("expected"))
        .where(_of(periods), USUAL)
        .group_by(ExpectedReport.investor_id)
        .subquery()
    )
    done = (
        select(
            Submission.investor_id,
            numbered(Submission.period_id, not_(_unsent(as_of))).label("sent"),
            numbered(Submission.period_id, stands("submitted")).label("reported"),
        )
        .where(Submission.period_id.in_(bits))
        .group_by(Submission.investor_id)
        .subquery()
    )
    told = (duty.c.expected, done.c.sent, done.c.reported)
    rows = session.execute(
        select(*told, func.count())
        .outerjoin(done, done.c.investor_id == duty.c.investor_id)
        .group_by(*told)
    ).all()
    for period in periods:
        bit, one = bits[period.id], found[period.id]
        state = status_of(period.deadline_at, None, is_exempt=False, as_of=as_of, grace=grace)
        for expected, sent, reported, units in rows:
            if int(expected) & bit:
                one.expected += units
                one.reported += units if int(reported or 0) & bit else 0
                if state is Punctuality.MISSING and not int(sent or 0) & bit:
                    one.missing += units


def expected_and_excused(session: Session, period: Period) -> dict[int, bool]:
    """The units that are expected in a period; True for those that are excused."""
    rows = session.execute(
        select(ExpectedReport.investor_id, IS_EXEMPT)
        .join(Period, Period.id == ExpectedReport.period_id)
        .where(ExpectedReport.period_id == period.id)
    )
    return {investor_id: bool(exempt) for investor_id, exempt in rows}
