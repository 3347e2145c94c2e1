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
            *(whole.c[name] for name in (*NAMES, "told", "estimates")),
        )
        .select_from(whole)
        .join(
            Project,
            and_(Project.investor_id == whole.c.investor_id, Project.id == whole.c.project_id),
        )
        .subquery("row")
    )
    statement = select(
        row.c.component_id,
        row.c.investor_id,
        func.count().label("projects"),
        *(func.sum(row.c[name]).label(name) for name in (*NAMES, "told", "estimates")),
    ).group_by(row.c.component_id, row.c.investor_id)
    asked = values_of(period) | {"period_id": told_in.id if told_in is not None else None}
    return list(session.execute(statement, asked))


def _by_project(period: Period, basis: str) -> Select[Any]:
    """Plan, disbursement and estimate of each project that has figures, in one row.

    Put one below the other and added up, not joined: how many rows a join of sums gives is
    beyond PostgreSQL's guess, and a wrong guess made it read every estimate for every project.
    """
    plans, paid = planning(period).subquery("plans"), disbursing(basis, "").subquery("all_paid")
    said = telling(basis).subquery("said")
    told = select(
        said.c.investor_id,
        said.c.project_id,
        said.c.estimate.label("estimates"),
        literal_column("1").label("told"),
    ).where(said.c.estimate.is_not(None)).subquery("told")
    columns = (*NAMES, "told", "estimates")

    def row(part: Any) -> Select[Any]:
        zero: ColumnElement[int] = literal_column("0")
        amounts = ((part.c.get(name, zero)).label(name) for name in columns)
        return select(part.c.investor_id, part.c.project_id, *amounts)

    every = union_all(row(plans), row(paid), row(told)).subquery("every")
    sums = {name: func.sum(every.c[name]) for name in columns}
    return (
        select(
            every.c.investor_id,
            every.c.project_id,
            *(amount.label(name) for name, amount in sums.items()),
        )
        .group_by(every.c.investor_id, every.c.project_id)
        .having(or_(*(sums[name] != 0 for name in NAMES)))
    )
