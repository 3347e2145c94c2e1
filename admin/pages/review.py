"""Review: what came in, what is missing, accepting and returning."""

from typing import Any

from flask import abort, make_response, request, url_for
from flask_admin import BaseView, expose
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.access import May, Page, allowed, by_subject
from admin.pages.duty_changes import told_changes
from admin.pages.errors import HIDDEN
from admin.pages.field_words import words_of
from admin.pages.judging import Judging
from admin.pages.period_actions import OpenPeriodPage
from admin.pages.receipts import receipt_page
from admin.pages.report_part import Part
from models import (
    ExpectedReport,
    Investor,
    Period,
    PeriodKind,
    ReceiptWay,
    Reopening,
    Submission,
    db,
)
from models.base import new_key, now
from models.duty import standing_of, units_not_expected
from models.filing import read_sheet, threads_of
from models.filing.checks import check_sheet, outdated
from models.returns import SubmissionEvent
from reports.quarter import quarter_sheet
from reports.review import (
    ReviewUnit,
    disbursed_in,
    figure_periods,
    next_waiting,
    period_counts,
    review_rows,
    review_units,
)
from reports.sendings import before_now, sendings_of
from reports.uncounted import uncounted_before

SHOWN = ("all", "waiting", "overdue", "none", "draft", "returned", "accepted", "exempt")


class ReviewPage(Judging, Page):
    """The desk of the reviewer: periods, the units of a period, one report."""

    read = May.SEE_REVIEW

    @expose("/")
    def index(self) -> str:
        """The periods that take figures, newest first, each with n of N."""
        periods = figure_periods(db.session())
        counts = period_counts(db.session(), periods, as_of=now())
        return str(self.render("review/index.html", counts=counts, at=now(), **self._common()))

    @expose("/<code>", methods=["GET", "POST"])
    def period(self, code: str) -> Response:
        """All units of one period; officers accept several at once."""
        if request.method == "POST":
            return self.accept_several(code)
        return self.period_page(code)

    @expose("/<code>/<int:investor_id>", methods=["GET", "POST"])
    def unit(self, code: str, investor_id: int) -> Response:
        """One report, read-only, with its checks, explanations and history."""
        if request.method == "POST":
            return self.judge(code, investor_id)
        return self.unit_page(code, investor_id)

    @expose("/<code>/<int:investor_id>/sendings/<int:number>")
    def sending(self, code: str, investor_id: int, number: int) -> Response:
        """One sending of a unit, whole."""
        period, investor = self.get_period(code), self.get_investor(investor_id)
        back = url_for(".unit", code=code, investor_id=investor.id)
        return receipt_page(self, period, investor, number, back=back)

    def period_page(self, code: str, status: int = 200, refusal: str = "") -> Response:
        period, at = self.get_period(code), now()
        units = review_units(db.session(), period=period, as_of=at)
        shown = request.args.get("show", "all")
        shown = shown if shown in SHOWN else "all"
        matching = [unit.investor_id for unit in units if _is_shown(unit, shown)]
        part = Part.asked(len(matching))
        these = matching[part.cut]
        sums = disbursed_in(db.session(), period, None if shown == "all" else these)
        page = self._rendered(
            "review/period.html",
            period=period,
            at=at,
            rows=review_rows(db.session(), period=period, as_of=at, units=these, sums=sums),
            part=part,
            counts={name: sum(_is_shown(unit, name) for unit in units) for name in SHOWN},
            total=sum(sums.get(one, 0) for one in matching),
            shown=shown,
            refusal=refusal,
            changes=told_changes(period),
            others=units_not_expected(db.session(), period)
            if allowed(current_user, May.EDIT_PERIODS) and not period.is_locked(at)
            else [],
        )
        return make_response(page, status)

    def unit_page(
        self, code: str, investor_id: int, status: int = 200, refusal: str = ""
    ) -> Response:
        period, investor = self.get_period(code), self.get_investor(investor_id)
        if period.kind is PeriodKind.QUARTER:
            return self._quarter_page(period, investor, status, refusal)
        expected = _expected(period, investor)  # held here, so that the sheet finds it
        sheet = read_sheet(db.session(), period=period, investor=investor, at=now())
        _check_there(period, investor, sheet.submission, expected)
        findings = check_sheet(sheet) if sheet.submission is not None else []
        about = self._about_unit(period, investor, sheet.submission, expected)
        page = self._rendered(
            "review/unit.html",
            sheet=sheet,
            period=period,
            findings_of=by_subject(findings),
            outdated=outdated(sheet, findings),
            uncounted=uncounted_before(db.session(), period, investor),
            before=before_now(db.session(), sheet.submission, about["sendings"]),
            **about,
            at=now(),
            refusal=refusal,
        )
        return make_response(page, status)

    def _quarter_page(
        self, period: Period, investor: Investor, status: int, refusal: str
    ) -> Response:
        sheet = quarter_sheet(db.session(), period=period, investor=investor, at=now())
        expected = _expected(period, investor)
        _check_there(period, investor, sheet.submission, expected)
        about = self._about_unit(period, investor, sheet.submission, expected)
        page = self._rendered(
            "review/quarter.html",
            sheet=sheet,
            period=period,
            before=before_now(db.session(), sheet.submission, about["sendings"]),
            **about,
            at=now(),
            refusal=refusal,
        )
        return make_response(page, status)

    def _about_unit(
        self,
        period: Period,
        investor: Investor,
        submission: Submission | None,
        expected: ExpectedReport | None,
    ) -> dict[str, Any]:
        """What stands beside the figures: who must report, what happened, what was said."""
        threads = threads_of(db.session(), submission)
        return {
            "standing": standing_of(db.session(), period, investor.id, as_of=now()),
            "changes": told_changes(period, investor.id),
            "events": self._events(submission),
            "expected": expected,
            "reopenings": db.session.scalars(
                select(Reopening)
                .where(Reopening.investor_id == investor.id, Reopening.period_id == period.id)
                .order_by(Reopening.from_at.desc())
            ).all(),
            "sendings": sendings_of(db.session(), submission),
            "next_unit": next_waiting(db.session(), period=period, after=investor),
            "threads": threads,
            "threads_of": by_subject(threads),
            "ways": list(ReceiptWay),
            "may_enter": allowed(current_user, May.ENTER_FOR_UNIT),
        }

    def _rendered(self, template: str, **about: Any) -> str:
        """The page, with a refusal in the form that was posted; where it shows that no more,
        because of what somebody did since, above all, with what was typed into it.
        """
        about |= self._common() | {"forgotten": [], "refused_above": ""}
        page = str(self.render(template, refused_here=about["refusal"], **about))
        forgotten = [
            (words_of(name), value)
            for name, value in (request.form.items(multi=True) if about["refusal"] else ())
            if name not in HIDDEN and value.strip() and f'name="{name}"' not in page
        ]
        if not about["refusal"] or ("data-error-summary" in page and not forgotten):
            return page
        about |= {"forgotten": forgotten, "refused_above": about["refusal"]}
        return str(self.render(template, refused_here="", **about))

    def _common(self) -> dict[str, Any]:
        return {
            "form_key": new_key(),
            "typed": request.form,
            "may_review": allowed(current_user, May.REVIEW_SUBMISSIONS),
            "may_manage": allowed(current_user, May.EDIT_PERIODS),
        }

    def _events(self, submission: Submission | None) -> list[SubmissionEvent]:
        if submission is None:
            return []
        return list(
            db.session.scalars(
                select(SubmissionEvent)
                .where(SubmissionEvent.submission_id == submission.id)
                .order_by(SubmissionEvent.at.desc(), SubmissionEvent.id.desc())
            )
        )


def _expected(period: Period, investor: Investor) -> ExpectedReport | None:
    return db.session.get(ExpectedReport, (investor.id, period.id))


def _is_shown(unit: ReviewUnit, shown: str) -> bool:
    return shown == "all" or unit.state == shown or (shown == "overdue" and unit.is_overdue)


def _check_there(
    period: Period,
    investor: Investor,
    submission: Submission | None,
    expected: ExpectedReport | None,
) -> None:
    """A unit has a page in every period on whose last day it exists, expected or not."""
    if submission is None and expected is None and not investor.exists_on(period.data_to):
        abort(404)


def pages() -> list[BaseView]:
    return [
        ReviewPage(
            name=_l("Review"),
            category=_l("Receiving and reminding"),
            endpoint="review",
            url="/admin/review",
            menu_icon_value="inbox",
        ),
        OpenPeriodPage(name=_l("Open a period"), endpoint="open_period", url="/admin/period/open"),
    ]
