"""The second step of one's own sign-in: telephone, codes on paper, passkeys."""

from typing import Any

import segno
from flask import flash, make_response, redirect, request, session, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from admin.access import (
    May,
    Page,
    ask_again,
    asked_id,
    is_sure,
    keys_of_secrets,
    must_have_second_step,
    must_set_up,
    myself,
    note_second_step,
    passed_second_step,
    register_passkey,
    why_no_passkeys,
)
from admin.words import say
from models import RuleBroken, User, db
from models.base import now
from models.calendar import setting
from models.people import (
    address_of_secret,
    code_maker_of,
    drop_code_maker,
    forget_codes,
    has_second_step,
    new_recovery_codes,
    new_secret,
    passkeys_of,
    recovery_codes_left,
    seal,
    set_up_code_maker,
    unseal,
)

PENDING = "new_secret"  # in the cookie, sealed, until the code that proves it is typed


class SecondStepPage(Page):
    """Opens for everybody who is signed in, also for those who can do nothing else yet."""

    read = May.OWN_ACCOUNT

    def is_accessible(self) -> bool:
        return current_user.is_authenticated and not current_user.must_change_password

    def is_visible(self) -> bool:
        return False  # its way leads over My account

    @expose("/")
    def index(self) -> Response:
        return self._page()

    @expose("/telephone", methods=["GET", "POST"])
    def telephone(self) -> Response:
        """Show a fresh secret, and take the code that proves that the app has it."""
        ask_again()
        me, keys = myself(), keys_of_secrets()
        if request.method != "POST":
            session[PENDING] = seal(new_secret(), keys)
        secret = unseal(session.get(PENDING, ""), keys)
        if secret is None:
            return redirect(url_for(".telephone"))
        if request.method != "POST":
            return self._telephone(secret)
        typed = request.form.get("code", "")
        try:
            set_up_code_maker(db.session(), me, secret=secret, typed=typed, keys=keys, at=now())
        except RuleBroken as refusal:
            db.session.rollback()
            return self._telephone(secret, 422, typed=typed, wrong=say(refusal))
        session.pop(PENDING)
        note_second_step(me, "telephone-on")
        return self._set_up(me, "totp", _("The telephone is set up."))

    @expose("/telephone/off", methods=["POST"])
    def telephone_off(self) -> Response:
        ask_again()
        me = myself()
        drop_code_maker(db.session(), me)
        return self._taken_away(me, "telephone-off", _("Codes of the telephone are off."))

    @expose("/codes", methods=["POST"])
    def codes(self) -> Response:
        """Ten new codes on paper; the old ones end."""
        ask_again()
        me = myself()
        if not has_second_step(db.session(), me):
            return self._page(422, wrong=_("Set up a telephone or a passkey first."))
        return self._show_codes(me)

    @expose("/passkeys", methods=["GET", "POST"])
    def add_passkey(self) -> Response:
        """The password is asked for before the form is shown, and again when it took too long."""
        ask_again()
        if request.method != "POST":
            return redirect(url_for(".index", _anchor="passkeys"))
        me, name = myself(), request.form.get("name", "")
        try:
            made = register_passkey(me, name=name, answer=request.form.get("passkey", ""))
            note_second_step(me, "passkey-added", name=made.name)
            db.session.flush()
        except RuleBroken as refusal:
            db.session.rollback()
            return self._page(422, name=name, wrong_name=say(refusal))
        return self._set_up(me, "passkey", _("The passkey “%(name)s” is added.", name=made.name))

    @expose("/passkeys/delete", methods=["POST"])
    def delete_passkey(self) -> Response:
        ask_again()
        me, asked = myself(), asked_id(request.form.get("id", ""))
        row = next((one for one in passkeys_of(db.session(), me) if one.id == asked), None)
        if row is None:
            flash(_("This passkey is gone already."), "info")
            return redirect(url_for(".index"), 303)
        name = row.name
        db.session.delete(row)
        done = _("The passkey “%(name)s” is deleted; delete it on the device as well.", name=name)
        return self._taken_away(me, "passkey-deleted", done, name=name)

    # ---- what comes after

    def _set_up(self, me: User, way: str, done: str) -> Response:
        """One more way is there; the first brings codes on paper with it, shown now."""
        passed_second_step(me, way)
        flash(done, "success")
        if not recovery_codes_left(db.session(), me):
            return self._show_codes(me)
        db.session.commit()
        return redirect(url_for(".index"), 303)

    def _show_codes(self, me: User) -> Response:
        """On the answer to a form alone: no address shows them again."""
        made = new_recovery_codes(db.session(), me)
        note_second_step(me, "codes-made")
        db.session.commit()
        return make_response(self.render("account/codes.html", codes=made))

    def _taken_away(self, me: User, action: str, done: str, *, name: str = "") -> Response:
        db.session.flush()
        # of two that go at once, in two pages, the second waits here and sees that it is the last
        db.session.refresh(me, ["version"], with_for_update={"key_share": True})
        if not has_second_step(db.session(), me):
            if must_have_second_step(me):
                db.session.rollback()
                return self._page(422, wrong=_("Your role needs a second step: add another first."))
            forget_codes(db.session(), me)
        note_second_step(me, action, name=name)
        db.session.commit()
        flash(done, "success")
        return redirect(url_for(".index"), 303)

    # ---- the pages

    def _telephone(self, secret: str, status: int = 200, **more: Any) -> Response:
        address = address_of_secret(secret, myself(), issuer=setting(db.session(), "site_name"))
        picture = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff")
        page = self.render(
            "account/telephone.html",
            picture=Markup(picture),  # noqa: S704  # nosec B704 # made here of our own
            secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            address=address,
            **{"typed": "", "wrong": ""} | more,
        )
        return make_response(page, status)

    def _page(self, status: int = 200, **more: Any) -> Response:
        me = myself()
        page = self.render(
            "account/second_step.html",
            telephone=code_maker_of(db.session(), me),
            passkeys=passkeys_of(db.session(), me),
            codes_left=recovery_codes_left(db.session(), me),
            must=must_set_up(me),
            is_sure=is_sure(),
            why_none=why_no_passkeys(),
            **{"wrong": "", "wrong_name": "", "name": ""} | more,
        )
        return make_response(page, status)


def pages() -> list[BaseView]:
    return [
        SecondStepPage(
            name=_l("Second step"), endpoint="second_step", url="/admin/account/second-step"
        )
    ]
