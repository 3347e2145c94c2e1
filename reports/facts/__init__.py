"""The facts a report is built from: figures by project, units, components."""

from reports.facts.allocated import Allocated, by_allocation
from reports.facts.behind import Ahead, kept_behind
from reports.facts.carried import Carried, carried_capital
from reports.facts.changed import ChangedLine, ChangedPlan, changed_plan
from reports.facts.figures import (
    Figures,
    figures_by_part,
    is_shown,
    money_rows,
    own_line,
    plan_lines,
    plans_by_allocation,
    total,
)
from reports.facts.fingerprint import stamp
from reports.facts.held import has_capital
from reports.facts.keeping import forget_sums, keep_sums, periods_with_sums, prove_sums
from reports.facts.kept import disbursed_in, stale_units
from reports.facts.outline import outline_number
from reports.facts.plain import BASES, Line, Node, Source, Told, Unit, programme_of
from reports.facts.source import (
    gather,
    names_on,
    successors_today,
)
from reports.facts.telling import telling_period
from reports.facts.year import elapsed, month_of

__all__ = [
    "BASES",
    "Ahead",
    "Allocated",
    "Carried",
    "ChangedLine",
    "ChangedPlan",
    "Figures",
    "Line",
    "Node",
    "Source",
    "Told",
    "Unit",
    "by_allocation",
    "carried_capital",
    "changed_plan",
    "disbursed_in",
    "elapsed",
    "figures_by_part",
    "forget_sums",
    "gather",
    "has_capital",
    "is_shown",
    "keep_sums",
    "kept_behind",
    "money_rows",
    "month_of",
    "names_on",
    "outline_number",
    "own_line",
    "periods_with_sums",
    "plan_lines",
    "plans_by_allocation",
    "programme_of",
    "prove_sums",
    "stale_units",
    "stamp",
    "successors_today",
    "telling_period",
    "total",
]
