"""Judging what came in: accept several reports at once, accept or return one."""

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from werkzeug.wrappers import Response

from admin.access import May, asked_id
from admin.pages.act import compute_and_carry_out
from admin.pages.period_actions import must
from admin.pages.unit_actions import UnitActions, add_typed_remarks, typed_remarks
from admin.words import ngettext, unit_called
from models import Investor, Period, PeriodKind, Reopening, Submission, SubmissionStatus, db
from models.base import Stale, _n, current_actor, now, read_text
from models.filing import accept_report, return_report
from models.returns import hold_period, hold_rows, hold_submission
from reports.frozen import Prepared, freeze, from_now_on, prepare


class Judging(UnitActions):
    """The decisions on reports; each judges the report as it stood on the officer's page."""

    def accept_several(self, code: str) -> Response:
        """Accept the marked reports of a period: all of them or, with a sentence, none."""
        must(May.REVIEW_SUBMISSIONS)
        period = self.get_period(code)
        chosen = [asked_id(text) for text in request.form.getlist("ids")]
        if not chosen:
            return self.period_page(code, 422, _("Select at least one report first."))

        def act(known: Prepared | None) -> str:
            found = self._accept(period, chosen, known)
            return ngettext("%(num)s report is accepted.", "%(num)s reports are accepted.", found)

        return compute_and_carry_out(
            lambda: _prepared(period, Submission.id.in_(chosen)),
            act,
            there=self.to_period(code),
            refused=lambda status, why: self.period_page(code, status, why),
        )

    def _accept(self, period: Period, chosen: list[int], known: Prepared | None) -> int:
        hold_period(db.session(), period, alone=period.is_locked(now()))
        found = self._submissions(period, chosen)
        for submission in found:
            _check_version(submission, request.form.get(f"version-{submission.id}"))
            accept_report(db.session(), submission, at=now(), actor=current_actor())
        if found and period.is_locked(now()):
            self._freeze_correction(period, found[-1].investor, known)
        return len(found)

    def judge(self, code: str, investor_id: int) -> Response:
        """Accept or return one report as it stood on the officer's page."""
        must(May.REVIEW_SUBMISSIONS)
        period, investor = self.get_period(code), self.get_investor(investor_id)
        is_accepted = request.form.get("action") == "accept"
        if not is_accepted and request.form.get("action") != "return":
            abort(400)

        def compute() -> Prepared | None:
            report = Submission.investor_id == investor_id
            return _prepared(period, report) if is_accepted else None

        def act(known: Prepared | None) -> str:
            hold_period(db.session(), period, alone=period.is_locked(now()))
            submission = hold_submission(db.session(), investor.id, period.id)
            if submission is None:
                abort(404)
            _check_version(submission, request.form.get("version"))
            name = unit_called(investor, period.data_to)
            if is_accepted:
                accept_report(db.session(), submission, at=now(), actor=current_actor())
                done = _("The report of %(unit)s is accepted.", unit=name)
                return done + self._freeze_correction(period, investor, known)
            reason = self._reason(period, investor)
            return_report(db.session(), submission, reason=reason, at=now(), actor=current_actor())
            return _("The report goes back to %(unit)s with your reason.", unit=name)

        return compute_and_carry_out(
            compute,
            act,
            there=self.to_period(code),
            again=redirect(url_for(".unit", code=code, investor_id=investor_id), 303),
            refused=lambda status, why: self.unit_page(code, investor_id, status, why),
        )

    def _reason(self, period: Period, investor: Investor) -> str:
        """The typed reason; remarks on single figures are stored beside and may stand for it."""
        typed = read_text(request.form.get("reason", ""), field="reason")
        if period.kind is PeriodKind.QUARTER or not typed_remarks():
            return typed
        count = add_typed_remarks(period, investor)
        return typed.strip() or f"Xem ý kiến tại {count} số liệu của báo cáo."

    def _freeze_correction(self, period: Period, investor: Investor, known: Prepared | None) -> str:
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
            reason=f"{unit_called(investor, period.data_to)}: {reason}",
            at=from_now_on(db.session(), period),
            actor=current_actor(),
            prepared=known,
        )
        return " " + _("Version %(number)s is frozen.", number=made.number)

    def _submissions(self, period: Period, chosen: list[int]) -> list[Submission]:
        wanted = select(Submission).where(
            Submission.period_id == period.id, Submission.id.in_(chosen)
        )
        units = db.session.scalars(wanted.with_only_columns(Submission.investor_id)).all()
        found = hold_rows(db.session(), wanted, Submission, units)
        if len(found) != len(set(chosen)):
            abort(404)
        return found

    def get_investor(self, investor_id: int) -> Investor:
        """The unit of the address, or 404."""
        return db.session.get(Investor, investor_id) or abort(404)


def _prepared(period: Period, *which: ColumnElement[bool]) -> Prepared | None:
    """The next version of a locked period, but for the parts of the corrections `which`, which
    wait to be accepted.
    """
    if not period.is_locked(now()):
        return None
    wanted = select(Submission).where(
        Submission.period_id == period.id, Submission.status == SubmissionStatus.SUBMITTED, *which
    )
    found = db.session.scalars(wanted).all()
    return prepare(db.session(), period, at=now(), corrected=found) if found else None


def _check_version(submission: Submission, seen: str | None) -> None:
    """What is judged is what was seen; a call that names no version judges the stored one."""
    if seen is not None and seen != str(submission.version):
        raise Stale(
            _n("%(unit)s changed its report after you opened this page. Look at it again."),
            unit=str(submission.investor),
        )
