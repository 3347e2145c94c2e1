"""My account: where one is signed in, one's e-mail, and what one signs in with."""

import json

from flask import current_app, flash, g, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from admin.access import (
    May,
    Page,
    codes_left_in_words,
    end_sign_in,
    file_response,
    myself,
    shown_sign_ins,
)
from admin.words import say
from models import DISTRICT, RuleBroken, db
from models.base import clean_line
from models.people import has_second_step, own_data, recovery_codes_left


class AccountPage(Page):
    """Opens for everybody who is signed in; each sees and changes their own account alone."""

    read = May.OWN_ACCOUNT

    def is_visible(self) -> bool:
        return False  # its way is the menu of the person

    @expose("/", methods=["GET"])
    def index(self) -> Response:
        return self._page()

    @expose("/email", methods=["POST"])
    def email(self) -> Response:
        """Where reminders go; also where one is told of changes of one's account."""
        typed = clean_line(request.form.get("email", ""))
        try:
            myself().email = typed or None
            db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            return self._page(422, email=typed, wrong_email=say(refusal))
        flash(_("Your e-mail address is saved."), "success")
        return redirect(url_for(".index"), 303)

    @expose("/data.json", methods=["GET"])
    def data(self) -> Response:
        """All that is stored about oneself, as a file; of oneself alone, in whichever unit."""
        db.session().enter(DISTRICT)
        text = json.dumps(own_data(db.session(), myself()), ensure_ascii=False, indent=2)
        return file_response(text.encode(), f"{myself().username}.json")

    @expose("/sign-ins", methods=["POST"])
    def sign_ins(self) -> Response:
        """End one of one's own sign-ins, or all others."""
        mine = g.sign_in.token_hash
        flash(end_sign_in(myself(), request.form.get("which", ""), but=mine), "success")
        return redirect(url_for(".index"), 303)

    def _page(self, status: int = 200, **more: object) -> Response:
        page = self.render(
            "account/index.html",
            has_second_step=has_second_step(db.session(), myself()),
            codes_left=codes_left_in_words(recovery_codes_left(db.session(), myself())),
            sign_ins=shown_sign_ins(myself()),
            idle=current_app.config["IDLE_MINUTES"],
            hours=int(current_app.config["PERMANENT_SESSION_LIFETIME"].total_seconds() // 3600),
            **{"email": current_user.email or "", "wrong_email": ""} | more,
        )
        return make_response(page, status)


def pages() -> list[BaseView]:
    return [AccountPage(name=_l("My account"), endpoint="account", url="/admin/account")]
