"""Work that may do anything to whoever does it: done by a child process under a budget."""

from models.apart.process import (
    Budget,
    Ended,
    Task,
    chunks_from_child,
    lines_from_child,
)

__all__ = [
    "Budget",
    "Ended",
    "Task",
    "chunks_from_child",
    "lines_from_child",
]
