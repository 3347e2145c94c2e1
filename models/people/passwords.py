"""Passwords: Argon2id, NFC before hashing, and what makes one too weak (stack A5)."""

import threading

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from models.base import RuleBroken, _n, fold, nfc
from models.people.user import User

SHORTEST, LONGEST = 12, 128
COMMON = (
    "matkhau",
    "password",
    "123456",
    "abcdef",
    "qwerty",
    "iloveyou",
    "anhyeuem",
    "vietnam",
    "admin",
    "huulung",
    "langson",
)
_hasher = PasswordHash((Argon2Hasher(),))
_dummy = _hasher.hash("a password nobody has")
_at_once = threading.BoundedSemaphore(2)  # each hash takes 64 MiB


def hash_password(plain: str) -> str:
    """The stored form; composed and decomposed typing give the same."""
    with _at_once:
        return _hasher.hash(nfc(plain))


def password_fits(plain: str, stored: str | None) -> bool:
    """Whether `plain` is right. Takes as long for an account that does not exist."""
    if len(plain) > LONGEST:
        return False
    with _at_once:
        return _hasher.verify(nfc(plain), stored or _dummy) and stored is not None


def give_password(user: User, plain: str, *, must_change: bool, field: str = "new") -> None:
    """Let this person sign in with `plain`. Raises RuleBroken, at `field`, where it is weak."""
    units = [name for unit in user.investors for name in (unit.short_name, unit.name)]
    try:
        check_strength(plain, names=(user.username, user.full_name, *units))
    except RuleBroken as refusal:
        refusal.field = field
        raise
    user.password_hash = hash_password(plain)
    user.must_change_password = must_change


def check_strength(plain: str, *, names: tuple[str, ...] = ()) -> None:
    """Refuse a password that is short, long, one of the common ones or made of a known name.

    `names` are the person's and the units' names. Raises RuleBroken with the reason.
    """
    plain = nfc(plain)
    if len(plain) < SHORTEST:
        raise RuleBroken(
            _n("The password is too short: use at least %(shortest)s characters."),
            field="new",
            shortest=SHORTEST,
        )
    if len(plain) > LONGEST:
        raise RuleBroken(
            _n("The password is too long: use at most %(longest)s characters."),
            field="new",
            longest=LONGEST,
        )
    bare = "".join(filter(str.isalnum, fold(plain)))
    known = [*COMMON, *("".join(filter(str.isalnum, fold(name))) for name in names)]
    rest = bare
    for word in sorted((word for word in known if len(word) >= 4), key=len, reverse=True):
        rest = rest.replace(word, "")
    letters = "".join(filter(str.isalpha, rest))
    if len(set(bare)) < 5 or (rest != bare and len(letters) < 4):
        raise RuleBroken(
            _n("The password is easy to guess: it is made of a common word or a known name."),
            field="new",
        )
