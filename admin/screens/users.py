"""Accounts: who may sign in, as what, and for which units."""

from typing import Any

from flask_admin import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import BooleanField
from wtforms.validators import Optional

from admin.access import May
from admin.records import (
    ChoiceField,
    ChoiceFilter,
    Exported,
    LineField,
    Needed,
    RecordForm,
    Records,
    RelationsField,
)
from models import AuditEntry, Investor, Role, User, db
from models.people import give_password


def all_investors() -> Any:
    return db.session.scalars(select(Investor).order_by(Investor.sort_order, Investor.id)).all()


class UserForm(RecordForm):
    username = LineField(
        _l("User name"),
        [Needed()],
        most=60,
        blank="",
        description=_l("Letters a–z, figures, dots and dashes; small letters."),
    )
    full_name = LineField(_l("Full name"), [Needed()], most=200)
    role = ChoiceField(_l("Role"), Role, [Needed()])
    investors = RelationsField(
        _l("Units"),
        all_investors,
        description=_l("Only for users of a unit; one person may work for several."),
    )
    email = LineField(_l("E-mail"), [Optional()], most=200)
    enabled = BooleanField(_l("May sign in"), default=True)
    first_password = LineField(
        _l("New password"),
        [Optional()],
        most=128,
        description=_l(
            "At least 12 characters; must be changed at the next sign-in. "
            "Empty: the password stays as it is."
        ),
        render_kw={"autocomplete": "new-password"},
    )


class UserView(Records):
    read, write = May.EDIT_USERS, May.EDIT_USERS
    form = UserForm
    column_list = ("username", "full_name", "role", "email", "enabled", "last_login_at")
    column_details_list = (*column_list, "investors", "must_change_password")
    column_labels = {
        "username": _l("User name"),
        "full_name": _l("Full name"),
        "role": _l("Role"),
        "email": _l("E-mail"),
        "enabled": _l("May sign in"),
        "last_login_at": _l("Last sign-in"),
        "investors": _l("Units"),
        "must_change_password": _l("Must change the password"),
    }
    column_formatters_detail = {
        "investors": lambda _v, _c, row, _n: ", ".join(unit.short_name for unit in row.investors)
    }
    search_columns = (User.search_text,)
    searched_by = _l("user name, full name, e-mail")
    sorts = {
        "username": (User.username,),
        "full_name": (User.full_name,),
        "last_login_at": (User.last_login_at,),
    }
    default_order = (User.username,)
    filters = (ChoiceFilter("role", _l("Role"), User.role, Role),)
    exported = (
        Exported(_l("User name"), User.username),
        Exported(_l("Full name"), User.full_name),
        Exported(_l("Role"), User.role),
        Exported(_l("E-mail"), User.email),
        Exported(_l("May sign in"), User.enabled),
    )
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
