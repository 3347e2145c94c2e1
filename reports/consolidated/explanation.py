"""Where a figure of the consolidated report comes from: its ledger lines and its entries."""

from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from models import CENTRAL_SOURCES, Allocation, Component, Nature, Period, Project
from models.base import RuleBroken, _n
from models.capital import IS_CARRIED, last_day, terms_of
from models.ledger import within
from reports.consolidated.explained import Explained, Window
from reports.consolidated.reporters import TOLD, told_behind
from reports.consolidated.rows_behind import capital_behind
from reports.consolidated.sums_behind import Asked
from reports.facts import heirs_of, successors_on, with_those_before

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

CARRIED = "carried"


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
    is_told = column in TOLD
    projects: list[ColumnElement[bool]] = []
    capital: list[ColumnElement[bool]] = []
    components = None
    if project_id is not None:
        projects.append(Project.id == project_id)
        capital.append(Allocation.project_id == project_id)
    if investor_id is not None:
        own = {investor_id}
        if units == "today":
            own = with_those_before(own, heirs_of(successors_on(session)))
        projects.append(Project.investor_id.in_(own))
        capital.append(Allocation.investor_id.in_(own))
    if component_id is not None:
        components = [component_id] if investor_id else _with_descendants(session, component_id)
        projects.append(Project.component_id.in_(components))
    if is_told:
        of_part = () if part is None else (_of_part(period, *part, is_told=True),)
        return told_behind(session, period, basis, column, [*projects, *of_part], window)
    if vintage is not None:
        capital.append(IS_CARRIED if vintage == CARRIED else Allocation.vintage == vintage)
    if part is not None:
        capital.append(_of_part(period, *part, is_told=False))
    if until is not None:
        capital.append(_has_term(session, period, until))
    plan, money = COLUMNS[column]
    asked = Asked(
        period=period,
        basis=basis,
        plan=plan,
        plans=[*capital, *_split(plan)] if plan is not None else [],
        money=money,
        paid=[*capital, *_split(money, period)] if money is not None else [],
        projects=projects,
        of_office=all(one is None for one in (investor_id, project_id, vintage, part, until)),
        components=components,
    )
    return capital_behind(session, asked, window)


def _has_term(session: Session, period: Period, until: date) -> ColumnElement[bool]:
    """Condition on Allocation: its last day, of its own or that of its vintage, is this one."""
    terms, year = terms_of(session, period.budget_year), period.budget_year
    vintages = session.scalars(
        select(Allocation.vintage).where(Allocation.budget_year == year).distinct()
    )
    usual = [one for one in vintages if last_day(year, one, own=None, terms=terms) == until]
    return or_(
        Allocation.disburse_until == until,
        and_(Allocation.disburse_until.is_(None), Allocation.vintage.in_(usual)),
    )


def _with_descendants(session: Session, component_id: int) -> list[int]:
    parents = session.execute(select(Component.id, Component.parent_id)).all()
    found = [component_id]
    for one in found:
        found.extend(child for child, parent in parents if parent == one)
    return found


def _of_part(period: Period, by: str, code: str, *, is_told: bool) -> ColumnElement[bool]:
    """Capital of one nature or source; of what is told, the projects that hold such capital."""
    kind: Any = {"nature": Allocation.nature, "source": Allocation.source}[by]
    if not is_told:
        return cast(ColumnElement[bool], kind == code)
    return exists().where(
        Allocation.investor_id == Project.investor_id,
        Allocation.project_id == Project.id,
        Allocation.budget_year == period.budget_year,
        kind == code,
    )


def _split(part: str, period: Period | None = None) -> list[ColumnElement[bool]]:
    of_year = Allocation.vintage == Allocation.budget_year
    central = Allocation.source.in_(CENTRAL_SOURCES)
    if part == "month" and period is not None:
        return [within(period)]
    return {
        "total": [],
        "year": [of_year],
        "central": [of_year, central],
        "local": [of_year, ~central],
        "investment": [of_year, Allocation.nature == Nature.DTPT],
        "recurrent": [of_year, Allocation.nature == Nature.SN],
        "carried": [~of_year],
    }[part]
