"""The daily mail to officers: which units were reminded or are late (domain §5.5)."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.clock import local, local_day
from models.reminder import Channel, Delivery, Digest, Reminder
from models.reminder_due import unsent_units
from models.reminder_steps import CLOCK
from models.reminder_words import DigestLine, addresses
from models.user import Role, User

_DONE = {Delivery.SENT: "đã gửi", Delivery.FAILED: "lỗi", Delivery.CLAIMED: "dở dang"}


def digest_lines(session: Session, *, as_of: datetime) -> list[DigestLine]:
    """Units reminded today or late: what officers are told about; empty on quiet days."""
    day = local_day(as_of)
    today: dict[tuple[int, int], dict[Delivery, int]] = defaultdict(lambda: defaultdict(int))
    units = unsent_units(session, as_of=as_of)
    for row in session.scalars(
        select(Reminder).where(
            Reminder.channel == Channel.MAIL,
            Reminder.period_id.in_({unit.period.id for unit in units}),
            Reminder.at <= as_of,
        )
    ):
        if local_day(row.at) == day:
            today[row.investor_id, row.period_id][row.delivery] += 1
    found = []
    for unit in units:
        counts = today.get((unit.investor.id, unit.period.id), {})
        if counts or (as_of > unit.deadline_at and not unit.was_returned):
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
    return [one for one in addresses(*people) if one[:200] not in told]
