"""Keys that sign and seal: made by a machine at random, or not taken."""

import re
import secrets
from pathlib import Path

from models.people.guessing import guesses

SHORTEST_KEY = 32
WEAKEST_KEY = 20.0  # guesses as a power of ten; 32 figures and letters a–f at random take more
WEAKEST_TOKEN = 10.0  # of what is tried over the network alone; 16 letters at random take 18
_WRITTEN_BY_PEOPLE = re.compile(
    r"\s|change|secret|passw|matkhau|default|example|placeholder|insecure|develop|production|"
    r"random|string|huulung|langson",
    re.IGNORECASE,
)


def weak_key(key: str) -> str:
    """Why nobody should sign with `key`; empty for one that a machine made at random."""
    if len(key) < SHORTEST_KEY:
        return f"needs at least {SHORTEST_KEY} characters"
    if guesses(key) < WEAKEST_KEY or _WRITTEN_BY_PEOPLE.search(key):
        return "is made of words or repeats itself, so that it can be guessed"
    return ""


def weak_token(token: str) -> bool:
    """Whether what a program shows to be let in is soon guessed."""
    return guesses(token) < WEAKEST_TOKEN or _WRITTEN_BY_PEOPLE.search(token) is not None


def own_key(instance_path: Path) -> str:
    """A key of its own for a trial run, made once and readable by the owner only."""
    instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    instance_path.chmod(0o700)
    path = instance_path / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    path.chmod(0o600)
    return path.read_text()
