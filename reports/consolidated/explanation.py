"""Where a figure of the consolidated report comes from: its ledger lines and its entries."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Allocation, Component, Period
from models.base import RuleBroken, _n
from models.capital import last_day, terms_of
from reports.consolidated.explained import Explained, Window
from reports.consolidated.figure_asked import CARRIED, Figure
from reports.consolidated.reporters import TOLD, told_behind
from reports.consolidated.rows_behind import capital_behind
from reports.consolidated.sums_behind import Asked
from reports.facts import heirs_of, successors_on, values_of, with_those_before

# column → the amount of plan and the amount of disbursement that it is made of
COLUMNS: dict[str, tuple[str | None, str | None]] = {
    "plan_total": ("total", None),
    "plan_year": ("year", None),
    "plan_central": ("central", None),
    "plan_local": ("local", None),
    "plan_investment": ("investment", None),
    "plan_recurrent": ("recurrent", None),
    "plan_carried": ("carried", None),
    "disbursed_month": (None, "month"),
    "disbursed_total": (None, "total"),
    "disbursed_year": (None, "year"),
    "disbursed_carried": (None, "carried"),
    "rate_total": ("total", "total"),
    "rate_year": ("year", "year"),
    "rate_carried": ("carried", "carried"),
    "remaining": ("total", "total"),
}


def explain(
    session: Session,
    *,
    period: Period,
    column: str,
    basis: str = "submitted",
    units: str = "then",
    component_id: int | None = None,
    investor_id: int | None = None,
    project_id: int | None = None,
    vintage: int | str | None = None,
    part: tuple[str, str] | None = None,
    until: date | None = None,
    window: Window | None = None,
) -> Explained:
    """The lines and entries whose sums make one figure, to the đồng; all, or those of a page.

    A component alone means it with all below it; with an investor it means what this investor
    holds directly under it, as the rows of the report do. `vintage` narrows it to capital of one
    year, or with CARRIED of all earlier years, as Biểu 04 does, and `until` to what of it has this
    last day; `part` narrows it to one kind, ("nature", "SN") or ("source", "NST"), as the split
    report does. Raises RuleBroken for a column that is no figure.
    """
    if column not in COLUMNS and (column not in TOLD or vintage is not None):
        raise RuleBroken(_n("“%(column)s” is no figure of the report."), column=column[:40])
    narrowed: dict[str, Any] = {"project": project_id, "until": until}
    if investor_id is not None:
        own = {investor_id}
        if units == "today":
            own = with_those_before(own, heirs_of(successors_on(session)))
        narrowed["units"] = sorted(own)
    if component_id is not None:
        alone = [component_id]
        narrowed["components"] = alone if investor_id else _with_descendants(session, component_id)
    narrowed[CARRIED if vintage == CARRIED else "vintage"] = vintage
    if part is not None:
        narrowed[part[0]] = part[1]
    narrowed = {name: value for name, value in narrowed.items() if value is not None}
    plan, money = COLUMNS.get(column, (None, None))
    figure = Figure(basis=basis, plan=plan, money=money, by=frozenset(narrowed))
    values = values_of(period) | narrowed
    if column in TOLD:
        return told_behind(session, period, figure, column, values, window)
    if until is not None:
        values["usual"] = _usual_until(session, period, until)
    return capital_behind(session, Asked(period=period, figure=figure, values=values), window)


def _usual_until(session: Session, period: Period, until: date) -> list[int]:
    """The vintages of which this is the last day, where capital has none of its own."""
    terms, year = terms_of(session, period.budget_year), period.budget_year
    vintages = session.scalars(
        select(Allocation.vintage).where(Allocation.budget_year == year).distinct()
    )
    return [one for one in vintages if last_day(year, one, own=None, terms=terms) == until]


def _with_descendants(session: Session, component_id: int) -> list[int]:
    parents = session.execute(select(Component.id, Component.parent_id)).all()
    found = [component_id]
    for one in found:
        found.extend(child for child, parent in parents if parent == one)
    return found
