"""Whom to ask: name and telephone of the office, where help is offered and where something is
refused. Pages read it with each request; error pages get along without the database."""

from flask import Flask, current_app
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from models import db
from models.calendar import SETTINGS, Setting

SHOWN = ("demo_data", "office_contact")
KEPT = "office_contact"


def shown_settings() -> dict[str, object]:
    """What every page shows of the settings; one query.

    Pages of people who are signed in say when the figures are invented.
    """
    rows = db.session.scalars(select(Setting).where(Setting.key.in_(SHOWN)))
    stored = {row.key: row.value for row in rows}
    found = {key: SETTINGS[key].read(stored.get(key, SETTINGS[key].default)) for key in SHOWN}
    current_app.extensions[KEPT] = found["office_contact"]
    return found | {"demo_data": bool(current_user.is_authenticated and found["demo_data"])}


def contact_for_error(code: int) -> str:
    """The contact as it is stored; after a failure of our own or of the database as it was last
    seen, since asking would fail again.
    """
    if code < 500:
        try:
            with db.session.no_autoflush:
                return str(shown_settings()["office_contact"])
        except SQLAlchemyError:
            current_app.logger.warning("contact of the office not read", exc_info=True)
    return str(current_app.extensions.get(KEPT, ""))


def init_app(app: Flask) -> None:
    app.context_processor(shown_settings)
