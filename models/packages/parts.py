"""A package before anything in it is read: how many parts, how large, under which names."""

import io
import zipfile
from collections.abc import Iterator

from models.packages.refused import Refused


class Parts:
    """The parts of a package whose sizes and names are known to be fit. Raises Refused."""

    def __init__(self, content: bytes, *, most_parts: int, most_bytes: int) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Refused("damaged") from error
        entries = self._zip.infolist()
        if len(entries) > most_parts:
            raise Refused("parts", limit=most_parts)
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("password")
        names = [entry.filename.replace("\\", "/") for entry in entries]
        if len({name.lower() for name in names}) < len(names) or any(_leads_out(n) for n in names):
            raise Refused("damaged")
        if sum(entry.file_size for entry in entries) > most_bytes:
            raise Refused("unpacked", limit=most_bytes // 2**20)
        self.names = {name.lower(): entry for name, entry in zip(names, entries, strict=True)}
        self.spelt = names
        self._left = self._most = most_bytes

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.names

    def read(self, name: str) -> bytes:
        """The whole of one part."""
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """One part, piece by piece. What is really there counts, whatever the list declares."""
        entry = self.names.get(name.lower())
        if entry is None:
            raise Refused("damaged")
        try:
            with self._zip.open(entry) as part:
                while piece := part.read(2**16):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise Refused("unpacked", limit=self._most // 2**20)
                    yield piece
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise Refused("damaged") from error
        except RuntimeError as error:  # a password that the list did not speak of
            raise Refused("password") from error
        except Exception as error:
            if type(error).__module__ in ("zlib", "_lzma"):
                raise Refused("damaged") from error
            raise


def _leads_out(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or "\0" in name or ":" in name
