"""The report of a unit as a paper that it signs and files: on screen, in print and in Word."""

from reports.unit_paper.paper import UnitPaper, paper_of
from reports.unit_paper.word import (
    NIL,
    UNIT_WORDS,
    notes_of,
    paper_context,
    sample_paper_contexts,
    sending_of,
)

__all__ = [
    "NIL",
    "UNIT_WORDS",
    "UnitPaper",
    "notes_of",
    "paper_context",
    "paper_of",
    "sample_paper_contexts",
    "sending_of",
]
