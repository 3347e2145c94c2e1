"""What the sheet of a unit does with a posted page: save, send, keep, tell two people of both."""

from collections.abc import Callable

from flask import flash, g, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from admin.access import spend_form
from admin.pages.report_form import ReportForm, place_of
from admin.records import in_words, is_refusal, link, sentence
from admin.words import dong, exact_moment, in_sentence, month_label, say
from models import Investor, Period, PeriodKind, RuleBroken, Stale, Submission, db
from models.base import current_actor, now
from models.filing import Sheet, read_sheet, reply, save_report, send_report, threads_of
from models.filing.checks import check_sheet
from models.returns import EDITABLE
from reports.sendings import sendings_of


class SheetPosts:
    """Nothing typed is lost: what can be read is saved, the rest stands in its fields."""

    for_office: bool
    back: Callable[[Period, Investor], Response]
    _page: Callable[..., Response]
    _fresh: Callable[[str], Sheet]
    _unit: Callable[[], str]
    _investors: Callable[[], list[Investor]]

    def save(self, code: str, stored: Sheet) -> Response:
        """Store what was typed and could be read; then send it, if that was asked for."""
        period, investor = stored.period, stored.investor
        form = ReportForm(stored, request.form)
        cookie["unit"] = form.unit
        typed, explanations, answers = form.read(), form.explanations(), form.answers()
        if form.errors and stored.is_correction:
            return self._page(self._fresh(code), form, 422)
        sending = request.form.get("action") == "send" and not form.errors
        try:
            if not spend_form():
                return self._again(code)
            submission = save_report(
                db.session(),
                period=period,
                investor=investor,
                projects=typed,
                nil_report=form.nil_report,
                explanations=explanations,
                version=form.version,
                at=now(),
                stated_total=form.stated_total,
                confirmed=form.confirmed(),
                read=stored,
            )
            self._answer(submission, answers)
        except (Stale, StaleDataError, DBAPIError) as error:
            if not isinstance(error, RuleBroken) and not is_refusal(error):
                raise
            db.session.rollback()
            if isinstance(error, DataError):
                return self._refused(code, sentence(error))
            return self._conflict(code, sending=sending)
        except RuleBroken as error:
            place = place_of(error)
            db.session.rollback()
            return self._refused(code, sentence(error), place)
        if sending:
            return self._send(period, investor, submission)
        answer = self.back(period, investor)  # first: after the commit all would be read again
        db.session.commit()
        if form.errors:
            return self._kept(code, form)
        flash(_("The draft is saved. It is not sent yet."), "success")
        return answer

    def _send(self, period: Period, investor: Investor, submission: Submission) -> Response:
        """Send what was just saved; when the checks refuse, the draft stays saved.

        The sending changes nothing before it has checked everything; what was sent before stands
        until then.
        """
        try:
            # what was saved just before stays saved, whatever the database says to the sending
            with in_words(keep=True), db.session.begin_nested():
                send_report(db.session(), submission, at=now(), actor=current_actor())
        except RuleBroken as refusal:
            fresh = read_sheet(db.session(), period=period, investor=investor, at=now())
            findings, why = check_sheet(fresh), say(refusal)
            db.session.commit()
            g.form_is_stored = True
            return self._page(
                fresh,
                ReportForm(fresh, unit=self._unit()),
                422,
                refusal=why,
                show_findings=True,
                findings=findings,
            )
        return self.sent(period, investor, submission)

    def _kept(self, code: str, form: ReportForm) -> Response:
        """All that could be read is saved; the rest stands in its fields as it was typed."""
        fresh = self._fresh(code)
        typed = dict(request.form.items()) | {"version": str(fresh.version)}
        for name in form.stored_answers():
            typed.pop(name, None)
        again = ReportForm(fresh, typed)
        again.errors = form.errors
        return self._page(fresh, again, 422, is_kept=True)

    def sent(self, period: Period, investor: Investor, submission: Submission) -> Response:
        """Commit a sending of a month or a quarter, and lead back with its words."""
        answer, words = (
            self.back(period, investor),
            self._words_of_sent(period, investor, submission),
        )
        db.session.commit()
        for text, kind in words:
            flash(text, kind)
        return answer

    def _words_of_sent(
        self, period: Period, investor: Investor, submission: Submission
    ) -> list[tuple[str, str]]:
        """That it is sent, with the way to the receipt: its number, moment and sum."""
        newest = sendings_of(db.session(), submission)[0]
        there = url_for(
            ".sending",
            code=period.code,
            number=newest.number,
            investor=investor.id if self.for_office or len(self._investors()) > 1 else None,
        )
        words = _(
            "Receipt: sending %(number)s at %(moment)s.",
            number=newest.number,
            moment=exact_moment(newest.sent_at),
        )
        if period.kind is not PeriodKind.QUARTER:
            words = _(
                "Receipt: sending %(number)s at %(moment)s, %(amount)s đồng.",
                number=newest.number,
                moment=exact_moment(newest.sent_at),
                amount=dong(newest.net),
            )
        done = _("The report of %(period)s is sent.", period=in_sentence(month_label(period.code)))
        return [(done, "success"), (link(there, words), "info")]

    def _answer(self, submission: Submission, answers: dict[int, str]) -> None:
        """Answers that were typed beside the office's remarks, stored with the figures; one that
        is there already, such as after a lost answer of the server, is not added again.
        """
        if not answers:
            return
        there = {
            (thread.id, thread.remarks[-1].text)
            for thread in threads_of(db.session(), submission)
            if thread.remarks
        }
        for thread_id, text in answers.items():
            if (thread_id, text) in there:
                continue
            reply(
                db.session(),
                submission,
                thread_id,
                text=text,
                at=now(),
                actor=current_actor(),
                by_office=self.for_office,
            )

    def _again(self, code: str) -> Response:
        """The very same form once more, such as after a lost answer: done already, unless
        somebody has changed the report since.
        """
        db.session.rollback()
        fresh = self._fresh(code)
        if ReportForm(fresh, request.form).differences():
            return self._conflict(code, sending=False)
        return self.done_before(fresh.period, fresh.investor, fresh.submission)

    def done_before(
        self, period: Period, investor: Investor, submission: Submission | None
    ) -> Response:
        """Lead back from a form that came before, with how its report stands now: the answer to
        the first may never have arrived.
        """
        if submission is not None and submission.status in EDITABLE:
            flash(_("The draft is saved. It is not sent yet."), "success")
        elif submission is not None and sendings_of(db.session(), submission):
            for text, kind in self._words_of_sent(period, investor, submission):
                flash(text, kind)
        return self.back(period, investor)

    def _conflict(self, code: str, *, sending: bool) -> Response:
        """Both versions side by side; sending again is an informed overwrite.

        Where what is stored is what was typed (the answer to the saving was lost, and then the
        report was sent from the same page) there is no conflict: it goes on.
        """
        fresh = self._fresh(code)
        mine = dict(request.form.items()) | {"version": str(fresh.version)}
        both = ReportForm(fresh, mine)
        differences = [(both.label(n), old, new) for n, old, new in both.differences()]
        if not differences and fresh.submission is not None and not fresh.is_correction:
            try:
                self._answer(fresh.submission, both.answers())
            except RuleBroken as refusal:
                db.session.rollback()
                return self._refused(code, say(refusal), refusal.field)
            if sending:
                return self._send(fresh.period, fresh.investor, fresh.submission)
            db.session.commit()
            flash(_("The draft is saved. It is not sent yet."), "success")
            return self.back(fresh.period, fresh.investor)
        return self._page(fresh, both, 409, differences=differences)

    def _refused(self, code: str, sentence: str, field: str | None = None) -> Response:
        fresh = self._fresh(code)
        again = ReportForm(fresh, request.form)
        if field:
            again.errors[field] = sentence
        return self._page(fresh, again, 422, refusal=sentence)
