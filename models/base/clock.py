"""The clock of the business: instants in UTC, days of Asia/Ho_Chi_Minh wherever the server is.

Where several servers of the program share a PostgreSQL, theirs may differ by minutes. One clock has
to say whether a report is late, whether a session is over and which of two came first: that of the
database, which tells it at the beginning of each transaction.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


_ahead = {"seconds": 0.0}  # of this machine's clock: how far that of the database is


def now() -> datetime:
    """The present instant, aware, in UTC, by the clock of the database."""
    return datetime.now(UTC) + timedelta(seconds=_ahead["seconds"])


def set_by(theirs: float, *, asked: float, answered: float) -> None:
    """Go by a clock that showed `theirs` at some moment between these two of this machine's clock,
    all in seconds since 1970. No more is changed than that proves: of two clocks that go alike
    neither a slow answer nor a busy machine moves the one.
    """
    _ahead["seconds"] = min(max(_ahead["seconds"], theirs - answered), theirs - asked)


def drift() -> float:
    """By how many seconds the clock of the database is ahead of this machine's; 0 on SQLite."""
    return _ahead["seconds"]


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
