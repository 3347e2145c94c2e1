"""Open sign-ins: one row each, so that any of them can be seen, and ended, from elsewhere."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, ForeignKey, String, delete, event, select
from sqlalchemy.orm import Mapped, Session, attributes, mapped_column

from models.base import Base, UtcDateTime
from models.people.user import User


class SignIn(Base):
    """One open session of one person; signing out ends it, so a copied cookie is worth nothing.

    `device` is the browser and the system as codes ("firefox/windows"), never the whole
    User-Agent; `second` is how the second step was passed, empty without one; `sure_hash` is
    the digest of what the browser got when the password was last asked for again, at `sure_at`.
    """

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(60))
    device: Mapped[str] = mapped_column(String(60), default="", server_default="")
    second: Mapped[str] = mapped_column(String(20), default="", server_default="")
    sure_hash: Mapped[str | None] = mapped_column(String(64))
    sure_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def name(self) -> str:
        """What a page may call this sign-in: leads back neither to the token nor to its digest."""
        return hashlib.sha256(f"shown {self.token_hash}".encode()).hexdigest()[:16]


class OneSignIn(NamedTuple):
    """What a request knows of its own sign-in, whatever becomes of the row and its session."""

    token_hash: str
    second: str
    sure_hash: str | None
    sure_at: datetime | None

    @classmethod
    def of(cls, row: SignIn) -> Self:
        return cls(row.token_hash, row.second, row.sure_hash, row.sure_at)


def lasts(row: Any, *, at: datetime, lifetime: timedelta, idle: timedelta) -> Any:
    """Whether a sign-in is still good at `at`; of the table itself the condition that says so."""
    return (row.started_at >= at - lifetime) & (row.last_seen_at >= at - idle)


def open_sign_ins(
    session: Session, user: User, *, at: datetime, lifetime: timedelta, idle: timedelta
) -> list[SignIn]:
    """The sign-ins of this person that are still good at `at`, the one last seen first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.user_id == user.id, lasts(SignIn, at=at, lifetime=lifetime, idle=idle))
            .order_by(SignIn.last_seen_at.desc(), SignIn.started_at.desc())
        )
    )


def end_sign_ins(session: Session, user: User, *, but: str = "", name: str = "") -> int:
    """End the sign-ins of this person, from their next request on: the one called `name`, or
    all, apart from the one whose token has the digest `but`. The result is how many.
    """
    rows = session.scalars(select(SignIn).where(SignIn.user_id == user.id)).all()
    ended = [row for row in rows if row.token_hash != but and (not name or row.name == name)]
    for row in ended:
        session.delete(row)
    return len(ended)


@event.listens_for(User, "before_update")
def _end_with_the_epoch(_mapper: Any, connection: Connection, user: User) -> None:
    """Sign-ins of an earlier epoch open no door; they go, so that no list shows them."""
    if attributes.get_history(user, "session_epoch").has_changes():
        connection.execute(delete(SignIn.__table__).where(SignIn.user_id == user.id))  # type: ignore[arg-type]
