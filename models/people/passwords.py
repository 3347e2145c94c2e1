"""Passwords by NIST SP 800-63B-4: length, no rules of composition, a list of published ones.

A password is hashed as it was typed, sign for sign, at every door: nothing is composed, trimmed
or respelled before. Argon2id keeps it (stack A5).
"""

import secrets
import threading
import unicodedata
from datetime import datetime

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from models.base import RuleBroken, _n, nfc
from models.people.guessing import FEW, guesses, is_dressed_word
from models.people.published import is_published
from models.people.user import User

SHORTEST, LONGEST = 12, 128  # letters, each with its marks counted once
_MOST_SIGNS = 4 * LONGEST  # a letter typed decomposed takes up to three signs
DEMO_PASSWORD = "Minhhoa-2024!"  # noqa: S105  # nosec B105 # shown to everybody, for invented figures
# what a first password is made of: nothing that is taken for something else on paper or by ear
_READABLE = "abcdefghkmnpqrstuwxyz2345678"
_hasher = PasswordHash((Argon2Hasher(),))
# what a name that nobody has is compared with: a password nobody has, as costly as any
_dummy = (
    "$argon2id$v=19$m=65536,t=3,p=4$PQoMqQCab+vO6nqNMw32Cw"
    "$+XDU7n668xejyjlPLlQDnFgt+aJ4obtHUDDc8zEiLNo"
)
_at_once = threading.BoundedSemaphore(2)  # each hash takes 64 MiB


def hash_password(plain: str) -> str:
    """The stored form of exactly these signs."""
    with _at_once:
        return _hasher.hash(plain)


def password_fits(plain: str, stored: str | None) -> bool:
    """Whether `plain` is right. Costs as much for an account that does not exist (None).

    Keyboards write one and the same letter composed or decomposed: what was typed is tried as
    it is, then in both forms, so that the machine somebody sits at does not matter.
    """
    forms = dict.fromkeys((plain, nfc(plain), unicodedata.normalize("NFD", plain)))
    if len(plain) > _MOST_SIGNS or not _can_be_written(plain):
        return False
    return any(_verify(form, stored) for form in forms)


def _verify(plain: str, stored: str | None) -> bool:
    with _at_once:
        return _hasher.verify(plain, stored or _dummy) and stored is not None


def give_password(
    user: User, plain: str, *, must_change: bool, until: datetime | None = None
) -> None:
    """Let this person sign in with `plain`; one that must be changed is good `until` then.

    Raises RuleBroken, at `new`, where it is weak.
    """
    check_strength(plain, names=names_of(user))
    user.password_hash = hash_password(plain)
    user.must_change_password = must_change
    user.password_expires_at = until if must_change else None


def give_first_password(user: User, *, until: datetime) -> str:
    """Let this person sign in `until` then with the password returned, which has to be changed
    at once. It is told here and kept nowhere.
    """
    groups = ("".join(secrets.choice(_READABLE) for _sign in range(4)) for _group in range(4))
    plain = "-".join(groups)
    give_password(user, plain, must_change=True, until=until)
    return plain


def names_of(user: User) -> tuple[str, ...]:
    """What everybody knows of this person: names, address of mail, units."""
    units = [name for unit in user.investors for name in (unit.short_name, unit.name, unit.code)]
    return (user.username or "", user.full_name or "", user.email or "", *units)


def check_strength(plain: str, *, names: tuple[str, ...] = ()) -> None:
    """Refuse a password that is short, long, published or guessed soon.

    `names` are the person's and the units' names. Raises RuleBroken with the reason.
    """
    length = len(nfc(plain))
    if length < SHORTEST:
        raise RuleBroken(
            _n("The password is too short: use at least %(shortest)s characters."),
            field="new",
            shortest=SHORTEST,
        )
    if length > LONGEST:
        raise RuleBroken(
            _n("The password is too long: use at most %(longest)s characters."),
            field="new",
            longest=LONGEST,
        )
    if not _can_be_written(plain):
        raise RuleBroken(
            _n("The password has a character that no keyboard writes; type it anew."), field="new"
        )
    if is_published(plain):
        raise RuleBroken(
            _n(
                "This password stands in a list of passwords that were stolen and published: "
                "whoever tries to break in tries it first. Choose another one."
            ),
            field="new",
        )
    if guesses(plain, names) < FEW or is_dressed_word(plain, names):
        raise RuleBroken(
            _n("The password is easy to guess: it is made of a common word or a known name."),
            field="new",
        )


def _can_be_written(plain: str) -> bool:
    """Whether these are whole characters: half ones have no bytes to be hashed."""
    return not any("\ud800" <= sign <= "\udfff" for sign in plain)
