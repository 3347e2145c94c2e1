"""What is left, until when, and what a month that takes: by unit and term of the capital."""

from reports.pace.earlier import EarlierYear
from reports.pace.held import months_left
from reports.pace.report import KEYS, Pace, PacePlace, PaceRow, pace

__all__ = [
    "KEYS",
    "EarlierYear",
    "Pace",
    "PacePlace",
    "PaceRow",
    "months_left",
    "pace",
]
