"""What the page of an investor shows besides its own fields: projects and punctuality."""

from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from models import ExpectedReport, Investor, Period, Project, Submission, db
from models.base import local_day, now
from models.calendar import days_late, punctuality


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
    history = _history(investor)
    return {
        "projects": projects,
        "project_count": db.session.scalar(
            select(func.count()).select_from(Project).where(Project.investor_id == investor.id)
        ),
        "history": history,
        "counts": Counter(row["status"].value for row in history),
    }


def _history(investor: Investor) -> list[dict[str, Any]]:
    """One row a period in which the unit was expected; the first sending decides."""
    moment = now()
    rows = db.session.execute(
        select(ExpectedReport, Period, Submission)
        .join(ExpectedReport.period)
        .outerjoin(
            Submission,
            (Submission.period_id == Period.id)
            & (Submission.investor_id == ExpectedReport.investor_id),
        )
        .where(ExpectedReport.investor_id == investor.id)
        .order_by(Period.data_to.desc(), Period.id)
        .limit(60)
    )
    found = []
    for expected, period, submission in rows:
        sent = submission.first_submitted_at if submission else None
        deadline = expected.deadline_at or period.deadline_at
        exempt = expected.exempt_reason is not None and (
            expected.exempt_until is None or expected.exempt_until >= local_day(deadline)
        )
        found.append(
            {
                "period": period,
                "deadline": deadline,
                "sent": sent,
                "submission": submission,
                "days_late": days_late(sent, deadline) if sent else 0,
                "status": punctuality(
                    first_submitted_at=sent, deadline_at=deadline, as_of=moment, exempt=exempt
                ),
            }
        )
    return found
