"""Opening, locking and reopening of reporting periods (domain §5.5)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import NotFound, RuleBroken, ScopedSession, _n, given, local_day, record
from models.calendar import (
    MONEY_KINDS,
    Period,
    PeriodCode,
    PeriodKind,
    PeriodStatus,
    Resolved,
    confirmed_years,
    day_names,
    days_off,
    deadline_settings,
    is_estimate,
    is_provisional,
    provisional,
    resolve,
    seed_unknown,
    settled_reason,
)
from models.duty.exceptions import hold_for_duty
from models.duty.expected import fill_list, settle
from models.duty.standing import is_open
from models.returns import hold_period, one_at_a_time

OPENING = "open a period"  # of two who do it at once


def find_period(session: Session, code: str) -> Period | None:
    """The period with this code, if it is opened; what is no code is not asked for."""
    if not PeriodCode.is_one(code):
        return None
    return session.scalar(select(Period).where(Period.code == str(PeriodCode.parse(code))))


def get_period(session: Session, code: str) -> Period:
    """The period with this code; raises NotFound when it was never opened."""
    known = PeriodCode.parse(code)
    found = find_period(session, str(known))
    if found is None:
        raise NotFound(_n("Period %(code)s is not opened."), field="period", code=known)
    return found


def newest_period(session: Session) -> Period | None:
    """The period with the latest data; a month before the quarter that ends with it."""
    return session.scalar(
        select(Period)
        .where(Period.kind.in_(MONEY_KINDS))
        .order_by(Period.data_to.desc(), Period.id.desc())
        .limit(1)
    )


def open_period(session: Session, code: str, *, at: datetime) -> Period:
    """Open a period: its window, deadline with the reason, and who is expected are stored now.

    Later changes of settings and days off do not move them (domain §5.5); the list of units is
    kept true while the period is open (`expected`).
    """
    known = PeriodCode.parse(code)
    one_at_a_time(session, OPENING)
    if find_period(session, str(known)) is not None:
        raise RuleBroken(_n("Period %(code)s is already open."), field="code", code=known)
    settings = deadline_settings(session)
    data_from, data_to = known.window(settings.cutoff.value)
    fill_in_years(session, known)
    resolved = deadline_of(session, known)
    period = Period(
        code=str(known),
        kind=PeriodKind(known.kind),
        budget_year=known.budget_year,
        number=known.number,
        data_from=data_from,
        data_to=data_to,
        deadline_at=resolved.deadline_at,
        deadline_reason=resolved.reason,
        status=PeriodStatus.OPEN,
        opened_at=at,
    )
    session.add(period)
    session.flush()
    fill_list(session, period)
    return period


def deadline_of(session: Session, code: PeriodCode) -> Resolved:
    """When a period would be due by the settings and the days off, with the reason.

    The reason says “tạm tính” while nobody has confirmed the days off of a year it rests on.
    Years that were never filled in stay so: opening fills them in.
    """
    return deadlines_of(session, [code])[0]


def deadlines_of(session: Session, codes: Sequence[PeriodCode]) -> list[Resolved]:
    """`deadline_of` for several periods, in the same number of queries."""
    settings, known = deadline_settings(session), confirmed_years(session)
    table, names = days_off(session), day_names(session)
    found = []
    for code in codes:
        resolved = resolve(code, settings, table, names)
        estimated = {year for year in resolved.years if is_estimate(year, known)}
        found.append(provisional(resolved, estimated) if estimated else resolved)
    return found


def fill_in_years(session: Session, code: PeriodCode) -> None:
    """Before a period is opened: the days off of the years its deadline can fall into. Whoever
    looks what its deadline would be waits as well: the same days are put in only once.
    """
    one_at_a_time(session, OPENING)
    _first, last = code.window(deadline_settings(session).cutoff.value)
    seed_unknown(session, {last.year, last.year + 1})


def weigh_provisional(session: Session, *, at: datetime) -> list[tuple[Period, Resolved]]:
    """After days off were confirmed: open periods that no longer rest on an estimate say so.

    A stored deadline is not moved (domain §5.5). Returned are the periods for which the days
    now give another one, each with it: an officer decides.
    """
    periods = [
        period
        for period in session.scalars(select(Period).where(is_open(at)).order_by(Period.data_to))
        if is_provisional(period.deadline_reason)
    ]
    codes = [PeriodCode.parse(period.code) for period in periods]
    differing = []
    for period, fresh in zip(periods, deadlines_of(session, codes), strict=True):
        if is_provisional(fresh.reason):
            continue
        if fresh.deadline_at != period.deadline_at:
            differing.append((period, fresh))
        else:
            period.deadline_reason = settled_reason(period.deadline_reason)
    session.flush()
    return differing


def lock_period(session: Session, period: Period, *, at: datetime, as_listed: bool = False) -> None:
    """From now on no figure of the period changes; `as_listed` nor does its list of units, which
    is that of another day.
    """
    hold_period(session, period, alone=True)
    if period.status is PeriodStatus.LOCKED:
        raise RuleBroken(_n("Period %(code)s is already locked."), code=period.named)
    if not as_listed:
        settle(session)  # what was changed in this transaction still belongs to the open period
    period.status = PeriodStatus.LOCKED
    period.lock_at = at
    session.flush()


def reopen_period(session: ScopedSession, period: Period, *, reason: str, at: datetime) -> None:
    """Take figures of a locked period again; the reason stays in the audit trail."""
    hold_period(session, period, alone=True)
    if not period.is_locked(at):
        raise RuleBroken(_n("Period %(code)s is not locked."), code=period.named)
    reason = given(reason)
    period.status = PeriodStatus.OPEN
    period.lock_at = None
    session.flush()
    record(
        session,
        action="reopen",
        resource="period",
        row_id=period.id,
        label=period.code,
        changes={"reason": [None, reason]},
    )


def override_deadline(
    session: Session, period: Period, *, deadline_at: datetime, reason: str
) -> None:
    """Another deadline for all units of one period, with its reason."""
    hold_for_duty(session, period, alone=True)
    if local_day(deadline_at) <= period.data_to:
        raise RuleBroken(
            _n("The deadline must lie after %(day)s, the last day of the data."),
            field="deadline_at",
            day=period.data_to,
        )
    period.deadline_at = deadline_at
    period.deadline_reason = given(reason)
    session.flush()
