"""Days and moments as people type them on our own pages; times are those of a clock in Vietnam."""

from datetime import date, datetime, time

from models import RuleBroken
from models.base import HANOI, _n, at_local, local, now


def typed_day(text: str, *, field: str = "day") -> date:
    """The day that `text` means: dd/mm/yyyy or yyyy-mm-dd. Raises RuleBroken."""
    for shape in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), shape).replace(tzinfo=HANOI).date()
        except ValueError:
            continue
    raise RuleBroken(
        _n("“%(typed)s” is not a day. Write dd/mm/yyyy, for example 09/04/2024."),
        field=field,
        typed=text[:20],
    )


def typed_moment(day: str, clock: str, *, field: str = "day") -> datetime:
    """The instant of a typed day and time of day; 23:59:59 where no time is given."""
    try:
        at = time.fromisoformat(clock.strip()) if clock.strip() else time(23, 59, 59)
    except ValueError:
        raise RuleBroken(
            _n("“%(typed)s” is not a time of day. Write hours and minutes: 17:00"),
            field=field,
            typed=clock[:20],
        ) from None
    return at_local(typed_day(day, field=field), at.replace(tzinfo=None))


def moment_asked(typed: str | None) -> datetime:
    """A moment of a clock in Vietnam unless it names its offset; now where none is asked."""
    if not typed:
        return now()
    try:
        # a plus sign arrives as a space where an address was written by hand
        value = datetime.fromisoformat(typed.strip().replace(" ", "+"))
        value = value if value.tzinfo else value.replace(tzinfo=HANOI)
        local(value)
    except (ValueError, OverflowError):
        raise RuleBroken(
            _n("“%(typed)s” is no moment. Write it like 2024-04-16T09:00."), typed=typed[:40]
        ) from None
    return value
