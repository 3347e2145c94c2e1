"""Opening, locking and reopening of reporting periods (domain §5.5)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.base import NotFound, RuleBroken, ScopedSession, _n, given, local_day, record
from models.calendar import (
    ExpectedReport,
    Period,
    PeriodCode,
    PeriodKind,
    PeriodStatus,
    day_names,
    days_off,
    deadline_settings,
    resolve,
    seed_if_empty,
)
from models.catalogue import Investor, Project, ProjectStatus

ACTIVE = (ProjectStatus.ACTIVE, ProjectStatus.COMPLETED, ProjectStatus.SUSPENDED)


def find_period(session: Session, code: str) -> Period | None:
    """The period with this code, if it is opened."""
    return session.scalar(select(Period).where(Period.code == code))


def get_period(session: Session, code: str) -> Period:
    """The period with this code; raises NotFound when it was never opened."""
    found = find_period(session, str(PeriodCode.parse(code)))
    if found is None:
        raise NotFound(_n("Period %(code)s is not opened."), field="period", code=code)
    return found


def newest_period(session: Session) -> Period | None:
    """The period with the latest data; a month before the quarter that ends with it."""
    return session.scalar(
        select(Period)
        .where(Period.kind != PeriodKind.QUARTER)
        .order_by(Period.data_to.desc(), Period.id.desc())
        .limit(1)
    )


def open_period(session: Session, code: str, *, at: datetime) -> Period:
    """Open a period: its window, deadline with the reason, and who is expected are stored now.

    Later changes of settings, days off or projects do not move them (domain §5.5).
    """
    known = PeriodCode.parse(code)
    if find_period(session, str(known)) is not None:
        raise RuleBroken(_n("Period %(code)s is already open."), field="code", code=str(known))
    settings = deadline_settings(session)
    data_from, data_to = known.window(settings.cutoff.value)
    seed_if_empty(session, {data_to.year, data_to.year + 1})
    resolved = resolve(known, settings, days_off(session), day_names(session))
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
    exempt = standing_exemptions(session, data_to)
    period.expected = [
        ExpectedReport(investor_id=investor.id, **exempt.get(investor.id, {}))
        for investor in expected_investors(session, data_from, data_to)
    ]
    session.add(period)
    session.flush()
    return period


def expected_investors(session: Session, data_from: date, data_to: date) -> list[Investor]:
    """Investors with at least one project active in the window, in their order (design §4).

    A project counts from its first to its last day unless it is only planned; a suspended one
    counts too, since its unit has to say so.
    """
    active = (
        select(Project.investor_id)
        .where(
            Project.status.in_(ACTIVE),
            Project.start_on <= data_to,
            or_(Project.end_on.is_(None), Project.end_on >= data_from),
        )
        .distinct()
    )
    return list(
        session.scalars(
            select(Investor)
            .where(
                Investor.id.in_(active),
                Investor.valid_from <= data_to,
                or_(Investor.valid_to.is_(None), Investor.valid_to >= data_from),
            )
            .order_by(Investor.sort_order, Investor.code, Investor.id)
        )
    )


def standing_exemptions(session: Session, data_to: date) -> dict[int, dict[str, Any]]:
    """Exemptions granted in earlier periods that last beyond `data_to`, by investor."""
    rows = session.execute(
        select(
            ExpectedReport.investor_id, ExpectedReport.exempt_reason, ExpectedReport.exempt_until
        )
        .join(Period, Period.id == ExpectedReport.period_id)
        .where(ExpectedReport.exempt_until >= data_to, Period.data_to < data_to)
        .order_by(Period.data_to)
    )
    return {
        investor_id: {"exempt_reason": reason, "exempt_until": until}
        for investor_id, reason, until in rows
    }


def lock_period(session: Session, period: Period, *, at: datetime) -> None:
    """From now on no figure of the period changes."""
    if period.status is PeriodStatus.LOCKED:
        raise RuleBroken(_n("Period %(code)s is already locked."), code=period.code)
    period.status = PeriodStatus.LOCKED
    period.lock_at = at
    session.flush()


def reopen_period(session: ScopedSession, period: Period, *, reason: str, at: datetime) -> None:
    """Take figures of a locked period again; the reason stays in the audit trail."""
    if not period.is_locked(at):
        raise RuleBroken(_n("Period %(code)s is not locked."), code=period.code)
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
    if local_day(deadline_at) <= period.data_to:
        raise RuleBroken(
            _n("The deadline must lie after %(day)s, the last day of the data."),
            field="deadline_at",
            day=period.data_to,
        )
    period.deadline_at = deadline_at
    period.deadline_reason = given(reason)
    session.flush()


def add_expected(session: Session, period: Period, investor: Investor, *, note: str) -> None:
    """Expect one more unit after the period was opened; the note says why."""
    if session.get(ExpectedReport, (investor.id, period.id)) is not None:
        raise RuleBroken(_n("%(unit)s is already expected."), unit=str(investor))
    session.add(ExpectedReport(investor_id=investor.id, period_id=period.id, note=given(note)))
    session.flush()
