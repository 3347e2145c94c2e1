"""Which days are off. The package `holidays` only fills the table; the table alone is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version

import holidays

from models.calendar.holiday import DayKind

# the last year whose notice the Government has published and the library holds (domain §5.4)
LAST_PUBLISHED = 2026
_SOURCE = "lịch nghỉ lễ có sẵn (holidays {version}); cần đối chiếu với thông báo của năm"


@dataclass(frozen=True)
class DayOff:
    """A day that differs from the ordinary week."""

    day: date
    kind: DayKind
    name: str
    source_note: str


@cache
def seed_days(year: int) -> tuple[DayOff, ...]:
    """Holidays, days in lieu, swapped days and worked weekends of a year, in date order.

    A future year is an estimate until the Government's notice (domain §5.4), hence the table
    is edited by people afterwards.
    """
    calendar = holidays.country_holidays("VN", years=year, language="vi")
    note = _SOURCE.format(version=version("holidays"))
    found = [
        DayOff(day, _kind(name), name, note)
        for day, name in sorted(calendar.items())
        if day.year == year
    ]
    day, last = date(year, 1, 1), date(year, 12, 31)
    while day <= last:
        if day.weekday() >= 5 and calendar.is_working_day(day):
            found.append(DayOff(day, DayKind.WORKING_OVERRIDE, "Ngày làm việc bù", note))
        day += timedelta(days=1)
    return tuple(sorted(found, key=lambda off: off.day))


def _kind(name: str) -> DayKind:
    lowered = name.lower()
    if "thay cho ngày" in lowered or "hoán đổi" in lowered:
        return DayKind.SWAP_OFF
    if "nghỉ bù" in lowered or "bù" in lowered:
        return DayKind.COMPENSATORY
    return DayKind.HOLIDAY


def working_days_after(start: date, count: int, table: Mapping[date, DayKind]) -> date:
    """The `count`-th working day after `start`; within 60 days."""
    there = start
    for _attempt in range(60):
        there += timedelta(days=1)
        count -= not is_day_off(there, table)
        if not count:
            break
    return there


def is_day_off(day: date, table: Mapping[date, DayKind]) -> bool:
    """Whether nobody works that day: a listed day off, or a weekend that is not worked."""
    kind = table.get(day)
    if kind is None:
        return day.weekday() >= 5
    return kind is not DayKind.WORKING_OVERRIDE
