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

__all__ = [
    "ACTIVE",
    "extend_deadline",
    "find_period",
    "get_period",
    "lock_period",
    "newest_period",
    "open_period",
    "open_reopening",
    "override_deadline",
    "reopen_for_unit",
    "reopen_period",
    "set_exemption",
]
