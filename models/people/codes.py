"""Codes of the second step: those of the telephone (RFC 6238) and those on paper."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import RuleBroken, _n
from models.people.second_step import (
    CodeMaker,
    RecoveryCode,
    code_maker_of,
    forget_codes,
    has_second_step,
    seal,
    unseal,
)
from models.people.user import User

STEP = 30  # seconds that a code is shown
DRIFT = 1  # steps by which the clock of a telephone may be off
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
_GROUPS, _IN_GROUP = 4, 4  # 31^16: as hard to guess as 79 bits


def new_secret() -> str:
    """A fresh secret for a telephone, as the apps take it when it is typed."""
    return pyotp.random_base32(32)


def address_of_secret(secret: str, user: User, *, issuer: str) -> str:
    """The address that a QR code tells the app (otpauth://…)."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=issuer)


def figures_of(typed: str) -> str:
    """A code of the telephone as it is compared: apps show it in groups."""
    return "".join(typed.split())


def counter_of(secret: str, typed: str, *, at: datetime) -> int | None:
    """The step of time at which the app shows this code, within the drift; None where it does
    at none.
    """
    maker, present = pyotp.TOTP(secret), int(at.timestamp()) // STEP
    figures = figures_of(typed)
    if not re.fullmatch(rf"[0-9]{{{maker.digits}}}", figures):
        return None
    fitting = [
        counter
        for counter in range(present - DRIFT, present + DRIFT + 1)
        if secrets.compare_digest(maker.generate_otp(counter), figures)
    ]
    return fitting[-1] if fitting else None


def set_up_code_maker(
    session: Session, user: User, *, secret: str, typed: str, keys: Sequence[str], at: datetime
) -> None:
    """Ask for codes of this telephone from now on; another one set up before goes.

    Raises RuleBroken, at `code`, where the code that proves it is not right.
    """
    counter = counter_of(secret, typed, at=at)
    if counter is None:
        raise RuleBroken(
            _n(
                "This is not the code that the app shows now. Look whether the clock of the "
                "telephone is right, then type the newest code."
            ),
            field="code",
        )
    present = code_maker_of(session, user)
    sealed = seal(secret, keys)
    if present is None:
        session.add(CodeMaker(user_id=user.id, secret=sealed, last_counter=counter, added_at=at))
    else:
        present.secret, present.last_counter, present.added_at = sealed, counter, at


def drop_code_maker(session: Session, user: User) -> None:
    """Ask for no codes of the telephone any more."""
    present = code_maker_of(session, user)
    if present is not None:
        session.delete(present)
        session.flush()
    if not has_second_step(session, user):
        forget_codes(session, user)


def take_code(
    session: Session, user: User, typed: str, *, keys: Sequence[str], at: datetime
) -> str | None:
    """What kind of code this is, “totp” or “recovery”, if it is a good one of this person; it is
    used up with that. The caller counts attempts.
    """
    held = select(CodeMaker).where(CodeMaker.user_id == user.id).with_for_update()
    maker = session.scalar(held.execution_options(populate_existing=True))
    if maker is not None:
        secret = unseal(maker.secret, keys)
        counter = counter_of(secret, typed, at=at) if secret else None
        if secret and counter is not None:
            # one that no clock could have shown yet was taken while the server's was wrong
            if counter <= maker.last_counter <= int(at.timestamp()) // STEP + DRIFT:
                return None  # seen before
            maker.last_counter = counter
            maker.secret = seal(secret, keys)  # by the present key, after a change of keys
            return "totp"
    digest = _digest(user, typed)
    code = session.scalar(
        select(RecoveryCode)
        .where(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == digest)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if code is None or code.used_at is not None:
        return None
    code.used_at = at
    return "recovery"


def new_recovery_codes(session: Session, user: User) -> list[str]:
    """Ten fresh codes, to be shown this once; those of before are worth nothing any more."""
    forget_codes(session, user)
    made = []
    for _number in range(RECOVERY_CODES):
        groups = [
            "".join(secrets.choice(_ALPHABET) for _letter in range(_IN_GROUP))
            for _group in range(_GROUPS)
        ]
        made.append("-".join(groups))
        session.add(RecoveryCode(user_id=user.id, code_hash=_digest(user, made[-1])))
    return made


def recovery_codes_left(session: Session, user: User) -> int:
    """How many codes on paper are still good."""
    left = select(func.count()).select_from(RecoveryCode)
    unused = left.where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def _digest(user: User, typed: str) -> str:
    """The stored form; spaces, dashes and capitals are no difference."""
    bare = "".join(filter(str.isalnum, typed.casefold()))
    return hashlib.sha256(f"recovery {user.id} {bare}".encode()).hexdigest()
