"""Styles of an .ods: what number format and font a cell has, and which sheets are hidden."""

from dataclasses import dataclass
from typing import NamedTuple

from models.packages import Attributes, End, Parts, Start, Stream

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
_SCALES = {"1000": ",", "1000000": ",,", "1000000000": ",,,"}


@dataclass(slots=True)
class Style:
    """A named style; what it does not say, its parent says."""

    parent: str = ""
    data: str = ""  # the name of a number format
    font: str = ""
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
            number_format = self._formats.get(self._said(name, "data"), "")
            self._looks[name] = Look(number_format, self._said(name, "font"))
        return self._looks[name]

    def font_of_text(self, name: str) -> str:
        style = self._styles.get(("text", name))
        return style.font if style else ""

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
            "number:month": self._month, "number:text": lambda _: None,
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

    def _shown(self, attributes: Attributes) -> None:
        self._style.is_shown = attributes.get("table:display") != "false"

    def _begin_format(self, attributes: Attributes) -> None:
        self._name, self._pieces = attributes.get("style:name", ""), []

    def _end_format(self, _: str) -> None:
        self._formats[self._name] = "".join(self._pieces)

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
        plain = all(not char.isalnum() for char in text)
        self._pieces.append(text if plain else f'"{text}"')
