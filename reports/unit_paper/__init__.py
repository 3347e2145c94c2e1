"""The report of a unit as a paper that it signs and files: on screen, in print and in Word."""

from reports.unit_paper.paper import UnitPaper, paper_of
from reports.unit_paper.word import (
    NIL,
    notes_of,
    paper_context,
    render_paper,
    sample_paper_contexts,
    sending_of,
    unit_words,
)

__all__ = [
    "NIL",
    "UnitPaper",
    "notes_of",
    "paper_context",
    "paper_of",
    "render_paper",
    "sample_paper_contexts",
    "sending_of",
    "unit_words",
]
