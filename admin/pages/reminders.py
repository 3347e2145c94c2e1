"""Reminders: messages ready for a chat, what was sent, and what is due next."""

from flask import abort, current_app, flash, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from admin.access import May, Page, allowed, spend_form
from admin.pages.period_actions import must
from admin.pages.report_page import period_asked
from admin.pages.report_part import Part
from admin.words import ngettext
from models import Period, db
from models.base import current_actor, new_key, now
from models.reminders import note_chat, office_of, unsent_units
from reports.reminders import reminders, reminders_noted
from reports.review import figure_periods

AT_ONCE = 100  # units, and lines of the log, on a page


class RemindersPage(Page):
    """Whom to remind about one period, and how; without one the newest whose window has ended."""

    read = May.SEE_REMINDERS

    @expose("/", methods=["GET", "POST"])
    def index(self) -> Response:
        session, period = db.session(), period_asked()
        if period is None:
            return make_response(self.render("reports/none.html"))
        if request.method == "POST":
            return self._note_chat(period)
        at = now()
        office = office_of(session, public_url=current_app.config["PUBLIC_URL"])
        log = Part.asked(reminders_noted(session, period), AT_ONCE, "log")
        missing = unsent_units(session, as_of=at, period=period)
        part = Part.asked(len(missing), AT_ONCE)
        found = reminders(
            session,
            period=period,
            office=office,
            as_of=at,
            missing=missing,
            shown=part.cut,
            log=log.cut,
        )
        page = self.render(
            "reminders/index.html",
            found=found,
            part=part,
            log_part=log,
            period=period,
            periods=figure_periods(session, most=None),
            is_locked=period.is_locked(at),
            may_send=allowed(current_user, May.SEND_REMINDERS),
            has_server=bool(current_app.config["SMTP_URL"]),
            form_key=new_key(),
            at=at,
        )
        return make_response(page)

    def _note_chat(self, period: Period) -> Response:
        """Record a message that was sent by hand: to one unit, or to all in their group."""
        must(May.SEND_REMINDERS)
        session, at = db.session(), now()
        here = redirect(url_for(".index", period=period.code), 303)
        if not spend_form():
            flash(_("This was carried out already; nothing was done twice."), "info")
            return here
        units = unsent_units(session, as_of=at, period=period)
        if request.form.get("investor"):
            expected = {str(one.investor_id) for one in period.expected}
            if request.form["investor"] not in expected:
                abort(404)
            units = [one for one in units if str(one.investor.id) == request.form["investor"]]
        if not units:
            flash(_("The report has come in the meantime; nothing was recorded."), "info")
            return here
        try:
            note_chat(session, units, at=at, actor_name=current_actor().name)
            session.commit()
        except IntegrityError:  # somebody else noted the same in the same second
            session.rollback()
        flash(
            ngettext(
                "The message to %(num)s unit is recorded.",
                "The messages to %(num)s units are recorded.",
                len(units),
            ),
            "success",
        )
        return here


def pages() -> list[BaseView]:
    return [
        RemindersPage(
            name=_l("Reminders"),
            category=_l("Receiving and reminding"),
            endpoint="reminders",
            url="/admin/reminders",
            menu_icon_value="send",
        )
    ]
