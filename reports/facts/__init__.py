"""The facts a report is built from: figures by project, units, components."""

from reports.facts.allocated import SUMS_FROM, allocation_rows
from reports.facts.behind import Ahead, kept_behind
from reports.facts.carried import Carried, carried_capital, carrying_projects
from reports.facts.carried_kept import by_owner, carried_by_unit
from reports.facts.changed import ChangedLine, ChangedPlan, changed_plan
from reports.facts.figures import (
    ASKED,
    Figures,
    figures_by_part,
    is_shown,
    money_rows,
    plan_lines,
    total,
    with_figures,
)
from reports.facts.fingerprint import stamp
from reports.facts.heirs import (
    all_after,
    heir_of,
    heirs_of,
    successors_on,
    successors_today,
    with_those_before,
)
from reports.facts.held import has_capital
from reports.facts.keeping import (
    forget_sums,
    keep_sums,
    lacks_sums,
    periods_with_sums,
    prove_sums,
)
from reports.facts.kept import (
    Stale,
    disbursed_by_month,
    disbursed_by_unit,
    itself,
    stale_of,
    stale_units,
)
from reports.facts.kinds import Kinds, kinds_by_unit, kinds_of_others
from reports.facts.names import code_in, name_in, name_on, short_name_in
from reports.facts.narrowed import values_of
from reports.facts.outline import outline_number
from reports.facts.plain import (
    BASES,
    Held,
    Line,
    Node,
    Source,
    Told,
    Unit,
    held_in,
    held_together,
    in_order,
)
from reports.facts.programmes import programmes_above, programmes_with_capital
from reports.facts.source import (
    Returns,
    components_of,
    gather,
    held_now,
    lines_together,
    project_lines,
    returns_of,
    units_of,
)
from reports.facts.telling import telling_period
from reports.facts.together import holdings
from reports.facts.year import CLOSING, EARLIER_YEARS, LAST_MONTH, elapsed, month_of

__all__ = [
    "ASKED",
    "BASES",
    "CLOSING",
    "EARLIER_YEARS",
    "LAST_MONTH",
    "SUMS_FROM",
    "Ahead",
    "Carried",
    "ChangedLine",
    "ChangedPlan",
    "Figures",
    "Held",
    "Kinds",
    "Line",
    "Node",
    "Returns",
    "Source",
    "Stale",
    "Told",
    "Unit",
    "all_after",
    "allocation_rows",
    "by_owner",
    "carried_by_unit",
    "carried_capital",
    "carrying_projects",
    "changed_plan",
    "code_in",
    "components_of",
    "disbursed_by_month",
    "disbursed_by_unit",
    "elapsed",
    "figures_by_part",
    "forget_sums",
    "gather",
    "has_capital",
    "heir_of",
    "heirs_of",
    "held_in",
    "held_now",
    "held_together",
    "holdings",
    "in_order",
    "is_shown",
    "itself",
    "keep_sums",
    "kept_behind",
    "kinds_by_unit",
    "kinds_of_others",
    "lacks_sums",
    "lines_together",
    "money_rows",
    "month_of",
    "name_in",
    "name_on",
    "outline_number",
    "periods_with_sums",
    "plan_lines",
    "programmes_above",
    "programmes_with_capital",
    "project_lines",
    "prove_sums",
    "returns_of",
    "short_name_in",
    "stale_of",
    "stale_units",
    "stamp",
    "successors_on",
    "successors_today",
    "telling_period",
    "total",
    "units_of",
    "values_of",
    "with_figures",
    "with_those_before",
]
