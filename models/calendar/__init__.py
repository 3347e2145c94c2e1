"""When reports are due: periods, deadlines, days off, exceptions, settings."""

from models.calendar.code import PeriodCode
from models.calendar.days import is_day_off, seed_days
from models.calendar.days_known import day_names, days_off, seed_holidays
from models.calendar.deadline import (
    WEEKDAYS,
    Cutoff,
    DeadlineSettings,
    DueRule,
    HolidayShift,
    Punctuality,
    days_late,
    punctuality,
    resolve,
)
from models.calendar.exceptions import (
    extend_deadline,
    open_reopening,
    reopen_for_unit,
    set_exemption,
)
from models.calendar.holiday import DayKind, Holiday
from models.calendar.opening import (
    ACTIVE,
    find_period,
    get_period,
    lock_period,
    newest_period,
    open_period,
    override_deadline,
    reopen_period,
)
from models.calendar.period import ExpectedReport, Period, PeriodKind, PeriodStatus
from models.calendar.reopening import Reopening
from models.calendar.setting_table import Setting
from models.calendar.settings import SETTINGS, all_settings, deadline_settings, put_setting, setting

__all__ = [
    "ACTIVE",
    "SETTINGS",
    "WEEKDAYS",
    "Cutoff",
    "DayKind",
    "DeadlineSettings",
    "DueRule",
    "ExpectedReport",
    "Holiday",
    "HolidayShift",
    "Period",
    "PeriodCode",
    "PeriodKind",
    "PeriodStatus",
    "Punctuality",
    "Reopening",
    "Setting",
    "all_settings",
    "day_names",
    "days_late",
    "days_off",
    "deadline_settings",
    "extend_deadline",
    "find_period",
    "get_period",
    "is_day_off",
    "lock_period",
    "newest_period",
    "open_period",
    "open_reopening",
    "override_deadline",
    "punctuality",
    "put_setting",
    "reopen_for_unit",
    "reopen_period",
    "resolve",
    "seed_days",
    "seed_holidays",
    "set_exemption",
    "setting",
]
