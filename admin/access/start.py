"""What production refuses to serve: invented accounts, a database whose second wall is down, and
requests of a proxy nobody named.

Settings are refused by config.py before anything starts. What only the database can tell is asked
as the server starts, or, where the database does not answer yet, before the first page.
"""

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

import click
from flask import Flask, Response, current_app, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from admin.seen import note
from models import DISTRICT, User, db
from models.base import passes_by, unwalled
from models.calendar import setting
from models.people import DEMO_PASSWORD, password_fits

# how long one start looks at passwords, a tenth of a second each; the next one goes on
LOOKS = 10.0
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded")
PROXY_UNKNOWN = (
    "A proxy stands in front (a request carries %s) but PROXY_HOPS is 0: all people would count "
    "as one address. Set PROXY_HOPS to the number of proxies, usually 1, and start again."
)
DEMO_DATA = (
    "The database holds the demonstration data with its known accounts. Production needs a "
    "database of its own: set DATABASE_URL to an empty one, then “flask db upgrade” and "
    "“flask users add NAME --role admin”."
)
DEMO_ACCOUNTS = (
    "These accounts have the password of the demonstration, which everybody knows: %s. Give each "
    "a new one with “flask users password NAME”, or “flask users disable NAME”, and start again."
)

OWNER_SERVES = (
    "DATABASE_OWNER_URL is for commands alone: take it out of the settings of the server, or the "
    "server owns the tables and no second wall stands between the rows of units."
)
NO_WALL = (
    "The second wall is down: %s. A query that forgets whose rows it may show would show all. "
    "docs/operations.md, “Two roles”, says what to do; then start again."
)


def _no_wall() -> str:
    """What is wrong with the wall that PostgreSQL keeps between units; empty where it stands."""
    if db.engine.dialect.name != "postgresql":
        return ""
    with suppress(SQLAlchemyError):  # a standby may be away; its role stays the same
        if db.standby is not None:
            with db.standby.connect() as connection:
                if passes_by(connection):
                    return "the role of DATABASE_READ_URL owns the tables or is a superuser"
    with db.engine.connect() as connection:
        if passes_by(connection):
            return "the role of DATABASE_URL owns the tables or is a superuser"
        bare = unwalled(connection)
        return f"no row-level security on {', '.join(bare)}" if bare else ""


def is_everybodys(password: str) -> bool:
    """Whether production lets nobody in with it: the demonstration's stands in every copy of the
    program, and a start has not looked at all accounts of a large office yet.
    """
    return password == DEMO_PASSWORD and current_app.config["APP_ENV"] == "production"


def why_not(app: Flask) -> str:
    """Why production may not serve this database; empty where it may. Asks each stored password
    once, and remembers by a digest that it was none of the demonstration's. Looks no longer than
    `LOOKS`: whoever starts the server waits for it.
    """
    if app.config["DATABASE_ROLE"]:
        return OWNER_SERVES
    with app.app_context():
        if fault := _no_wall():
            return NO_WALL % fault
        session = db.session()
        session.enter(DISTRICT)
        if setting(session, "demo_data"):
            return DEMO_DATA
        able = select(User.username, User.password_hash).where(
            User.enabled.is_(True), User.password_hash.is_not(None)
        )
        rows = session.execute(able.order_by(User.username)).all()
        session.rollback()  # nothing is held while passwords are looked at
        # under systemd the code is read alone; what a service keeps lies in a place that it names
        file = Path(os.environ.get("STATE_DIRECTORY") or app.instance_path) / "passwords_looked_at"
        known = {_digest(row.password_hash): row for row in rows}
        good, bad, until = _remembered(file) & known.keys(), [], time.monotonic() + LOOKS
        for digest, row in known.items():
            if digest in good or time.monotonic() > until:
                continue
            if password_fits(DEMO_PASSWORD, row.password_hash):
                bad.append(row.username)
            else:
                good.add(digest)
        _remember(file, good)
        return DEMO_ACCOUNTS % ", ".join(bad) if bad else ""


def _digest(stored: str) -> str:
    return hashlib.sha256(stored.encode()).hexdigest()


def _remembered(file: Path) -> set[str]:
    try:
        return set(file.read_text().split())
    except OSError:
        return set()


def _remember(file: Path, digests: set[str]) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text("\n".join(sorted(digests)))
    except OSError:  # a folder that cannot be written: they are asked again at the next start
        return


def _serves() -> bool:
    """Whether this process answers requests: a command must run, to mend what is wrong."""
    command = click.get_current_context(silent=True)
    return command is None or command.info_name == "run"


def init_app(app: Flask) -> None:
    """Only production asks; it ends the start with a sentence, or serves nothing."""
    if app.config["APP_ENV"] != "production" or not _serves():
        return
    asked = _Asked(app)
    try:
        if why := asked.why():
            app.logger.critical(why)
            raise SystemExit(why)
    except SQLAlchemyError:
        app.logger.warning("the database does not answer yet; its accounts are asked later")

    @app.before_request
    def refuse() -> Response | None:
        """Before anybody is known: with a wrong address the throttle would count all as one."""
        if request.endpoint == "health.healthz":
            return None
        try:
            why = _proxy_unknown(app) or asked.why()
        except SQLAlchemyError:
            return None  # the page says so itself
        if not why:
            return None
        app.logger.critical(why)
        note("production refuses to serve")
        return Response(f"{why}\n", status=503, mimetype="text/plain")


class _Asked:
    """The database, asked until it has answered once that it may be served."""

    def __init__(self, app: Flask) -> None:
        self.app, self.is_good = app, False

    def why(self) -> str:
        why = "" if self.is_good else why_not(self.app)
        self.is_good = not why
        return why


def _proxy_unknown(app: Flask) -> str:
    seen = next((name for name in FORWARDED if name in request.headers), "")
    return PROXY_UNKNOWN % seen if seen and not app.config["PROXY_HOPS"] else ""
