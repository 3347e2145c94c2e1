"""The facts a report is built from: figures by project, units, components."""

from reports.facts.allocated import SUMS_FROM, Allocated, allocation_rows, by_allocation
from reports.facts.carried import Carried, carried_capital
from reports.facts.changed import ChangedLine, ChangedPlan, changed_plan
from reports.facts.figures import (
    Figures,
    figures_by_part,
    money_rows,
    own_line,
    plan_lines,
    total,
)
from reports.facts.fingerprint import stamp
from reports.facts.held import has_capital
from reports.facts.keeping import forget_sums, keep_sums, periods_with_sums, prove_sums
from reports.facts.kept import disbursed_in, stale_units
from reports.facts.outline import outline_number
from reports.facts.plain import (
    BASES,
    IN_ORDER,
    Held,
    Line,
    Node,
    Source,
    Told,
    Unit,
    held_in,
    held_together,
    programme_of,
)
from reports.facts.source import (
    gather,
    held_now,
    names_on,
    successors_today,
)
from reports.facts.telling import telling_period
from reports.facts.year import elapsed, month_of

__all__ = [
    "BASES",
    "IN_ORDER",
    "SUMS_FROM",
    "Allocated",
    "Carried",
    "ChangedLine",
    "ChangedPlan",
    "Figures",
    "Held",
    "Line",
    "Node",
    "Source",
    "Told",
    "Unit",
    "allocation_rows",
    "by_allocation",
    "carried_capital",
    "changed_plan",
    "disbursed_in",
    "elapsed",
    "figures_by_part",
    "forget_sums",
    "gather",
    "has_capital",
    "held_in",
    "held_now",
    "held_together",
    "keep_sums",
    "money_rows",
    "month_of",
    "names_on",
    "outline_number",
    "own_line",
    "periods_with_sums",
    "plan_lines",
    "programme_of",
    "prove_sums",
    "stale_units",
    "stamp",
    "successors_today",
    "telling_period",
    "total",
]
