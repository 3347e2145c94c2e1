"""Reporting periods as records, to look at and to export; they are opened elsewhere."""

from typing import Any

from flask import url_for
from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import func, select

from admin.access import May, allowed
from admin.records import ChoiceFilter, Records, ValueFilter, as_badge, values_of
from admin.words import deadline, month_label
from models import ExpectedReport, Period, db
from models.base import now
from models.duty import standings

MOST_UNITS = 500  # on the page of a period; the desk has pages of them


class PeriodView(Records):
    read = May.SEE_PERIODS
    list_template = "records/periods.html"
    details_template = "records/period.html"
    column_list = ("code", "kind", "data_from", "data_to", "deadline_at", "status", "lock_at")
    column_formatters = {
        "status": as_badge,
        "deadline_at": lambda _v, _c, row, _n: deadline(row.deadline_at),
    }
    details_groups = (
        (_l("Reporting period"), ("code", "kind", "budget_year", "data_from", "data_to")),
        (_l("Deadline"), ("deadline_at", "deadline_reason")),
        (_l("Status"), ("status", "opened_at", "lock_at")),
    )
    default_order = (Period.data_to.desc(), Period.code)
    filters = (
        ValueFilter("year", Period.budget_year, values_of(Period.budget_year)),
        ChoiceFilter("kind", Period.kind),
        ChoiceFilter("status", Period.status),
    )

    def may_open(self) -> bool:
        """Whether this person may open another period."""
        return allowed(current_user, May.EDIT_PERIODS)

    def more(self, row: Period) -> dict[str, Any]:
        session, here = db.session(), ExpectedReport.period_id == row.id
        return {
            "title": month_label(row.code),
            "desk": _desk(row),
            "expected": standings(session, here, as_of=now(), most=MOST_UNITS),
            "many": session.scalar(select(func.count()).select_from(ExpectedReport).where(here)),
        }


def _desk(period: Period) -> str | None:
    """Where this person works on the period: the desk of the office, or the unit's own report."""
    if allowed(current_user, May.SEE_REVIEW):
        return url_for("review.period", code=period.code)
    if allowed(current_user, May.FILL_REPORT):
        return url_for("my_report.sheet", code=period.code)
    return None


def pages() -> list[BaseView]:
    return [
        PeriodView(
            Period, name=_l("Reporting periods"), category=_l("Records"), endpoint="period",
            menu_icon_value="calendar",
        )
    ]  # fmt: skip
