"""Plan against disbursement: what is planned on a day, what is paid, where it counts."""

from models.ledger.carrying import too_much_carried_in
from models.ledger.checks import look_at_ledger
from models.ledger.line_rules import too_low_when_it_came
from models.ledger.plan import NET, add_line, find_or_add_allocation, plan_of
from models.ledger.sums import Sums, sums_of
from models.ledger.transfers import Place, counted_with, origins_of, predecessors_of

__all__ = [
    "NET",
    "Place",
    "Sums",
    "add_line",
    "counted_with",
    "find_or_add_allocation",
    "look_at_ledger",
    "origins_of",
    "plan_of",
    "predecessors_of",
    "sums_of",
    "too_low_when_it_came",
    "too_much_carried_in",
]
