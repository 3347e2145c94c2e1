"""Figures of many projects as one line each, where a report shows no project: added up in SQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from models import Period, Project
from reports.facts.figures import NAMES, disbursing, planning, values_of
from reports.facts.telling import telling


def together(
    session: Session,
    *,
    period: Period,
    told_in: Period | None,
    basis: str,
    by: str,
    programmes: Mapping[int, int],
) -> list[Any]:
    """By component, or by investor and programme: the sums of `Figures`, how many `projects` have
    one, of how many an estimate is `told`, and those `estimates` in đồng. One query.

    `programmes`: by component the one at the top of its tree.
    """
    # a result of its own, which a cluster joins with the rows of each unit
    whole = (
        _by_project(period, basis).cte("whole").prefix_with("MATERIALIZED", dialect="postgresql")
    )
    told = telling(basis).subquery("told")
    row = (
        select(
            (
                Project.component_id
                if by == "component" or not programmes
                else case(dict(programmes), value=Project.component_id)
            ).label("component_id"),
            (literal_column("0") if by == "component" else Project.investor_id).label(
                "investor_id"
            ),
            *(whole.c[name] for name in NAMES),
            told.c.estimate,
        )
        .select_from(whole)
        .join(
            Project,
            and_(Project.investor_id == whole.c.investor_id, Project.id == whole.c.project_id),
        )
        .outerjoin(
            told,
            and_(
                told.c.investor_id == Project.investor_id,
                told.c.project_id == Project.id,
            ),
        )
        .where(or_(*(whole.c[name] != 0 for name in NAMES)))
        .subquery("row")
    )
    statement = select(
        row.c.component_id,
        row.c.investor_id,
        func.count().label("projects"),
        func.count(row.c.estimate).label("told"),
        func.coalesce(func.sum(row.c.estimate), 0).label("estimates"),
        *(func.sum(row.c[name]).label(name) for name in NAMES),
    ).group_by(row.c.component_id, row.c.investor_id)
    asked = values_of(period) | {"period_id": told_in.id if told_in is not None else None}
    return list(session.execute(statement, asked))


def _by_project(period: Period, basis: str) -> Select[Any]:
    """Plan and disbursement of each project in one row."""
    plans, paid = planning(period).subquery("plans"), disbursing(basis, "").subquery("all_paid")

    def row(part: Any) -> Select[Any]:
        zero: ColumnElement[int] = literal_column("0")
        amounts = ((part.c.get(name, zero)).label(name) for name in NAMES)
        return select(part.c.investor_id, part.c.project_id, *amounts)

    both = union_all(row(plans), row(paid)).subquery("both_sides")
    return select(
        both.c.investor_id,
        both.c.project_id,
        *(func.sum(both.c[name]).label(name) for name in NAMES),
    ).group_by(both.c.investor_id, both.c.project_id)
