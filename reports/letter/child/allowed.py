"""What a Word file may be made of: parts, ties, elements and fields. The rest is refused by name.

A paper of the office is text, tables and pictures. Whatever fetches something when it is opened,
carries a file or runs a program has no place in it (ECMA-376: relationships, part 1 §11 and §17;
fields, part 1 §17.16).
"""

import posixpath
import re

from models.packages import (
    Active,
    Attributes,
    Parts,
    Refused,
    Start,
    Stream,
    refuse_active,
    ties_of,
)

MOST_PARTS = 500
MOST_BYTES = 20 * 2**20  # unpacked
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

_PICTURE = r"\.(?: png | jpe?g | gif | bmp | tiff? | emf | wmf | svg )"
WORD = Active(
    allowed=re.compile(
        rf"""
        \[Content_Types\]\.xml | .*/ | _rels/\.rels
        | docProps/ (?: app | core | custom ) \.xml | docProps/thumbnail{_PICTURE}
        | docMetadata/LabelInfo\.xml
        | customXml/ (?: item\d* | itemProps\d* ) \.xml | customXml/_rels/item\d*\.xml\.rels
        | word/ (?: glossary/ )? (?: _rels/ )? (?: document | styles | stylesWithEffects | settings
            | webSettings | fontTable | numbering | footnotes | endnotes | header\d* | footer\d*
            | comments | commentsExtended | commentsIds | commentsExtensible | people )
            \.xml (?: \.rels )?
        | word/theme/ (?: _rels/ )? theme\d*\.xml (?: \.rels )?
        | word/ (?: theme/ )? media/ [^/]* {_PICTURE}
        | word/fonts/ [^/]* \.odttf | word/printerSettings/ [^/]* \.bin
        | word/ (?: charts | diagrams ) / (?: _rels/ )? [^/.]* \.xml (?: \.rels )?
        """,
        re.VERBOSE | re.IGNORECASE,
    ),
    names=(
        (re.compile(r"(^|/)(keyMap)?customizations\.xml$", re.I), "macros"),
        (re.compile(r"afchunk", re.I), "embedded"),
        (re.compile(r"(^|/)recipientData\.xml$", re.I), "connections"),
    ),
    kinds=(
        (re.compile(r"wordVbaData|keyMapCust|macroEnabled", re.I), "macros"),
        (re.compile(r"/aFChunk$|/subDocument$", re.I), "embedded"),
        (re.compile(r"/(attachedTemplate|frame|mailMerge\w*|recipientData|transform)$", re.I),
         "connections"),
    ),
    outside=re.compile(r"/hyperlink$", re.I),
)  # fmt: skip
_ELEMENTS = {
    "altChunk": "embedded", "subDoc": "embedded", "OLEObject": "embedded",
    "object": "embedded", "objectEmbed": "embedded", "objectLink": "embedded",
    "control": "controls", "attachedTemplate": "connections", "mailMerge": "connections",
    "dataSource": "connections", "frameset": "connections",
}  # fmt: skip
# what may stand in a field: numbers of pages, days, references within the paper
_NAMED = """
PAGE NUMPAGES SECTION SECTIONPAGES DATE TIME CREATEDATE SAVEDATE PRINTDATE EDITTIME AUTHOR TITLE
SUBJECT KEYWORDS COMMENTS LASTSAVEDBY REVNUM NUMWORDS NUMCHARS DOCPROPERTY FILENAME REF PAGEREF
NOTEREF STYLEREF TOC TC TOA TA SEQ INDEX XE HYPERLINK SYMBOL EQ ADVANCE LISTNUM BIBLIOGRAPHY
CITATION FORMTEXT FORMCHECKBOX FORMDROPDOWN =
"""
_FIELDS = frozenset(_NAMED.split())
_WORD_OF_FIELD = re.compile(r"\s*(=|[^\s\\\"]*)")
_TO = re.compile(r"\s*HYPERLINK\s+\"?([^\s\"\\]+)", re.I)
_AWAY = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*://|\\\\|file:)", re.I)
_LINK = re.compile(r"\s*(?:https?://|mailto:|#)", re.I)


def refuse_what_is_active(content: bytes) -> None:
    """Raises Refused, with the part, where the file is no Word document of harmless parts."""
    parts = Parts(content, most_parts=MOST_PARTS, most_bytes=MOST_BYTES)
    if "[Content_Types].xml" not in parts:
        raise Refused("not_word")
    main = [part for kind, part in ties_of(parts, "").values() if kind == "officeDocument"]
    if len(main) != 1 or main[0] not in parts or not main[0].startswith("word/"):
        raise Refused("not_word")
    refuse_active(parts, WORD)
    if _declared(parts, main[0]) != MAIN:
        raise Refused("not_word")
    for name in parts.spelt:
        if name.lower().endswith(".rels"):
            _look_at_ties(parts, name)
        elif name.lower().startswith("word/") and name.lower().endswith(".xml"):
            _Fields(posixpath.basename(name)).read(parts, name)


def _declared(parts: Parts, name: str) -> str:
    """What the package declares a part to be."""
    found: list[str] = []

    def look(attributes: Attributes) -> None:
        if attributes.get("PartName", "").lower() == f"/{name}".lower():
            found.append(attributes.get("ContentType", ""))

    Stream({"Override": look}, {}).read(parts.chunks("[Content_Types].xml"))
    return found[0] if len(found) == 1 else ""


def _look_at_ties(parts: Parts, name: str) -> None:
    """A link that somebody clicks leads to the web or to a mail, and nowhere else."""

    def look(attributes: Attributes) -> None:
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        if is_outside and not _LINK.match(attributes.get("Target", "")):
            raise Refused("connections", part=posixpath.basename(name))

    Stream({"Relationship": look}, {}).read(parts.chunks(name))


class _Fields:
    """Reads one part: its elements by their names, its fields by their first word.

    A field may be written in pieces, and fields stand in fields: each is put together first. One
    that begins with another, as those do that spell a hidden word, has no first word.
    """

    def __init__(self, part: str) -> None:
        self.part = part
        self.open: list[list[str] | None] = []  # the instruction so far; None behind its end

    def read(self, parts: Parts, name: str) -> None:
        starts = {element: self._refuser(what) for element, what in _ELEMENTS.items()}
        starts |= {"fldChar": self._mark, "fldSimple": self._simple, "imagedata": self._picture}
        starts |= {"fill": self._picture, "stroke": self._picture}
        ends = {"instrText": self._words, "delInstrText": self._words}
        Stream(starts, ends).read(parts.chunks(name))
        for one in self.open:
            self._judge("".join(one or ["PAGE"]))

    def _refuser(self, what: str) -> Start:
        def refuse(_attributes: Attributes) -> None:
            raise Refused(what, part=self.part)

        return refuse

    def _picture(self, attributes: Attributes) -> None:
        for name, value in attributes.items():
            if name.rpartition(":")[2] in ("src", "href", "althref") and _AWAY.match(value):
                raise Refused("connections", part=self.part)

    def _simple(self, attributes: Attributes) -> None:
        for name, value in attributes.items():
            if name.rpartition(":")[2] == "instr":
                self._judge(value)

    def _mark(self, attributes: Attributes) -> None:
        kind = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "fldCharType"), "")
        if kind == "begin":
            self.open.append([])
        elif kind == "separate" and self.open:
            self._judge("".join(self.open[-1] or []))
            self.open[-1] = None
        elif kind == "end" and self.open:
            last = self.open.pop()
            if last is not None:
                self._judge("".join(last))

    def _words(self, text: str) -> None:
        if not self.open or self.open[-1] is None:
            self._judge(text)
        else:
            self.open[-1].append(text)

    def _judge(self, instruction: str) -> None:
        found = _WORD_OF_FIELD.match(instruction)
        word = (found[1] if found else "").upper()
        if word not in _FIELDS:
            raise Refused("field", part=self.part, code=(word or "?")[:40])
        to = _TO.match(instruction)
        if to and not _LINK.match(to[1]):
            raise Refused("connections", part=self.part)
