"""Work that may do anything to whoever does it: done by a child process under a budget."""

from models.apart.process import (
    Budget,
    Ended,
    Task,
    chunks_from_child,
    lines_from_child,
)
from models.apart.scanner import Infected, NoAnswer, scan

__all__ = [
    "Budget",
    "Ended",
    "Infected",
    "NoAnswer",
    "Task",
    "chunks_from_child",
    "lines_from_child",
    "scan",
]
