"""Lists, reports and exports are read from a standby, where DATABASE_READ_URL names one.

Who is asking and what they may is known from the primary; then the session goes on at the standby
for the rest of the request, in transactions that PostgreSQL lets only read, with the same scope and
the same units told (models/base). It stays at the primary while the standby

- has not yet what this person saved last: the trail tells of what was saved in any browser, the
  place in the log, kept in their session, of the rest;
- is further behind than DB_READ_LAG_SECONDS, by the time of the last change it has,
- does not answer, is no standby, is one of another database, or has changes that the primary has
  not (see admin/seen/standby.py).

A page says as of when its figures are, where that is more than a moment ago.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from admin.seen import Behind, NoStandby, end_of_log, has_all, how_far_behind, note_database
from models import db
from models.base import now

log = logging.getLogger("app.standby")
KEPT = "wal"  # in the session of a person: where the log was after the last thing they saved
UNKNOWN = 2**62  # later than any place: the standby never has it
TOLD_FROM = 3.0  # seconds; of a standby further behind, a page says how old its figures are
PAUSE = 10.0  # seconds until a standby that was away is asked again
_KEY = "standby"
_IN_THE_WAY = "40001"  # what the standby has to replay waited for this page as long as it may
_LOST = ("08", "57P", _IN_THE_WAY)  # connection lost, server goes down


def go_there() -> bool:
    """Let the rest of this request be read from the standby, if it may."""
    if db.standby is None:
        return False
    person = getattr(current_user, "id", 0)
    db.session.rollback()  # no connection is held while another one is asked
    found = _may(session.get(KEPT, 0), person)
    note_database("standby" if found else "primary")
    if found is None:
        return False
    g.reads_from = db.standby
    if found.seconds > TOLD_FROM:
        g.figures_until = now() - timedelta(seconds=found.seconds)
    return True


def come_back(error: DBAPIError) -> bool:
    """Whether the standby was lost under a page, which then may be asked of the primary."""
    state = getattr(error.orig, "sqlstate", None) or ""
    is_gone = error.connection_invalidated or (not state and isinstance(error, OperationalError))
    if not (is_gone or state.startswith(_LOST)):
        return False
    db.session.rollback()
    g.pop("reads_from")
    g.pop("figures_until", None)
    note_database("primary")
    if state != _IN_THE_WAY:
        _tell(f"was lost under a page ({type(error.orig).__name__})", away=True)
    return True


def _may(saved: int, person: int) -> Behind | None:
    """How far behind it is, where it may be read from."""
    known = current_app.extensions[_KEY]
    if time.monotonic() < known["again"]:
        return None
    if known["why"]:
        known["again"] = time.monotonic() + PAUSE  # one asks, the others do not wait
    try:
        found = how_far_behind()
        is_late = found.seconds > current_app.config["DB_READ_LAG_SECONDS"]
        is_whole = not is_late and has_all(found, person)
    except (SQLAlchemyError, psycopg.Error, NoStandby) as error:
        _tell(_in_words(error), away=True)
        return None
    if is_late:
        _tell(f"is {found.seconds:.1f} s ({found.bytes} bytes) behind")
        return None
    _tell("", found.seconds)
    return found if is_whole and found.at >= saved else None


def _in_words(error: BaseException) -> str:
    if isinstance(error, NoStandby):
        return f"is not used: {error}"
    return f"does not answer ({type(error).__name__})"


def _tell(why: str, seconds: float = 0.0, *, away: bool = False) -> None:
    """A line in the log whenever it changes, never for every page."""
    known = current_app.extensions[_KEY]
    known["again"] = time.monotonic() + PAUSE if away else 0.0
    was, known["why"] = known["why"], why
    if why and not was:
        log.warning("the standby %s: all is read from the primary", why)
    elif was and not why:
        log.warning("the standby is read from again; it is %.1f s behind", seconds)


def read_there(view: Callable[[], Any]) -> Any:
    """What `view` answers, read from the standby where it may be, else from the primary."""
    if request.method not in ("GET", "HEAD") or "asked_where" in g:
        return view()  # one view of Flask-Admin calls another
    g.asked_where = True
    if not go_there():
        return view()
    try:
        return view()
    except DBAPIError as error:
        if not come_back(error):
            raise
        return view()


def init_app(app: Flask) -> None:
    app.extensions[_KEY] = {"again": 0.0, "why": ""}

    @app.after_request
    def remember(response: Response) -> Response:
        """Where the log is after what this person saved: what they read next has it."""
        if request.method in ("GET", "HEAD", "OPTIONS") or db.standby is None or not session:
            return response
        db.session.rollback()
        try:
            session[KEPT] = end_of_log()
        except (SQLAlchemyError, psycopg.Error):
            session[KEPT] = UNKNOWN
        return response
