"""Who has not sent, what to write to them, and what was sent already (domain §5.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models import Investor, Period, Reminder
from models.reminders import (
    Office,
    Step,
    Unsent,
    addresses_of,
    body,
    due_steps,
    group_text,
    next_step,
    standing,
)
from reports.late import last_reminded


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """One unit that has not sent, or has not sent again what was returned.

    `missed` is the step that is due now and was not mailed to everybody, `following` the next.
    `standing` and `text` are Vietnamese, since they are pasted into a chat.
    """

    investor: Investor
    deadline_at: datetime
    deadline_reason: str
    was_returned: bool
    standing: str
    addresses: tuple[str, ...]
    reminded_at: datetime | None
    missed: Step | None
    following: Step
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminders:
    """The page of one period; `group_text`, to all who are missing, is empty where nobody is."""

    rows: tuple[Waiting, ...]
    group_text: str
    log: tuple[Reminder, ...]


def reminders_noted(session: Session, period: Period) -> int:
    """How many reminders about a period are on record."""
    noted = select(func.count()).select_from(Reminder).where(Reminder.period_id == period.id)
    return session.scalar(noted) or 0


def reminders(
    session: Session,
    *,
    period: Period,
    office: Office,
    as_of: datetime,
    missing: Sequence[Unsent],
    shown: slice,
    log: slice,
) -> Reminders:
    """Units without a report (of those `missing` the ones `shown`), ready messages and the part
    `log` of what was sent about one period, in a constant number of queries.
    """
    units = missing[shown]
    known = addresses_of(session, units)
    reminded = last_reminded(session, period, as_of=as_of)
    due = {one.investor.id: one.step for one in due_steps(session, as_of=as_of, units=units)}
    rows = tuple(
        Waiting(
            investor=unit.investor,
            deadline_at=unit.deadline_at,
            deadline_reason=unit.deadline_reason,
            was_returned=unit.was_returned,
            standing=standing(unit.case, as_of),
            addresses=known[unit.investor.id],
            reminded_at=reminded.get(unit.investor.id),
            missed=due.get(unit.investor.id),
            following=next_step(unit.deadline_at, as_of),
            text="\n".join(body(unit.case, office, as_of)),
        )
        for unit in units
    )
    noted = (
        select(Reminder)
        .where(Reminder.period_id == period.id)
        .options(joinedload(Reminder.investor))
        .order_by(Reminder.at.desc(), Reminder.id.desc())
    )
    noted = noted.slice(log.start, log.stop)
    cases = [unit.case for unit in missing]
    return Reminders(
        rows=rows,
        group_text=group_text(cases, office, as_of) if cases else "",
        log=tuple(session.scalars(noted)),
    )
