"""Error pages in words. A bug gets a reference number and a full log; input never does.

What a person had typed is offered back on every refusal of a form, so that nothing is lost.
"""

from flask import Flask, Response, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadHost, HTTPException, RequestEntityTooLarge, SecurityError

from admin.access import (
    ANSWER,
    OtherSchema,
    fits,
    page_to_return_to,
    render_bare,
    shown_on_error,
    written_length,
)
from admin.pages.field_words import words_of
from admin.records import is_refusal, sentence
from admin.seen import note, request_id
from admin.words import say
from models import RuleBroken, db
from models.base import NoStore, ScopeViolation, Unsure, constraint_name, is_busy, takes_nothing

PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 414, 422, 429, 503})
MOST_SHOWN = 200_000  # signs of a page that says again what was typed
_AROUND = 60  # signs that a page puts around one field
HIDDEN = ANSWER | frozenset(
    {
        "csrf_token",
        "form_key",
        "first_password",
        "password",
        "current",
        "new",
        "repeat",
        "passkey",
        "version",
        "row_version",
        "seen",
        "unit",
        "action",
        "keep_copy",
        "next",
    }
)


def typed_values() -> tuple[list[tuple[str, str]], int]:
    """What was typed into the refused form, without secrets, to be copied back; and how many
    further fields are not shown because the page would grow beyond all bounds.
    """
    if request.method != "POST":
        return [], 0
    try:
        fields = [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in HIDDEN and not name.startswith("seen-") and value.strip()
        ]
    except (RequestEntityTooLarge, OSError):  # no room for what was sent
        return [], 0
    shown: list[tuple[str, str]] = []
    left = MOST_SHOWN
    for name, value in fields:
        words = words_of(name)
        left -= _AROUND + written_length(words) + written_length(value)
        if left < 0:
            break
        shown.append((words, value))
    return shown, len(fields) - len(shown)


def _had_file() -> bool:
    """Whether a file was sent along: it is not kept, and has to be chosen again."""
    if request.mimetype != "multipart/form-data":
        return False
    try:
        return any(file.filename for file in request.files.values())
    except (RequestEntityTooLarge, OSError):
        return True


def page(code: int, **context: object) -> tuple[str, int]:
    """The page of one status, with what was typed and whom to ask. It does not ask the database
    who is there.
    """
    if code == 401:
        context["next_page"] = page_to_return_to()
        context["had_file"] = _had_file()
    typed, left_out = typed_values()
    text = render_bare(
        f"errors/{code}.html",
        typed=typed,
        left_out=left_out,
        reference=request_id(),
        **shown_on_error(code),
        **context,
    )
    return text, code


def busy(error: Exception) -> tuple[str, int, dict[str, str]]:
    """It was waited for as long as may be: said in words, and worth trying again."""
    note(f"the database is busy: {getattr(getattr(error, 'orig', None), 'sqlstate', None)}")
    return *page(503, busy=True, again=page_to_return_to()), {"Retry-After": "5"}


def no_store(app: Flask, error: BaseException, why: NoStore) -> tuple[str, int, dict[str, str]]:
    """The disk is full or only to be read: somebody has to make room, then work goes on."""
    note(f"nothing can be stored: {why}")
    app.logger.error("nothing can be stored: %s", getattr(error, "orig", error))
    return *page(503, store=why.value, again=page_to_return_to()), {"Retry-After": "60"}


def other_schema() -> tuple[str, int, dict[str, str]]:
    """The database is older or newer than this program: nothing of it is read or written."""
    return *page(503, schema=True), {"Retry-After": "30"}


def _answer(
    app: Flask, error: DBAPIError
) -> tuple[str, int] | tuple[str, int, dict[str, str]] | None:
    """What no page said itself: a key that is taken, a value that does not fit, two at once.

    That is input and not a bug; a database that is away is said to be away; None for a
    statement that is wrong.
    """
    if why := takes_nothing(error):
        return no_store(app, error, why)
    if is_refusal(error):
        note(f"the database refuses: {said_by_the_database(error)}")
        return page(400 if isinstance(error, DataError) else 409, reason=sentence(error))
    if is_busy(error):
        return busy(error)
    if isinstance(error, OperationalError):
        note("the database does not answer")
        app.logger.error("database: %s", error.orig)
        return *page(503, unsure=isinstance(error.orig, Unsure)), {"Retry-After": "10"}
    if not fits(look_again=True):
        return other_schema()
    return None


def init_app(app: Flask) -> None:
    @app.errorhandler(ScopeViolation)
    def outside(violation: ScopeViolation) -> tuple[str, int]:
        db.session.rollback()
        note(f"outside the scope: {violation}")
        return page(404)

    @app.errorhandler(CSRFError)
    def expired(error: CSRFError) -> tuple[str, int]:
        """A token fails when its session is gone, or when somebody has signed in since."""
        note(f"CSRF: {error.description}")
        if "_user_id" not in session:
            return page(401)
        return page(
            400,
            reason=_(
                "You signed in again after this form was opened. Open it once more: what you "
                "typed is offered to you there, and stands below as well."
            ),
            again=page_to_return_to(),
        )

    @app.errorhandler(OtherSchema)
    def not_ours(_error: OtherSchema) -> tuple[str, int, dict[str, str]]:
        return other_schema()

    _register_refusals(app)

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
        if isinstance(error, SecurityError | BadHost):  # no page: no address of it can be written
            note("a host name that is none of TRUSTED_HOSTS")
            text = _("This site does not answer to the host name that was asked for.")
            return Response(f"{text}\n", 400, mimetype="text/plain")
        if error.code not in PAGES or error.response is not None:
            return error
        return page(error.code)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> tuple[str, int]:
        return bug(app, error)


def bug(app: Flask, error: Exception) -> tuple[str, int]:
    """The page of a fault of ours; all of it is in the log, under the number on the page."""
    app.logger.error("a fault of the program: %s", type(error).__name__, exc_info=error)
    return page(500)


def said_by_the_database(error: DBAPIError) -> str:
    """The code and the constraint, without the values that the message may repeat."""
    code = getattr(error.orig, "sqlstate", None) or type(error.orig).__name__
    return f"{code} {constraint_name(error) or ''}".strip()


def _register_refusals(app: Flask) -> None:
    """What a rule or the database refuses, where the page of the form did not expect it."""

    @app.errorhandler(StaleDataError)
    def stale(error: StaleDataError) -> tuple[str, int]:
        db.session.rollback()
        return page(409)

    @app.errorhandler(RuleBroken)
    def refused(refusal: RuleBroken) -> tuple[str, int]:
        """A rule that the page of the form did not expect: still a sentence, and input."""
        db.session.rollback()
        note(f"refused: {refusal.message}")
        return page(422, reason=say(refusal))

    @app.errorhandler(DBAPIError)
    def by_the_database(
        error: DBAPIError,
    ) -> tuple[str, int] | tuple[str, int, dict[str, str]]:
        db.session.rollback()
        return _answer(app, error) or bug(app, error)

    @app.errorhandler(OSError)
    def by_the_disk(error: OSError) -> tuple[str, int] | tuple[str, int, dict[str, str]]:
        db.session.rollback()
        why = takes_nothing(error)
        return no_store(app, error, why) if why else bug(app, error)

    @app.errorhandler(NoConnection)
    def none_free(error: NoConnection) -> tuple[str, int, dict[str, str]]:
        db.session.rollback()
        return busy(error)
