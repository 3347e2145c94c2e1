"""Styles of an .ods: what number format and font a cell has, and which sheets are hidden."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from models.packages import Attributes, End, Parts, Start, Stream
from models.sheets.opening.child.fonts import Font

_FORMATS = tuple(
    f"number:{kind}-style"
    for kind in ("number", "percentage", "currency", "date", "time", "text", "boolean")
)
_PIECES = {  # (short, long) of a day's pieces
    "number:day": ("d", "dd"),
    "number:year": ("yy", "yyyy"),
    "number:hours": ("h", "hh"),
    "number:minutes": ("m", "mm"),
    "number:seconds": ("s", "ss"),
    "number:day-of-week": ("ddd", "dddd"),
    "number:quarter": ('"Q"', '"Q"'),
    "number:am-pm": ("AM/PM", "AM/PM"),
    "number:text-content": ("@", "@"),
    "number:fraction": ("# ?/?", "# ?/?"),
    "number:scientific-number": ("0.00E+00", "0.00E+00"),
}
_HEIGHT = re.compile(r"(-?)(\d{1,3})(?:\.\d+)?%")
_PLACES = {"super": "superscript", "sub": "subscript"}
_SCALES = {"1000": ",", "1000000": ",,", "1000000000": ",,,"}


def _place(told: str) -> str:
    """Where text stands on the line: `super`, `sub`, or so many percent above it."""
    if told in _PLACES:
        return _PLACES[told]
    height = _HEIGHT.fullmatch(told)
    if height is None or not height[2].strip("0"):
        return ""
    return "subscript" if height[1] else "superscript"


@dataclass(slots=True)
class Style:
    """A named style; what it does not say, its parent says."""

    parent: str = ""
    data: str = ""  # the name of a number format
    font: str = ""
    place: str = ""  # on the line
    is_struck: bool = False
    is_shown: bool = True  # of a sheet


class Look(NamedTuple):
    """What a cell looks like."""

    number_format: str
    font: str


class Styles:
    """The styles of a file, from both of its parts that have some."""

    def __init__(self, parts: Parts) -> None:
        self._styles: dict[tuple[str, str], Style] = {}
        self._formats: dict[str, str] = {}
        self._maps: dict[str, dict[str, str]] = {}  # of a format: others, by their condition
        self._looks: dict[str, Look] = {}
        self._style = Style()
        self._name = ""
        self._pieces: list[str] = []
        for part in ("styles.xml", "content.xml"):
            if part in parts:
                Stream(self._starts(), self._ends(), full=True).read(parts.chunks(part))

    def look(self, name: str) -> Look:
        """Number format and font of a cell style."""
        if name not in self._looks:
            number_format = self._format(self._said(name, "data"))
            self._looks[name] = Look(number_format, self._said(name, "font"))
        return self._looks[name]

    def _format(self, name: str) -> str:
        """A format as other programs write it: positive numbers, negative ones, nought and text,
        of which this kind of file keeps the last, and ties to the others. Of conditions that are
        none of these the last one alone is told.
        """
        last, ties = self._formats.get(name, ""), self._maps.get(name, {})
        told = {condition: self._formats.get(tied, "") for condition, tied in ties.items()}
        if told.keys() == {"value()>0", "value()<0", "value()=0"}:
            return ";".join((*(told[f"value(){sign}0"] for sign in "><="), last))
        if told.keys() == {"value()>0", "value()<0"}:
            return ";".join((told["value()>0"], told["value()<0"], last))
        if told.keys() == {"value()>=0"}:
            return ";".join((told["value()>=0"], last))
        return last

    def font_of_text(self, name: str) -> Font:
        """The font of a piece of a text."""
        style = self._styles.get(("text", name))
        return Font(style.font, style.place, style.is_struck) if style else Font()

    def is_shown(self, name: str) -> bool:
        """Whether a sheet with this style is shown."""
        style = self._styles.get(("table", name))
        return style is None or style.is_shown

    def _said(self, name: str, what: str) -> str:
        seen: set[str] = set()
        while name not in seen:
            seen.add(name)
            style = self._styles.get(("table-cell", name))
            if style is None:
                break
            if said := getattr(style, what):
                return str(said)
            name = style.parent or "Default"
        return ""

    # ------------------------------------------------------------------ reading

    def _starts(self) -> dict[str, Start]:
        return {
            "style:style": self._begin, "style:text-properties": self._font,
            "style:table-properties": self._shown, "number:number": self._number,
            "number:month": self._month, "number:text": lambda _: None, "style:map": self._map,
            **dict.fromkeys(_FORMATS, self._begin_format),
            **{name: self._piece(*letters) for name, letters in _PIECES.items()},
        }  # fmt: skip

    def _ends(self) -> dict[str, End]:
        return {
            "number:text": self._literal, "number:currency-symbol": self._literal,
            **dict.fromkeys(_FORMATS, self._end_format),
        }  # fmt: skip

    def _begin(self, attributes: Attributes) -> None:
        style = self._style = Style(
            attributes.get("style:parent-style-name", ""),
            attributes.get("style:data-style-name", ""),
        )
        place = attributes.get("style:family", ""), attributes.get("style:name", "")
        self._styles[place] = style

    def _font(self, attributes: Attributes) -> None:
        font = attributes.get("style:font-name") or attributes.get("fo:font-family") or ""
        self._style.font = font.strip("'")
        place = attributes.get("style:text-position", "")
        self._style.place = _place(place.split(" ")[0])
        through = {attributes.get(f"style:text-line-through-{one}") for one in ("style", "type")}
        self._style.is_struck = bool(through - {None, "", "none"})

    def _shown(self, attributes: Attributes) -> None:
        self._style.is_shown = attributes.get("table:display") != "false"

    def _begin_format(self, attributes: Attributes) -> None:
        self._name, self._pieces = attributes.get("style:name", ""), []

    def _map(self, attributes: Attributes) -> None:
        if self._name:  # else of a style that a condition changes
            condition = attributes.get("style:condition", "").replace(" ", "")
            tied = attributes.get("style:apply-style-name", "")
            self._maps.setdefault(self._name, {})[condition] = tied

    def _end_format(self, _: str) -> None:
        self._formats[self._name] = "".join(self._pieces)
        self._name = ""

    def _number(self, attributes: Attributes) -> None:
        whole = "#,##0" if attributes.get("number:grouping") == "true" else "0"
        places = min(int(attributes.get("number:decimal-places") or 0), 30)
        scale = _SCALES.get(attributes.get("number:display-factor", ""), "")
        self._pieces.append(whole + ("." + "0" * places if places else "") + scale)

    def _month(self, attributes: Attributes) -> None:
        is_long = attributes.get("number:style") == "long"
        if attributes.get("number:textual") == "true":
            self._pieces.append("mmmm" if is_long else "mmm")
        else:
            self._pieces.append("mm" if is_long else "m")

    def _piece(self, short: str, long: str) -> Start:
        def add(attributes: Attributes) -> None:
            self._pieces.append(long if attributes.get("number:style") == "long" else short)

        return add

    def _literal(self, text: str) -> None:
        plain = text and all(not char.isalnum() for char in text)
        self._pieces.append(text if plain else f'"{text}"')
