"""How the vocabulary of sheets is matched: whatever capitals, tones and marks were typed."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property, lru_cache

from models.base import clean_line, plain

LONGEST = 1_500
DASHES = str.maketrans("\u2014\u2015\u2043\u00ad", "----")


@lru_cache(maxsize=16_384)  # one name is looked at in many ways
def spoken(text: str) -> str:
    """`text` on one line in small letters: NFC, tones in one place, one kind of dash."""
    return clean_line(plain(text).translate(DASHES)).lower()


def heard(text: str) -> str:
    """`spoken`, of the first LONGEST characters: titles, heads and labels are shorter.

    Whoever fills a cell with thirty thousand dots must not keep the reader busy.
    """
    return spoken(text[:LONGEST])


def bare(text: str) -> str:
    """`text` without the marks of its letters; nothing else of it changes."""
    decomposed = unicodedata.normalize("NFD", text)
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return kept.replace("đ", "d").replace("Đ", "D")


class Phrase:
    """A pattern over spoken text. Text without any mark is matched without marks.

    Marks count where somebody typed them: `cộng` is a sum, `công` is none.
    """

    def __init__(self, pattern: str) -> None:
        self._written = pattern

    @cached_property  # most programs read no sheet
    def _marked(self) -> re.Pattern[str]:
        return re.compile(self._written)

    @cached_property
    def _bare(self) -> re.Pattern[str]:
        return re.compile(bare(self._written))

    def _pattern(self, text: str) -> re.Pattern[str]:
        return self._bare if text.isascii() else self._marked

    def search(self, text: str) -> re.Match[str] | None:
        return self._pattern(text).search(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self._pattern(text).fullmatch(text)

    def match(self, text: str) -> re.Match[str] | None:
        return self._pattern(text).match(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._pattern(text).finditer(text)

    def without(self, text: str) -> str:
        """`text` with blanks where the pattern matched, so that places in it stay."""
        return self._pattern(text).sub(lambda found: " " * len(found[0]), text)
