"""When a unit is reminded (domain §5.5): T-5, T-2, T-0, T+1, then every week, each at 08:00."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from models.base import at_local, local, local_day

CLOCK = time(8)
FIRST = (-5, -2, 0, 1)
WEEK = 7


@dataclass(frozen=True, slots=True)
class Step:
    """One place in the schedule of one deadline; `offset` counts local days from its day."""

    offset: int
    deadline_at: datetime

    @property
    def name(self) -> str:
        """`T-5`, `T-0`, `T+8`."""
        return f"T{self.offset:+d}" if self.offset else "T-0"

    @property
    def key(self) -> str:
        """What is stored. It holds the day of the deadline: an extended one starts afresh."""
        return f"{self.name} {local_day(self.deadline_at):%Y-%m-%d}"

    @property
    def moment(self) -> datetime:
        """From when on it is due: 08:00 of its day on a clock in Vietnam, in UTC."""
        return at_local(local_day(self.deadline_at) + timedelta(days=self.offset), CLOCK)


def latest_step(deadline_at: datetime, as_of: datetime) -> Step | None:
    """The last step whose moment has come by `as_of`; None before T-5, 08:00."""
    days = _days(deadline_at, as_of)
    if days >= FIRST[-1]:
        return Step(days - (days - FIRST[-1]) % WEEK, deadline_at)
    passed = [offset for offset in FIRST if offset <= days]
    return Step(passed[-1], deadline_at) if passed else None


def next_step(deadline_at: datetime, as_of: datetime) -> Step:
    """The first step whose moment is still to come at `as_of`; there is always one."""
    days = _days(deadline_at, as_of)
    if days >= FIRST[-1]:
        return Step(days - (days - FIRST[-1]) % WEEK + WEEK, deadline_at)
    return Step(next(offset for offset in FIRST if offset > days), deadline_at)


def _days(deadline_at: datetime, as_of: datetime) -> int:
    """Local days from the deadline to `as_of`, where a day begins at 08:00."""
    there = local(as_of)
    days = (there.date() - local_day(deadline_at)).days
    return days if there.time() >= CLOCK else days - 1
