"""Accounts: who may sign in, as what, and for which units."""

from datetime import timedelta
from typing import Any

from flask import flash, g, redirect, request
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import BooleanField

from admin.access import (
    May,
    ask_again,
    end_sign_in,
    reset_second_step,
    shown_sign_ins,
    turn_away,
)
from admin.records import (
    ChoiceFilter,
    Records,
    RowFilter,
    investor_options,
)
from models import AuditEntry, Investor, User, db
from models.base import now
from models.calendar import setting
from models.people import give_first_password, has_second_step


class UnitFilter(RowFilter):
    """Works for that unit, perhaps for others as well."""

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        return query.where(User.investors.any(Investor.id == value))


class UserView(Records):
    read, write = May.EDIT_USERS, May.EDIT_USERS
    form_extra_fields = {
        "first_password": BooleanField(
            _l("Give a first password"),
            description=_l(
                "It is made here, shown once after saving, and must be changed at the first "
                "sign-in. The present one ends."
            ),
        )
    }
    form_args = {"username": {"blank": ""}}
    column_list = ("username", "full_name", "role", "email", "enabled", "last_login_at")
    search_columns = (User.search_text,)
    searched_by = _l("user name, full name, e-mail")
    default_order = (User.username,)
    filters = (
        ChoiceFilter("role", User.role),
        UnitFilter("investor", User.investors, investor_options),
    )
    not_back = _l("The trail keeps no password: give a first password.")
    eager_one = (selectinload(User.investors),)
    details_template = "records/user.html"

    def fill(self, form: Any, row: User) -> None:
        super().fill(form, row)
        if form.first_password.data:
            days = setting(db.session(), "first_password_days")
            g.first_password = give_first_password(row, until=now() + timedelta(days=days))

    def prepare(self, form: Any, row: User | None) -> None:
        super().prepare(form, row)
        if row is None and request.method == "GET":
            form.first_password.data = True

    def _after_saving(self, row: User) -> Any:
        """The first password stands on the answer to the form and on no page that has an address:
        asking for it again saves nothing and shows nothing.
        """
        plain = g.pop("first_password", None)
        if plain is None:
            return super()._after_saving(row)
        g.form_is_stored = True
        return self.render(
            "records/first_password.html", person=row, plain=plain, return_url=self._back()
        )

    def more(self, row: User) -> dict[str, Any]:
        return {
            "sign_ins": shown_sign_ins(row),
            "has_second_step": has_second_step(db.session(), row),
        }

    @expose("/second-step-reset/", methods=("POST",))
    def reset_second_step(self) -> Any:
        """Take the second step of somebody away who lost telephone and passkey."""
        if not self.can_edit:
            return turn_away()
        ask_again()
        row = self.row_or_404(request.args.get("id"))
        flash(reset_second_step(row), "success")
        return redirect(self.get_url(".details_view", id=row.id), 303)

    @expose("/sign-ins/", methods=("POST",))
    def end_sign_ins(self) -> Any:
        """End one sign-in of anybody, or all."""
        if not self.can_edit:
            return turn_away()
        row = self.row_or_404(request.args.get("id"))
        mine = g.sign_in.token_hash
        flash(end_sign_in(row, request.form.get("which", ""), but=mine), "success")
        return redirect(self.get_url(".details_view", id=row.id), 303)

    def hindrances(self, row: User) -> list[str]:
        """Somebody who has done anything stays in the books and is switched off instead."""
        acted = db.session.scalar(
            select(AuditEntry.id).where(AuditEntry.user_id == row.id).limit(1)
        )
        if acted is not None:
            return [_("This person has worked here; switch the account off instead.")]
        return []


def pages() -> list[BaseView]:
    return [
        UserView(
            User,
            name=_l("Users"),
            endpoint="user",
            category=_l("Administration"),
            menu_icon_value="users",
        )
    ]
