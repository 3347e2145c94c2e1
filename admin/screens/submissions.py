"""Submissions as records, to look at and to export; they are sent and accepted elsewhere."""

from typing import Any

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from admin.access import May
from admin.records import (
    ChoiceFilter,
    PeriodFilter,
    Records,
    RowFilter,
    YesNoFilter,
    as_badge,
    investor_options,
    period_codes,
)
from admin.screens.whole_report import whole_report
from models import (
    Disbursement,
    Investor,
    Period,
    ProgressEntry,
    Submission,
    db,
)
from models.ledger import net_of_entry

MOST_ENTRIES = 500  # on the page of a report


class SubmissionView(Records):
    read = May.SEE_SUBMISSIONS
    details_template = "records/submission.html"
    column_list = (
        "period", "investor", "status", "first_submitted_at", "last_submitted_at", "nil_report",
    )  # fmt: skip
    column_formatters = {"status": as_badge}
    details_groups = (
        (
            _l("Report"),
            (
                "period", "investor", "status", "first_submitted_at", "last_submitted_at",
                "nil_report", "stated_total", "return_reason",
            ),
        ),
        (_l("Entered for the unit"), ("received_via", "received_note", "received_by")),
    )  # fmt: skip
    eager = (contains_eager(Submission.period), contains_eager(Submission.investor))
    eager_one = (
        joinedload(Submission.period),
        joinedload(Submission.investor),
        selectinload(Submission.events),
    )
    search_columns = (Investor.search_text,)
    searched_by = _l("investor")
    default_order = (Period.data_to.desc(), Investor.sort_order, Investor.code)
    filters = (
        PeriodFilter("period", Period.code, period_codes, name=Submission.period),
        RowFilter("investor", Submission.investor_id, investor_options),
        ChoiceFilter("status", Submission.status),
        YesNoFilter("nil", Submission.nil_report.is_(True), name=Submission.nil_report),
    )

    def joined(self, statement: Any) -> Any:
        return statement.join(Submission.period).join(Submission.investor)

    def more(self, row: Submission) -> dict[str, Any]:
        of_report = ProgressEntry.submission_id == row.id
        entries = db.session.scalars(
            select(ProgressEntry)
            .where(of_report)
            .join(ProgressEntry.project)
            .options(contains_eager(ProgressEntry.project))
            .options(selectinload(ProgressEntry.disbursements).joinedload(Disbursement.allocation))
            .order_by(ProgressEntry.project_id)
            .limit(MOST_ENTRIES)
        ).all()
        count = select(func.count()).select_from(ProgressEntry).where(of_report)
        return {
            "entries": entries,
            "more_entries": (db.session.scalar(count) or 0) - len(entries),
            "whole_report": whole_report(row),
            "net_of": net_of_entry,
        }


def pages() -> list[BaseView]:
    return [
        SubmissionView(
            Submission, name=_l("Submissions"), category=_l("Records"), endpoint="submission",
            menu_icon_value="inbox",
        )
    ]  # fmt: skip
