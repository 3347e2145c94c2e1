"""One-time keys of forms: a double click or a resubmitted page is carried out once.

A used key means "the same again" only for the same content. Who goes back, types something else
and presses the button once more has done something new: it is carried out, or met by the
version of the row and shown as a conflict; it is never dropped.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, ForeignKey, String, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base.among import among
from models.base.clock import now
from models.base.cluster import is_on_cluster
from models.base.database import Base, UtcDateTime
from models.base.scope import ScopedSession


class FormKey(Base):
    """`key` is the digest of a form's key together with what was sent under it."""

    __tablename__ = "form_key"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


_KEYS: Any = FormKey.__table__
KEPT = timedelta(days=30)  # a page may lie open over holidays, and be sent again after them
AT_ONCE = 1000  # that one sign-in deletes: more than anybody uses up between two of them


def new_key() -> str:
    """A key for one form on one page."""
    return secrets.token_urlsafe(24)


def spend(session: ScopedSession, key: str, user_id: int, *, content: str) -> bool:
    """Use up a key with this content in the present transaction; False where the very same was
    carried out before.

    Of two requests at the same instant the second waits for the first and then gets False.
    Called before anything else is written, so that a refused form keeps its key.
    """
    digest = hashlib.sha256(f"{key}\n{content}".encode()).hexdigest()
    with session.trusted(of=()) as connection:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        row = {"key": digest, "user_id": user_id, "used_at": now()}
        if is_on_cluster(connection):
            return _spend_in_turn(connection, row)
        added = insert(_KEYS).values(row).on_conflict_do_nothing().returning(_KEYS.c.key)
        return connection.scalar(added) is not None


def _spend_in_turn(connection: Connection, row: dict[str, Any]) -> bool:
    """A cluster lets nobody else change a copied table once ON CONFLICT was said, until the
    transaction ends: all who save anywhere would wait for each other, not only the second of two.
    """
    key = row["key"]
    connection.execute(select(func.pg_advisory_xact_lock(int(key[:15], 16))))
    if connection.scalar(select(_KEYS.c.key).where(_KEYS.c.key == key)) is not None:
        return False
    connection.execute(_KEYS.insert(), row)
    return True


def forget_keys(session: Session, *, at: datetime) -> None:
    """Delete keys used so long ago that nobody sends their form again, the oldest first. What
    another sign-in deletes at this moment is left to it.
    """
    old = select(FormKey.key).where(FormKey.used_at < at - KEPT).order_by(FormKey.used_at)
    held = old.limit(AT_ONCE).with_for_update(skip_locked=True)
    if keys := session.scalars(held).all():
        session.execute(delete(FormKey).where(among(FormKey.key, keys)))
