"""When reports are due: periods, deadlines, days off, exceptions, settings."""

from models.calendar.code import PeriodCode
from models.calendar.days import is_day_off, seed_days, working_days_after
from models.calendar.days_known import day_names, days_off, seed_holidays, seed_if_empty
from models.calendar.deadline import (
    WEEKDAYS,
    Cutoff,
    DeadlineSettings,
    DueRule,
    HolidayShift,
    Punctuality,
    days_late,
    is_in_time,
    punctuality,
    resolve,
)
from models.calendar.holiday import DayKind, Holiday
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
    "is_day_off",
    "is_in_time",
    "punctuality",
    "put_setting",
    "resolve",
    "seed_days",
    "seed_holidays",
    "seed_if_empty",
    "setting",
    "working_days_after",
]
