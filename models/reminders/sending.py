"""Sending what is due so that nothing ever leaves twice (domain §5.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import local_day
from models.calendar import all_settings
from models.reminders.digest import digest_lines, officers_to_tell
from models.reminders.due import Unsent, due_steps
from models.reminders.tables import Channel, Delivery, Digest, Reminder, note_told
from models.reminders.words import Office, digest_mail, is_address, reminder_mail

Post = Callable[[EmailMessage], None]
Row = TypeVar("Row", Reminder, Digest)
NO_ADDRESS = "Không phải địa chỉ thư điện tử."


class NotPosted(Exception):
    """The mail has certainly not left; it may be tried again."""


class MaybePosted(Exception):
    """The connection broke while the server took the mail: nobody knows, so never again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One mail of a run and what became of it; None: another run at the same time has it.

    `unit`, `period` and `step` are empty for the daily mail to officers.
    """

    recipient: str
    unit: str = ""
    period: str = ""
    step: str = ""
    delivery: Delivery | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """All mails of a run, and the units that have no address."""

    letters: tuple[Letter, ...]
    without_address: tuple[str, ...]

    def count(self, delivery: Delivery) -> int:
        """How many mails of the run ended so."""
        return sum(letter.delivery is delivery for letter in self.letters)


def office_of(session: Session, *, public_url: str = "") -> Office:
    """Who asks, from the settings."""
    known = all_settings(session)
    return Office(
        name=known["office_name"],
        contact=known["office_contact"],
        is_demo=known["demo_data"],
        public_url=public_url,
    )


def send_reminders(
    session: Session, post: Post, *, as_of: datetime, actor_name: str, public_url: str = ""
) -> Outcome:
    """Post every mail that is due, then the daily mail to officers, each at most once.

    `post` raises NotPosted (tried again at the next run) or MaybePosted (never again); whatever
    else it raises passes through and leaves the mail marked as broken off.

    Commits for each mail, against the rule that only a view or a command does: the row that
    claims a mail has to be in the database before the mail leaves, or a crash would send it
    twice; and no transaction may stay open while a mail server is waited for.
    """
    office = office_of(session, public_url=public_url)
    due = due_steps(session, as_of=as_of)
    without = tuple(str(one.investor) for one in due if not one.recipients)
    # written out first: after a commit every row would be read again
    planned = [
        (one.investor.id, one.period.id, one.investor.short_name, one.step, one.case, recipient)
        for one in due
        for recipient in one.recipients
    ]
    letters = []
    for investor_id, period_id, unit, step, case, recipient in planned:
        fresh = Reminder(
            investor_id=investor_id,
            period_id=period_id,
            step=step.key,
            channel=Channel.MAIL,
            recipient=recipient,
            user_name=actor_name,
        )
        row = _claim(session, _same_reminder(fresh), fresh, at=as_of)
        mail = reminder_mail(case, office, recipient, as_of) if is_address(recipient) else None
        delivery, problem = _deliver(session, row, mail, post)
        letters.append(
            Letter(
                recipient=recipient,
                unit=unit,
                period=case.period_code,
                step=step.name,
                delivery=delivery,
                problem=problem,
            )
        )
    letters += _send_digests(session, post, office, as_of=as_of)
    session.rollback()  # ends the reading; everything written is committed
    return Outcome(letters=tuple(letters), without_address=without)


def _send_digests(session: Session, post: Post, office: Office, *, as_of: datetime) -> list[Letter]:
    day, letters = local_day(as_of), []
    recipients = officers_to_tell(session, as_of=as_of)
    lines = digest_lines(session, as_of=as_of) if recipients else []
    for recipient in recipients if lines else ():
        fresh = Digest(day=day, recipient=recipient)
        same = select(Digest).where(Digest.day == day, Digest.recipient == fresh.recipient)
        row = _claim(session, same, fresh, at=as_of)
        mail = digest_mail(lines, office, recipient, as_of) if is_address(recipient) else None
        delivery, problem = _deliver(session, row, mail, post)
        letters.append(Letter(recipient=recipient, delivery=delivery, problem=problem))
    return letters


def note_chat(
    session: Session, units: list[Unsent], *, at: datetime, actor_name: str
) -> list[Reminder]:
    """Record that an officer has sent these units a message; the caller commits."""
    told = [
        (one.investor.id, one.period.id, one.investor.contact_name or one.investor.short_name)
        for one in units
    ]
    return note_told(session, Channel.CHAT, told, step="chat", at=at, actor_name=actor_name)


def _same_reminder(row: Reminder) -> Select[Reminder]:
    return select(Reminder).where(
        Reminder.investor_id == row.investor_id,
        Reminder.period_id == row.period_id,
        Reminder.step == row.step,
        Reminder.channel == row.channel,
        Reminder.recipient == row.recipient,
    )


def _claim(session: Session, same: Select[Row], fresh: Row, *, at: datetime) -> Row | None:
    """The row of one mail, committed as claimed by this run; None where another run has it.

    Of two runs that insert it the unique key refuses one; of two that try a failed one again
    the second waits for the lock and then finds it claimed.
    """
    row = session.scalar(same.with_for_update().execution_options(populate_existing=True))
    if row is None:
        row = fresh
        session.add(row)
    elif row.delivery is not Delivery.FAILED:
        session.rollback()
        return None
    row.delivery, row.at, row.problem = Delivery.CLAIMED, at, None
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        return None
    return row


def _deliver(
    session: Session, row: Row | None, mail: EmailMessage | None, post: Post
) -> tuple[Delivery | None, str]:
    """Post a claimed mail and store what became of it."""
    if row is None:
        return None, ""
    delivery, problem = Delivery.SENT, ""
    try:
        if mail is None:
            raise NotPosted(NO_ADDRESS)
        post(mail)
    except NotPosted as error:
        delivery, problem = Delivery.FAILED, str(error)
    except MaybePosted as error:
        delivery, problem = Delivery.CLAIMED, str(error)
    row.delivery, row.problem = delivery, problem or None
    session.commit()
    return delivery, problem
