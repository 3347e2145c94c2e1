"""The báo cáo of a period in words, with its tables (domain §4.5)."""

from reports.narrative.found import ANNEXES, Narrative, narrative
from reports.narrative.said import Point
from reports.narrative.word import (
    check_annexes,
    narrative_paper,
    sample_narrative_contexts,
)

__all__ = [
    "ANNEXES",
    "Narrative",
    "Point",
    "check_annexes",
    "narrative",
    "narrative_paper",
    "sample_narrative_contexts",
]
