"""The clock of the business: instants in UTC, days of Asia/Ho_Chi_Minh wherever the server is."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in Vietnam."""
    return local_day(now())


def local(moment: datetime) -> datetime:
    """The same instant on a clock in Vietnam. Raises ValueError for a time without a zone,
    which would silently be read on the server's clock.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(HANOI)


def local_day(moment: datetime) -> date:
    """The calendar day in Vietnam at that instant."""
    return local(moment).date()


def at_local(day: date, clock: time) -> datetime:
    """The instant, in UTC, at which a clock in Vietnam shows that day and time."""
    return datetime.combine(day, clock, tzinfo=HANOI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """23:59:59 of that day in Vietnam, in UTC."""
    return at_local(day, time(23, 59, 59))
