"""People who sign in, their role and the investors they work for."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_login import UserMixin
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    String,
    Table,
    Text,
    event,
)
from sqlalchemy.orm import Mapped, attributes, mapped_column, relationship, validates
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from models.base import (
    EXPORT,
    FORM,
    Base,
    Checked,
    RuleBroken,
    Searchable,
    Surrogate,
    UtcDateTime,
    _n,
    changed,
    choice,
    fold,
    hidden,
    is_mail_address,
    shown,
)
from models.catalogue import Investor

_LONGEST_ADDRESS = 200
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


def _is_address(text: str) -> bool:
    return is_mail_address(text) and len(text) <= _LONGEST_ADDRESS


class Role(StrEnum):
    ADMIN = "admin"
    OFFICER = "officer"
    FINANCE = "finance"
    INVESTOR = "investor"
    LEADER = "leader"
    AUDITOR = "auditor"


user_investor = Table(
    "user_investor",
    Base.metadata,
    Column("user_id", ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True),
    Column("investor_id", BigInteger, ForeignKey("investor.id"), primary_key=True),
)


class User(Surrogate, Searchable, UserMixin, Checked, Base):  # type: ignore[misc]
    """`session_epoch` is part of the session's identity: raising it ends every open session.
    `version` counts edits; to sign in is none.
    """

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("length(trim(username)) > 0", name="username_given"),)
    search_fields = ("username", "full_name", "email")
    sort_field = "full_name"

    username: Mapped[str] = mapped_column(
        String(60),
        unique=True,
        info=shown(_n("User name"), _n("Letters a–z, figures, dots and dashes; small letters.")),
    )
    full_name: Mapped[str] = mapped_column(String(200), info=shown(_n("Full name")))
    role: Mapped[Role] = mapped_column(choice(Role, "role_known"), info=shown(_n("Role")))
    email: Mapped[str | None] = mapped_column(
        String(_LONGEST_ADDRESS), info=shown(_n("E-mail"), email=True)
    )
    password_hash: Mapped[str | None] = mapped_column(
        Text, info=hidden("never leaves the database")
    )
    must_change_password: Mapped[bool] = mapped_column(
        default=True,
        info=shown(_n("Must change the password"), out={FORM: "follows from a new password"}),
    )
    password_expires_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime,
        info=shown(_n("First password good until"), out={FORM: "follows from a new password"}),
    )
    enabled: Mapped[bool] = mapped_column(default=True, info=shown(_n("May sign in")))
    session_epoch: Mapped[int] = mapped_column(
        default=1, info=hidden("counts how often all sessions were ended")
    )
    last_login_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=shown(_n("Last sign-in"), out={FORM: "written when somebody signs in"})
    )
    version: Mapped[int] = mapped_column(default=1)

    investors: Mapped[list[Investor]] = relationship(
        secondary=user_investor,
        order_by=Investor.sort_order,
        info=shown(
            _n("Units"),
            _n("Only for users of a unit; one person may work for several."),
            after="role",
            out={EXPORT: "several for one person; the package carries them"},
        ),
    )

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}

    @validates("username")
    def _in_one_spelling(self, _name: str, typed: str | None) -> str:
        return normal_username(typed or "")

    def check(self) -> None:
        """A name to sign in with, a true e-mail address; units exactly for users of a unit."""
        if changed(self, "username") and not _NAME.fullmatch(self.username or ""):
            raise RuleBroken(
                _n("A user name has 2 to 60 letters a–z, figures, dots or dashes."),
                field="username",
            )
        if changed(self, "full_name") and not (self.full_name or "").strip():
            raise RuleBroken(
                _n("A user needs a name to sign in with and a full name."), field="full_name"
            )
        if changed(self, "email") and self.email and not _is_address(self.email):
            raise RuleBroken(_n("This is not an e-mail address."), field="email")
        if changed(self, "role", "investors"):
            if self.role == Role.INVESTOR and not self.investors:
                raise RuleBroken(_n("Choose at least one unit for this role."), field="investors")
            if self.role != Role.INVESTOR and self.investors:
                raise RuleBroken(_n("Only users of a unit have units."), field="investors")

    @property
    def is_active(self) -> bool:
        return self.enabled

    def get_id(self) -> str:
        return f"{self.id}:{self.session_epoch}"

    def is_too_late(self, at: datetime) -> bool:
        """Whether the first password was not used in time."""
        until = self.password_expires_at
        return bool(self.must_change_password and until is not None and at > until)

    def end_sessions(self) -> None:
        """Sign this person out everywhere, from the next request on."""
        self.session_epoch = (self.session_epoch or 0) + 1

    def __str__(self) -> str:
        return f"{self.full_name} ({self.username})"


@event.listens_for(User, "before_update")
def _count_an_edit(mapper: Any, _connection: Any, user: User) -> None:
    """Two who edit an account at once meet by its version, units alone included. Somebody who signs
    in meanwhile changes nothing that the one or the other saw.
    """
    if any(
        attributes.get_history(user, one.key, PASSIVE_NO_INITIALIZE).has_changes()
        for one in mapper.attrs
        if one.key not in {"last_login_at", "version"}
    ):
        user.version += 1


@event.listens_for(User, "before_update")
def _sign_out_after_change(_mapper: Any, _connection: Any, user: User) -> None:
    """Another role, password or a switched-off account ends every open session at once."""
    if any(
        attributes.get_history(user, name).has_changes()
        for name in ("role", "enabled", "password_hash")
    ):
        user.end_sessions()


def normal_username(typed: str) -> str:
    """One spelling for one account: no marks, no capitals, no spaces around."""
    return fold(typed).replace(" ", "")
