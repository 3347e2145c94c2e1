"""Rules of accounts that the database alone cannot hold."""

import re

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import RuleBroken, _n
from models.people.user import Role, User, normal_username

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


def check_user(session: Session, user: User) -> None:
    """Refuse (RuleBroken) an account whose name, role and investors do not fit together."""
    user.username = normal_username(user.username or "")
    if not _NAME.fullmatch(user.username):
        raise RuleBroken(
            _n("A user name has 2 to 60 letters a–z, figures, dots or dashes."), field="username"
        )
    twin = session.scalar(
        select(User.id).where(User.username == user.username, User.id != (user.id or 0))
    )
    if twin is not None:
        raise RuleBroken(_n("This user name is taken."), field="username")
    if user.role is Role.INVESTOR and not user.investors:
        raise RuleBroken(_n("Choose at least one unit for this role."), field="investors")
    if user.role is not Role.INVESTOR and user.investors:
        raise RuleBroken(_n("Only users of a unit have units."), field="investors")


def check_last_admin(session: Session, user: User) -> None:
    """Refuse to demote or switch off the last administrator who can sign in."""
    if user.role is Role.ADMIN and user.enabled:
        return
    others = session.scalar(
        select(func.count())
        .select_from(User)
        .where(User.role == Role.ADMIN, User.enabled.is_(True), User.id != user.id)
    )
    if not others:
        raise RuleBroken(
            _n("This is the last administrator; make another one first."), field="role"
        )
