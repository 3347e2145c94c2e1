"""Sign-in and sign-out, and with the person the row scope of every request."""

from functools import cache

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user, logout_user
from flask_wtf import FlaskForm
from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from admin.access.attempts import seconds_to_wait, was_right
from admin.access.bounds import own_address
from admin.access.own_password import wrong_password
from admin.access.permissions import myself
from admin.access.second import begin, is_due
from admin.access.sessions import (
    address_of,
    digest_of,
    leave_session,
    one_by_one,
    renew_session,
    session_lasts,
)
from admin.access.start import is_everybodys
from admin.seen import note, note_account
from admin.words import moment, say
from models import (
    DISTRICT,
    NOBODY,
    Actor,
    RuleBroken,
    SignIn,
    User,
    act_as,
    db,
)
from models.base import now, read_id, record
from models.people import (
    LONGEST,
    give_password,
    normal_username,
    password_fits,
    reach_of,
    scope_with,
)

NOBODY_KNOWN = "–"  # in the trail, for a name that is none of ours
bp = Blueprint("auth", __name__)
login_manager = LoginManager()


# ---------------------------------------------------------------- who is asking


@cache  # every page asks it: to put it together took as long as to ask it
def _asking() -> Select[User, SignIn, str]:
    """(person, sign-in, reach) by `number` of the person and `token_hash` of the sign-in."""
    number: BindParameter[int] = bindparam("number")
    return (
        select(User, SignIn, reach_of(number))
        .options(joinedload(User.investors))  # the line in the log names the unit
        .join(SignIn, SignIn.user_id == User.id)
        .where(User.id == number, SignIn.token_hash == bindparam("token_hash"))
    )


@login_manager.user_loader
def load_user(identity: str) -> User | None:
    """The person of this session, unless signed out, timed out or switched off since."""
    g.scope = DISTRICT  # the question who is asking comes before any limit
    user_id, _sep, epoch = identity.partition(":")
    number = read_id(user_id) or 0
    row = db.session.execute(
        _asking(), {"number": number, "token_hash": digest_of(session.get("sid", ""))}
    )
    found = row.unique().one_or_none()
    user, opened, reach = found or (None, None, None)
    if (
        user is None
        or opened is None
        or not user.enabled
        or str(user.session_epoch) != epoch
        or not session_lasts(opened)
    ):
        db.session().enter(NOBODY)
        return None
    act_as(Actor(user.id, user.full_name))
    db.session().enter(scope_with(user, reach))
    return user


# ---------------------------------------------------------------- the pages


class SignInForm(FlaskForm):
    username = StringField(
        _l("User name"),
        [
            InputRequired(_l("Type your user name.")),
            Length(max=60, message=_l("The user name or the password is not right.")),
        ],
    )
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password."))])
    next = HiddenField()


class PasswordForm(FlaskForm):
    current = PasswordField(
        _l("Present password"), [InputRequired(_l("Type your present password."))]
    )
    new = PasswordField(_l("New password"), [InputRequired(_l("Type a new password."))])
    repeat = PasswordField(
        _l("New password once more"),
        [InputRequired(_l("Type the new password once more."))],
    )


@bp.route("/login", methods=["GET", "POST"])
def login() -> Response | str | tuple[str, int]:
    form = SignInForm()
    if current_user.is_authenticated and request.method == "GET":
        return redirect(own_address(request.args.get("next")))
    if request.method == "GET":
        form.next.data = own_address(request.args.get("next"))
        return render_template("auth/login.html", form=form)
    if not form.validate():
        return render_template("auth/login.html", form=form), 422
    username = normal_username(form.username.data or "")
    wait = seconds_to_wait(username, at=now())
    if wait:
        note("too many attempts to sign in")
        page = render_template("auth/login.html", form=form, wait=wait)
        return make_response(page, 429, {"Retry-After": str(wait)})
    user = _who(username, form.password.data or "")
    if user is None:
        form.password.errors = [
            _(
                "This first password was good until %(until)s. Ask whoever gave it to you for a "
                "new one.",
                until=moment(g.first_password_ended),
            )
            if "first_password_ended" in g
            else _("The user name or the password is not right.")
        ]
        return render_template("auth/login.html", form=form), 422
    if is_due(user):
        there = begin(user, form.next.data)
    else:
        renew_session(user)
        first = user.must_change_password
        there = redirect(url_for("auth.password") if first else own_address(form.next.data))
    db.session.commit()
    return there


def _who(username: str, password: str) -> User | None:
    """The person with this name and password, held until the caller commits; noted either way."""
    # one statement, whether there is such a person or not
    person = select(User).options(joinedload(User.investors)).where(User.username == username)
    found = db.session.scalars(person).unique().one_or_none()
    able = found and found.enabled and not is_everybodys(password)
    fits = password_fits(password, found.password_hash if found and able else None)
    at = now()
    user = found if found and fits and one_by_one(found) else None
    if user and user.is_too_late(at):  # told to nobody but its owner
        g.first_password_ended, user = user.password_expires_at, None
    if fits:
        was_right(username, at=at)
    if user is None:
        note("first password ended" if "first_password_ended" in g else "wrong name or password")
        note_account(found)
    # what is no name of ours may be a password typed in the wrong place: it is kept nowhere
    label = found.username if found else ""
    act_as(Actor(user.id, user.full_name) if user else Actor(None, label or NOBODY_KNOWN))
    half = user is not None and is_due(user)
    record(
        db.session(),
        action="refused" if not user else "password-right" if half else "sign-in",
        resource="sign_in",
        label=label,
        changes={"address": [None, address_of()]},
    )
    if user is None:
        db.session.commit()
    elif not half:
        user.last_login_at = at
    return user


@bp.route("/logout", methods=["POST"])
def logout() -> Response:
    if current_user.is_authenticated:
        record(
            db.session(),
            action="sign-out",
            resource="sign_in",
            label=current_user.username,
        )
    logout_user()
    leave_session()
    db.session.commit()
    return redirect(url_for("auth.login"))


@bp.route("/password", methods=["GET", "POST"])
def password() -> Response | str | tuple[str, int]:
    """Change one's own password; forced for a first one. Ends all other sessions."""
    if not current_user.is_authenticated:
        if request.method == "POST":
            abort(401)
        return redirect(url_for("auth.login", next=request.path))
    form = PasswordForm()
    if request.method == "GET":
        return render_template("auth/password.html", form=form)
    if not form.validate() or not _change_password(form):
        return render_template("auth/password.html", form=form), 422
    flash(
        _("Your password is changed. All your other sessions are signed out."),
        "success",
    )
    return redirect(url_for("admin.index"))


def _change_password(form: PasswordForm) -> bool:
    user = myself()
    wrong = wrong_password(form.current.data or "")
    if wrong:
        form.current.errors = [wrong]
        return False
    g.sure_now = True  # the form asks for the password itself
    if form.new.data != form.repeat.data:
        form.repeat.errors = [_("The two new passwords differ.")]
        return False
    if form.new.data == form.current.data:
        form.new.errors = [_("The new password is the same as the present one.")]
        return False
    try:
        give_password(user, form.new.data or "", must_change=False)
    except RuleBroken as refusal:
        form.new.errors = [say(refusal)]
        return False
    db.session.flush()  # ends all sign-ins, this one too
    renew_session(user, second=g.sign_in.second)
    db.session.commit()
    return True


@bp.route("/language", methods=["POST"])
def language() -> Response:
    chosen = request.form.get("language")
    if chosen not in {"vi", "en"}:
        abort(400)
    session["language"] = chosen
    return redirect(own_address(request.form.get("next")))


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    app.register_blueprint(bp)
    app.jinja_env.globals["PASSWORD_LONGEST"] = LONGEST

    @app.before_request
    def know_the_person() -> None:
        """Load the person before any view asks, so that no query runs without a scope. Not for
        probes: they answer whoever asks, and within seconds when the database is away.
        """
        if request.blueprint == "health":
            return
        if request.endpoint and not request.endpoint.endswith("static"):
            current_user.is_authenticated  # noqa: B018
