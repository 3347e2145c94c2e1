"""Official letters in Word: the reminder of missing reports, and the one on slow disbursement."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import abort, make_response, request
from flask_admin import BaseView, expose
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from admin.access import May, allowed, asked_id, file_response, spend_form
from admin.pages.period_actions import must
from admin.pages.report_page import period_asked
from admin.pages.word_templates import WordTemplates
from admin.words import day, say
from models import LetterHead, Period, RuleBroken, db
from models.base import (
    current_actor,
    end_of_day,
    new_key,
    now,
    read_day,
    read_percent,
    reading_only,
    today,
)
from models.calendar import days_off, working_days_after
from models.duty import get_period
from models.reminders import TemplateKind, current_template, head_on, note_letter
from reports.letter import (
    reminder_letter,
    render_letter,
    render_slow,
    roll,
    slow_letter,
    slow_roll,
)
from reports.review import figure_periods

WORKING_DAYS = 2


class LettersPage(WordTemplates):
    """Whom a letter about one period would name; the download; the Word template."""

    read = May.SEE_LETTERS

    @expose("/")
    def index(self) -> Response:
        return self._page()

    @expose("/reminder.docx", methods=["POST"])
    def reminder(self) -> Response:
        """The letter as a file. The first download is noted for each unit that it names."""
        must(May.WRITE_LETTERS)
        session, at = db.session(), now()
        try:
            due_at = end_of_day(read_day(request.form.get("due", ""), field="due"))
            with reading_only(session):
                period = period_asked() or abort(404)
                letter = reminder_letter(session, period=period, as_of=at, due_at=due_at)
                template = _template(TemplateKind.REMINDER)
            content = render_letter(letter, template)
        except RuleBroken as refusal:
            return self._page(422, say(refusal), field=refusal.field)
        _note(letter.period_code, letter.units, at, "letter")
        return file_response(content, f"cong-van-don-doc-{letter.period_code}.docx")

    @expose("/slow")
    def slow(self) -> Response:
        """Units that disburse slowly, for the letter that asks them to hurry."""
        return self._slow_page()

    @expose("/slow.docx", methods=["POST"])
    def slow_file(self) -> Response:
        """The letter as a file, to the units that are ticked."""
        must(May.WRITE_LETTERS)
        session, at = db.session(), now()
        try:
            with reading_only(session):
                letter = slow_letter(
                    session,
                    period=period_asked() or abort(404),
                    as_of=at,
                    threshold=_threshold(),
                    chosen={asked_id(text) for text in request.form.getlist("units")},
                )
                template = _template(TemplateKind.SLOW)
            content = render_slow(letter, template)
        except RuleBroken as refusal:
            return self._slow_page(422, say(refusal), field=refusal.field)
        _note(letter.period_code, letter.units, at, "slow")
        return file_response(content, f"cong-van-giai-ngan-cham-{letter.period_code}.docx")

    def _slow_page(
        self, status: int = 200, refusal: str = "", field: str | None = None
    ) -> Response:
        session, at, period = db.session(), now(), period_asked()
        if period is None:
            return make_response(self.render("reports/none.html"), status)
        try:
            found = slow_roll(session, period=period, as_of=at, threshold=_threshold())
        except RuleBroken as broken:
            status, refusal, field = 422, say(broken), broken.field
            found = slow_roll(session, period=period, as_of=at)
        ticked = set(request.form.getlist("units")) if request.method == "POST" else None
        page = self.render(
            "letters/slow.html",
            found=found,
            typed=request.values.get("threshold", "").strip(),
            ticked=ticked,
            **self._shared(period, TemplateKind.SLOW, refusal, field),
        )
        return make_response(page, status)

    def _page(self, status: int = 200, refusal: str = "", field: str | None = None) -> Response:
        session, at, period = db.session(), now(), period_asked()
        if period is None:
            return make_response(self.render("reports/none.html"), status)
        page = self.render(
            "letters/index.html",
            found=roll(session, period=period, as_of=at),
            due=request.values.get("due", "").strip() or day(_two_working_days_after(today())),
            at=at,
            **self._shared(period, TemplateKind.REMINDER, refusal, field),
        )
        return make_response(page, status)

    def _shared(
        self, period: Period, kind: TemplateKind, refusal: str, field: str | None
    ) -> dict[str, Any]:
        """What the pages of both letters show beside whom they name."""
        return {
            "period": period,
            "periods": figure_periods(db.session(), most=None),
            "head": self._head(),
            "may_write": allowed(current_user, May.WRITE_LETTERS),
            "refusal": refusal,
            "field": field,
            "letter_key": new_key(),  # a download leaves the page, and its other forms, open
            **self.about_template(kind),
        }

    @expose("/narrative")
    def narrative_template(self) -> Response:
        """The template of the báo cáo of a period."""
        return self._template_page(TemplateKind.NARRATIVE)

    @expose("/unit-report")
    def unit_report(self) -> Response:
        """The template from which units make the paper of their report."""
        return self._template_page(TemplateKind.UNIT_REPORT)

    def _template_page(
        self, kind: TemplateKind, status: int = 200, refusal: str = "", field: str | None = None
    ) -> Response:
        period = period_asked()
        if period is None:
            return make_response(self.render("reports/none.html"), status)
        shared = self._shared(period, kind, refusal, field)
        return make_response(self.render(f"letters/{kind}.html", **shared), status)

    def refused_template(self, kind: TemplateKind, status: int, why: str) -> Response:
        if kind in (TemplateKind.NARRATIVE, TemplateKind.UNIT_REPORT):
            return self._template_page(kind, status, why, field="file")
        show = self._slow_page if kind is TemplateKind.SLOW else self._page
        return show(status, why, field="file")

    def _head(self) -> LetterHead | None:
        try:
            return head_on(db.session(), today())
        except RuleBroken:
            return None


def _threshold() -> Decimal | None:
    """The rate that was asked for; the rate of the district where none is."""
    typed = request.values.get("threshold", "").strip()
    return read_percent(typed, field="threshold") if typed else None


def _template(kind: TemplateKind) -> bytes | None:
    row = current_template(db.session(), kind)
    return row.file if row else None


def _note(period_code: str, units: Iterable[Any], at: datetime, step: str) -> None:
    """Note the letter for each unit that it names: once, however often it is downloaded.

    The file is made by now: nothing of that is done while others wait to write.
    """
    session = db.session()
    try:
        if spend_form():
            period = get_period(session, period_code)
            named = [(unit.investor_id, unit.short_name) for unit in units]
            actor = current_actor().name
            note_letter(session, period, named, at=at, actor_name=actor, step=step)
        session.commit()
    except IntegrityError:  # somebody else wrote the same letter in the same second
        session.rollback()


def _two_working_days_after(start: date) -> date:
    """The second working day after `start` by the table of days off."""
    return working_days_after(start, WORKING_DAYS, days_off(db.session()))


def pages() -> list[BaseView]:
    return [
        LettersPage(
            name=_l("Official letters"),
            category=_l("Receiving and reminding"),
            endpoint="letters",
            url="/admin/letters",
            menu_icon_value="stamp",
        ),
    ]
