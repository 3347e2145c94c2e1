"""Who must report, and how a unit stands: opening, expected, exceptions, standing."""

from models.duty.exceptions import extend_deadline, open_reopening, reopen_for_unit, set_exemption
from models.duty.opening import (
    ACTIVE,
    find_period,
    get_period,
    lock_period,
    newest_period,
    open_period,
    override_deadline,
    reopen_period,
)
from models.duty.standing import (
    IS_EXEMPT,
    LATE,
    Standing,
    correct_by,
    effective_deadline,
    expected_and_excused,
    is_open,
    select_standings,
    standing_of,
    standings,
    standings_of,
    standings_of_units,
)

__all__ = [
    "ACTIVE",
    "IS_EXEMPT",
    "LATE",
    "Standing",
    "correct_by",
    "effective_deadline",
    "expected_and_excused",
    "extend_deadline",
    "find_period",
    "get_period",
    "is_open",
    "lock_period",
    "newest_period",
    "open_period",
    "open_reopening",
    "override_deadline",
    "reopen_for_unit",
    "reopen_period",
    "select_standings",
    "set_exemption",
    "standing_of",
    "standings",
    "standings_of",
    "standings_of_units",
]
