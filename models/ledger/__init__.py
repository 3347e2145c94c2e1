"""Plan against disbursement: what is planned on a day, what is paid, where it counts."""

from models.ledger.carrying import too_much_carried_in
from models.ledger.checks import (
    MOVES,
    dated_ahead,
    in_season,
    look_at_decisions,
    look_at_first_allocations,
    numbered_twice,
    out_of_balance,
    out_of_season,
)
from models.ledger.entry_nets import Totals, net_of_each, net_of_entry, nets_of, totals
from models.ledger.line_rules import too_low_when_it_came
from models.ledger.months import counted_periods, within
from models.ledger.paid import (
    IN_BUDGET,
    KEPT,
    REPORTS,
    Question,
    Source,
    add_up,
    content_nets,
    held_by,
    reported_in,
    sources,
    stands,
    summing,
)
from models.ledger.plan import add_line, find_or_add_allocation
from models.ledger.rollup import count_anew, prove_counted
from models.ledger.sums import budget_sums, sums_of
from models.ledger.transfers import (
    Place,
    counts_alike,
    is_moved,
    moved_between,
    moved_during,
    origins_of,
    predecessors_of,
    succeeded_among,
)
from models.ledger.treasury import days_of_one_balance, reported_until
from models.ledger.year_ends import is_carried_on_as, look_at_year_ends

__all__ = [
    "IN_BUDGET",
    "KEPT",
    "MOVES",
    "REPORTS",
    "Place",
    "Question",
    "Source",
    "Totals",
    "add_line",
    "add_up",
    "budget_sums",
    "content_nets",
    "count_anew",
    "counted_periods",
    "counts_alike",
    "dated_ahead",
    "days_of_one_balance",
    "find_or_add_allocation",
    "held_by",
    "in_season",
    "is_carried_on_as",
    "is_moved",
    "look_at_decisions",
    "look_at_first_allocations",
    "look_at_year_ends",
    "moved_between",
    "moved_during",
    "net_of_each",
    "net_of_entry",
    "nets_of",
    "numbered_twice",
    "origins_of",
    "out_of_balance",
    "out_of_season",
    "predecessors_of",
    "prove_counted",
    "reported_in",
    "reported_until",
    "sources",
    "stands",
    "succeeded_among",
    "summing",
    "sums_of",
    "too_low_when_it_came",
    "too_much_carried_in",
    "totals",
    "within",
]
