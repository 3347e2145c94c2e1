"""Reports frozen when sent, read again and compared."""

from reports.facts import BASES
from reports.frozen.ahead import undisturbed
from reports.frozen.comparison import Side, changed_lines, compare, has_changed, live, side
from reports.frozen.reading import (
    Frozen,
    carried_in,
    changes_in,
    newest_version,
    read_version,
    shown_version,
    version_asked,
)
from reports.frozen.versions import (
    Prepared,
    VersionLine,
    freeze,
    freeze_missing,
    from_now_on,
    is_whole,
    lock_and_freeze,
    prepare,
    record_paper,
    versions_of,
)

__all__ = [
    "BASES",
    "Frozen",
    "Prepared",
    "Side",
    "VersionLine",
    "carried_in",
    "changed_lines",
    "changes_in",
    "compare",
    "freeze",
    "freeze_missing",
    "from_now_on",
    "has_changed",
    "is_whole",
    "live",
    "lock_and_freeze",
    "newest_version",
    "prepare",
    "read_version",
    "record_paper",
    "shown_version",
    "side",
    "undisturbed",
    "version_asked",
    "versions_of",
]
