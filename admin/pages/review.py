"""Review: what came in, what is missing, accepting and returning."""

from typing import Any

from flask import abort, flash, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.access import May, Page, allowed, asked_id, by_subject
from admin.pages.duty_changes import told_changes
from admin.pages.period_actions import OpenPeriodPage, must
from admin.pages.report_form import field_label
from admin.pages.unit_actions import UnitActions, add_typed_remarks, typed_remarks
from admin.records import in_words, status_of
from admin.words import say
from models import (
    ExpectedReport,
    Investor,
    Period,
    PeriodKind,
    ReceiptWay,
    Reopening,
    RuleBroken,
    Submission,
    db,
)
from models.base import Stale, _n, current_actor, new_key, now, read_text
from models.duty import standing_of, units_not_expected
from models.filing import NARRATIVE, accept_report, read_sheet, return_report, threads_of
from models.filing.checks import check_sheet, outdated
from models.returns import FIGURES, TEXTS, SubmissionEvent, hold_period, hold_submission
from reports.frozen import freeze
from reports.quarter import quarter_sheet
from reports.review import (
    ReviewRow,
    figure_periods,
    next_waiting,
    period_counts,
    review_rows,
)
from reports.sendings import before_now, receipt, sendings_of

SHOWN = ("all", "waiting", "overdue", "none", "draft", "returned", "accepted", "exempt")


class ReviewPage(UnitActions, Page):
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
            return self._accept_several(code)
        return self.period_page(code)

    @expose("/<code>/<int:investor_id>", methods=["GET", "POST"])
    def unit(self, code: str, investor_id: int) -> Response:
        """One report, read-only, with its checks, explanations and history."""
        if request.method == "POST":
            return self._judge(code, investor_id)
        return self.unit_page(code, investor_id)

    @expose("/<code>/<int:investor_id>/sendings/<int:number>")
    def sending(self, code: str, investor_id: int, number: int) -> Response:
        """One sending of a unit, whole."""
        period, investor = self.get_period(code), self._investor(investor_id)
        submission = db.session.scalar(
            select(Submission).where(
                Submission.investor_id == investor.id, Submission.period_id == period.id
            )
        )
        found = receipt(db.session(), submission, number) if submission is not None else None
        if found is None:
            abort(404)
        page = self.render(
            "my_report/receipt.html",
            receipt=found,
            period=period,
            investor=investor,
            labels={name: field_label(name) for name in (*FIGURES, *TEXTS, *NARRATIVE)},
            back=url_for(".unit", code=code, investor_id=investor.id),
        )
        return make_response(page)

    def period_page(self, code: str, status: int = 200, refusal: str = "") -> Response:
        period, at = self.get_period(code), now()
        rows = review_rows(db.session(), period=period, as_of=at)
        shown = request.args.get("show", "all")
        shown = shown if shown in SHOWN else "all"
        page = self.render(
            "review/period.html",
            period=period,
            at=at,
            rows=[row for row in rows if _is_shown(row, shown)],
            counts={name: sum(_is_shown(row, name) for row in rows) for name in SHOWN},
            total=sum(row.disbursed for row in rows),
            shown=shown,
            refusal=refusal,
            changes=told_changes(period),
            others=units_not_expected(db.session(), period)
            if allowed(current_user, May.EDIT_PERIODS) and not period.is_locked(at)
            else [],
            **self._common(),
        )
        return make_response(page, status)

    def unit_page(
        self, code: str, investor_id: int, status: int = 200, refusal: str = ""
    ) -> Response:
        period, investor = self.get_period(code), self._investor(investor_id)
        if period.kind is PeriodKind.QUARTER:
            return self._quarter_page(period, investor, status, refusal)
        sheet = read_sheet(db.session(), period=period, investor=investor, at=now())
        findings = check_sheet(sheet) if sheet.submission is not None else []
        _check_there(period, investor, sheet.submission)
        about = self._about_unit(period, investor, sheet.submission)
        page = self.render(
            "review/unit.html",
            sheet=sheet,
            period=period,
            findings=findings,
            findings_of=by_subject(findings),
            outdated=outdated(sheet, findings),
            before=before_now(db.session(), sheet.submission, about["sendings"]),
            **about,
            at=now(),
            refusal=refusal,
            **self._common(),
        )
        return make_response(page, status)

    def _quarter_page(
        self, period: Period, investor: Investor, status: int, refusal: str
    ) -> Response:
        sheet = quarter_sheet(db.session(), period=period, investor=investor, at=now())
        _check_there(period, investor, sheet.submission)
        about = self._about_unit(period, investor, sheet.submission)
        page = self.render(
            "review/quarter.html",
            sheet=sheet,
            period=period,
            before=before_now(db.session(), sheet.submission, about["sendings"]),
            **about,
            at=now(),
            refusal=refusal,
            **self._common(),
        )
        return make_response(page, status)

    def _about_unit(
        self, period: Period, investor: Investor, submission: Submission | None
    ) -> dict[str, Any]:
        """What stands beside the figures: who must report, what happened, what was said."""
        threads = threads_of(db.session(), submission)
        return {
            "standing": standing_of(db.session(), period, investor.id, as_of=now()),
            "changes": told_changes(period, investor.id),
            "events": self._events(submission),
            "expected": db.session.get(ExpectedReport, (investor.id, period.id)),
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

    def _common(self) -> dict[str, Any]:
        return {
            "form_key": new_key(),
            "typed": request.form,
            "may_review": allowed(current_user, May.REVIEW_SUBMISSIONS),
            "may_manage": allowed(current_user, May.EDIT_PERIODS),
        }

    def _accept_several(self, code: str) -> Response:
        must(May.REVIEW_SUBMISSIONS)
        period = self.get_period(code)
        chosen = [asked_id(text) for text in request.form.getlist("ids")]
        if not chosen:
            return self.period_page(code, 422, _("Select at least one report first."))
        if not self.spend_key():
            return self.to_period(code)
        try:
            with in_words():
                found = self._accept(period, chosen)
                db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            return self.period_page(code, status_of(refusal), say(refusal))
        flash(
            ngettext("%(num)s report is accepted.", "%(num)s reports are accepted.", len(found)),
            "success",
        )
        return self.to_period(code)

    def _accept(self, period: Period, chosen: list[int]) -> list[Submission]:
        hold_period(db.session(), period, alone=period.is_locked(now()))
        found = self._submissions(period, chosen)
        for submission in found:
            _check_version(submission, request.form.get(f"version-{submission.id}"))
            accept_report(db.session(), submission, at=now(), actor=current_actor())
        if found and period.is_locked(now()):
            self._freeze_correction(period, found[-1].investor)
        return found

    def _judge(self, code: str, investor_id: int) -> Response:
        """Accept or return one report as it stood on the officer's page."""
        must(May.REVIEW_SUBMISSIONS)
        period, investor = self.get_period(code), self._investor(investor_id)
        if not self.spend_key():
            return redirect(url_for(".unit", code=code, investor_id=investor_id), 303)
        hold_period(db.session(), period, alone=period.is_locked(now()))
        submission = hold_submission(db.session(), investor.id, period.id)
        if submission is None:
            abort(404)
        name = investor.short_name
        try:
            with in_words():
                _check_version(submission, request.form.get("version"))
                match request.form.get("action"):
                    case "accept":
                        accept_report(db.session(), submission, at=now(), actor=current_actor())
                        done = _("The report of %(unit)s is accepted.", unit=name)
                        done += self._freeze_correction(period, investor)
                    case "return":
                        return_report(
                            db.session(),
                            submission,
                            reason=self._reason(period, investor),
                            at=now(),
                            actor=current_actor(),
                        )
                        done = _("The report goes back to %(unit)s with your reason.", unit=name)
                    case _:
                        abort(400)
                db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            return self.unit_page(code, investor_id, status_of(refusal), say(refusal))
        flash(done, "success")
        return self.to_period(code)

    def _reason(self, period: Period, investor: Investor) -> str:
        """The typed reason; remarks on single figures are stored beside and may stand for it."""
        typed = read_text(request.form.get("reason", ""), field="reason")
        if period.kind is PeriodKind.QUARTER or not typed_remarks():
            return typed
        count = add_typed_remarks(period, investor)
        return typed.strip() or f"Xem ý kiến tại {count} số liệu của báo cáo."

    def _freeze_correction(self, period: Period, investor: Investor) -> str:
        """A correction accepted in a locked period becomes the next version of its report."""
        if not period.is_locked(now()):
            return ""
        reason = db.session.scalar(
            select(Reopening.reason)
            .where(Reopening.investor_id == investor.id, Reopening.period_id == period.id)
            .order_by(Reopening.from_at.desc())
            .limit(1)
        )
        made = freeze(
            db.session(),
            period,
            reason=f"{investor.short_name}: {reason}",
            at=now(),
            actor=current_actor(),
        )
        return " " + _("Version %(number)s is frozen.", number=made.number)

    def _submissions(self, period: Period, chosen: list[int]) -> list[Submission]:
        found = list(
            db.session.scalars(
                select(Submission)
                .where(Submission.period_id == period.id, Submission.id.in_(chosen))
                .order_by(Submission.id)
                .with_for_update()
                .execution_options(populate_existing=True)
            )
        )
        if len(found) != len(set(chosen)):
            abort(404)
        return found

    def _investor(self, investor_id: int) -> Investor:
        return db.session.get(Investor, investor_id) or abort(404)

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


def _is_shown(row: ReviewRow, shown: str) -> bool:
    return shown == "all" or row.state == shown or (shown == "overdue" and row.is_overdue)


def _check_there(period: Period, investor: Investor, submission: Submission | None) -> None:
    """A unit has a page in every period on whose last day it exists, expected or not."""
    if submission is not None or investor.exists_on(period.data_to):
        return
    if db.session.get(ExpectedReport, (investor.id, period.id)) is None:
        abort(404)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        abort(404)
    return int(text)


def _check_version(submission: Submission, seen: str | None) -> None:
    """What is judged is what was seen; a call that names no version judges the stored one."""
    if seen is not None and seen != str(submission.version):
        raise Stale(
            _n("%(unit)s changed its report after you opened this page. Look at it again."),
            unit=str(submission.investor),
        )


def pages() -> list[BaseView]:
    return [
        ReviewPage(
            name=_l("Review"),
            endpoint="review",
            url="/admin/review",
            menu_icon_type="i",
            menu_icon_value="inbox",
        ),
        OpenPeriodPage(name=_l("Open a period"), endpoint="open_period", url="/admin/period/open"),
    ]
