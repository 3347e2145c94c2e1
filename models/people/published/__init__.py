"""Passwords that were published in leaks: 1.4 million of twelve characters and more, offline.

Kept as a Bloom filter, 3.4 MB, opened when the first password is chosen: what was published is
always found; of passwords that were not, one in ten thousand is taken for one. The file's head
names where the list comes from and its licence. `build.py` makes it anew.
"""

import hashlib
import mmap
from functools import cache
from pathlib import Path

from models.base import fold

FILE = Path(__file__).parent / "passwords.bloom"
HEAD, ROUNDS = 512, 13  # bytes in front of the bits; bits set for each password


def key_of(plain: str) -> bytes:
    """What is compared: no marks, no capitals, no spaces. `Mật khẩu` is `matkhau`."""
    return "".join(fold(plain).split()).encode("utf-8", "surrogatepass")


def places(key: bytes, bits: int) -> list[int]:
    """The bits of one password in a filter of so many."""
    digest = hashlib.blake2b(key, digest_size=16).digest()
    first, step = int.from_bytes(digest[:8]), int.from_bytes(digest[8:]) | 1
    return [(first + number * step) % bits for number in range(ROUNDS)]


@cache
def _filter() -> mmap.mmap:
    with FILE.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def is_published(plain: str) -> bool:
    """Whether this password, in any writing of its letters, stands in the list."""
    kept = _filter()
    return all(
        kept[HEAD + place // 8] >> place % 8 & 1
        for place in places(key_of(plain), (len(kept) - HEAD) * 8)
    )
