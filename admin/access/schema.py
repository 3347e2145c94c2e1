"""The program serves only the schema it was written for; anything else is said in a sentence.

Asked of the database every few seconds and not for every page, past the session and the counters;
while it does not fit, at every page, so that work goes on by itself after an upgrade.
"""

import time
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from admin.seen import note
from models import db

AGAIN = 2.0  # seconds
_OPEN = frozenset({"static", "health.healthz", "health.readyz", "metrics.metrics"})
_KEY = "schema"
_NO_TABLE = "42P01"


class OtherSchema(Exception):
    """The database is older or newer than this program."""


def newest_migration() -> str:
    """The revision that this program expects, as it was when the program started."""
    return str(current_app.extensions[_KEY]["ours"])


def stored_schema(engine: Engine) -> str | None:
    """The revision of the database, None where there is none; raises the driver's errors."""
    raw: Any = engine.raw_connection()  # no transaction of ours, no statement that is counted
    try:
        cursor = raw.cursor()
        if engine.dialect.name == "postgresql":
            cursor.execute("SET LOCAL lock_timeout='2s'")
        cursor.execute("SELECT version_num FROM alembic_version")
        row = cursor.fetchone()
        return str(row[0]) if row else None
    except engine.dialect.loaded_dbapi.Error as error:
        if getattr(error, "sqlstate", "") == _NO_TABLE or "no such table" in str(error):
            return None
        raise
    finally:
        raw.close()


def fits(*, look_again: bool = False) -> bool:
    """Whether the database is of this program's schema, as far as it can be asked."""
    known = current_app.extensions[_KEY]
    if known["fits"] and not look_again and time.monotonic() - known["asked"] < AGAIN:
        return True
    try:
        stored = stored_schema(db.engine)
    except (db.engine.dialect.loaded_dbapi.Error, SQLAlchemyError):
        return True  # the page itself says that the database is away
    if stored != known["ours"] and known["fits"]:
        current_app.logger.error(
            "the database is at migration %s, this program at %s", stored, known["ours"]
        )
    known |= {"asked": time.monotonic(), "fits": stored == known["ours"]}
    return bool(known["fits"])


def init_app(app: Flask) -> None:
    """To be called first: nothing else is asked of a database that does not fit."""
    files = (Path(app.root_path) / "migrations" / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")
    ours = max(file.name[:4] for file in files)  # a file begins with its revision
    app.extensions[_KEY] = {"ours": ours, "asked": float("-inf"), "fits": True}

    @app.before_request
    def refuse() -> None:
        if request.endpoint not in _OPEN and not fits():
            note("the database is at another migration")
            raise OtherSchema
