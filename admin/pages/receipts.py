"""The page of one sending: for the unit that sent it, and for the officer."""

from flask import abort, make_response
from flask_admin import BaseView
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.pages.report_form import field_label
from models import BUDGET_SOURCES, Investor, Period, Submission, db
from models.filing import NARRATIVE
from models.returns import FIGURES, TEXTS
from reports.sendings import receipt


def receipt_page(
    view: BaseView, period: Period, investor: Investor, number: int, *, back: str
) -> Response:
    """One sending, whole, with its moment and sums: to look at and to print; else 404."""
    submission = db.session.scalar(
        select(Submission).where(
            Submission.investor_id == investor.id, Submission.period_id == period.id
        )
    )
    found = receipt(db.session(), submission, number) if submission is not None else None
    if found is None:
        abort(404)
    page = view.render(
        "my_report/receipt.html",
        receipt=found,
        period=period,
        investor=investor,
        labels={name: field_label(name) for name in (*FIGURES, *TEXTS, *NARRATIVE)},
        is_budget=lambda row: row.source in BUDGET_SOURCES,
        back=back,
    )
    return make_response(page)
