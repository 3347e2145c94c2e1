"""A file of text: in which letters it was saved. What is not certain is asked, never guessed."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from models.packages import Refused
from models.sheets.opening.child.letters_seen import QUESTION, TCVN3, VNI, fitting
from models.sheets.opening.child.old_letters import from_tcvn3, from_vni
from models.sheets.opening.child.syllables import words_with_marks
from models.sheets.opening.text import decoded

VIETNAMESE = "windows-1258"
_CLEAR, _POOR = 0.9, 0.5  # shares of words that make sense: surely so, surely not
_ENOUGH = 3  # words that have to speak for it
_SAMPLE = 60


class Decoded(NamedTuple):
    """The text, and how sure that is: the options of a question, or what it was converted from."""

    text: str
    options: tuple[tuple[str, str], ...] = ()  # each with a sample
    converted_from: str = ""


def text_of(content: bytes, answers: Mapping[str, str]) -> Decoded:
    """The text of a file. Raises Refused where no way of reading makes sense.

    With a mark, or in UTF-8: that. UTF-16 without a mark shows by its zeros. Windows-1258 is
    read without a question where its words are Vietnamese and no other way makes them so; text
    in the letters of old fonts is always asked about.
    """
    if (wide := _wide(content)) is not None:
        return Decoded(wide)
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("other")
    try:
        return Decoded(decoded(content))
    except UnicodeDecodeError as error:
        if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
            raise Refused("damaged") from error
    ways = {way: text for way, read in _WAYS.items() if (text := read(content)) is not None}
    if (answer := answers.get(QUESTION)) in ways:
        return Decoded(ways[answer], converted_from=answer)
    fits = {way: fitting(text) for way, text in ways.items()}
    if not fits or max(fits.values()) < _POOR:
        raise Refused("letters")
    best = max(fits, key=lambda way: fits[way])
    others = max((fit for way, fit in fits.items() if way != best), default=0)
    is_clear = fits[best] >= _CLEAR and others <= _POOR
    if best == VIETNAMESE and is_clear and len(words_with_marks(ways[best])) >= _ENOUGH:
        return Decoded(ways[best], converted_from=best)
    likely = sorted((way for way in ways if fits[way] > 0), key=lambda way: -fits[way])
    return Decoded(ways[best], tuple((way, _sample(ways[way])) for way in likely))


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of plain letters, figures and signs is zero."""
    if len(content) % 2 or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    low, high = content[::2].count(0), content[1::2].count(0)
    if max(low, high) * 4 < len(content) // 2 or min(low, high) > 0:
        return None
    try:
        text = content.decode("utf-16-le" if high else "utf-16-be")
    except UnicodeDecodeError:
        return None
    return text if _is_text(text) else None


def _is_text(text: str) -> bool:
    return all(char in "\t\r\n" or unicodedata.category(char) not in ("Cc", "Cn") for char in text)


def _by_1258(content: bytes) -> str | None:
    try:
        return unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeDecodeError:
        return None


def _by_old_font(convert: Callable[[str], str | None]) -> Callable[[bytes], str | None]:
    def read(content: bytes) -> str | None:
        try:
            western = content.decode("cp1252")
        except UnicodeDecodeError:
            return None
        return convert(western)

    return read


_WAYS: dict[str, Callable[[bytes], str | None]] = {
    VIETNAMESE: _by_1258,
    TCVN3: _by_old_font(from_tcvn3),
    VNI: _by_old_font(from_vni),
}


def _sample(text: str) -> str:
    """The first words that show how the letters come out."""
    for line in text.splitlines():
        if not line.isascii():
            return " ".join(line.split())[:_SAMPLE]
    return ""
