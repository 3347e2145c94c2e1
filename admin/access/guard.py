"""What every page shares: shut by default, and one way of saying no."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from urllib.parse import quote

from flask import abort, redirect, request, url_for
from flask_admin import BaseView
from flask_login import current_user

from admin.access.permissions import May, allowed, in_menu
from admin.access.required import must_set_up
from admin.access.standby import read_there
from models.base import LARGEST_ID, now, read_id, read_moment

ALL = frozenset({"every view"})


class Guarded:
    """A page names the permission it needs; one that names none opens for nobody."""

    read: May | None = None
    endpoint: str
    # names of the views that may be read from a standby; ALL: each that is got
    elsewhere: ClassVar[frozenset[str]] = frozenset()

    def is_accessible(self) -> bool:
        return allowed(current_user, self.read)

    def is_visible(self) -> bool:
        return in_menu(current_user, self.read, self.endpoint)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        return turn_away()

    def _run_view(self, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Flask-Admin calls a view again after any TypeError, which hides where it came from."""
        if self.elsewhere is ALL or view.__name__ in self.elsewhere:
            return read_there(partial(view, self, *args, **kwargs))
        return view(self, *args, **kwargs)


def turn_away() -> Any:
    """Strangers to the sign-in page, people with a first password to change it, those who must
    have a second step and have none to set it up, others 403.
    """
    if not current_user.is_authenticated:
        if request.method != "GET" or request.headers.get("X-Requested-With"):
            abort(401)
        return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))
    if current_user.must_change_password:
        return redirect(url_for("auth.password"))
    if must_set_up(current_user):
        return redirect(url_for("second_step.index"))
    return abort(403)


def asked_id(text: str, most: int = LARGEST_ID) -> int:
    """The number that an address or a hidden field names; what can be none is a missing page."""
    number = read_id(text)
    return abort(404) if number is None or number > most else number


def address_by(address: str, name: str) -> Callable[[object], str]:
    """The address with one parameter more, by its value: made once for all rows of a page."""
    page, _sep, rest = address.partition("?")
    return lambda value: f"{page}?{name}={quote(str(value))}&{rest}"


def moment_asked(typed: str | None) -> datetime:
    """The moment that counts as now where an address or an option names one, else the present."""
    return read_moment(typed, field="as_of") if typed else now()


class Page(Guarded, BaseView):
    """A page of our own that is no record screen."""
