"""How one unit stands in one period: excused, extended, on time, late or missing.

The one place where an exemption, an extension and the days of grace are weighed. Every list,
page, letter, mail and frozen report reads it; only the proof (reports/proof.py) writes the same
down apart.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Bundle, Session

from models.base import among, local_day
from models.calendar import (
    ExpectedReport,
    Period,
    PeriodStatus,
    Punctuality,
    days_late,
    deadline_settings,
    is_in_time,
    punctuality,
)
from models.catalogue import Investor
from models.ledger import stands
from models.returns import (
    EDITABLE,
    Submission,
    SubmissionStatus,
)

LATE = frozenset({Punctuality.LATE, Punctuality.MISSING})

# Condition on ExpectedReport and Period: excused in this period. An exemption with an end holds in
# every period whose data end by that day.
IS_EXEMPT: ColumnElement[bool] = and_(
    ExpectedReport.exempt_reason.is_not(None),
    or_(
        ExpectedReport.exempt_until.is_(None),
        ExpectedReport.exempt_until >= Period.data_to,
    ),
)


def is_open(as_of: datetime) -> ColumnElement[bool]:
    """Condition on Period: it takes figures at that moment; `Period.is_locked` in SQL."""
    return and_(
        Period.status == PeriodStatus.OPEN,
        or_(Period.lock_at.is_(None), Period.lock_at > as_of),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How one unit stands in one period, as known at a moment.

    `deadline_at` is the effective one, without the days of grace: these move `status` alone.
    `days_late` counts from the deadline, for a missing unit up to the moment, or to the one from
    which the period was locked: nobody could send any more (domain §5.5). `exempt_reason` and
    `exempt_until` are there only while the exemption holds, `first_submitted_at` only if it lies
    before the moment; `submission` is the report as it is stored now.
    """

    investor: Investor
    period: Period
    submission: Submission | None
    as_of: datetime
    deadline_at: datetime
    deadline_reason: str
    is_extended: bool
    first_submitted_at: datetime | None
    last_submitted_at: datetime | None
    is_exempt: bool
    exempt_reason: str | None
    exempt_until: date | None
    status: Punctuality
    days_late: int
    has_reported: bool = False  # a sending of it counts: the n of “n/N units reported”
    note: str | None = None

    @property
    def is_returned(self) -> bool:
        """Sent once, given back, and not sent again: to be corrected, but not late by that."""
        return self.submission is not None and self.submission.status is SubmissionStatus.RETURNED

    @property
    def is_to_do(self) -> bool:
        """Whether the unit still has to send, or to send again."""
        state = self.submission.status if self.submission is not None else None
        return not self.is_exempt and (state is None or state in EDITABLE)

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline passed before anything came; grace does not move a deadline."""
        return (
            not self.is_exempt
            and self.first_submitted_at is None
            and not is_in_time(self.as_of, self.deadline_at)
        )

    @property
    def is_by_grace(self) -> bool:
        """Whether the deadline passed and only the days of grace keep the unit from being late."""
        is_late = not is_in_time(self.first_submitted_at or self.as_of, self.deadline_at)
        return is_late and self.status in (Punctuality.ON_TIME, Punctuality.PENDING)

    @property
    def days_left(self) -> int:
        """Calendar days in Vietnam to the deadline; negative when it has passed."""
        return (local_day(self.deadline_at) - local_day(self.as_of)).days


def select_standings(*columns: Any) -> Select[Any]:
    """Expected units with their period and report, if there is one: what every reader joins."""
    return select_expected(*columns).join(Investor, Investor.id == ExpectedReport.investor_id)


def select_expected(*columns: Any, of: Collection[int] | None = None) -> Select[Any]:
    """The same without the units: for those who count them. `of` these periods alone, by their
    ids: said of the reports as well, or PostgreSQL reads those of all periods to find them.
    """
    expected, here = select(*columns), []
    if of is not None:
        expected = expected.where(ExpectedReport.period_id.in_(of))
        here.append(Submission.period_id.in_(of))
    return (
        expected.select_from(ExpectedReport)
        .join(Period, Period.id == ExpectedReport.period_id)
        .outerjoin(
            Submission,
            and_(
                Submission.investor_id == ExpectedReport.investor_id,
                Submission.period_id == ExpectedReport.period_id,
                *here,
            ),
        )
    )


def standings_of(session: Session, periods: Sequence[Period], *, as_of: datetime) -> list[Standing]:
    """Every expected unit in every one of these periods, units in their order: one query."""
    return standings(
        session,
        ExpectedReport.period_id.in_([period.id for period in periods]),
        as_of=as_of,
    )


def standings_of_units(
    session: Session, investors: Collection[int], *, as_of: datetime, most: int | None = None
) -> list[Standing]:
    """Every period in which these units are expected, the latest data first: one query."""
    return standings(
        session, among(ExpectedReport.investor_id, investors), as_of=as_of, newest=True, most=most
    )


def standing_of(
    session: Session, period: Period, investor_id: int, *, as_of: datetime
) -> Standing | None:
    """How one unit stands in one period; None when it is not expected there."""
    found = standings(
        session,
        ExpectedReport.period_id == period.id,
        ExpectedReport.investor_id == investor_id,
        as_of=as_of,
    )
    return found[0] if found else None


_RECORDS = (ExpectedReport, Investor, Period, Submission)
# the same for lists of thousands: a record costs several times as much as its fields
LISTED: tuple[Any, ...] = tuple(
    Bundle(name, *(getattr(table, field) for field in fields.split()))
    for name, table, fields in (
        ("expected", ExpectedReport,
         "deadline_at deadline_reason exempt_reason exempt_until note"),
        ("investor", Investor, "id code short_name contact_name phone"),
        ("period", Period, "id deadline_at deadline_reason lock_at"),
        ("submission", Submission, "status first_submitted_at last_submitted_at"),
    )
)  # fmt: skip


def standings(
    session: Session,
    *conditions: ColumnElement[bool],
    as_of: datetime,
    newest: bool = False,
    most: int | None = None,
    read: Sequence[Any] = _RECORDS,
) -> list[Standing]:
    """Expected units under these conditions (on ExpectedReport, Investor, Period, Submission).

    Units in their order, or with `newest` the latest periods first; at most `most` of them. With
    `read` LISTED their units, periods and reports are no records and have what lists show alone.
    """
    grace = grace_of(session)
    units = (Investor.sort_order, Investor.code, Investor.id)
    order = (Period.data_to.desc(), Period.id, *units) if newest else (*units, Period.data_to)
    rows = session.execute(
        select_standings(*read, IS_EXEMPT, stands("submitted"))
        .where(*conditions)
        .order_by(*order)
        .limit(most)
    )
    return [
        _standing(
            expected,
            investor,
            period,
            submission,
            as_of,
            grace,
            is_exempt=bool(exempt),
            has_reported=bool(is_in),
        )
        for expected, investor, period, submission, exempt, is_in in rows
    ]


def _standing(
    expected: ExpectedReport,
    investor: Investor,
    period: Period,
    submission: Submission | None,
    as_of: datetime,
    grace: timedelta,
    *,
    is_exempt: bool,
    has_reported: bool,
) -> Standing:
    deadline_at, reason = effective_deadline(period, expected)
    first = submission.first_submitted_at if submission else None
    if first is not None and first > as_of:
        first = None
    status = status_of(deadline_at, first, is_exempt=is_exempt, as_of=as_of, grace=grace)
    return Standing(
        investor=investor,
        period=period,
        submission=submission,
        as_of=as_of,
        deadline_at=deadline_at,
        deadline_reason=reason,
        is_extended=is_extended(period, expected),
        first_submitted_at=first,
        last_submitted_at=submission.last_submitted_at if submission else None,
        is_exempt=is_exempt,
        exempt_reason=expected.exempt_reason if is_exempt else None,
        exempt_until=expected.exempt_until if is_exempt else None,
        status=status,
        days_late=_days_late(first or min(as_of, period.lock_at or as_of), deadline_at, status),
        has_reported=has_reported,
        note=expected.note,
    )


def _days_late(until: datetime, deadline_at: datetime, status: Punctuality) -> int:
    """Of who is late at least one day: a period may be locked before its deadline."""
    return max(1, days_late(until, deadline_at)) if status in LATE else 0


def grace_of(session: Session) -> timedelta:
    """The days of grace of the office."""
    return timedelta(days=deadline_settings(session).grace_days)


def status_of(
    due: datetime, first: datetime | None, *, is_exempt: bool, as_of: datetime, grace: timedelta
) -> Punctuality:
    """The status of a report with this effective deadline that was first sent then, or never."""
    return punctuality(
        first_submitted_at=first, deadline_at=due + grace, as_of=as_of, exempt=is_exempt
    )


def effective_deadline(period: Period, expected: Any) -> tuple[datetime, str]:
    """The deadline of a unit in a period with its reason: its own extension, else the period's.

    `expected` is the line of the list, or a row with its `deadline_at` and `deadline_reason`.
    """
    if expected is not None and is_extended(period, expected):
        return expected.deadline_at, expected.deadline_reason or period.deadline_reason
    return period.deadline_at, period.deadline_reason


def due_of(period: Period, expected: Any) -> datetime:
    """The same without its reason; `expected` needs only its `deadline_at`."""
    due: datetime = expected.deadline_at if is_extended(period, expected) else period.deadline_at
    return due


def is_extended(period: Period, expected: Any) -> bool:
    """Whether a unit has until later than all: its extension counts for nothing once the deadline
    of the period is moved to that moment or beyond.
    """
    return expected.deadline_at is not None and expected.deadline_at > period.deadline_at
