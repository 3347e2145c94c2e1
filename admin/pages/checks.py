"""The checks of reports: what each means, from when it counts, which are only on trial."""

from datetime import date
from typing import Any

from flask import abort, flash, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from admin.access import May, Page, allowed, check_seen
from admin.pages.period_actions import must
from admin.records import in_words, status_of
from admin.words import day, say
from models import RuleBroken, RuleSetting, db
from models.base import now, read_day
from models.filing import rule_uses
from models.filing.checks import FIRST_DAY, MEANING
from models.returns import one_at_a_time
from reports.findings import LEDGER_AT_ONCE, ledger_findings, units_of_ledger


class ChecksPage(Page):
    read = May.SEE_CHECKS

    @expose("/", methods=["GET"])
    def index(self) -> Response:
        return self._page()

    @expose("/<code>", methods=["POST"])
    def change(self, code: str) -> Response:
        """From which day a check counts, and whether it only warns or hints."""
        must(May.EDIT_CHECKS)
        if code not in MEANING:
            abort(404)
        try:
            since = read_day(request.form.get("since", ""), field="since")
        except RuleBroken as refusal:
            return self._page(422, f"{code}: {say(refusal)}", code)
        try:
            with in_words():
                self._put(code, since, is_trial=request.form.get("is_trial") == "yes")
                db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            return self._page(status_of(refusal), f"{code}: {say(refusal)}")
        flash(_("The check %(code)s is saved.", code=code), "success")
        return redirect(url_for(".index"), 303)

    def _put(self, code: str, since: date, *, is_trial: bool) -> None:
        one_at_a_time(db.session(), "checks")
        row = db.session.get(RuleSetting, code, populate_existing=True)
        there = (row.since, row.is_trial) if row is not None else (FIRST_DAY, False)
        check_seen(*there, theirs=_use(*there), mine=_use(since, is_trial))
        if row is None:
            row = RuleSetting(code=code)
            db.session.add(row)
        row.since, row.is_trial = since, is_trial

    def _page(self, status: int = 200, refusal: str = "", refused_code: str = "") -> Response:
        uses = rule_uses(db.session())
        rules: list[dict[str, Any]] = [
            {
                "code": code,
                "level": level,
                "meaning": _(meaning),
                "since": uses[code].since if code in uses else FIRST_DAY,
                "is_trial": code in uses and uses[code].is_trial,
            }
            for code, (level, meaning) in MEANING.items()
        ]
        session, first = db.session(), slice(LEDGER_AT_ONCE)
        told = allowed(current_user, May.SEE_REVIEW)
        page = self.render(
            "checks/index.html",
            rules=rules,
            findings=list(ledger_findings(session, at=now(), units=first)) if told else [],
            has_more_units=told and units_of_ledger(session) > LEDGER_AT_ONCE,
            may_edit=allowed(current_user, May.EDIT_CHECKS),
            typed=request.form,
            refusal=refusal,
            refused_code=refused_code,
        )
        return make_response(page, status)


def _use(since: date, is_trial: bool) -> str:
    return f"{day(since)}, {_('On trial')}: {_('Yes') if is_trial else _('No')}"


def pages() -> list[BaseView]:
    return [
        ChecksPage(
            name=_l("Checks"),
            endpoint="checks",
            url="/admin/checks",
            category=_l("Catalogue"),
            menu_icon_value="check",
        )
    ]
