"""`/healthz`: the process is up. `/readyz`: the database answers and is at the newest migration.

Both answer within seconds, also when the database hangs, is locked or away.
"""

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from admin.access.schema import newest_migration
from admin.seen import note, stored_revision
from models import db

bp = Blueprint("health", __name__)


@bp.route("/healthz")
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


@bp.route("/readyz")
def readyz() -> tuple[Response, int]:
    """200, or 503 with the one word that says what is missing; no details for outsiders."""
    try:
        stored = stored_revision(db.engine)
    except (SQLAlchemyError, TimeoutError) as error:
        note(f"the database does not answer: {type(error).__name__}")
        return Response("database\n", mimetype="text/plain"), 503
    if stored != newest_migration():
        note(f"the database is at migration {stored}")
        return Response("migration\n", mimetype="text/plain"), 503
    return Response("ready\n", mimetype="text/plain"), 200
