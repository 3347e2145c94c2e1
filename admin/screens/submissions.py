"""Submissions as records, to look at and to export; they are sent and accepted elsewhere."""

from typing import Any

from flask import url_for
from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from admin.access import May, allowed
from admin.records import (
    ChoiceFilter,
    Exported,
    Records,
    RowFilter,
    ValueFilter,
    YesNoFilter,
    as_badge,
    as_moment,
    investor_options,
    period_codes,
)
from models import (
    Investor,
    Period,
    ProgressEntry,
    Submission,
    SubmissionStatus,
    db,
)


class SubmissionView(Records):
    read = May.SEE_SUBMISSIONS
    details_template = "records/submission.html"
    column_list = (
        "period", "investor", "status", "first_submitted_at", "last_submitted_at", "nil_report",
    )  # fmt: skip
    column_details_list = (*column_list, "return_reason")
    column_labels = {
        "period": _l("Reporting period"),
        "investor": _l("Investor"),
        "status": _l("Status"),
        "first_submitted_at": _l("First sent"),
        "last_submitted_at": _l("Last sent"),
        "nil_report": _l("Nothing to report"),
        "return_reason": _l("Reason of the return"),
    }
    column_formatters = {"status": as_badge}
    eager = (contains_eager(Submission.period), contains_eager(Submission.investor))
    eager_one = (
        joinedload(Submission.period),
        joinedload(Submission.investor),
        selectinload(Submission.events),
    )
    search_columns = (Investor.search_text,)
    searched_by = _l("investor")
    sorts = {
        "period": (Period.data_to, Period.code),
        "investor": (Investor.sort_order, Investor.code),
        "status": (Submission.status,),
        "first_submitted_at": (Submission.first_submitted_at,),
        "last_submitted_at": (Submission.last_submitted_at,),
    }
    default_order = (Period.data_to.desc(), Investor.sort_order, Investor.code)
    filters = (
        ValueFilter("period", _l("Reporting period"), Period.code, period_codes),
        RowFilter("investor", _l("Investor"), Submission.investor_id, investor_options),
        ChoiceFilter("status", _l("Status"), Submission.status, SubmissionStatus),
        YesNoFilter("nil", _l("Nothing to report"), Submission.nil_report.is_(True)),
    )
    exported = (
        Exported(_l("Reporting period"), Period.code),
        Exported(_l("Investor code"), Investor.code),
        Exported(_l("Investor"), Investor.short_name),
        Exported(_l("Status"), Submission.status, SubmissionStatus),
        Exported(_l("First sent"), Submission.first_submitted_at, write=as_moment),
        Exported(_l("Last sent"), Submission.last_submitted_at, write=as_moment),
        Exported(_l("Nothing to report"), Submission.nil_report),
        Exported(_l("Reason of the return"), Submission.return_reason),
    )

    def joined(self, statement: Any) -> Any:
        return statement.join(Submission.period).join(Submission.investor)

    def more(self, row: Submission) -> dict[str, Any]:
        entries = db.session.scalars(
            select(ProgressEntry)
            .where(ProgressEntry.submission_id == row.id)
            .join(ProgressEntry.project)
            .options(contains_eager(ProgressEntry.project))
            .options(selectinload(ProgressEntry.disbursements))
            .order_by(ProgressEntry.project_id)
            .limit(500)
        )
        code, found = row.period.code, None
        if allowed(current_user, May.SEE_REVIEW):
            found = url_for("review.unit", code=code, investor_id=row.investor_id)
        elif allowed(current_user, May.FILL_REPORT):
            found = url_for("my_report.sheet", code=code)
        return {"entries": list(entries), "whole_report": found}


def pages() -> list[BaseView]:
    return [
        SubmissionView(
            Submission, name=_l("Submissions"), category=_l("Records"), endpoint="submission",
            menu_icon_value="inbox",
        )
    ]  # fmt: skip
