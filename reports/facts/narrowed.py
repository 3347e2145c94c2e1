"""Of which units and projects figures are asked: the conditions, and the values they stand for."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, bindparam

from models import Period
from models.base import among


def narrow(of: str, rows: Any, *, under: Any = None) -> tuple[ColumnElement[bool], ...]:
    """Conditions on rows with an owner: of all, or of the units in `:units`, of all of their
    projects or only of the "projects" in `:projects`. `under`: by whose owner they are found.
    """
    if not of:
        return ()
    owner = rows if under is None else under
    whose = among(owner.investor_id, bindparam("units"), joined=under is None)
    return (whose, among(rows.project_id, bindparam("projects"))) if of == "projects" else (whose,)


def values_of(
    period: Period,
    units: Collection[int] | None = None,
    projects: Collection[int] | None = None,
) -> dict[str, Any]:
    """The values of the parameters of figures, of all or of these units."""
    values = {name: getattr(period, name) for name in ("budget_year", "data_from", "data_to")}
    named = {"units": units, "projects": projects}
    return values | {name: sorted(ids) for name, ids in named.items() if ids is not None}
