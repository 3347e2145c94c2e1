"""Fonts of pieces of a text. What is raised, lowered or struck through is told as one sees it:
a small 2 behind 500 makes no 5002, and 500 struck through in front of 700 no 500700.
"""

from typing import NamedTuple

_DIGITS = "0123456789"
_PLACES = {
    "superscript": str.maketrans(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "subscript": str.maketrans(_DIGITS, "₀₁₂₃₄₅₆₇₈₉"),
}
_STROKE = "\u0336"  # through the letter before it
PLACES = ("baseline", "superscript", "subscript")  # by the numbers of the binary formats


class Font(NamedTuple):
    """The font of a piece: its name, where it stands on the line, whether it is struck through."""

    name: str = ""
    place: str = ""
    is_struck: bool = False

    @property
    def is_plain(self) -> bool:
        return not self.is_struck and self.place not in _PLACES


def as_seen(text: str, font: Font) -> str:
    """A piece of text as its font shows it."""
    if font.place in _PLACES:
        text = text.translate(_PLACES[font.place])
    if font.is_struck:
        text = "".join(char if char.isspace() else char + _STROKE for char in text)
    return text


def binary_font(name: str, grbit: int, place: int) -> Font:
    """A font as a record of the binary formats has it."""
    return Font(name, PLACES[place] if place < len(PLACES) else "", bool(grbit & 0x0008))
