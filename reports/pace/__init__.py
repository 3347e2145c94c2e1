"""What is left, until when, and what a month that takes: by unit and term of the capital."""

from reports.pace.earlier import EarlierYear
from reports.pace.held import months_left
from reports.pace.measure import Measure
from reports.pace.over import Over, over
from reports.pace.report import Pace, pace
from reports.pace.rows import KEYS, PacePlace, PaceRow
from reports.pace.terms import Terms

__all__ = [
    "KEYS",
    "EarlierYear",
    "Measure",
    "Over",
    "Pace",
    "PacePlace",
    "PaceRow",
    "Terms",
    "months_left",
    "over",
    "pace",
]
