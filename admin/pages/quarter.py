"""The page of a quarter: figures of the months, words of its own."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, make_response, request
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from admin.access import spend_form
from admin.pages.report_form import field_label
from admin.records import in_words, is_refusal
from admin.words import say
from models import Investor, Period, RuleBroken, Stale, Submission, db
from models.base import current_actor, now, read_id, read_text
from models.filing import NARRATIVE, save_narrative, send_report
from reports.quarter import quarter_sheet
from reports.sendings import sendings_of

LONGEST = 8_000


class QuarterPage:
    """Reading, saving and sending the quarter of a unit."""

    render: Callable[..., Any]
    back: Callable[[Period, Investor], Response]
    shared: Callable[..., dict[str, Any]]
    sent: Callable[[Period, Investor, Submission], Response]
    done_before: Callable[[Period, Investor, Submission | None], Response]

    def quarter(self, period: Period, investor: Investor) -> Response:
        if request.method == "GET":
            return self._quarter_page(period, investor)
        typed, errors = self._narrative(period, investor)
        sending = request.form.get("action") == "send" and not errors
        version = read_id(request.form.get("version", ""))
        try:
            if not spend_form():
                return self._quarter_again(period, investor, typed)
            submission = save_narrative(
                db.session(),
                period=period,
                investor=investor,
                narrative=typed,
                version=-1 if version is None else version,
                at=now(),
            )
        except (Stale, StaleDataError, DBAPIError) as error:
            if not isinstance(error, RuleBroken) and not is_refusal(error):
                raise
            db.session.rollback()
            return self._stale_page(period, investor)
        except RuleBroken as refusal:
            db.session.rollback()
            return self._quarter_page(period, investor, 422, refusal=say(refusal), errors=errors)
        if not sending:
            db.session.commit()
            if errors:
                return self._quarter_page(period, investor, 422, errors=errors, is_kept=True)
            flash(_("The draft is saved. It is not sent yet."), "success")
            return self.back(period, investor)
        try:
            # what was saved just before stays saved, whatever the database says to the sending
            with in_words(keep=True), db.session.begin_nested():
                send_report(db.session(), submission, at=now(), actor=current_actor())
        except RuleBroken as refusal:
            db.session.commit()
            g.form_is_stored = True
            errors = {refusal.field: say(refusal)} if refusal.field else {}
            return self._quarter_page(
                period, investor, 422, refusal=say(refusal), errors=errors, is_saved=True
            )
        return self.sent(period, investor, submission)

    def _narrative(
        self, period: Period, investor: Investor
    ) -> tuple[dict[str, str], dict[str, str]]:
        """The texts as typed, the stored one in place of a text that is too long, and why."""
        typed, errors = {}, {}
        for name in NARRATIVE:
            try:
                typed[name] = read_text(request.form.get(name, ""), LONGEST)
            except RuleBroken as refusal:
                errors[name] = say(refusal)
                sheet = quarter_sheet(db.session(), period=period, investor=investor, at=now())
                typed[name] = _stored(sheet.submission)[name]
        return typed, errors

    def _quarter_again(self, period: Period, investor: Investor, typed: dict[str, str]) -> Response:
        """The very same form once more: done already, unless somebody changed it since."""
        db.session.rollback()
        sheet = quarter_sheet(db.session(), period=period, investor=investor, at=now())
        stored = _stored(sheet.submission)
        if sheet.submission and all(stored[name] == typed[name].strip() for name in typed):
            return self.done_before(period, investor, sheet.submission)
        return self._stale_page(period, investor)

    def _stale_page(self, period: Period, investor: Investor) -> Response:
        return self._quarter_page(
            period,
            investor,
            409,
            refusal=_("Somebody else saved this report after you opened it."),
            is_stale=True,
        )

    def _quarter_page(
        self,
        period: Period,
        investor: Investor,
        status: int = 200,
        *,
        refusal: str = "",
        errors: dict[str, str] | None = None,
        is_stale: bool = False,
        is_saved: bool = False,
        is_kept: bool = False,
    ) -> Response:
        sheet = quarter_sheet(db.session(), period=period, investor=investor, at=now())
        stored = _stored(sheet.submission)
        posted = request.method == "POST" and not is_saved
        page = self.render(
            "my_report/quarter.html",
            sheet=sheet,
            labels={name: field_label(name) for name in NARRATIVE},
            stored=stored,
            texts={n: request.form.get(n, "") if posted else stored[n] for n in NARRATIVE},
            errors=errors or {},
            refusal=refusal,
            is_stale=is_stale,
            is_saved=is_saved,
            is_kept=is_kept,
            sendings=sendings_of(db.session(), sheet.submission),
            **self.shared(sheet),
        )
        return make_response(page, status)


def _stored(submission: Submission | None) -> dict[str, str]:
    """The texts of a quarter as they are stored, empty where there are none."""
    return {name: getattr(submission, name, None) or "" for name in NARRATIVE}
