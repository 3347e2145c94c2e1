"""A figure of Biểu 04 as a version shows it, beside what the entries say now."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from models import Period
from models.base import rate
from reports.carry_over.rows import FIGURES
from reports.consolidated import CARRIED, FrozenFigure
from reports.facts import Carried, carried_capital, carrying_projects
from reports.frozen import carried_in, shown_version


def frozen_carried(
    session: Session,
    *,
    period: Period,
    column: str,
    vintage: int | str,
    version: int | str | None = None,
    basis: str = "submitted",
    investor_id: int | None = None,
    project_id: int | None = None,
) -> FrozenFigure | None:
    """A figure of Biểu 04 as a version shows it, beside that of the entries of now.

    None where no version is shown, where it was frozen without this form, and for a column that
    the form does not have. `vintage` CARRIED are all earlier years.
    """
    frozen = shown_version(session, period, version, basis)
    kept = carried_in(frozen) if frozen is not None else None
    if frozen is None or kept is None or column not in FIGURES:
        return None
    live = carried_capital(session, period, basis)
    lines = {line.project_id: line for line in frozen.source.lines}
    now = carrying_projects(session, period, basis, live)
    figures = []
    for projects, held in ((lines, kept), (now, live)):
        owners = {project_id: one.investor_id for project_id, one in projects.items()}
        own = [
            one
            for one in held
            if vintage in (CARRIED, one.vintage)
            and one.project_id in owners
            and project_id in (None, one.project_id)
            and investor_id in (None, owners[one.project_id])
        ]
        figures.append(_figure(column, own))
    return FrozenFigure(number=frozen.number, frozen=figures[0], live=figures[1])


def _figure(column: str, held: Sequence[Carried]) -> int | Decimal | None:
    plan, paid = sum(one.plan for one in held), sum(one.paid for one in held)
    made: dict[str, int | Decimal | None] = {
        "plan_carried": plan,
        "disbursed_month": sum(one.month for one in held),
        "disbursed_carried": paid,
        "rate_carried": rate(paid, plan),
        "remaining": plan - paid,
    }
    return made[column]
