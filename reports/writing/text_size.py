"""How much room a text takes in Times New Roman, so that no line of a printed cell is hidden.

Spreadsheets do not stretch the rows of merged cells, and a file that a program wrote has the
heights that the program gave it.
"""

import math
import unicodedata
from functools import lru_cache

FONT = "Times New Roman"
# widths of its letters in thousandths of the type size; a letter with marks is as wide as bare
_REGULAR = {
    180: "'", 200: "|", 250: " ,.", 278: "/:;\\ijlt", 333: "!()-I[]`fr", 389: "Js", 408: '"',
    444: "?acez“”", 480: "{}", 556: "FPS", 564: "+<=>", 611: "ELTZ", 667: "BCR",
    722: "ADĐGHKNOQUVXYw", 778: "&m", 833: "%", 889: "M", 921: "@", 944: "W", 1000: "…",
}  # fmt: skip
_BOLD = {
    220: "|", 250: " ,.", 278: "'/\\il", 333: "!()-:;[]`fjt", 389: "Is", 394: "{}", 444: "cerz",
    555: '"', 556: "Sbdđhknpqu", 570: "+<=>", 611: "FP", 667: "BELTZ", 722: "ACDĐNRUVXYw",
    778: "GHKOQ", 833: "&m", 930: "@", 944: "M", 1000: "%W…",
}  # fmt: skip
_USUAL = 500  # digits and most small letters
_WIDE = 1_000  # writings of other lands
_WIDTHS = tuple(
    {letter: width for width, letters in table.items() for letter in letters}
    for table in (_REGULAR, _BOLD)
)
_ONE_DIGIT = str.maketrans("123456789", "0" * 9)  # they are of one width
LINE = 1.17  # distance of lines in type sizes


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of text in points at a type size in points."""
    return _width_of(text.translate(_ONE_DIGIT), size, bold)


@lru_cache(maxsize=65_536)  # words come again in every column and row, figures but for their digits
def _width_of(text: str, size: float, bold: bool) -> float:
    known = _WIDTHS[bold]
    found = 0
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter):
            continue
        is_latin = ord(letter) < 0x2100
        found += known.get(letter, _USUAL if is_latin else _WIDE)
    return found * size / 1_000


def lines_of(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """In how many lines a text breaks within `width` points: at spaces, and words too long."""
    return sum(_lines(part, width, size, bold) for part in text.split("\n")) or 1


def height_of(text: str, width: float, size: float, *, bold: bool = False) -> float:
    """The height in points that shows the whole of a text within `width` points."""
    return round(lines_of(text, width, size, bold=bold) * size * LINE + 3, 2)


def _lines(text: str, width: float, size: float, bold: bool) -> int:
    lines, filled = 1, 0.0
    space = width_of(" ", size, bold=bold)
    for word in text.split():
        long = width_of(word, size, bold=bold)
        if filled and filled + space + long <= width:
            filled += space + long
            continue
        if filled:
            lines += 1
        whole = math.floor(long / width) if long > width else 0
        lines += whole
        filled = long - whole * width
    return lines
