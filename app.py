"""The application factory: wires the pieces, holds no rule."""

import gc
import os
from pathlib import Path

if gc.isenabled():  # what is imported stays: the collector would look through it in vain
    gc.disable()

from flask import Flask, g, request, session
from flask_babel import Babel
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from admin import init_admin
from admin.commands import register_commands
from admin.words import use_our_catalogues
from config import Config
from models import db

LANGUAGES = ("vi", "en")


def create_app(config: Config | None = None) -> Flask:
    """The whole application for one set of settings."""
    app = Flask(__name__)
    config = config or Config.from_env(instance_path=Path(app.instance_path))
    app.config.from_mapping(config.for_flask())
    if not app.testing:
        os.umask(0o077)  # database, backups, uploads, log: whatever is written is the owner's alone
    if config.proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.proxy_hops, x_proto=config.proxy_hops
        )

    @app.before_request
    def note_purpose() -> None:
        g.only_reads = request.method in {"GET", "HEAD", "OPTIONS"}

    db.init_app(app)
    Migrate(app, db, render_as_batch=True)
    use_our_catalogues()
    Babel(app, locale_selector=language)
    Compress(app)
    init_admin(app)
    CSRFProtect(app)  # after sign-in: a refusal names whose it was
    register_commands(app)
    return app


def language() -> str:
    """Vietnamese, unless this person switched to English."""
    chosen = session.get("language") if request else None
    return chosen if chosen in LANGUAGES else "vi"


gc.freeze()
gc.enable()
