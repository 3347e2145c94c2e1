"""The official letter as a Word file."""

from reports.letter.file import MOST_BYTES, built_in, check_template
from reports.letter.letter import IN_LIST, reminder_letter, render_letter, roll
from reports.letter.sample import sample_contexts, sample_letter
from reports.letter.spoken import (
    ended,
    spoken_day,
    spoken_deadline,
    spoken_moment,
    spoken_month,
    spoken_period,
)

__all__ = [
    "IN_LIST",
    "MOST_BYTES",
    "built_in",
    "check_template",
    "ended",
    "reminder_letter",
    "render_letter",
    "roll",
    "sample_contexts",
    "sample_letter",
    "spoken_day",
    "spoken_deadline",
    "spoken_moment",
    "spoken_month",
    "spoken_period",
]
