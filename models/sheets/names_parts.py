"""Components by number, name or code, wherever they stand in the programme tree."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from models.base import fold
from models.sheets.names_near import Near
from models.sheets.shapes import KnownComponent
from models.sheets.words_base import bare, spoken

_NUMBERED = re.compile(r"(?P<label>\D*[^\W\d])\s*(?P<number>\d{1,2})")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7",
          "viii": "8", "ix": "9", "x": "10"}  # fmt: skip
_BETWEEN = re.compile(r"\b(?:thuộc|của|thuoc|cua)\b")
_ALIKE = 80.0
_SHORTEST_START = 10

Token = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PartsFound:
    """Codes of components, best first; certain where they follow from number or name alone."""

    codes: tuple[str, ...] = ()
    is_certain: bool = True

    def __len__(self) -> int:
        return len(self.codes)


class PartNames:
    """The programme tree by its numbers (`Dự án 3`, `Tiểu dự án 2`), names and codes."""

    def __init__(self, parts: Iterable[KnownComponent], key_of: Callable[[str], str]) -> None:
        self._parts = {part.code: part for part in parts}
        self._key_of = key_of
        self._own: dict[str, Token] = {}
        for part in self._parts.values():
            if found := _NUMBERED.fullmatch(spoken(part.short_name)):
                self._own[part.code] = (found["label"].strip(), found["number"])
        labels = sorted({label for label, _ in self._own.values()}, key=len, reverse=True)
        self._labels = [(label, _label_pattern(label)) for label in labels]
        self._names: dict[str, list[str]] = {}
        for part in self._parts.values():
            for text in (part.name, part.short_name, part.code):
                self._names.setdefault(key_of(text), []).append(part.code)
        self._folded: dict[str, list[str]] = {}
        for key, codes in self._names.items():
            self._folded.setdefault(fold(key), []).extend(codes)
        self._near = Near({part.code: (spoken(part.name),) for part in self._parts.values()})

    def label(self, code: str) -> str:
        """A component as a question names it: Tiểu dự án 2 - Dự án 3: Cải thiện dinh dưỡng."""
        numbers = [
            self._parts[one].short_name for one in (code, *self._above(code)) if one in self._own
        ]
        return ": ".join(filter(None, (" - ".join(numbers), self._parts[code].name)))

    def find(self, text: str, under: str | None) -> PartsFound:
        """The components that a text names."""
        said = spoken(text)
        named = self._named(said)
        if len(named) == 1:
            return PartsFound(tuple(named))
        tokens, rest = self._tokens(said)
        if not tokens:
            if named:
                return PartsFound(tuple(self._in_section(named, under)))
            return PartsFound(tuple(self._near.best(said)), is_certain=False)
        numbered = [
            code for code, own in self._own.items() if own in tokens and self._has(code, tokens)
        ]
        numbered = self._in_section(numbered, under)
        return self._with_name(numbered, rest)

    def _with_name(self, numbered: list[str], rest: str) -> PartsFound:
        """What number and name say together."""
        key = self._key_of(rest)
        if not key:
            return PartsFound(tuple(numbered))
        named = self._named(rest)
        if both := [code for code in numbered if code in named]:
            return PartsFound(tuple(both))
        if named:
            return PartsFound((*numbered, *named), is_certain=False)
        alike = [code for code in numbered if self._is_alike(code, key)]
        return PartsFound(tuple(alike or numbered), is_certain=bool(alike))

    def _named(self, text: str) -> list[str]:
        key = self._key_of(text)
        found = self._names.get(key)
        if not found and key.isascii():
            found = self._folded.get(key)
        return list(dict.fromkeys(found or ()))

    def _is_alike(self, code: str, key: str) -> bool:
        name = self._key_of(self._parts[code].name)
        short, long = sorted((name, key), key=len)
        if len(short) >= _SHORTEST_START and long.startswith(short):
            return True
        return fuzz.ratio(name, key) >= _ALIKE

    def _tokens(self, said: str) -> tuple[set[Token], str]:
        """The numbers that a text names, and what of it is left."""
        tokens: set[Token] = set()
        for label, pattern in self._labels:
            for found in pattern.finditer(said):
                number = found["number"] or found["joined"]
                tokens.add((label, _ROMAN.get(number, number.lstrip("0"))))
            said = pattern.sub(" ", said)
        return tokens, _BETWEEN.sub(" ", said)

    def _has(self, code: str, tokens: set[Token]) -> bool:
        on_path = {self._own[one] for one in (code, *self._above(code)) if one in self._own}
        return tokens <= on_path

    def _in_section(self, codes: list[str], under: str | None) -> list[str]:
        """Of several components those within the section, or within the nearest one above it."""
        if len(codes) < 2 or under not in self._parts:
            return codes
        for section in (under, *self._above(under)):
            inside = [code for code in codes if section in (code, *self._above(code))]
            if inside:
                return inside
        return codes

    def _above(self, code: str) -> Iterator[str]:
        parent = self._parts[code].parent_code
        while parent in self._parts:
            yield parent
            parent = self._parts[parent].parent_code


def _label_pattern(label: str) -> re.Pattern[str]:
    """A numbered label as people write it: Tiểu dự án 2, tiểu DA 2, TDA2, TDA số 02."""
    words = label.split()
    forms: set[str] = set()
    for rest in range(len(words)):  # TDA, tiểu DA, tiểu dự án
        start, initials = words[:rest], "".join(word[0] for word in words[rest:])
        forms.add(r"\s*".join(map(re.escape, [*start, initials])))
        forms.add(r"\s*".join(map(re.escape, [*start, bare(initials)])))
    forms.add(r"\s*".join(map(re.escape, words)))
    forms |= {bare(form) for form in forms}
    either = "|".join(sorted(forms, key=len, reverse=True))
    return re.compile(
        rf"(?<![^\W\d_])(?:{either})(?:\s*thành phần|\s*thanh phan)?(?:\s*số|\s*so)?\s*\.?\s*"
        r"(?:(?P<number>\d{1,2}(?![^\W_])|[ivx]{1,4}(?=\s*(?:$|[^\w\s])))|(?P<joined>\d{1,2})(?=t?da\d))"
    )
