"""A package (.xlsx, .xlsb, .ods) before anything in it is read: sizes, names, what is active."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

from models.sheets.opening import limits
from models.sheets.opening.child.telling import Refused
from models.sheets.opening.child.xml import Attributes, Stream

# What a workbook is made of. Anything else is a program or a file carried inside.
_HARMLESS = re.compile(
    r"""
    (?: .*\.(?: xml | rels | vml | png | jpe?g | gif | bmp | tiff? | emf | wmf | svg | ico )
      | (?: xl/ )? (?: printerSettings/ .* | customProperty/ .* | customProperty\d* ) \.bin
      | xl/ (?: workbook | styles | sharedStrings | calcChain | comments\d* | metadata | persons?
              | (?: worksheets | chartsheets | tables | pivotTables | pivotCache | externalLinks
                  | comments | revisions | theme | slicers | slicerCaches | _rels | ctrlProps ) /
                [^/]* (?: /[^/]* )? ) \.bin
      | mimetype | layout-cache | .*/
      | Pictures/ [^/.]* (?: \.(?: svm | webp ) )?
      | ObjectReplacements/ [^/.]*
      | manifest\.rdf
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ACTIVE = (
    (re.compile(r"vbaProject|vbaData|attachedToolbars|macrosheets/|customUI/", re.I), "macros"),
    (re.compile(r"(^|/)(Basic|Scripts)/", re.I), "macros"),
    (re.compile(r"activeX/|webExtensions/", re.I), "controls"),
    (re.compile(r"(^|/)embeddings/|oleObject", re.I), "embedded"),
    (re.compile(r"(^|/)connections\.(xml|bin)$|queryTables/|(^|/)model/", re.I), "connections"),
)
# Kinds of parts and ties, as they are declared: a part may bear any name.
_ACTIVE_KINDS = (
    (re.compile(r"vbaProject|macrosheet|attachedToolbars|/ui/ext|customUI", re.I), "macros"),
    (re.compile(r"activeX|/control$|webextension", re.I), "controls"),
    (re.compile(r"oleObject|/package$", re.I), "embedded"),
    (re.compile(r"/connections$|spreadsheetml\.connections", re.I), "connections"),
)
_OUTSIDE_FINE = re.compile(r"/(hyperlink|externalLink\w*|xl\w+|image)$", re.I)


class Parts:
    """The parts of a package whose sizes and names are known to be fit. Raises Refused."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Refused("damaged") from error
        entries = self._zip.infolist()
        if len(entries) > limits.PARTS:
            raise Refused("parts", limit=limits.PARTS)
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("password")
        names = [entry.filename.replace("\\", "/") for entry in entries]
        if len({name.lower() for name in names}) < len(names) or any(_leads_out(n) for n in names):
            raise Refused("damaged")
        if sum(entry.file_size for entry in entries) > limits.UNPACKED_BYTES:
            raise Refused("unpacked", limit=limits.UNPACKED_BYTES // 2**20)
        self.names = {name.lower(): entry for name, entry in zip(names, entries, strict=True)}
        self.spelt = names
        self._left = limits.UNPACKED_BYTES

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
                        raise Refused("unpacked", limit=limits.UNPACKED_BYTES // 2**20)
                    yield piece
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise Refused("damaged") from error
        except RuntimeError as error:  # a password that the list did not speak of
            raise Refused("password") from error
        except Exception as error:
            if type(error).__module__ in ("zlib", "_lzma"):
                raise Refused("damaged") from error
            raise

    def refuse_active(self) -> None:
        """Macros, controls, embedded programs and connections, by name and by declared kind."""
        for name in self.spelt:
            for pattern, what in _ACTIVE:
                if pattern.search(name):
                    raise Refused(what, part=posixpath.basename(name.rstrip("/")))
            if not _HARMLESS.fullmatch(name):
                raise Refused("embedded", part=posixpath.basename(name))
        for name in self.spelt:
            if name.lower().endswith(".rels") or name.lower() == "[content_types].xml":
                self._refuse_kinds(name)

    def _refuse_kinds(self, name: str) -> None:
        def refuse(what: str) -> None:
            raise Refused(what, part=posixpath.basename(name))

        def look(attributes: Attributes) -> None:
            kind = attributes.get("Type") or attributes.get("ContentType") or ""
            for pattern, what in _ACTIVE_KINDS:
                if pattern.search(kind):
                    refuse(what)
            is_outside = attributes.get("TargetMode", "").lower() == "external"
            if is_outside and not _OUTSIDE_FINE.search(kind):
                refuse("connections")

        elements = ("Relationship", "Override", "Default")
        Stream(dict.fromkeys(elements, look), {}).read(self.chunks(name))


def _leads_out(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or "\0" in name or ":" in name
