"""What every page shows of the settings: the name of the site, and whom to ask where help is
offered and where something is refused. Error pages get along without the database.
"""

from flask import Flask, current_app
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from models import db
from models.calendar import SETTINGS, Setting

ON_ERRORS = ("office_contact", "site_name")
SHOWN = ("demo_data", *ON_ERRORS)
KEPT = "shown_settings"


def shown_settings() -> dict[str, object]:
    """What every page shows of the settings; one query.

    Pages of people who are signed in say when the figures are invented.
    """
    rows = db.session.scalars(select(Setting).where(Setting.key.in_(SHOWN)))
    stored = {row.key: row.value for row in rows}
    found = {key: SETTINGS[key].read(stored.get(key, SETTINGS[key].default)) for key in SHOWN}
    current_app.extensions[KEPT] = {key: found[key] for key in ON_ERRORS}
    return found | {"demo_data": bool(current_user.is_authenticated and found["demo_data"])}


def shown_on_error(code: int) -> dict[str, str]:
    """The contact and the name of the site as they are stored; after a failure of our own or of the
    database as they were last seen, since asking would fail again.
    """
    if code < 500:
        try:
            with db.session.no_autoflush:
                shown_settings()
        except SQLAlchemyError:
            current_app.logger.warning("settings of pages not read", exc_info=True)
    kept: dict[str, str] = current_app.extensions.get(KEPT, {})
    return {key: kept.get(key, SETTINGS[key].default) for key in ON_ERRORS}


def init_app(app: Flask) -> None:
    app.context_processor(shown_settings)
