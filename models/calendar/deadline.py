"""The due-day engine (domain §5): when a report is due, why, and how late it was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from models.base import RuleBroken, _n, at_local, local_day
from models.calendar.code import PeriodCode
from models.calendar.days import is_day_off
from models.calendar.holiday import DayKind

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
ESTIMATE = "Tạm tính: chưa xác nhận thông báo ngày nghỉ năm {years}."
_LONGEST_HOLIDAY = 60
_OFF = {
    DayKind.HOLIDAY: "ngày nghỉ lễ",
    DayKind.COMPENSATORY: "ngày nghỉ bù",
    DayKind.SWAP_OFF: "ngày nghỉ hoán đổi",
    DayKind.LOCAL_OFF: "ngày nghỉ tại địa phương",
}


class DueRule(StrEnum):
    BEFORE = "before"
    ON_OR_BEFORE = "on_or_before"


class HolidayShift(StrEnum):
    NEXT = "next_working_day"
    NONE = "none"
    PREVIOUS = "previous_working_day"


class Cutoff(StrEnum):
    END_OF_MONTH = "end_of_month"
    DAY_14 = "day_14"


@dataclass(frozen=True, kw_only=True)
class DeadlineSettings:
    """How “trước ngày mùng 10 hàng tháng” is read (domain §5.1); the defaults are its reading."""

    due_month_offset: int = 1
    due_day: int = 10
    due_rule: DueRule = DueRule.BEFORE
    due_time: time = time(23, 59, 59)
    holiday_shift: HolidayShift = HolidayShift.NEXT
    grace_days: int = 0
    cutoff: Cutoff = Cutoff.END_OF_MONTH

    def __post_init__(self) -> None:
        if not 0 <= self.due_month_offset <= 3:
            raise RuleBroken(
                _n("Reports are due 0 to 3 months after their month."),
                field="due_month_offset",
            )
        if not 1 <= self.due_day <= 28:
            raise RuleBroken(_n("The due day lies between 1 and 28."), field="due_day")
        if not 0 <= self.grace_days <= 15:
            raise RuleBroken(_n("Between 0 and 15 days of grace are possible."), field="grace_days")


@dataclass(frozen=True)
class Resolved:
    """A deadline with the reason that is stored and printed beside it."""

    deadline_at: datetime
    reason: str
    nominal_day: date

    @property
    def years(self) -> frozenset[int]:
        """The years whose days off decided it."""
        return frozenset({self.nominal_day.year, local_day(self.deadline_at).year})


class Punctuality(StrEnum):
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    EXEMPT = "exempt"
    PENDING = "pending"


def resolve(
    code: PeriodCode,
    settings: DeadlineSettings,
    table: Mapping[date, DayKind],
    names: Mapping[date, str] | None = None,
) -> Resolved:
    """The moment until which the report of a period is on time.

    `table` holds the days that differ from the ordinary week, `names` what they are called. The
    reason is a Vietnamese sentence, since it is data that letters print.
    """
    year, month = code.due_base
    month += settings.due_month_offset
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    due = date(year, month, settings.due_day)
    nominal = due - timedelta(days=settings.due_rule is DueRule.BEFORE)
    day = _working_day(nominal, settings.holiday_shift, table)
    return Resolved(
        at_local(day, settings.due_time),
        _reason(due, nominal, day, settings, _why_off(nominal, table, names or {})),
        nominal,
    )


def provisional(resolved: Resolved, years: Iterable[int]) -> Resolved:
    """The same deadline, saying that the days off of these years are only an estimate."""
    said = ", ".join(str(year) for year in sorted(years))
    return replace(resolved, reason=f"{resolved.reason} {ESTIMATE.format(years=said)}")


def settled_reason(reason: str) -> str:
    """A stored reason without the remark that it was provisional."""
    return reason.partition(f" {ESTIMATE.partition('{')[0]}")[0]


def is_provisional(reason: str) -> bool:
    """Whether a stored reason says that the deadline rests on an estimate."""
    return ESTIMATE.partition("{")[0] in reason


def _working_day(day: date, shift: HolidayShift, table: Mapping[date, DayKind]) -> date:
    if shift is HolidayShift.NONE:
        return day
    step = timedelta(days=1 if shift is HolidayShift.NEXT else -1)
    for _attempt in range(_LONGEST_HOLIDAY):
        if not is_day_off(day, table):
            return day
        day += step
    raise RuleBroken(
        _n("The table of days off has no working day around %(day)s. Correct it first."),
        day=day,
    )


def _why_off(day: date, table: Mapping[date, DayKind], names: Mapping[date, str]) -> str:
    kind = table.get(day)
    if kind is None or kind is DayKind.WORKING_OVERRIDE:
        return WEEKDAYS[day.weekday()]
    return f"{_OFF[kind]} “{names[day]}”" if day in names else _OFF[kind]


def _reason(due: date, nominal: date, day: date, settings: DeadlineSettings, why: str) -> str:
    rule = "Trước ngày" if settings.due_rule is DueRule.BEFORE else "Chậm nhất ngày"
    text = f"{rule} {due:%d/%m/%Y}"
    if day == nominal:
        return f"{text}."
    later = "lùi đến" if day > nominal else "đưa lên"
    return (
        f"{text}; {nominal:%d/%m/%Y} là {why} nên {later} ngày làm việc "
        f"{'tiếp theo' if day > nominal else 'liền trước'} {day:%d/%m/%Y} "
        f"({WEEKDAYS[day.weekday()]})."
    )


def is_in_time(submitted_at: datetime, deadline_at: datetime) -> bool:
    """Whether a moment is not after the deadline."""
    # Whole seconds, as they are printed: 23:59:59 and a half still reads 23:59:59.
    return submitted_at.replace(microsecond=0) <= deadline_at


def days_late(submitted_at: datetime, deadline_at: datetime) -> int:
    """Calendar days in Vietnam between the deadline and the sending; 0 when on time.

    23:59:59 of the last day is on time, 00:00:00 of the next is one day late (domain §5.5).
    """
    if is_in_time(submitted_at, deadline_at):
        return 0
    return max(1, (local_day(submitted_at) - local_day(deadline_at)).days)


def punctuality(
    *,
    first_submitted_at: datetime | None,
    deadline_at: datetime,
    as_of: datetime,
    exempt: bool = False,
) -> Punctuality:
    """The one status of a unit in a period, as known at `as_of` (design §4: first sending counts).

    What was sent after `as_of` had not come by then.
    """
    sent = first_submitted_at is not None and first_submitted_at <= as_of
    if exempt and not sent:
        return Punctuality.EXEMPT
    if sent and first_submitted_at is not None:
        return (
            Punctuality.ON_TIME if is_in_time(first_submitted_at, deadline_at) else Punctuality.LATE
        )
    return Punctuality.PENDING if is_in_time(as_of, deadline_at) else Punctuality.MISSING
