"""A line for every request: number, person, unit, action, outcome, duration, queries.

Never what was typed: no body, no password, no query string (names are searched for), no address of
a network. Refusals say why. The number is also in the answer's header and on every error page.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request
from flask_login import user_logged_in
from werkzeug.wsgi import ClosingIterator

from models import Role, User

log = logging.getLogger("request")
HEADER = "X-Request-ID"
LONGEST = 200  # characters of an address
_NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")
_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_WARNED = frozenset({400, 401, 403, 404, 413, 429})


@dataclass
class Seen:
    """What is known of one request so far."""

    id: str
    method: str
    path: str
    begun: float
    action: str | None = None
    row: str | None = None
    user: str | None = None
    unit: str | None = None
    why: str | None = None
    status: int = 0
    queries: int = 0
    query_seconds: float = 0.0
    database: str | None = None  # named where there are two to read from


_current: ContextVar[Seen | None] = ContextVar("seen", default=None)
_enders: list[Callable[[Seen, float], None]] = []


def current() -> Seen | None:
    """The request that is being answered by this thread."""
    return _current.get()


def request_id() -> str:
    """The number of the present request, as in its header; empty outside of one."""
    seen = current()
    return seen.id if seen else ""


def note(why: str) -> None:
    """Say in the line of this request why it was refused; words of ours, never what was typed."""
    seen = current()
    if seen is not None:
        seen.why = why


def note_database(name: str) -> None:
    """Say in the line of this request which of two databases answered."""
    seen = current()
    if seen is not None:
        seen.database = name


def note_account(user: User | None) -> None:
    """Say in the line of this request whose account it is about."""
    seen = current()
    if seen is None or user is None:
        return
    seen.user = user.username
    if user.role is Role.INVESTOR:
        seen.unit = ",".join(unit.code for unit in user.investors)


def at_the_end(call: Callable[[Seen, float], None]) -> None:
    """`call(seen, seconds)` after each request."""
    _enders.append(call)


class Watched:
    """The application, with its answers numbered and timed until their last byte."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], *, behind_proxy: bool) -> None:
        self.inner, self.behind_proxy = inner, behind_proxy

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen = Seen(
            id=self._number(environ),
            method=method if (method := environ["REQUEST_METHOD"]) in _METHODS else "other",
            path=_text(environ.get("PATH_INFO", ""))[:LONGEST],
            begun=time.perf_counter(),
        )
        _current.set(seen)

        def numbered(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            seen.status = int(status[:3])
            return start(status, [*headers, (HEADER, seen.id)], *rest)

        try:
            body = self.inner(environ, numbered)
        except BaseException:
            seen.status = seen.status or 500
            _end(seen)
            raise
        return ClosingIterator(body, lambda: _end(seen))

    def _number(self, environ: dict[str, Any]) -> str:
        """The number that the proxy gave; what a stranger sends is none."""
        given = environ.get("HTTP_X_REQUEST_ID", "") if self.behind_proxy else ""
        return given if _NUMBER.fullmatch(given) else secrets.token_hex(8)


def _text(path: str) -> str:
    """WSGI hands bytes over as Latin letters."""
    return path.encode("latin-1", "replace").decode("utf-8", "replace")


def _end(seen: Seen) -> None:
    seconds = time.perf_counter() - seen.begun
    level = logging.WARNING if seen.status in _WARNED or seen.why else logging.INFO
    if seen.status >= 500:
        level = logging.ERROR
    facts = {
        "request": seen.id,
        "user": seen.user,
        "unit": seen.unit,
        "action": seen.action,
        "row": seen.row,
        "status": seen.status,
        "ms": round(seconds * 1000),
        "queries": seen.queries,
        "query_ms": round(seen.query_seconds * 1000),
        "database": seen.database,
        "why": seen.why,
    }
    log.log(level, "%s %s", seen.method, seen.path, extra=facts)
    for call in _enders:
        call(seen, seconds)
    _current.set(None)


def init_app(app: Flask) -> None:
    app.wsgi_app = Watched(  # type: ignore[assignment]
        app.wsgi_app, behind_proxy=bool(app.config["PROXY_HOPS"])
    )

    @app.url_value_preprocessor
    def what(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        seen = current()
        if seen is not None:
            seen.action = endpoint
            row = request.args.get("id", "")
            seen.row = row if _DIGITS.fullmatch(row) else None

    @app.before_request
    def who() -> None:
        person = g.get("_login_user")  # as loaded before; not asked for again
        if person is not None and person.is_authenticated:
            note_account(person)

    @user_logged_in.connect_via(app)
    def signed_in(_app: Flask, user: User, **_more: Any) -> None:
        note_account(user)
