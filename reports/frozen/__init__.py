"""Reports frozen when sent, read again and compared."""

from reports.frozen.comparison import Side, changed_lines, compare, has_changed, live, side
from reports.frozen.reorganised import Moved, moved, totals_on
from reports.frozen.versions import (
    BASES,
    Frozen,
    VersionLine,
    freeze,
    freeze_missing,
    is_whole,
    lock_and_freeze,
    newest_version,
    read_version,
    record_paper,
    versions_of,
)

__all__ = [
    "BASES",
    "Frozen",
    "Moved",
    "Side",
    "VersionLine",
    "changed_lines",
    "compare",
    "freeze",
    "freeze_missing",
    "has_changed",
    "is_whole",
    "live",
    "lock_and_freeze",
    "moved",
    "newest_version",
    "read_version",
    "record_paper",
    "side",
    "totals_on",
    "versions_of",
]
