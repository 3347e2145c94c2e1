"""The question for the password before accounts are changed, and what follows its answer."""

from flask import (
    Blueprint,
    Flask,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from werkzeug.wrappers import Response

from admin.access.auth import wrong_password
from admin.access.bounds import own_address
from admin.access.kept import page_to_return_to
from admin.access.sure import ANSWER, LASTS, PASSWORD, NotSure, make_sure
from admin.seen import note
from models import db
from models.base import record

bp = Blueprint("sure", __name__)


@bp.route("/sure", methods=["POST"])
def go_on() -> Response:
    """Where the answer leads to a page that asked before it was shown."""
    if not current_user.is_authenticated:
        abort(401)
    return redirect(own_address(request.form.get("next")), 303)


def question(wrong: str = "") -> Response:
    """The page that asks, with all that was typed, to be sent to the same address again.

    403: nothing was done yet.
    """
    if request.method == "POST":
        address = request.full_path.rstrip("?")
        typed = [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in ANSWER and name != "csrf_token"
        ]
    else:
        address, typed = url_for("sure.go_on"), [("next", request.full_path.rstrip("?"))]
    page = render_template(
        "auth/sure.html",
        address=address,
        typed=typed,
        wrong=wrong,
        minutes=int(LASTS.total_seconds() // 60),
        back=page_to_return_to() if request.method == "POST" else own_address(None),
    )
    return make_response(page, 403)


def take_answer() -> Response | None:
    """Look at an answer that came with a form, before its page does; the page then goes on."""
    if request.method != "POST" or PASSWORD not in request.form:
        return None
    if not current_user.is_authenticated:
        abort(401)
    wrong = wrong_password(request.form[PASSWORD])
    if wrong:
        return question(wrong)
    make_sure()
    record(
        db.session(),
        action="sure",
        resource="user_account",
        row_id=current_user.id,
        label=current_user.username,
    )
    db.session.commit()
    return None


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.before_request(take_answer)

    @app.errorhandler(NotSure)
    def ask(_not_sure: NotSure) -> Response:
        db.session.rollback()
        note("the password is asked for again")
        return question()
