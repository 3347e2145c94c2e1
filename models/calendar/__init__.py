"""When reports are due: periods, deadlines, days off, exceptions, settings."""

from models.calendar.code import PeriodCode
from models.calendar.days import is_day_off, seed_days, working_days_after
from models.calendar.days_known import (
    YearOfDays,
    confirm_year,
    confirmed_years,
    day_names,
    days_off,
    is_estimate,
    read_year,
    seed_holidays,
    seed_unknown,
    take_back_confirmation,
    years_of_days,
)
from models.calendar.deadline import (
    WEEKDAYS,
    Cutoff,
    DeadlineSettings,
    DueRule,
    HolidayShift,
    Punctuality,
    Resolved,
    days_late,
    is_in_time,
    is_provisional,
    provisional,
    punctuality,
    resolve,
    settled_reason,
)
from models.calendar.holiday import DayKind, Holiday, HolidayYear
from models.calendar.period import ExpectedReport, Period, PeriodKind, PeriodStatus
from models.calendar.reopening import Reopening
from models.calendar.setting_table import Setting
from models.calendar.settings import SETTINGS, all_settings, deadline_settings, put_setting, setting

__all__ = [
    "SETTINGS",
    "WEEKDAYS",
    "Cutoff",
    "DayKind",
    "DeadlineSettings",
    "DueRule",
    "ExpectedReport",
    "Holiday",
    "HolidayShift",
    "HolidayYear",
    "Period",
    "PeriodCode",
    "PeriodKind",
    "PeriodStatus",
    "Punctuality",
    "Reopening",
    "Resolved",
    "Setting",
    "YearOfDays",
    "all_settings",
    "confirm_year",
    "confirmed_years",
    "day_names",
    "days_late",
    "days_off",
    "deadline_settings",
    "is_day_off",
    "is_estimate",
    "is_in_time",
    "is_provisional",
    "provisional",
    "punctuality",
    "put_setting",
    "read_year",
    "resolve",
    "seed_days",
    "seed_holidays",
    "seed_unknown",
    "setting",
    "settled_reason",
    "take_back_confirmation",
    "working_days_after",
    "years_of_days",
]
