"""Codes, numbers, days and refusals in the words of the reader."""

from admin.words.catalogues import use_our_catalogues
from admin.words.days import moment_asked, typed_day, typed_moment
from admin.words.formatters import (
    DECIMALS,
    day,
    deadline,
    dong,
    exact_moment,
    moment,
    month_label,
    number,
)
from admin.words.texts import choices, label, say

__all__ = [
    "DECIMALS",
    "choices",
    "day",
    "deadline",
    "dong",
    "exact_moment",
    "label",
    "moment",
    "moment_asked",
    "month_label",
    "number",
    "say",
    "typed_day",
    "typed_moment",
    "use_our_catalogues",
]
