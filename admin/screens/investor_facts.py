"""What the page of an investor shows besides its own fields: projects and punctuality."""

from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from models import Investor, Project, db
from models.base import now
from models.duty import standings_of_units

MOST_PERIODS = 60


def investor_facts(investor: Investor) -> dict[str, Any]:
    """Projects of the unit (at most 200 shown) and how punctually it reported, latest first."""
    projects = db.session.scalars(
        select(Project)
        .where(Project.investor_id == investor.id)
        .join(Project.component)
        .options(contains_eager(Project.component))
        .order_by(Project.code, Project.id)
        .limit(200)
    ).all()
    history = standings_of_units(db.session(), [investor.id], as_of=now(), most=MOST_PERIODS)
    return {
        "projects": projects,
        "project_count": db.session.scalar(
            select(func.count()).select_from(Project).where(Project.investor_id == investor.id)
        ),
        "history": history,
        "counts": Counter(row.status.value for row in history),
    }
