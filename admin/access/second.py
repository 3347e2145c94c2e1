"""The second step of signing in, and the sign-in by passkey alone."""

from datetime import datetime, timedelta

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from admin.access.bounds import own_address
from admin.access.passkeys import (
    options_to_prove,
    options_to_register,
    prove,
    why_no_passkeys,
)
from admin.access.permissions import myself
from admin.access.sessions import address_of, leave_session, one_by_one, renew_session
from admin.access.sure import is_sure
from admin.seen import note, note_account
from admin.words import ngettext, say
from models import Actor, RuleBroken, User, act_as, db
from models.base import DISTRICT, now, record, stored_moment
from models.people import (
    Limit,
    claim,
    has_second_step,
    name_of_passkey,
    passkeys_of,
    recovery_codes_left,
    take_back,
    take_code,
)

bp = Blueprint("second", __name__)

HALF = "half"  # in the cookie: whose password was right, and when
LASTS = timedelta(minutes=10)
# of one person, wherever the guesses come from: who guesses here knows the password already
CODES = Limit(free=5, first=10, longest=900, forgotten=timedelta(days=1))


def keys_of_secrets() -> list[str]:
    """The keys that seal secrets, the present one first."""
    return list(current_app.config["SECOND_STEP_KEYS"])


def is_due(user: User) -> bool:
    """Whether the password of this person is half of the way in."""
    return has_second_step(db.session(), user)


def begin(user: User, target: str | None) -> Response:
    """The password was right: nothing is open yet, the second step is asked for."""
    leave_session()
    session[HALF] = {"who": user.get_id(), "at": now().isoformat(), "next": own_address(target)}
    return redirect(url_for("second.step"))


def _half() -> User | None:
    """Whose password was right in this browser, some minutes ago at most."""
    half = session.get(HALF) or {}
    at = stored_moment(half["at"]) if half else None
    if at is None or not timedelta(0) <= now() - at <= LASTS:
        return None
    db.session().enter(DISTRICT)  # before anybody is signed in there is no scope
    user = db.session.get(User, int(half["who"].partition(":")[0]))
    return user if user and user.enabled and user.get_id() == half["who"] else None


@bp.route("/login/second", methods=["GET", "POST"])
def step() -> Response:
    """The code of the telephone, one on paper, or a passkey."""
    user = _half()
    if user is None:
        flash(_("Too much time has passed since the password. Sign in anew."), "warning")
        return redirect(url_for("auth.login"))
    if request.method != "POST":
        return _page(user)
    note_account(user)
    act_as(Actor(user.id, user.full_name))
    if request.form.get("passkey"):
        try:
            prove("second", request.form["passkey"], user)
        except RuleBroken as refusal:
            return _refused(user, say(refusal))
        return _finish(user, "passkey", session[HALF]["next"], session[HALF]["who"])
    at = now()
    wait = wait_for_code(user, at=at)
    if wait:
        note("too many codes tried")
        return _page(user, 429, wait=wait)
    kind = take_code(
        db.session(), user, request.form.get("code", ""), keys=keys_of_secrets(), at=at
    )
    if kind is None:
        return _refused(user, _("This code is not right, or it was used already."))
    code_was_right(user, at=at)
    return _finish(user, kind, session[HALF]["next"], session[HALF]["who"])


def wait_for_code(user: User, *, at: datetime) -> int:
    """Count an attempt before the code is looked at; 0, or how many seconds to wait."""
    return claim(db.session(), {_key(user): CODES}, at=at)


def code_was_right(user: User, *, at: datetime) -> None:
    take_back(db.session(), {_key(user): CODES}, own=_key(user), at=at)


def _key(user: User) -> str:
    return f"second step {user.id}"


def _refused(user: User, why: str) -> Response:
    note("second step refused")
    _record(user, "second-refused")
    db.session.commit()
    return _page(user, 422, wrong=why)


def _page(user: User, status: int = 200, *, wrong: str = "", wait: int = 0) -> Response:
    page = render_template(
        "auth/second.html",
        wrong=wrong,
        wait=wait,
        has_passkeys=bool(passkeys_of(db.session(), user)) and not why_no_passkeys(),
    )
    return make_response(page, status, {"Retry-After": str(wait)} if wait else {})


@bp.route("/login/passkey", methods=["POST"])
def by_passkey() -> Response:
    """A passkey that was unlocked by its owner is both steps in one."""
    db.session().enter(DISTRICT)
    try:
        row = prove("sign-in", request.form.get("passkey", ""))
    except RuleBroken as refusal:
        return _not_in(say(refusal))
    user = db.session.get(User, row.user_id)
    if user is None or not user.enabled:
        db.session.rollback()
        return _not_in(_("This account is switched off. Ask the administrator."))
    note_account(user)
    act_as(Actor(user.id, user.full_name))
    return _finish(user, "passkey", request.form.get("next"))


def _not_in(why: str) -> Response:
    note("sign-in refused")
    db.session.rollback()
    flash(why, "error")
    return redirect(url_for("auth.login", next=own_address(request.form.get("next"))), 303)


@bp.route("/passkey/options", methods=["POST"])
def options() -> Response:
    """What the browser needs for a passkey, as JSON, asked for when the button is pressed."""
    purpose = request.form.get("purpose", "")
    try:
        if purpose == "sign-in":
            return jsonify(options_to_prove(purpose, None))
        if purpose == "second":
            user = _half() or abort(401)
            return jsonify(options_to_prove(purpose, user))
        if not current_user.is_authenticated:
            abort(401)
        me = myself()
        if purpose == "sure":
            return jsonify(options_to_prove(purpose, me))
        if purpose == "register":
            if not is_sure():
                again = _("Open this page again: the password is asked for once more.")
                return make_response(jsonify(why=again), 403)
            if "name" in request.form:
                name_of_passkey(db.session(), me, request.form["name"])
            return jsonify(options_to_register(me))
    except RuleBroken as refusal:
        return make_response(jsonify(why=say(refusal)), 422)
    return abort(400)


def _finish(user: User, way: str, target: str | None, proved: str = "") -> Response:
    """Open the session; says how many codes on paper are left, where one was used."""
    if not one_by_one(user, proved):
        return _not_in(_("Your account was changed at this very moment. Sign in anew."))
    renew_session(user, second=way)
    note_sign_in(user, way)
    if way == "recovery":
        _record(user, "code-used")
        flash(codes_left_in_words(recovery_codes_left(db.session(), user)), "warning")
    db.session.commit()
    if user.must_change_password:
        return redirect(url_for("auth.password"), 303)
    return redirect(own_address(target), 303)


def codes_left_in_words(left: int) -> str:
    """How many codes on paper are still good, and what to do when they run out."""
    if not left:
        return _("No recovery code is left. Make new ones under “My account”.")
    return ngettext("%(num)s recovery code is left.", "%(num)s recovery codes are left.", left)


def note_sign_in(user: User, way: str) -> None:
    """In the trail, and at the person: signed in now, and how."""
    user.last_login_at = now()
    _record(user, "sign-in", way=way)


def _record(user: User, action: str, **more: str) -> None:
    told = {"address": [None, address_of()]} | {name: [None, it] for name, it in more.items()}
    on_sign_in = action in {"sign-in", "second-refused"}
    record(
        db.session(),
        action=action,
        resource="sign_in" if on_sign_in else "user_account",
        row_id="" if on_sign_in else user.id,
        label=user.username,
        changes=told,
    )


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["why_no_passkeys"] = why_no_passkeys
