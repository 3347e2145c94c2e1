"""The checks of a report (domain §3.4): one engine for screen, import and command."""

from models.filing.checks.engine import (
    FIRST_DAY,
    MEANING,
    RULES,
    Finding,
    Level,
    check_decision,
    check_ledger,
    check_sheet,
    figures_behind,
    outdated,
    unexplained,
)

__all__ = [
    "FIRST_DAY",
    "MEANING",
    "RULES",
    "Finding",
    "Level",
    "check_decision",
    "check_ledger",
    "check_sheet",
    "figures_behind",
    "outdated",
    "unexplained",
]
