"""What is said about single figures of a report, sorted under the figures."""

from collections.abc import Iterable
from typing import Any


def by_subject(found: Iterable[Any]) -> dict[str, list[Any]]:
    """Findings or threads under the allocation, the project or the report they are about."""
    grouped: dict[str, list[Any]] = {}
    for one in found:
        grouped.setdefault(one.subject, []).append(one)
    return grouped
