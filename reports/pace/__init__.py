"""What is left, until when, and what a month that takes: by unit and term of the capital."""

from reports.pace.earlier import EarlierYear, month_of
from reports.pace.held import months_left
from reports.pace.report import KEYS, Pace, PacePlace, PaceRow, pace

__all__ = [
    "KEYS",
    "EarlierYear",
    "Pace",
    "PacePlace",
    "PaceRow",
    "month_of",
    "months_left",
    "pace",
]
