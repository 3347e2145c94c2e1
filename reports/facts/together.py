"""Figures of many projects as one line each, where a report shows no project: added up in SQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from models import Period, Project
from models.base import summed
from reports.facts.figures import NAMES, by_project, values_of, with_projects
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
    whole, own = with_projects(by_project(period, basis, told=telling(basis)))
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
        .join(Project, own)
        .subquery("row")
    )
    statement = select(
        row.c.component_id,
        row.c.investor_id,
        func.count().label("projects"),
        *(summed(row.c[name]).label(name) for name in (*NAMES, "told", "estimates")),
    ).group_by(row.c.component_id, row.c.investor_id)
    asked = values_of(period) | {"period_id": told_in.id if told_in is not None else None}
    return list(session.execute(statement, asked))
