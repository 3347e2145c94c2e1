"""The checks of a report (domain §3.4): one engine for screen, import and command."""

from models.rules.engine import (
    MEANING,
    RULES,
    Finding,
    Level,
    Rule,
    check_ledger,
    check_sheet,
    unexplained,
)
from models.rules.money import MONEY_RULES
from models.rules.progress import PROGRESS_RULES

__all__ = [
    "MEANING",
    "MONEY_RULES",
    "PROGRESS_RULES",
    "RULES",
    "Finding",
    "Level",
    "Rule",
    "check_ledger",
    "check_sheet",
    "unexplained",
]
