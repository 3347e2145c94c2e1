"""The vocabulary of sheets: what titles, heads and names of rows say.

Every function takes a text as it was typed and is not moved by capitals, the place of tones or
kinds of dashes. Where words can mean several things all of them are given back: one is certain,
several are a question, none says nothing.
"""

from models.sheets.words_amounts import nature_of, source_of, unit_of_amounts, without_unit
from models.sheets.words_base import Phrase, bare, spoken
from models.sheets.words_capital import decision_of, decisions_of, line_kind_of, status_of
from models.sheets.words_rows import (
    is_column_number,
    is_note,
    is_page_sum,
    is_signature,
    is_total,
    outline_depth,
)
from models.sheets.words_times import (
    PeriodSaid,
    VintageSaid,
    impossible_day,
    periods_of,
    vintages_of,
    without_left_out,
    without_periods,
    years_of,
)

__all__ = [
    "PeriodSaid",
    "Phrase",
    "VintageSaid",
    "bare",
    "decision_of",
    "decisions_of",
    "impossible_day",
    "is_column_number",
    "is_note",
    "is_page_sum",
    "is_signature",
    "is_total",
    "line_kind_of",
    "nature_of",
    "outline_depth",
    "periods_of",
    "source_of",
    "spoken",
    "status_of",
    "unit_of_amounts",
    "vintages_of",
    "without_left_out",
    "without_periods",
    "without_unit",
    "years_of",
]
