"""Error pages in words. A bug gets a reference number and a full log; input never does."""

import secrets

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException

from models.scope import ScopeViolation

PAGES = (400, 401, 403, 404, 409, 413, 429, 503)


def init_app(app: Flask) -> None:
    @app.errorhandler(ScopeViolation)
    def outside(violation: ScopeViolation) -> tuple[str, int]:
        app.logger.warning("scope: %s", violation)
        return render_template("errors/404.html"), 404

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> tuple[str, int] | HTTPException:
        if error.code not in PAGES:
            return error
        return render_template(f"errors/{error.code}.html", error=error), error.code

    @app.errorhandler(Exception)
    def bug(error: Exception) -> tuple[str, int]:
        reference = secrets.token_hex(4)
        app.logger.exception("reference %s", reference, exc_info=error)
        return render_template("errors/500.html", reference=reference), 500
