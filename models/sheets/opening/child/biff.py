"""A workbook of the old kind (.xls): its records, and what all of its sheets share."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from models.packages import Refused
from models.sheets.opening import limits
from models.sheets.opening.child import numbers
from models.sheets.opening.child.biff_strings import shared_texts, short_text
from models.sheets.opening.child.cells import Said
from models.sheets.opening.child.fonts import Font, binary_font
from models.sheets.opening.child.ole import Compound

BOF, EOF, CONTINUE = 0x0809, 0x000A, 0x003C
_VERSION_8, _VERSION_5 = 0x0600, 0x0500
_WORKSHEET, _MACROS, _CHART, _MODULE = 0, 1, 2, 6
_CODEPAGES = {1200: "utf-16-le", 1258: "cp1258", 1252: "cp1252", 32769: "cp1252", 10000: "cp1252"}
_OWN, _ADD_IN = 0x0401, 0x3A01


class Record(NamedTuple):
    """One record; `pieces` are its data and those of the records that continue it."""

    kind: int
    pieces: list[bytes]

    @property
    def data(self) -> bytes:
        return self.pieces[0]


class SheetAt(NamedTuple):
    """A sheet as the workbook lists it, and where its records begin."""

    name: str
    start: int
    is_hidden: bool


@dataclass(slots=True)
class Globals:
    """What all sheets share."""

    is_old: bool = False  # of Excel 5 and 95: text in bytes
    codepage: str = "cp1252"
    from_1904: bool = False
    fonts: list[Font] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    looks: list[tuple[int, int]] = field(default_factory=list)  # format, font
    sheets: list[SheetAt] = field(default_factory=list)
    texts: list[Said] = field(default_factory=list)
    books: list[str] = field(default_factory=list)  # own, book, program
    ties: list[int] = field(default_factory=list)

    def font(self, number: int) -> Font:
        """A font by its number; there never is a number 4."""
        place = number - (number > 4)
        return self.fonts[place] if place < len(self.fonts) else Font()

    def look(self, number: int) -> tuple[str, str]:
        """Number format and font of a cell."""
        if number >= len(self.looks):
            return "", ""
        shown, font = self.looks[number]
        return self.formats.get(shown, numbers.builtin(shown)), self.font(font).name

    def elsewhere(self, ties: set[int]) -> set[str]:
        """What these ties lead to: other books, programs."""
        found = {self.books[self.ties[tie]] for tie in ties
                 if tie < len(self.ties) and self.ties[tie] < len(self.books)}  # fmt: skip
        return found - {"own"}


def workbook_stream(compound: Compound) -> bytes:
    """The stream of the workbook. Raises Refused for files of other programs."""
    if "EncryptedPackage" in compound or "EncryptionInfo" in compound:
        raise Refused("password")
    for name in ("Workbook", "WORKBOOK", "Book", "BOOK"):
        if name in compound:
            return compound.read(name)
    if "WordDocument" in compound or "PowerPoint Document" in compound:
        raise Refused("word")
    raise Refused("other")


def records(stream: bytes, start: int) -> Iterator[Record]:
    """The records from a place to the end of its part; parts within it are passed over."""
    depth, at, waiting = 0, start, None
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + length]
        if len(data) < length:
            raise Refused("damaged")
        at += 4 + length
        if kind == CONTINUE and waiting:
            waiting.pieces.append(data)
            continue
        if waiting:
            yield waiting
            waiting = None
        depth += (kind == BOF) - (kind == EOF)
        if depth == 0:
            return
        if depth == 1 or kind == BOF:
            waiting = Record(kind, [data])
    raise Refused("damaged")


def globals_of(stream: bytes) -> Globals:
    """What stands in front of the sheets. Raises Refused for locked files and macros."""
    book = Globals()
    handle = {
        BOF: _version, 0x002F: _locked, 0x0042: _codepage, 0x0022: _epoch, 0x0031: _font,
        0x041E: _format, 0x00E0: _look, 0x0085: _sheet, 0x00D3: _project, 0x01AE: _other_book,
        0x0017: _ties,
    }  # fmt: skip
    shared: list[bytes] = []
    for record in records(stream, 0):
        if record.kind == 0x00FC:
            shared = record.pieces
        elif record.kind in handle:
            handle[record.kind](book, record.data)
    if shared:
        book.texts = shared_texts(shared, book.font)
    if not book.sheets:
        raise Refused("damaged")
    return book


def _version(book: Globals, data: bytes) -> None:
    (version,) = struct.unpack_from("<H", data, 0)
    if version not in (_VERSION_8, _VERSION_5):
        raise Refused("too_old")
    book.is_old = version == _VERSION_5


def _locked(_: Globals, __: bytes) -> None:
    raise Refused("password")


def _project(_: Globals, __: bytes) -> None:
    raise Refused("macros", part="VBA")


def _codepage(book: Globals, data: bytes) -> None:
    book.codepage = _CODEPAGES.get(struct.unpack_from("<H", data, 0)[0], "cp1252")


def _epoch(book: Globals, data: bytes) -> None:
    book.from_1904 = struct.unpack_from("<H", data, 0)[0] == 1


def bytes_as_text(book: Globals, data: bytes) -> str:
    """Text of Excel 5 and 95, in the code page of its workbook."""
    return data.decode("cp1252" if book.codepage == "utf-16-le" else book.codepage, "replace")


def _short(book: Globals, data: bytes, at: int) -> str:
    if book.is_old:
        return bytes_as_text(book, data[at + 1 : at + 1 + data[at]])
    return short_text(data, at)


def _font(book: Globals, data: bytes) -> None:
    _, grbit, _, _, place = struct.unpack_from("<5H", data, 0)
    book.fonts.append(binary_font(_short(book, data, 14), grbit, place))


def _format(book: Globals, data: bytes) -> None:
    (number,) = struct.unpack_from("<H", data, 0)
    if book.is_old:
        book.formats[number] = _short(book, data, 2)
        return
    length, flags = struct.unpack_from("<HB", data, 2)
    wide = flags & 1
    text = data[5 : 5 + length * (2 if wide else 1)]
    book.formats[number] = text.decode("utf-16-le" if wide else "latin-1", "replace")


def _look(book: Globals, data: bytes) -> None:
    font, shown = struct.unpack_from("<HH", data, 0)
    book.looks.append((shown, font))


def _sheet(book: Globals, data: bytes) -> None:
    start, state, kind = struct.unpack_from("<IBB", data, 0)
    name = _short(book, data, 6)
    if kind in (_MACROS, _MODULE):
        raise Refused("macros", part=name)
    if kind == _WORKSHEET:
        book.sheets.append(SheetAt(name, start, is_hidden=state & 3 > 0))
    if len(book.sheets) > limits.SHEETS:
        raise Refused("sheets", limit=limits.SHEETS)


def _other_book(book: Globals, data: bytes) -> None:
    sheets, length = struct.unpack_from("<HH", data, 0)
    if length in (_OWN, _ADD_IN):
        book.books.append("own")
        return
    path = data[4:]
    is_program = sheets == 0 and b"\x03" in path
    book.books.append("program" if is_program else "book")


def _ties(book: Globals, data: bytes) -> None:
    if book.is_old:  # one record for each; a program and its topic are parted by this sign
        book.books.append("program" if b"\x03" in data[2:] else "own")
        return
    (count,) = struct.unpack_from("<H", data, 0)
    book.ties += [struct.unpack_from("<H", data, 2 + 6 * n)[0] for n in range(count)]
