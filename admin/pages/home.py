"""The first page after sign-in: what a unit has to do, or how far the district is."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_admin import AdminIndexView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from admin.access import Guarded, May, allowed
from admin.pages.first_steps import first_steps
from models import db
from models.base import now, today
from models.filing import OpenPoint, open_points
from reports.home import CLOSING, Overview, latest_period, overview, tasks
from reports.obstacles import overdue

MOST_LATE = 30  # units late now that are named
MOST_OBSTACLES = 10


class HomePage(Guarded, AdminIndexView):
    read = May.SEE_HOME

    def __init__(self) -> None:
        super().__init__(name=_l("Home"), url="/admin", endpoint="admin")

    @expose("/")
    def index(self) -> str:
        session, at = db.session(), now()
        period = latest_period(session, today=today())
        found = None
        if period is not None:
            found = overview(session, period=period, as_of=at, most_late=MOST_LATE)
        is_unit = allowed(current_user, May.FILL_REPORT)
        own = sorted(session.scope.write or ()) if is_unit else []
        return str(
            self.render(
                "home/index.html",
                overview=found,
                tasks=tasks(session, investors=own, as_of=at) if own else [],
                points=open_points_of(own),
                overdue_obstacles=overdue(session, today=today(), most=MOST_OBSTACLES),
                is_unit=is_unit,
                steps=first_steps() if found is None and not is_unit else [],
                may_review=allowed(current_user, May.SEE_REVIEW),
                bars=_bars(found) if found else [],
                series=_series(found) if found else [],
                months=_months(found) if found else [],
                at=at,
            )
        )


def open_points_of(own: Sequence[int]) -> list[OpenPoint]:
    """Open remarks: a unit's own, or for the office those of all units."""
    if allowed(current_user, May.FILL_REPORT):
        return open_points(db.session(), investors=own)
    if allowed(current_user, May.REVIEW_SUBMISSIONS):
        return open_points(db.session())
    return []


def _bars(found: Overview) -> list[dict[str, Any]]:
    """Component projects with their rate and the rows behind it."""
    code = found.period.code
    return [
        {
            "label": row.name,
            "value": rate,
            "href": url_for(
                "reports.explain", period=code, column="rate_total", component=place.component_id
            ),
        }
        for row, place, rate in found.component_rates
    ]


def _series(found: Overview) -> list[dict[str, Any]]:
    return [
        {"name": _("Year %(year)s", year=line.year), "values": list(line.values)}
        for line in found.lines
        if any(value is not None for value in line.values)
    ]


def _months(found: Overview) -> list[str]:
    return [_("Cl.") if number == CLOSING else str(number) for number in found.months]
