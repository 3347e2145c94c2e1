"""The duty of one unit in one period: exempt, extended, reopened, received on paper (§5.5)."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from models.base import Actor, RuleBroken, _n, among, given, now
from models.calendar import ExpectedReport, Period, Reopening
from models.catalogue import Investor, called_on
from models.duty.standing import is_open
from models.returns import hold_period

LOCKED = _n("Period %(code)s is locked; its deadlines and exemptions no longer change.")


def set_exemption(
    session: Session, expected: ExpectedReport, *, reason: str | None, until: date | None
) -> None:
    """Free one unit from reporting, or take that back (`reason` None).

    With an end it holds in every opened period whose data end by then, and in those that are
    opened later; without one in this period alone. What the exemption it replaces freed
    beyond that has to be reported again. Raises RuleBroken.
    """
    hold_for_duty(session, expected.period)
    if until is not None and until < expected.period.data_to:
        raise RuleBroken(
            _n("The exemption ends on %(until)s, before the last day of the period (%(day)s)."),
            field="until",
            until=until,
            day=expected.period.data_to,
        )
    why = given(reason) if reason is not None else None  # before anything is changed
    before = expected.exempt_until
    ends = [day for day in (until, before) if day is not None]
    for row in _later(session, expected, max(ends)) if ends else []:
        if why and until is not None and row.period.data_to <= until:
            row.exempt_reason, row.exempt_until = why, until
        elif row.exempt_until == before:  # freed by the same act, not for its own sake
            row.exempt_reason = row.exempt_until = None
    expected.exempt_reason, expected.exempt_until = why, until if why else None
    session.flush()


def _later(session: Session, expected: ExpectedReport, until: date) -> list[ExpectedReport]:
    """The unit's other expected reports, after this one, that end by `until` and are not locked."""
    return list(
        session.scalars(
            select(ExpectedReport)
            .join(ExpectedReport.period)
            .where(
                ExpectedReport.investor_id == expected.investor_id,
                Period.data_to > expected.period.data_to,
                Period.data_to <= until,
                is_open(now()),
            )
        )
    )


def hold_for_duty(
    session: Session, period: Period, *, alone: bool = False, refusal: str = LOCKED
) -> None:
    """Hold a period in which a duty is changed; who was late stays so once it is locked. Raises
    RuleBroken with the sentence `refusal`.
    """
    hold_period(session, period, alone=alone)
    if period.is_locked(now()):
        raise RuleBroken(refusal, code=period.named)


def extend_deadline(
    session: Session, expected: ExpectedReport, *, deadline_at: datetime | None, reason: str
) -> None:
    """A later deadline for one unit (gia hạn) with its reason; None takes it back."""
    hold_for_duty(session, expected.period)
    if deadline_at is None:
        expected.deadline_at = expected.deadline_reason = None
        session.flush()
        return
    if deadline_at <= expected.period.deadline_at:
        raise RuleBroken(
            _n("The extended deadline must lie after that of the period, %(moment)s."),
            field="extended_day",
            moment=expected.period.deadline_at,
        )
    why = given(reason, field="extension_reason")  # before anything is changed
    expected.deadline_at, expected.deadline_reason = deadline_at, why
    session.flush()


def open_reopening(
    session: Session, period: Period, investor_id: int, *, at: datetime
) -> Reopening | None:
    """The reopening by which this unit may still send at that moment, if there is one."""
    return open_reopenings(session, period, [investor_id], at=at).get(investor_id)


def open_reopenings(
    session: Session, period: Period, investor_ids: Iterable[int], *, at: datetime
) -> dict[int, Reopening]:
    """The same of many units, by unit; the one that ends last, where there are several."""
    found = reopenings_of(session, [period.id], investor_ids, at=at)
    return {unit: row for (_period, unit), row in found.items()}


def reopenings_of(
    session: Session,
    period_ids: Iterable[int] | None,
    investor_ids: Iterable[int],
    *,
    at: datetime,
) -> dict[tuple[int, int], Reopening]:
    """The same of many periods (None: of all), by period and unit, in one question."""
    rows = session.scalars(
        select(Reopening)
        .where(
            among(Reopening.investor_id, investor_ids),
            true() if period_ids is None else among(Reopening.period_id, period_ids),
            Reopening.from_at <= at,
            Reopening.until_at > at,
        )
        .order_by(Reopening.until_at)
    )
    return {(row.period_id, row.investor_id): row for row in rows}


def reopen_for_unit(
    session: Session,
    period: Period,
    investor: Investor,
    *,
    until_at: datetime,
    reason: str,
    at: datetime,
    actor: Actor,
) -> Reopening:
    """Let one unit correct a locked period until an hour; it closes by itself.

    What the unit sent before stands until the corrected report is sent.
    """
    hold_period(session, period, alone=True)
    if not period.is_locked(at):
        raise RuleBroken(_n("Period %(code)s is not locked."), code=period.named)
    if until_at <= at:
        raise RuleBroken(_n("The end of the reopening must lie in the future."), field="reopen_day")
    # one that began in this very second, while this one waited, counts as well
    there = session.scalar(
        select(Reopening)
        .where(
            Reopening.investor_id == investor.id,
            Reopening.period_id == period.id,
            Reopening.until_at > at,
        )
        .limit(1)
    )
    if there is not None:
        raise RuleBroken(
            _n("%(unit)s is already reopened until %(moment)s."),
            field="reopen_day",
            unit=called_on(investor, period.data_to),
            moment=there.until_at,
        )
    row = Reopening(
        investor_id=investor.id,
        period_id=period.id,
        from_at=at,
        until_at=until_at,
        reason=given(reason, field="reopen_reason"),
        user_id=actor.user_id,
        user_name=actor.name,
    )
    session.add(row)
    session.flush()
    return row
