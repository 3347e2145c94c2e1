"""How many rows stand behind figures: lines of the plan, and reported amounts that are shown.

Counted only for who adds up figures ahead: no report shows how many there are.
"""

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, literal_column, select, union_all

from models import Allocation, Project
from reports.facts.figures import disbursing, planning, with_projects
from reports.facts.kept import COUNTS, SUMS, live_rows
from reports.facts.narrowed import narrow

_ZERO: ColumnElement[int] = literal_column("0")


def live_with_counts(basis: str, *, of: str = "") -> CompoundSelect[Any]:
    """The same as `live_rows`, with `COUNTS`: of a project the sums stand in one row, the counts
    in others. Projects whose amounts come to nothing have counts alone.
    """
    live = live_rows(basis, of=of).subquery("live")
    sums = select(
        live.c.component_id,
        live.c.investor_id,
        *(live.c[name] for name in SUMS),
        *(_ZERO.label(name) for name in COUNTS.values()),
    )
    return union_all(sums, *_counting(basis, of))


def _counting(basis: str, of: str) -> list[Any]:
    parts = {
        "lines": planning(counted=True).where(*narrow(of, Allocation)),
        "amounts": disbursing(basis, "", of, counted=True),
    }
    return [
        select(
            Project.component_id,
            Project.investor_id,
            *(_ZERO.label(name) for name in SUMS),
            *(whole.c.get(amount, _ZERO).label(name) for amount, name in COUNTS.items()),
        )
        .select_from(whole)
        .join(Project, own)
        for whole, own in (with_projects(part, name) for name, part in parts.items())
    ]
