"""A posted form is carried out once: done, committed and told. A refusal leaves nothing."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from admin.access import spend_form
from admin.records import in_words, status_of
from admin.words import say
from models import RuleBroken, db
from models.base import NotFound
from reports.frozen import Prepared, undisturbed


def carry_out(
    act: Callable[[], str],
    *,
    there: Response | Callable[[], Response],
    refused: Callable[[int, str], Response],
    again: Response | None = None,
    file: bytes = b"",
) -> Response:
    """The answer to a posted form.

    `act` does what is asked and returns the sentence that says so. The answer is `there`, or what
    it makes once that is done; for a form that was carried out before it is `again` (without one:
    `there`), and nothing is done. A rule that says no is shown by `refused`, from the status and
    the sentence; what does not exist for this person is 404. `file` was uploaded with the form.
    """
    if not spend_form(file=file):
        flash(_("This was carried out already; nothing was done twice."), "info")
        return again or _answer(there)
    try:
        with in_words():
            done = act()
            db.session.commit()
    except NotFound:
        db.session.rollback()
        abort(404)
    except RuleBroken as refusal:
        return _told(refusal, refused)
    flash(done, "success")
    return _answer(there)


def compute_and_carry_out(
    compute: Callable[[], Prepared | None],
    act: Callable[[Prepared | None], str],
    *,
    refused: Callable[[int, str], Response],
    **more: Any,
) -> Response:
    """As `carry_out`; what `act` stores is computed before the form is spent, which on SQLite takes
    the lock that everybody needs. `compute` may say no as well.
    """
    try:
        return undisturbed(
            db.session(),
            compute,
            lambda made: carry_out(lambda: act(made), refused=refused, **more),
        )
    except RuleBroken as refusal:
        return _told(refusal, refused)


def _told(refusal: RuleBroken, refused: Callable[[int, str], Response]) -> Response:
    db.session.rollback()
    return refused(status_of(refusal), say(refusal))


def _answer(there: Response | Callable[[], Response]) -> Response:
    return there if isinstance(there, Response) else there()
