"""Error pages in words. A bug gets a reference number and a full log; input never does.

What a person had typed is offered back on every refusal of a form, so that nothing is lost.
"""

import secrets

from flask import Flask, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from admin.access import contact_for_error, render_bare
from admin.records import sentence
from admin.words import say
from models import RuleBroken, db
from models.base import ScopeViolation

PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 503})
HIDDEN = frozenset(
    {
        "csrf_token",
        "form_key",
        "first_password",
        "password",
        "current",
        "new",
        "repeat",
        "version",
        "row_version",
    }
)


def typed_values() -> list[tuple[str, str]]:
    """What was typed into the refused form, without secrets, to be copied back."""
    if request.method != "POST":
        return []
    try:
        return [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in HIDDEN and value.strip()
        ]
    except RequestEntityTooLarge:
        return []


def page(code: int, **context: object) -> tuple[str, int]:
    """The page of one status, with what was typed and whom to ask. It does not ask the database
    who is there.
    """
    contact = contact_for_error(code)
    text = render_bare(
        f"errors/{code}.html", typed=typed_values(), office_contact=contact, **context
    )
    return text, code


def init_app(app: Flask) -> None:
    @app.errorhandler(ScopeViolation)
    def outside(violation: ScopeViolation) -> tuple[str, int]:
        db.session.rollback()
        app.logger.warning("outside the scope: %s", violation)
        return page(404)

    @app.errorhandler(CSRFError)
    def expired(error: CSRFError) -> tuple[str, int]:
        return page(
            400,
            reason=_("This form is too old or was opened before you signed in. Send it again."),
        )

    _register_refusals(app)

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> tuple[str, int] | HTTPException:
        if error.code not in PAGES or error.response is not None:
            return error
        return page(error.code)

    @app.errorhandler(Exception)
    def bug(error: Exception) -> tuple[str, int]:
        reference = secrets.token_hex(4)
        app.logger.error("reference %s", reference, exc_info=error)
        return page(500, reference=reference)


def _register_refusals(app: Flask) -> None:
    """What a rule or the database refuses, where the page of the form did not expect it."""

    @app.errorhandler(StaleDataError)
    def stale(error: StaleDataError) -> tuple[str, int]:
        db.session.rollback()
        return page(409)

    @app.errorhandler(DataError)
    def unfit(error: DataError) -> tuple[str, int]:
        """A number that the database cannot hold: input, not a bug."""
        db.session.rollback()
        app.logger.warning("value the database cannot hold: %s", error.orig)
        return page(400)

    @app.errorhandler(RuleBroken)
    def refused(refusal: RuleBroken) -> tuple[str, int]:
        """A rule that the page of the form did not expect: still a sentence, and input."""
        db.session.rollback()
        app.logger.warning("refused on %s: %s", request.path, refusal.message)
        return page(422, reason=say(refusal))

    @app.errorhandler(IntegrityError)
    def clash(error: IntegrityError) -> tuple[str, int]:
        """What the tables themselves refuse: a second row with a key, a row others need."""
        db.session.rollback()
        app.logger.warning("refused on %s by the database: %s", request.path, error.orig)
        return page(409, reason=sentence(error))

    @app.errorhandler(OperationalError)
    def away(error: OperationalError) -> tuple[str, int, dict[str, str]]:
        app.logger.error("database: %s", error.orig)
        return *page(503), {"Retry-After": "10"}
