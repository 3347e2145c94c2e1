"""What a single check yields, before the engine puts its code on it."""

from dataclasses import dataclass
from typing import Any


class TableName(str):
    """The name of a table; shown as what its rows are called on the screens."""


class Counts(dict[str, int]):
    """How many rows of each table; shown as "3 projects, 1 report"."""


@dataclass(frozen=True)
class Found:
    level: str
    subject: str
    message: str
    values: dict[str, Any]


def error(subject: str, message: str, **values: Any) -> Found:
    """A finding that stops what is checked until it is corrected."""
    return Found("error", subject, message, values)


def warning(subject: str, message: str, **values: Any) -> Found:
    """A finding that has to be explained."""
    return Found("warning", subject, message, values)


def hint(subject: str, message: str, **values: Any) -> Found:
    """A finding that only tells."""
    return Found("hint", subject, message, values)
