"""How many guesses a password takes somebody who knows what people choose.

The whole password is cut into parts in the cheapest way: common words and names (also Vietnamese,
with figures for letters), the person's own names, rows of the keyboard, repetitions, years and
days, and letters one by one. A part inside a long password makes it no worse: it only counts less
than the same letters at random. The idea is that of zxcvbn (Wheeler, USENIX Security 2016).
"""

import gzip
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cache
from pathlib import Path

from models.base import fold

WORDS = Path(__file__).parent / "published" / "words.txt.gz"
VIETNAMESE = Path(__file__).parent / "published" / "vietnamese.txt"
FEW = 6.0  # powers of ten: fewer guesses than a million are few

# powers of ten that one part costs
_COSTS = {"words": 1.0, "sayings": 2.6, "names": 1.0, "syllables": 2.0}
_OWN, _ROW, _LEET = 0.5, 1.5, 0.3
_FIGURE, _LETTER, _OTHER = 1.0, 1.3, 0.5
_LONGEST_WORD = 24
_DRESS = 8  # figures and signs around one word: more of them are hard to guess themselves

_LEETS = tuple(str.maketrans("@4301!|$57+892", f"aaeo{one}{one}{one}ssttbgz") for one in "il")
_ROWS = (
    "`1234567890-=",
    "~!@#$%^&*()_+",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1a2b3c4d5e6f7g8h9i0j",
    "a1b2c3d4e5f6g7h8i9j0",
    "147258369",
    "741852963",
    "789456123",
    "159357",
)
_RUNS = "\n".join(row + "\n" + row[::-1] for row in (*_ROWS, "qwertyuiopasdfghjklzxcvbnm"))
_MONTHLY = r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])"
_DAY_OF_A_YEAR = re.compile(_MONTHLY + r"(?:19|20)\d\d")
_DATES = (
    (re.compile(r"(?:19|20)\d\d"), 2.0),
    (re.compile(r"ngay\d{1,2}(?:thang\d{1,2})?|thang\d{1,2}"), 2.6),  # a day as it is said
    (re.compile(r"(?:\d{1,2})?thang\d{1,2}nam(?:19|20)\d\d"), 4.6),
    (re.compile(_MONTHLY), 2.6),
    (re.compile(_MONTHLY + r"\d\d"), 4.5),
    (_DAY_OF_A_YEAR, 4.6),
)


@cache
def common_words() -> Mapping[str, float]:
    """Words and names that people put into passwords, with what each costs."""
    found: dict[str, float] = {}
    for place, word in enumerate(gzip.decompress(WORDS.read_bytes()).decode().split("\n")):
        found.setdefault(word, max(_COSTS["words"], math.log10(place + 1)))
    section = "words"
    for line in VIETNAMESE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            for word in line.split():
                found[word] = min(found.get(word, 9.0), _COSTS[section])
    return found


def guesses(plain: str, own: Iterable[str] = ()) -> float:
    """How many guesses, as a power of ten, `plain` takes; `own` are names its owner is known by.

    One writing for all: capitals, marks and spaces make no password better here.
    """
    text = "".join(fold(plain).split())
    names = {part for name in own for part in _parts(name)}
    return _Search({name: _OWN for name in names if len(name) >= 2}).cost(text)


def _parts(name: str) -> Iterator[str]:
    words = re.findall(r"[^\W_]+", fold(name))
    yield from words
    yield "".join(words)
    yield "".join(word[0] for word in words)


def is_dressed_word(plain: str, own: Iterable[str] = ()) -> bool:
    """Whether this is one common word or name, once or repeated, or one day, with some figures
    and signs before, after or between: those who guess try them all, however rare the word is.
    """
    text, names = "".join(fold(plain).split()), {part for name in own for part in _parts(name)}
    return any(_is_dressed(form, names) for form in {text, re.sub(r"[\W_]", "", text)})


def _is_dressed(text: str, names: Set[str]) -> bool:
    words = common_words()
    letters = [place for place, sign in enumerate(text) if sign.isalpha()]
    firsts = range((letters[0] if letters else _DRESS) + 1)
    lasts = range(letters[-1] + 1 if letters else len(text) - _DRESS, len(text) + 1)
    return any(
        (core := _once(form[first:last])) in words
        or core in names
        or _DAY_OF_A_YEAR.fullmatch(core) is not None
        for form in (text, *(text.translate(leet) for leet in _LEETS))
        for first in firsts
        for last in lasts
        if first + len(text) - last <= _DRESS and last - first > 2
    )


def _once(text: str) -> str:
    """The part of which `text` is a repetition, or itself."""
    size = (text + text).find(text, 1)
    return text[:size]


class _Search:
    def __init__(self, own: Mapping[str, float]) -> None:
        self.own, self.words = own, common_words()
        self.known: dict[str, float] = {}

    def cost(self, text: str) -> float:
        """The cheapest way through `text`, from left to right."""
        if text not in self.known:
            best = [0.0] + [math.inf] * len(text)
            forms = (text, *(text.translate(leet) for leet in _LEETS))
            for start in range(len(text)):
                for end, price in self._from(forms, start):
                    best[end] = min(best[end], best[start] + price)
            self.known[text] = best[-1]
        return self.known[text]

    def _from(self, forms: tuple[str, ...], start: int) -> Iterator[tuple[int, float]]:
        text = forms[0]
        yield start + 1, _single(text[start])
        for end in range(start + 2, min(len(text), start + _LONGEST_WORD) + 1):
            yield from ((end, price) for price in self._words(forms, start, end))
            if end - start > 2 and text[start:end] in _RUNS:
                yield end, _ROW
        for pattern, price in _DATES:
            if found := pattern.match(text, start):
                yield found.end(), price
        yield from self._repeated(text, start)

    def _words(self, forms: tuple[str, ...], start: int, end: int) -> Iterator[float]:
        for extra, form in zip((0.0, _LEET, _LEET), forms, strict=True):
            part = form[start:end]
            for known in (self.own, self.words):
                if (price := known.get(part)) is not None:
                    yield price + extra

    def _repeated(self, text: str, start: int) -> Iterator[tuple[int, float]]:
        """One part and the same again, as often as it comes; also mirrored once."""
        seen, reach = 0, start
        for size in range(1, (len(text) - start) // 2 + 1):
            if seen and size % seen == 0 and start + 2 * size <= reach:
                continue  # the same, twice as long
            unit, times = text[start : start + size], 1
            while text.startswith(unit, start + times * size):
                times += 1
            if times > 1:
                seen, reach = size, start + times * size
                yield reach, self.cost(unit) + math.log10(times)
            elif size > 2 and text.startswith(unit[::-1], start + size):
                yield start + 2 * size, self.cost(unit) + math.log10(2)


def _single(char: str) -> float:
    if char in "0123456789":
        return _FIGURE
    return _LETTER if char.isalpha() else _OTHER
