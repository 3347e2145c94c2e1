"""The compound file (OLE) in which old programs keep workbooks, and new ones keep locked files."""

import struct
from collections.abc import Iterator

from models.packages import Refused
from models.sheets.opening import limits

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_SMALL = 4_096  # streams below it are kept in the stream of small ones


class Compound:
    """A small file system: streams by name. Raises Refused for what is damaged."""

    def __init__(self, content: bytes) -> None:
        try:
            self._open(content)
        except (struct.error, IndexError, ValueError) as error:
            raise Refused("damaged") from error

    def _open(self, content: bytes) -> None:
        self._content = content
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise Refused("damaged")
        self._size, self._small_size = 1 << shift, 1 << small_shift
        (first_folder,) = struct.unpack_from("<I", content, 48)
        (first_small,) = struct.unpack_from("<I", content, 60)
        self._next: list[int] = []
        for sector in self._fat_sectors():
            self._next += struct.unpack(f"<{self._size // 4}I", self._sector(sector))
        self._small_next: list[int] = []
        self._small = b""
        self.names: list[str] = []
        self._streams: dict[str, tuple[int, int]] = {}
        folder = self._chain(first_folder)
        for start in range(0, len(folder), 128):
            self._entry(folder[start : start + 128])
        table = self._chain(first_small) if first_small < _END else b""
        self._small_next = [next_ for (next_,) in struct.iter_unpack("<I", table)]

    def _fat_sectors(self) -> Iterator[int]:
        """The sectors of the table of sectors: 109 in the header, the rest in a chain."""
        yield from (one for one in struct.unpack_from("<109I", self._content, 76) if one < _END)
        (following,) = struct.unpack_from("<I", self._content, 68)
        seen: set[int] = set()
        while following < _END and following not in seen:
            seen.add(following)
            *sectors, following = struct.unpack(f"<{self._size // 4}I", self._sector(following))
            yield from (one for one in sectors if one < _END)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._content[start : start + self._size]
        if not sector:
            raise Refused("damaged")
        return sector.ljust(self._size, b"\0")  # the last one may be cut short

    def _chain(self, sector: int) -> bytes:
        pieces, left = [], len(self._content) // self._size + 1
        while sector < _END:
            if left == 0 or sector >= len(self._next):
                raise Refused("damaged")
            pieces.append(self._sector(sector))
            sector, left = self._next[sector], left - 1
        return b"".join(pieces)

    def _entry(self, entry: bytes) -> None:
        length, kind = struct.unpack_from("<HB", entry, 64)
        if kind not in (_STORAGE, _STREAM, _ROOT):
            return
        name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", entry, 116)
        if kind == _ROOT:
            self._small = self._chain(start) if start < _END else b""
            return
        if len(self.names) >= limits.PARTS:
            raise Refused("parts", limit=limits.PARTS)
        self.names.append(name)
        if kind == _STREAM:
            self._streams.setdefault(name, (start, size))

    def __contains__(self, name: str) -> bool:
        return name in self._streams

    def read(self, name: str) -> bytes:
        """The whole of a stream."""
        start, size = self._streams[name]
        if size >= _SMALL:
            found = self._chain(start)
        else:
            pieces, left = [], len(self._small_next)
            while start < _END:
                if left == 0 or start >= len(self._small_next):
                    raise Refused("damaged")
                at = start * self._small_size
                pieces.append(self._small[at : at + self._small_size])
                start, left = self._small_next[start], left - 1
            found = b"".join(pieces)
        if len(found) < size:
            raise Refused("damaged")
        return found[:size]

    def refuse_active(self) -> None:
        """Macros, controls and embedded objects, by the storages that programs keep them in."""
        for name in self.names:
            if name.upper() in ("_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT", "MACROS"):
                raise Refused("macros", part=name)
            if name == "Ctls":
                raise Refused("controls", part=name)
            if name.startswith(("MBD", "LNK", "\x01Ole10Native")):
                raise Refused("embedded", part=name.strip("\x01"))
