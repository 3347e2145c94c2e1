"""The official letter as a Word file."""

from reports.letter.file import MOST_BYTES, built_in, check_template, render
from reports.letter.head import IN_LIST, Head, printed, report_symbol
from reports.letter.letter import reminder_letter, render_letter, roll
from reports.letter.sample import SAMPLE_HEAD, sample_contexts, sample_letter, sample_slow_contexts
from reports.letter.slow import render_slow, slow_letter, slow_roll
from reports.letter.spoken import (
    amounts_beneath,
    counted,
    ended,
    spoken_day,
    spoken_deadline,
    spoken_million,
    spoken_moment,
    spoken_month,
    spoken_percent,
    spoken_period,
)

__all__ = [
    "IN_LIST",
    "MOST_BYTES",
    "SAMPLE_HEAD",
    "Head",
    "amounts_beneath",
    "built_in",
    "check_template",
    "counted",
    "ended",
    "printed",
    "reminder_letter",
    "render",
    "render_letter",
    "render_slow",
    "report_symbol",
    "roll",
    "sample_contexts",
    "sample_letter",
    "sample_slow_contexts",
    "slow_letter",
    "slow_roll",
    "spoken_day",
    "spoken_deadline",
    "spoken_million",
    "spoken_moment",
    "spoken_month",
    "spoken_percent",
    "spoken_period",
]
