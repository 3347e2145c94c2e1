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

from admin.access.bounds import own_address
from admin.access.kept import page_to_return_to
from admin.access.own_password import wrong_password
from admin.access.passkeys import prove, why_no_passkeys
from admin.access.permissions import myself
from admin.access.sure import ANSWER, LASTS, PASSKEY, PASSWORD, NotSure, make_sure
from admin.seen import note
from admin.words import say
from models import RuleBroken, db
from models.base import record
from models.people import passkeys_of

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
        has_passkeys=bool(passkeys_of(db.session(), current_user)) and not why_no_passkeys(),
        minutes=int(LASTS.total_seconds() // 60),
        back=page_to_return_to() if request.method == "POST" else own_address(None),
    )
    return make_response(page, 403)


def take_answer() -> Response | None:
    """Look at an answer that came with a form, before its page does; the page then goes on."""
    if request.method != "POST" or not ANSWER & set(request.form):
        return None
    if not current_user.is_authenticated:
        abort(401)
    wrong = _what_is_wrong()
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


def _what_is_wrong() -> str:
    """What is wrong with the answer, passkey or password; empty when it is right."""
    answer = request.form.get(PASSKEY)
    if not answer:
        return wrong_password(request.form.get(PASSWORD, ""))
    try:
        prove("sure", answer, myself())
    except RuleBroken as refusal:
        db.session.rollback()
        return say(refusal)
    return ""


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.before_request(take_answer)

    @app.errorhandler(NotSure)
    def ask(_not_sure: NotSure) -> Response:
        db.session.rollback()
        note("the password is asked for again")
        return question()
