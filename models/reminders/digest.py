"""The daily mail to officers: which units were reminded or are late (domain §5.5)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import among, at_local, local, local_day
from models.calendar import is_in_time
from models.people import Role, User
from models.reminders.due import Due, unsent_units
from models.reminders.steps import CLOCK
from models.reminders.tables import Channel, Delivery, Digest, Reminder
from models.reminders.words import DigestLine, addresses

_DONE = {Delivery.SENT: "đã gửi", Delivery.FAILED: "lỗi", Delivery.CLAIMED: "dở dang"}


def digest_lines(session: Session, *, as_of: datetime) -> list[DigestLine]:
    """Units reminded today or late: what officers are told about; empty on quiet days."""
    today: dict[tuple[int, int], dict[Delivery, int]] = defaultdict(dict)
    units = unsent_units(session, as_of=as_of)
    for investor_id, period_id, delivery, count in session.execute(
        select(Reminder.investor_id, Reminder.period_id, Reminder.delivery, func.count())
        .where(
            Reminder.channel == Channel.MAIL,
            among(Reminder.period_id, (unit.period.id for unit in units)),
            Reminder.at >= at_local(local_day(as_of), time(0)),
            Reminder.at <= as_of,
        )
        .group_by(Reminder.investor_id, Reminder.period_id, Reminder.delivery)
        .order_by(Reminder.delivery)
    ):
        today[investor_id, period_id][delivery] = count
    found = []
    for unit in units:
        counts = today.get((unit.investor.id, unit.period.id), {})
        if counts or not (unit.was_returned or is_in_time(as_of, unit.deadline_at)):
            said = ", ".join(f"{_DONE[kind]} {count} thư" for kind, count in counts.items())
            found.append(DigestLine(case=unit.case, reminded=said))
    return found


def officers_to_tell(session: Session, *, as_of: datetime) -> list[str]:
    """Addresses of officers who have had no daily mail today; nobody before 08:00."""
    if local(as_of).time() < CLOCK:
        return []
    people = session.scalars(
        select(User.email)
        .where(User.role == Role.OFFICER, User.enabled.is_(True), User.email.is_not(None))
        .order_by(User.id)
    )
    told = set(
        session.scalars(
            select(Digest.recipient).where(
                Digest.day == local_day(as_of), Digest.delivery != Delivery.FAILED
            )
        )
    )
    return [one for one in addresses(*people) if one not in told]


def due_digests(session: Session, due: Sequence[Due], *, as_of: datetime) -> list[str]:
    """Addresses that the daily mail would go to in a run that begins with these mails to units."""
    recipients = officers_to_tell(session, as_of=as_of)
    if any(one.recipients for one in due) or (recipients and digest_lines(session, as_of=as_of)):
        return recipients
    return []
