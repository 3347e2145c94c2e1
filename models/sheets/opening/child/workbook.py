"""An .xlsx beside its sheets: which sheets there are, formats and fonts, shared texts, ties."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.packages import Attributes, Parts, Refused, Stream, is_true, tie, ties_of
from models.sheets.opening import limits
from models.sheets.opening.child import numbers
from models.sheets.opening.child.cells import Said
from models.sheets.opening.child.fonts import Font, as_seen
from models.sheets.opening.child.formulas import starts_a_program
from models.sheets.opening.child.old_letters import is_of_letters


@dataclass(frozen=True, slots=True)
class SheetTie:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    state: str  # visible, hidden, veryHidden

    @property
    def is_hidden(self) -> bool:
        return self.state != "visible"


@dataclass(slots=True)
class Workbook:
    """What all sheets share."""

    sheets: list[SheetTie] = field(default_factory=list)
    from_1904: bool = False
    to_be_calculated: bool = False  # the program that wrote it calculated nothing
    ties: dict[str, tuple[str, str]] = field(default_factory=dict)  # id → (kind, part)
    elsewhere: list[str] = field(default_factory=list)  # parts of [1], [2] … in formulas


def main_part(parts: Parts) -> str:
    """The part of the workbook itself. Raises Refused for a package of another program."""
    for kind, part in ties_of(parts, "").values():
        if kind == "officeDocument":
            return part
    raise Refused("damaged")


def workbook_of(parts: Parts, part: str) -> Workbook:
    """The list of sheets, in their order, and the settings that change what cells say."""
    book = Workbook(ties=ties_of(parts, part))

    def sheet(attributes: Attributes) -> None:
        kind, target = book.ties.get(tie(attributes), ("", ""))
        if kind == "worksheet":  # a sheet of charts or dialogs has no cells
            state = attributes.get("state", "visible")
            book.sheets.append(SheetTie(attributes.get("name", ""), target, state))
        if len(book.sheets) > limits.SHEETS:
            raise Refused("sheets", limit=limits.SHEETS)

    def other_book(attributes: Attributes) -> None:
        book.elsewhere.append(book.ties.get(tie(attributes), ("", ""))[1])

    def settings(attributes: Attributes) -> None:
        book.from_1904 = is_true(attributes.get("date1904"))

    def calculation(attributes: Attributes) -> None:
        book.to_be_calculated = is_true(attributes.get("fullCalcOnLoad"))

    def name(text: str) -> None:
        if starts_a_program(text):
            raise Refused("dde_name")

    starts = {
        "sheet": sheet, "workbookPr": settings, "calcPr": calculation,
        "externalReference": other_book,
    }  # fmt: skip
    Stream(starts, {"definedName": name}).read(parts.chunks(part))
    if not book.sheets:
        raise Refused("damaged")
    return book


def part_of_kind(ties: Mapping[str, tuple[str, str]], kind: str) -> str | None:
    """The part that a workbook is tied to in this way."""
    return next((part for found, part in ties.values() if found == kind), None)


def styles_of(parts: Parts, book: Workbook) -> list[tuple[str, str]]:
    """Number format and font of each style that a cell may name by its place."""
    part = part_of_kind(book.ties, "styles")
    if part is None or part not in parts:
        return []
    formats: dict[int, str] = {}
    fonts: list[str] = []
    styles: list[tuple[str, str]] = []
    inside = {"fonts": False, "cellXfs": False}

    def into(name: str, value: bool) -> None:
        inside[name] = value

    def number_format(attributes: Attributes) -> None:
        formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")

    def font(_: Attributes) -> None:
        if inside["fonts"]:
            fonts.append("")

    def font_name(attributes: Attributes) -> None:
        if inside["fonts"] and fonts:
            fonts[-1] = attributes.get("val", "")

    def style(attributes: Attributes) -> None:
        if inside["cellXfs"]:
            number, at = int(attributes.get("numFmtId", "0")), int(attributes.get("fontId", "0"))
            shown = formats[number] if number in formats else numbers.builtin(number)
            styles.append((shown, fonts[at] if at < len(fonts) else ""))

    starts = {
        "numFmt": number_format, "font": font, "name": font_name, "xf": style,
        "fonts": lambda _: into("fonts", True), "cellXfs": lambda _: into("cellXfs", True),
    }  # fmt: skip
    ends = {"fonts": lambda _: into("fonts", False), "cellXfs": lambda _: into("cellXfs", False)}
    Stream(starts, ends).read(parts.chunks(part))
    return styles


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """Text in which a workbook wrote `_x000D_` for a character that XML cannot hold."""
    if "_x" not in text:
        return text

    def letter(found: "re.Match[str]") -> str:
        code = int(found[1], 16)
        return found[0] if 0xD800 <= code < 0xE000 else chr(code)

    return _ESCAPED.sub(letter, text)


class Pieces:
    """A text in the making: its runs put together, what tells how to say a letter left out."""

    def __init__(self) -> None:
        self.runs: list[tuple[str, str]] = []
        self._font = Font()
        self._is_hint = False

    def starts(self) -> dict[str, Any]:
        return {
            "r": self._run, "rFont": self._named, "rPh": self._hint,
            "vertAlign": self._placed, "strike": self._struck,
        }  # fmt: skip

    def ends(self) -> dict[str, Any]:
        return {"t": self._text, "rPh": self._hint_over, "r": self._run_over}

    def taken(self) -> Said:
        """What was said since the last time."""
        runs, self.runs = self.runs, []
        if any(font for _, font in runs):
            return tuple(runs)
        return runs[0][0] if len(runs) == 1 else "".join(text for text, _ in runs)

    def _run(self, _: Attributes) -> None:
        self._font = Font()

    def _run_over(self, _: str) -> None:
        self._font = Font()

    def _named(self, attributes: Attributes) -> None:
        name = attributes.get("val", "")
        self._font = self._font._replace(name=name if is_of_letters(name) else "")

    def _placed(self, attributes: Attributes) -> None:
        self._font = self._font._replace(place=attributes.get("val", ""))

    def _struck(self, attributes: Attributes) -> None:
        self._font = self._font._replace(is_struck=is_true(attributes.get("val", "1")))

    def _hint(self, _: Attributes) -> None:
        self._is_hint = True

    def _hint_over(self, _: str) -> None:
        self._is_hint = False

    def _text(self, text: str) -> None:
        if not self._is_hint and text:
            self.runs.append((as_seen(unescaped(text), self._font), self._font.name))


def texts_of(parts: Parts, book: Workbook) -> list[Said]:
    """The shared texts by their places."""
    part = part_of_kind(book.ties, "sharedStrings")
    if part is None or part not in parts:
        return []
    texts: list[Said] = []
    pieces = Pieces()
    ends = {**pieces.ends(), "si": lambda _: texts.append(pieces.taken())}
    Stream(pieces.starts(), ends).read(parts.chunks(part))
    return texts
