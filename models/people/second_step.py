"""The second step of signing in: what a person has besides the password, and its tables."""

import base64
from collections.abc import Sequence
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import BigInteger, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, RuleBroken, Surrogate, UtcDateTime, _n, clean_line
from models.people.sign_in import end_sign_ins
from models.people.user import User

MOST_PASSKEYS = 20
LONGEST_NAME = 60


class CodeMaker(Base):
    """The app on the telephone that makes a code every 30 seconds (TOTP, RFC 6238).

    `secret` is sealed (`seal`); `last_counter` is the step of the last code that was taken, so
    that none is taken twice.
    """

    __tablename__ = "code_maker"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str] = mapped_column(Text)
    last_counter: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecoveryCode(Surrogate, Base):
    """A code on paper that stands in for the second step once; only its digest is kept."""

    __tablename__ = "recovery_code"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Surrogate, Base):
    """A key pair on a device of the person (WebAuthn); here lies the public half.

    `sign_count` is the device's own count of uses, where it counts: it never goes back.
    """

    __tablename__ = "passkey"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[str] = mapped_column(String(100), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def code_maker_of(session: Session, user: User) -> CodeMaker | None:
    """The telephone of this person, if one is set up."""
    return session.get(CodeMaker, user.id)


def passkeys_of(session: Session, user: User) -> list[Passkey]:
    """The passkeys of this person, the oldest first."""
    mine = select(Passkey).where(Passkey.user_id == user.id)
    return list(session.scalars(mine.order_by(Passkey.added_at, Passkey.id)))


def has_second_step(session: Session, user: User) -> bool:
    """Whether a password alone does not let this person in."""
    return code_maker_of(session, user) is not None or bool(passkeys_of(session, user))


def name_of_passkey(session: Session, user: User, typed: str) -> str:
    """A name for one more passkey.

    Raises RuleBroken, at `name`, where it is missing, too long or given already, and where
    there are too many.
    """
    name, known = clean_line(typed), passkeys_of(session, user)
    if not name or len(name) > LONGEST_NAME:
        raise RuleBroken(
            _n("Give the passkey a name of 1 to %(most)s characters, such as “Office laptop”."),
            field="name",
            most=LONGEST_NAME,
        )
    if any(one.name.casefold() == name.casefold() for one in known):
        raise RuleBroken(_n("You have a passkey of this name already."), field="name")
    if len(known) >= MOST_PASSKEYS:
        raise RuleBroken(
            _n("You have %(most)s passkeys already; delete one that you do not use."),
            field="name",
            most=MOST_PASSKEYS,
        )
    return name


def take_away_second_step(session: Session, user: User) -> bool:
    """Let the password alone suffice again, and end all sign-ins of the person; whether there
    was a second step.
    """
    maker, keys = code_maker_of(session, user), passkeys_of(session, user)
    for row in [*([maker] if maker else []), *keys]:
        session.delete(row)
    forget_codes(session, user)
    end_sign_ins(session, user)
    return bool(maker or keys)


def forget_codes(session: Session, user: User) -> None:
    """Delete the recovery codes; without a second step there is nothing they stand in for."""
    for row in session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user.id)):
        session.delete(row)


def _fernet(key: str) -> Fernet:
    made = HKDF(SHA256(), length=32, salt=None, info=b"second step of signing in")
    return Fernet(base64.urlsafe_b64encode(made.derive(key.encode())))


def seal(secret: str, keys: Sequence[str]) -> str:
    """The stored form of a secret: encrypted with a key made of the first of `keys`."""
    return _fernet(keys[0]).encrypt(secret.encode()).decode()


def unseal(stored: str, keys: Sequence[str]) -> str | None:
    """The secret, by whichever of the present and the earlier keys; None where none fits."""
    try:
        return MultiFernet([_fernet(key) for key in keys]).decrypt(stored.encode()).decode()
    except InvalidToken:
        return None
