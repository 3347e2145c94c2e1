"""A workbook in binary records (.xlsb): the package of an .xlsx, its parts in other letters."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from models.packages import Parts, Refused, ties_of
from models.sheets.opening import limits
from models.sheets.opening.child import numbers
from models.sheets.opening.child.biff_sheet import digits_of
from models.sheets.opening.child.biff_strings import with_fonts
from models.sheets.opening.child.cells import ERRORS, Said, Told, number_cell, text_cell
from models.sheets.opening.child.fonts import Font, binary_font
from models.sheets.opening.child.telling import ERROR, TRUTH, UNCALCULATED, Teller, letters
from models.sheets.opening.child.tokens import XLSB, ties_in
from models.sheets.opening.child.workbook import part_of_kind

_ROW, _PACKED, _ERROR, _TRUTH, _REAL, _TEXT, _SHARED, _RICH = 0, 2, 3, 4, 5, 6, 7, 62
_F_TEXT, _F_REAL, _F_TRUTH, _F_ERROR = 8, 9, 10, 11
_BLANK, _CELLS = 1, range(1, 12)
_SHORT = range(12, 19)  # 1 to 7 without their column: right of the cell before
_ALWAYS = 2  # of a formula: to be calculated on opening
_HIDDEN_ROW = 0x10


def read_xlsb(parts: Parts, part: str, teller: Teller) -> None:
    """Tell all sheets of a package whose parts were looked at. Raises Refused."""
    try:
        book = _Workbook(parts, part)
        for name, sheet, is_hidden in book.sheets:
            _Sheet(book, teller).read(parts, name, sheet, is_hidden=is_hidden)
        if "program" in book.books:
            teller.found("dde_name", sheet="")
    except (struct.error, IndexError) as error:
        raise Refused("damaged") from error


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    at, end = 0, len(content)
    while at < end:
        kind, at = content[at], at + 1
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (content[at] & 0x7F) << 7, at + 1
        size = 0
        for n in range(4):
            byte, at = content[at], at + 1
            size |= (byte & 0x7F) << 7 * n
            if not byte & 0x80:
                break
        if at + size > end:
            raise Refused("damaged")
        yield kind, content[at : at + size]
        at += size


def _text_at(data: bytes, at: int) -> tuple[str, int]:
    """A text with its length in four bytes, and the place behind it."""
    (length,) = struct.unpack_from("<I", data, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(data):
        raise Refused("damaged")
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


@dataclass(slots=True)
class _Look:
    number_format: str
    font: str


class _Workbook:
    """What all sheets share."""

    def __init__(self, parts: Parts, part: str) -> None:
        self.parts = parts
        self.tied = ties_of(parts, part)
        self.sheets: list[tuple[str, str, bool]] = []  # name, part, hidden
        self.from_1904 = self.to_be_calculated = False
        self.books: list[str] = []
        self.ties: list[int] = []
        self.formats: dict[int, str] = {}
        self.fonts: list[Font] = []
        self.looks: list[_Look] = []
        self.texts: list[Said] = []
        self._read_workbook(part)
        self._read_styles()
        self._read_texts()
        if not self.sheets:
            raise Refused("damaged")

    def _read_workbook(self, part: str) -> None:
        handle = {
            153: self._settings, 156: self._sheet, 157: self._calculation, 355: self._other_book,
            362: self._ties, **dict.fromkeys((357, 358, 667), self._own_book),
        }  # fmt: skip
        for kind, data in _records(self.parts.read(part)):
            if kind in handle:
                handle[kind](data)

    def _settings(self, data: bytes) -> None:
        self.from_1904 = bool(data[0] & 1)

    def _calculation(self, data: bytes) -> None:
        self.to_be_calculated = len(data) > 24 and bool(data[24] & 1)

    def _sheet(self, data: bytes) -> None:
        (state,) = struct.unpack_from("<I", data, 0)
        tie, end = _text_at(data, 8)
        name, _ = _text_at(data, end)
        kind, part = self.tied.get(tie, ("", ""))
        if kind == "worksheet":
            self.sheets.append((name, part, state > 0))
        if len(self.sheets) > limits.SHEETS:
            raise Refused("sheets", limit=limits.SHEETS)

    def _own_book(self, _: bytes) -> None:
        self.books.append("own")

    def _other_book(self, data: bytes) -> None:
        tie, _ = _text_at(data, 0)
        part = self.tied.get(tie, ("", ""))[1]
        kind = "book"
        if part in self.parts:
            first = next(
                (data for kind, data in _records(self.parts.read(part)) if kind == 360), b""
            )
            kind = "program" if first[:2] in (b"\x01\0", b"\x02\0") else "book"
        self.books.append(kind)

    def _ties(self, data: bytes) -> None:
        (count,) = struct.unpack_from("<I", data, 0)
        self.ties += [n for n, _, _ in struct.iter_unpack("<Iii", data[4 : 4 + 12 * count])]

    def _read_styles(self) -> None:
        part = part_of_kind(self.tied, "styles")
        is_inside = False
        for kind, data in _records(self.parts.read(part)) if part else ():
            if kind == 44:
                (number,) = struct.unpack_from("<H", data, 0)
                self.formats[number], _ = _text_at(data, 2)
            elif kind == 43:
                _, grbit, _, place = struct.unpack_from("<4H", data, 0)
                self.fonts.append(binary_font(_text_at(data, 21)[0], grbit, place))
            elif kind in (617, 618):
                is_inside = kind == 617
            elif kind == 47 and is_inside:
                _, shown, font = struct.unpack_from("<HHH", data, 0)
                number_format = self.formats.get(shown, numbers.builtin(shown))
                self.looks.append(_Look(number_format, self.font(font).name))

    def font(self, number: int) -> Font:
        return self.fonts[number] if number < len(self.fonts) else Font()

    def _read_texts(self) -> None:
        part = part_of_kind(self.tied, "sharedStrings")
        for kind, data in _records(self.parts.read(part)) if part else ():
            if kind == 19:
                self.texts.append(self.rich(data, 0))

    def rich(self, data: bytes, at: int) -> Said:
        """A text with its fonts; what tells how to say it is passed over."""
        text, end = _text_at(data, at + 1)
        if not data[at] & 1:
            return text
        (count,) = struct.unpack_from("<I", data, end)
        runs = struct.iter_unpack("<HH", data[end + 4 : end + 4 + 4 * count])
        return with_fonts(text, [(start, self.font(font)) for start, font in runs])

    def elsewhere(self, ties: set[int]) -> set[str]:
        """What these ties lead to: other books, programs."""
        found = {self.books[self.ties[tie]] for tie in ties
                 if tie < len(self.ties) and self.ties[tie] < len(self.books)}  # fmt: skip
        return found - {"own"}


@dataclass(slots=True)
class _Sheet:
    """One sheet under way."""

    book: _Workbook
    teller: Teller
    row: int = 0
    column: int = 0  # of the cell that follows, counted from nought
    cells: list[list[Any]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)

    def read(self, parts: Parts, name: str, part: str, *, is_hidden: bool) -> None:
        self.teller.begin(name, is_hidden=is_hidden)
        for kind, data in _records(parts.read(part)):
            if kind in _SHORT:
                kind, data = kind - _SHORT[0] + _BLANK, struct.pack("<I", self.column) + data
            if kind in _CELLS or kind == _RICH:
                self.column = struct.unpack_from("<I", data, 0)[0] + 1
            if kind == _ROW:
                self._row(data)
            elif kind in (_PACKED, _ERROR, _TRUTH, _REAL, _TEXT, _SHARED, _RICH):
                self._put(data, self._told(kind, data))
            elif kind in (_F_TEXT, _F_REAL, _F_TRUTH, _F_ERROR):
                self._put(data, self._told_formula(kind, data), "")
            elif kind == 60:
                self._columns(data)
            elif kind == 176:
                top, bottom, left, right = struct.unpack_from("<IIII", data, 0)
                self.spans.append((top + 1, left + 1, bottom + 1, right + 1))
        self._row_over()
        columns = sorted(self.hidden_columns)
        self.teller.end(spans=self.spans, rows=self.hidden_rows, columns=columns)

    def _row(self, data: bytes) -> None:
        self._row_over()
        self.row, self.column = struct.unpack_from("<I", data, 0)[0] + 1, 0
        if data[11] & _HIDDEN_ROW:
            self.hidden_rows.append(self.row)

    def _row_over(self) -> None:
        if self.cells:
            self.teller.row(self.row, self.cells)
            self.cells = []

    def _columns(self, data: bytes) -> None:
        first, last, width, _ = struct.unpack_from("<IIII", data, 0)
        if data[16] & 1 or width == 0:
            self.hidden_columns.update(range(first + 1, min(last + 1, limits.COLUMNS) + 1))

    def _put(self, data: bytes, told: Told, *formula: str) -> None:
        kind, value = told
        if kind is not None:
            column, look = self._column_and_look(data)
            style = self.teller.style(look.number_format, look.font)
            self.cells.append([column, kind, value, style, *formula])

    def _column_and_look(self, data: bytes) -> tuple[int, _Look]:
        column, style = struct.unpack_from("<II", data, 0)
        place = style & 0xFFFFFF
        look = self.book.looks[place] if place < len(self.book.looks) else _Look("", "")
        return column + 1, look

    def _place(self, data: bytes) -> str:
        return f"{letters(self._column_and_look(data)[0])}{self.row}"

    def _told(self, kind: int, data: bytes) -> Told:
        if kind == _PACKED:
            return self._number(digits_of(struct.unpack_from("<I", data, 8)[0]), data)
        if kind in (_REAL, _F_REAL):
            return self._number(numbers.digits(struct.unpack_from("<d", data, 8)[0]), data)
        if kind in (_ERROR, _F_ERROR):
            return ERROR, ERRORS.get(data[8], "#VALUE!")
        if kind in (_TRUTH, _F_TRUTH):
            return TRUTH, bool(data[8])
        said: Said = _text_at(data, 8)[0] if kind in (_TEXT, _F_TEXT) else ""
        if kind == _SHARED:
            said = self.book.texts[struct.unpack_from("<I", data, 8)[0]]
        elif kind == _RICH:
            said = self.book.rich(data, 8)
        return text_cell(self.teller, said, self._column_and_look(data)[1].font, self._place(data))

    def _number(self, written: str, data: bytes) -> Told:
        number_format = self._column_and_look(data)[1].number_format
        return number_cell(written, number_format, from_1904=self.book.from_1904)

    def _told_formula(self, kind: int, data: bytes) -> Told:
        end = _text_at(data, 8)[1] if kind == _F_TEXT else 16 if kind == _F_REAL else 9
        flags, length = struct.unpack_from("<HI", data, end)
        reached = self.book.elsewhere(ties_in(data[end + 6 : end + 6 + length], XLSB))
        if reached:
            key = "dde" if "program" in reached else "elsewhere"
            self.teller.found(key, cell=self._place(data))
        is_empty = kind == _F_REAL and data[8:16] == b"\0" * 8
        if is_empty and (flags & _ALWAYS or self.book.to_be_calculated):
            return UNCALCULATED, None
        return self._told(kind, data)
