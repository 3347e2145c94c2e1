"""Text in the records of an .xls: shared texts run on from record to record."""

import struct
from collections.abc import Callable

from models.packages import Refused
from models.sheets.opening import limits
from models.sheets.opening.child.cells import Said
from models.sheets.opening.child.fonts import Font, as_seen
from models.sheets.opening.child.old_letters import is_of_letters

_WIDE, _HINTS, _RICH = 1, 4, 8


class Pieces:
    """The bytes of a record and of those that continue it."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces, self._piece, self._at = pieces, 0, 0

    def take(self, length: int) -> bytes:
        """So many bytes, wherever they lie."""
        taken = []
        while length:
            piece = self._rest(length)
            taken.append(piece)
            length -= len(piece)
        return b"".join(taken)

    def letters(self, count: int, flags: int) -> str:
        """So many letters. Each further record says anew whether its letters are wide."""
        text = []
        while count:
            if self._at >= len(self._pieces[self._piece]):
                self._next()
                (flags,) = self.take(1)
            size = 2 if flags & _WIDE else 1
            left = (len(self._pieces[self._piece]) - self._at) // size
            if left == 0:
                raise Refused("damaged")
            part = self._rest(min(count, left) * size)
            text.append(part.decode("utf-16-le" if size == 2 else "latin-1", "replace"))
            count -= len(part) // size
        return "".join(text)

    def _rest(self, length: int) -> bytes:
        if self._at >= len(self._pieces[self._piece]):
            self._next()
        piece = self._pieces[self._piece][self._at : self._at + length]
        self._at += len(piece)
        return piece

    def _next(self) -> None:
        self._piece, self._at = self._piece + 1, 0
        if self._piece >= len(self._pieces):
            raise Refused("damaged")


def shared_texts(pieces: list[bytes], font_of: Callable[[int], Font]) -> list[Said]:
    """The table of shared texts (SST)."""
    source = Pieces(pieces)
    _, count = struct.unpack("<II", source.take(8))
    if count > limits.FILE_BYTES // 3:
        raise Refused("damaged")
    return [_text(source, font_of) for _ in range(count)]


def long_text(pieces: list[bytes], font_of: Callable[[int], Font]) -> Said:
    """A text with its length in two bytes: of a formula, or in its cell."""
    return _text(Pieces(pieces), font_of)


def short_text(data: bytes, at: int) -> str:
    """A text with its length in one byte: a sheet's name, a font."""
    length, flags = data[at], data[at + 1]
    end = at + 2 + length * (2 if flags & _WIDE else 1)
    return data[at + 2 : end].decode("utf-16-le" if flags & _WIDE else "latin-1", "replace")


def _text(source: Pieces, font_of: Callable[[int], Font]) -> Said:
    length, flags = struct.unpack("<HB", source.take(3))
    (runs,) = struct.unpack("<H", source.take(2)) if flags & _RICH else (0,)
    (hints,) = struct.unpack("<I", source.take(4)) if flags & _HINTS else (0,)
    text = source.letters(length, flags)
    fonts = [struct.unpack("<HH", source.take(4)) for _ in range(runs)]
    source.take(hints)
    return with_fonts(text, [(at, font_of(font)) for at, font in fonts])


def with_fonts(text: str, fonts: list[tuple[int, Font]]) -> Said:
    """A text with the places where a font begins, cut there if one has letters of its own."""
    if not any(is_of_letters(font.name) or not font.is_plain for _, font in fonts):
        return text
    starts = [(0, Font()), *sorted(fonts)]
    ends = [*(at for at, _ in starts[1:]), len(text)]
    cut = [(text[at:end], font) for (at, font), end in zip(starts, ends, strict=True)]
    pieces = [
        (as_seen(piece, font), font.name if is_of_letters(font.name) else "")
        for piece, font in cut
        if piece
    ]
    if any(name for _, name in pieces):
        return tuple(pieces)
    return "".join(piece for piece, _ in pieces)
