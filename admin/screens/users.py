"""Accounts: who may sign in, as what, and for which units."""

from typing import Any

from flask_admin import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms.validators import Optional

from admin.access import May
from admin.records import (
    ChoiceFilter,
    LineField,
    Records,
)
from models import AuditEntry, User, db
from models.people import give_password


class UserView(Records):
    read, write = May.EDIT_USERS, May.EDIT_USERS
    form_extra_fields = {
        "first_password": LineField(
            _l("New password"),
            [Optional()],
            most=128,
            description=_l(
                "At least 12 characters; must be changed at the next sign-in. "
                "Empty: the password stays as it is."
            ),
            render_kw={"autocomplete": "new-password"},
        )
    }
    form_args = {"username": {"blank": ""}}
    column_list = ("username", "full_name", "role", "email", "enabled", "last_login_at")
    search_columns = (User.search_text,)
    searched_by = _l("user name, full name, e-mail")
    default_order = (User.username,)
    filters = (ChoiceFilter("role", User.role),)
    eager_one = (selectinload(User.investors),)

    def fill(self, form: Any, row: User) -> None:
        super().fill(form, row)
        if form.first_password.data:
            give_password(row, form.first_password.data, must_change=True, field="first_password")

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
            menu_icon_type="i",
            menu_icon_value="users",
        )
    ]
