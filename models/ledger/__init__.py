"""Plan against disbursement: what is planned on a day, what is paid, where it counts."""

from models.ledger.checks import look_at_ledger
from models.ledger.plan import (
    NET,
    add_line,
    check_line,
    disbursed_of,
    find_or_add_allocation,
    plan_of,
)
from models.ledger.sums import Sums, sums_of
from models.ledger.transfers import Place, counted_with, origins_of, predecessors_of

__all__ = [
    "NET",
    "Place",
    "Sums",
    "add_line",
    "check_line",
    "counted_with",
    "disbursed_of",
    "find_or_add_allocation",
    "look_at_ledger",
    "origins_of",
    "plan_of",
    "predecessors_of",
    "sums_of",
]
