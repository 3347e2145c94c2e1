"""The server's side of the copies that a browser keeps of what is typed (static/keep.js)."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, g, jsonify, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from admin.access import own_address

bp = Blueprint("kept", __name__)
_SHORT = 40


@bp.route("/session")
def who() -> Response:
    """Who is signed in, and a fresh token for forms that lie open; 401 for a stranger.

    Asking counts as being there, like any other page.
    """
    if not current_user.is_authenticated:
        abort(401)
    return jsonify(person=str(current_user.id), name=current_user.full_name, csrf=generate_csrf())


def page_to_return_to() -> str:
    """The page on which the present request was typed, to go on there after signing in."""
    if request.method == "GET":
        return own_address(request.full_path.rstrip("?"))
    try:
        came = urlsplit(request.referrer or "")
    except ValueError:  # whoever sends it may write anything into it
        return own_address(None)
    if came.netloc != request.host:
        return own_address(None)
    return own_address(came.path + (f"?{came.query}" if came.query else ""))


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["page_to_return_to"] = page_to_return_to

    @app.after_request
    def tell_what_is_stored(response: Response) -> Response:
        """A form that led on was stored: its copy in the browser has done its duty."""
        led_on = response.status_code in (302, 303) or g.get("form_is_stored", False)
        if request.method != "POST" or not led_on:
            return response
        copy = request.form.get("keep_copy", "")
        if not (0 < len(copy) < _SHORT and copy.isascii() and copy.isalnum()):
            return response
        if urlsplit(response.location or "").path == "/login":
            return response
        known = request.cookies.get("kept", "")[:400]
        response.set_cookie(
            "kept",
            f"{known}.{copy}".strip("."),  # a comma would be quoted
            max_age=3600,
            samesite="Lax",
            secure=app.config["SESSION_COOKIE_SECURE"],
        )
        return response
