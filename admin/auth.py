"""Sign-in and sign-out, and with the person the row scope of every request."""

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user, login_required, login_user, logout_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from models import DISTRICT, NOBODY, Actor, Role, Scope, User, act_as, db, user_investor
from models.clock import now
from models.user import normal_username

bp = Blueprint("auth", __name__)
login_manager = LoginManager()


def scope_of(user: User) -> Scope:
    """Users of an investor reach their investors; everybody else the whole district."""
    if user.role is not Role.INVESTOR:
        return DISTRICT
    rows = db.session.scalars(
        select(user_investor.c.investor_id).where(user_investor.c.user_id == user.id)
    )
    return Scope.of(set(rows))


@login_manager.user_loader
def load_user(identity: str) -> User | None:
    """The person of this session, unless signed out everywhere or switched off since."""
    g.scope = DISTRICT  # the question who is asking comes before any limit
    user_id, _, epoch = identity.partition(":")
    user = db.session.get(User, int(user_id)) if user_id.isdigit() else None
    if user is None or not user.enabled or str(user.session_epoch) != epoch:
        db.session().enter(NOBODY)
        return None
    scope = scope_of(user)
    act_as(Actor(user.id, user.full_name))
    db.session().enter(scope)
    return user


class SignInForm(FlaskForm):
    username = StringField(_l("User name"), [InputRequired(_l("Type your user name."))])
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password."))])
    next = HiddenField()


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    app.register_blueprint(bp)

    @app.before_request
    def know_the_person() -> None:
        """Load the person before any view asks, so that no query runs without a scope."""
        if request.endpoint and not request.endpoint.endswith("static"):
            _ = current_user.is_authenticated
