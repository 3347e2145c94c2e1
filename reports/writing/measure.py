"""How wide words are in Times New Roman, so that a file shows them whole before a program lays
it out: spreadsheets and viewers on phones take the heights of rows from the file.
"""

import math
import unicodedata
from functools import lru_cache

# thousandths of the size of the type (the metrics of Times, which its twins share)
_WIDTHS = {
    180: "'", 200: "|", 250: " .,", 278: "/:;ijlt\\", 333: "!()-I[]`fr", 389: "Js",
    400: "°", 408: '"', 444: "?acez“”", 469: "^", 480: "{}", 500: "#$*0123456789_bdghknopquvxyđ–",
    541: "~", 556: "FPS", 564: "+<=>−", 611: "ELTZ", 667: "BCR", 722: "ADGHKNOQUVXYwĐ",
    778: "&m", 833: "%", 889: "M", 921: "@", 944: "W", 1000: "…—",
}  # fmt: skip
_OF = {sign: width for width, signs in _WIDTHS.items() for sign in signs}
_UNKNOWN = 1000
_BOLD = 1.08
_HORN = 70  # of ơ and ư
LINE = 1.2


@lru_cache(maxsize=4096)
def _sign(sign: str) -> int:
    if sign in _OF:
        return _OF[sign]
    apart = unicodedata.normalize("NFD", sign)
    if unicodedata.combining(apart[0]):
        return 0
    return _OF.get(apart[0], _UNKNOWN) + (_HORN if "\u031b" in apart else 0)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Points that a line of text takes."""
    return sum(map(_sign, text)) * size / 1000 * (_BOLD if bold else 1)


def lines(text: str, room: float, size: float, *, bold: bool = False) -> int:
    """Lines that a text takes in `room` points, broken between words, long words inside."""
    return sum(_wrapped(part, room, size, bold) for part in text.splitlines()) or 1


def _wrapped(text: str, room: float, size: float, bold: bool) -> int:
    space = width(" ", size, bold=bold)
    count, used = 1, 0.0
    for word in text.split():
        long = width(word, size, bold=bold)
        if used and used + space + long > room:
            count, used = count + 1, 0.0
        if long > room:
            more = math.ceil(long / room)
            count, used = count + more - 1, long - (more - 1) * room
        else:
            used += long + (space if used else 0)
    return count


def longest_word(text: str, size: float, *, bold: bool = False) -> float:
    """Points that the widest word takes: a column narrower than this breaks it."""
    return max((width(word, size, bold=bold) for word in text.split()), default=0.0)
