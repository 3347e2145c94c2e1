"""Files that are kept in the database, known by what is in them."""

import hashlib

from models.base.errors import RuleBroken, _n


def sha256_of(content: bytes) -> str:
    """The name of a content: 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def unaltered(content: bytes, sha256: str) -> bytes:
    """`content`, if it still is what was taken in. Raises RuleBroken."""
    if sha256_of(content) != sha256:
        raise RuleBroken(
            _n(
                "The stored file is not the one that was taken in: its checksum differs. Bring the "
                "file in anew, and tell the administrator."
            )
        )
    return content
