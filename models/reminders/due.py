"""Who is to be reminded now, of what, and at which addresses (domain §5.5)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.base import among
from models.calendar import ExpectedReport, Period
from models.catalogue import Investor
from models.duty import IS_EXEMPT, effective_deadline, is_open, select_standings
from models.people import User, user_investor
from models.reminders.steps import Step, latest_step
from models.reminders.tables import Channel, Delivery, Reminder
from models.reminders.words import Case, addresses
from models.returns import Submission, SubmissionStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsent:
    """A unit whose report of an open period is not there, or was returned."""

    investor: Investor
    period: Period
    deadline_at: datetime
    deadline_reason: str
    was_returned: bool

    @property
    def case(self) -> Case:
        return Case(
            investor_id=self.investor.id,
            unit=self.investor.name,
            period_code=self.period.code,
            deadline_at=self.deadline_at,
            deadline_reason=self.deadline_reason,
            was_returned=self.was_returned,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One step that a unit is to be reminded of now, and the addresses not yet served.

    `recipients` is empty for a unit of which no address is known.
    """

    investor: Investor
    period: Period
    step: Step
    deadline_at: datetime
    recipients: tuple[str, ...]
    case: Case


def unsent_units(
    session: Session, *, as_of: datetime, period: Period | None = None
) -> list[Unsent]:
    """Expected units of the open periods (or of one) that have not sent, by period: one query.

    Exempt units are left out, and so is everybody in a locked period. A report that came in the
    meantime counts even where `as_of` lies before it: nobody is reminded of what is there.
    """
    statement = (
        select_standings(ExpectedReport, Investor, Period, Submission.status)
        .where(
            is_open(as_of),
            ~IS_EXEMPT,
            or_(
                Submission.first_submitted_at.is_(None),
                Submission.status == SubmissionStatus.RETURNED,
            ),
        )
        .order_by(Period.data_to, Period.code, Investor.sort_order, Investor.code, Investor.id)
    )
    if period is not None:
        statement = statement.where(Period.id == period.id)
    found = []
    for expected, investor, of, status in session.execute(statement):
        deadline_at, reason = effective_deadline(of, expected)
        found.append(
            Unsent(
                investor=investor,
                period=of,
                deadline_at=deadline_at,
                deadline_reason=reason,
                was_returned=status is SubmissionStatus.RETURNED,
            )
        )
    return found


def addresses_of(session: Session, units: Sequence[Unsent]) -> dict[int, tuple[str, ...]]:
    """By investor: the address of the unit, then those of its people who may sign in."""
    people: dict[int, list[str | None]] = defaultdict(list)
    asked = select(ExpectedReport.investor_id).where(
        among(ExpectedReport.period_id, (unit.period.id for unit in units))
    )
    for investor_id, email in session.execute(
        select(user_investor.c.investor_id, User.email)
        .join(User, User.id == user_investor.c.user_id)
        .where(
            User.enabled.is_(True),
            User.email.is_not(None),
            user_investor.c.investor_id.in_(asked),
        )
        .order_by(User.id)
    ):
        people[investor_id].append(email)
    return {
        unit.investor.id: addresses(unit.investor.email, *people[unit.investor.id])
        for unit in units
    }


def due_steps(
    session: Session, *, as_of: datetime, units: Sequence[Unsent] | None = None
) -> list[Due]:
    """What is to be sent now: of each unit the latest step that has come, never an older one;
    of these `units`, else of all that have not sent.

    An address is served when its mail was sent or broken off; one that failed is due again.
    """
    if units is None:
        units = unsent_units(session, as_of=as_of)
    steps = [
        (unit, step) for unit in units if (step := latest_step(unit.deadline_at, as_of)) is not None
    ]
    if not steps:
        return []
    known = addresses_of(session, [unit for unit, _step in steps])
    served = {
        (row.investor_id, row.period_id, row.step, row.recipient)
        for row in session.scalars(
            select(Reminder).where(
                Reminder.step.in_({step.key for _unit, step in steps}),
                Reminder.channel == Channel.MAIL,
                Reminder.delivery != Delivery.FAILED,
            )
        )
    }
    found = []
    for unit, step in steps:
        mine = known[unit.investor.id]
        key = (unit.investor.id, unit.period.id, step.key)
        left = tuple(one for one in mine if (*key, one) not in served)
        if left or not mine:
            found.append(
                Due(
                    investor=unit.investor,
                    period=unit.period,
                    step=step,
                    deadline_at=unit.deadline_at,
                    recipients=left,
                    case=unit.case,
                )
            )
    return found
