"""Official letters: the reminder in Word, the Word template behind it, and the letter heads."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from admin.access import May, Page, allowed, asked_id, check_seen, file_response, spend_form
from admin.pages.act import carry_out
from admin.pages.period_actions import must
from admin.words import day, say
from models import LetterHead, LetterTemplate, Period, RuleBroken, db
from models.base import clean_line, current_actor, end_of_day, new_key, now, read_day, today
from models.calendar import days_off, working_days_after
from models.duty import find_period
from models.reminders import current_template, head_on, note_letter
from models.returns import one_at_a_time
from reports.home import latest_period
from reports.letter import (
    MOST_BYTES,
    built_in,
    check_template,
    reminder_letter,
    render_letter,
    roll,
    sample_contexts,
)

WORKING_DAYS = 2
SHOWN = 50


class LettersPage(Page):
    """Whom a reminder of one period would name; the download; the Word template."""

    read = May.SEE_LETTERS

    def create_blueprint(self, admin: Any) -> Blueprint:
        """A template may be larger than any other form; said before the form is read."""
        blueprint: Blueprint = super().create_blueprint(admin)

        @blueprint.url_value_preprocessor
        def take_a_file(endpoint: str | None, _values: Any) -> None:
            if endpoint == f"{blueprint.name}.upload":
                request.max_content_length = MOST_BYTES + 100_000

        return blueprint

    @expose("/")
    def index(self) -> Response:
        return self._page()

    @expose("/reminder.docx", methods=["POST"])
    def reminder(self) -> Response:
        """The letter as a file. The first download is noted for each unit that it names."""
        must(May.WRITE_LETTERS)
        session, at, period = db.session(), now(), self._period() or abort(404)
        fresh = spend_form()
        try:
            due_at = end_of_day(read_day(request.form.get("due", ""), field="due"))
            letter = reminder_letter(session, period=period, as_of=at, due_at=due_at)
            template = current_template(session)
            content = render_letter(letter, template.content if template else None)
        except RuleBroken as refusal:
            session.rollback()
            return self._page(422, say(refusal), field=refusal.field)
        code = period.code
        try:
            if fresh:
                units = [(unit.investor_id, unit.short_name) for unit in letter.units]
                note_letter(session, period, units, at=at, actor_name=current_actor().name)
            session.commit()
        except IntegrityError:  # somebody else wrote the same letter in the same second
            session.rollback()
        return file_response(content, f"cong-van-don-doc-{code}.docx")

    @expose("/template.docx")
    def template(self) -> Response:
        """The template in use; with `id` an earlier one, with `built_in` the original."""
        session, typed = db.session(), request.args.get("id", "")
        if typed:
            row = session.get(LetterTemplate, asked_id(typed))
            if row is None or not row.content:
                abort(404)
            return file_response(row.content, row.file_name)
        row = None if request.args.get("built_in") else current_template(session)
        return file_response(
            row.content if row else built_in(), row.file_name if row else "cong-van.docx"
        )

    @expose("/template", methods=["POST"])
    def upload(self) -> Response:
        must(May.EDIT_LETTER_HEADS)
        file = request.files.get("file")
        name = clean_line(file.filename or "")[:200] if file else ""
        if file is None or not name:
            return self._page(422, _("Choose a file."), field="file")
        content = file.read(MOST_BYTES + 1)
        try:
            check_template(content, name, sample_contexts())
        except RuleBroken as refusal:
            return self._page(422, say(refusal), field="file")
        return self._keep(content, name, _("The template is in use from now on."))

    @expose("/template/built-in", methods=["POST"])
    def reset(self) -> Response:
        must(May.EDIT_LETTER_HEADS)
        return self._keep(b"", "", _("The built-in template is in use again."))

    def _keep(self, content: bytes, name: str, done: str) -> Response:
        def act() -> str:
            one_at_a_time(db.session(), "letter template")
            last = next(iter(self._templates()), None)
            check_seen(
                last.id if last else 0,
                theirs=f"{last.file_name or '–'} ({last.user_name})" if last else "",
                mine=name or _("Back to the built-in template"),
            )
            db.session.add(
                LetterTemplate(
                    content=content, file_name=name, at=now(), user_name=current_actor().name
                )
            )
            return done

        return carry_out(
            act,
            there=redirect(url_for(".index"), 303),
            refused=lambda status, why: self._page(status, why, field="file"),
            file=content,
        )

    def _page(self, status: int = 200, refusal: str = "", field: str | None = None) -> Response:
        session, at, period = db.session(), now(), self._period()
        if period is None:
            return make_response(self.render("reports/none.html"), status)
        periods = select(Period).order_by(Period.data_to.desc(), Period.code.desc())
        page = self.render(
            "letters/index.html",
            period=period,
            periods=list(session.scalars(periods)),
            found=roll(session, period=period, as_of=at),
            head=self._head(),
            due=request.values.get("due", "").strip() or day(_two_working_days_after(today())),
            templates=self._templates(),
            may_write=allowed(current_user, May.WRITE_LETTERS),
            may_edit=allowed(current_user, May.EDIT_LETTER_HEADS),
            refusal=refusal,
            field=field,
            names=sorted(sample_contexts()[0]),
            letter_key=new_key(),  # a download leaves the page, and its other forms, open
            form_key=new_key(),
            at=at,
        )
        return make_response(page, status)

    def _head(self) -> LetterHead | None:
        try:
            return head_on(db.session(), today())
        except RuleBroken:
            return None

    def _templates(self) -> list[Any]:
        """The newest first, without their contents; `size` 0 is the return to the built-in one."""
        size = func.length(LetterTemplate.content).label("size")
        columns = (LetterTemplate.id, LetterTemplate.file_name, LetterTemplate.at)
        return list(
            db.session.execute(
                select(*columns, LetterTemplate.user_name, size)
                .order_by(LetterTemplate.id.desc())
                .limit(SHOWN)
            )
        )

    def _period(self) -> Period | None:
        code = request.values.get("period", "").strip()
        if code:
            return find_period(db.session(), code[:10]) or abort(404)
        return latest_period(db.session(), today=today())


def _two_working_days_after(start: date) -> date:
    """The second working day after `start` by the table of days off."""
    return working_days_after(start, WORKING_DAYS, days_off(db.session()))


def pages() -> list[BaseView]:
    return [
        LettersPage(
            name=_l("Official letters"),
            endpoint="letters",
            url="/admin/letters",
            menu_icon_type="i",
            menu_icon_value="stamp",
        ),
    ]
