"""What the parts of a package are tied to, and what in it is active."""

import posixpath
import re
from dataclasses import dataclass

from models.packages.parts import Parts
from models.packages.refused import Refused
from models.packages.xml import Attributes, Stream

Patterns = tuple[tuple["re.Pattern[str]", str], ...]

# What is active in a document of any kind, by the name of the part and by its declared kind.
_NAMES: Patterns = (
    (re.compile(r"vbaProject|vbaData|attachedToolbars|customUI/", re.I), "macros"),
    (re.compile(r"activeX/|webExtensions/", re.I), "controls"),
    (re.compile(r"(^|/)embeddings/|oleObject", re.I), "embedded"),
)
_KINDS: Patterns = (
    (re.compile(r"vbaProject|attachedToolbars|/ui/ext|customUI", re.I), "macros"),
    (re.compile(r"activeX|/control$|webextension", re.I), "controls"),
    (re.compile(r"oleObject|/package$", re.I), "embedded"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Active:
    """What a kind of document may be made of.

    `allowed` are names of parts; any other is a program or a file carried inside. `names` and
    `kinds` (of parts and ties, as they are declared: a part may bear any name) lead to the key of
    a sentence, beside those of every kind of document. `outside` are the kinds of ties that may
    lead out of the package.
    """

    allowed: "re.Pattern[str]"
    names: Patterns
    kinds: Patterns
    outside: "re.Pattern[str]"


def refuse_active(parts: Parts, active: Active) -> None:
    """Macros, controls, embedded programs and connections, by name and by declared kind.

    Raises Refused with the name of the part.
    """
    for name in parts.spelt:
        for pattern, what in (*_NAMES, *active.names):
            if pattern.search(name):
                raise Refused(what, part=posixpath.basename(name.rstrip("/")))
        if not active.allowed.fullmatch(name):
            raise Refused("embedded", part=posixpath.basename(name.rstrip("/")))
    for name in parts.spelt:
        if name.lower().endswith(".rels") or name.lower() == "[content_types].xml":
            _refuse_kinds(parts, name, active)


def _refuse_kinds(parts: Parts, name: str, active: Active) -> None:
    def look(attributes: Attributes) -> None:
        kind = attributes.get("Type") or attributes.get("ContentType") or ""
        for pattern, what in (*_KINDS, *active.kinds):
            if pattern.search(kind):
                raise Refused(what, part=posixpath.basename(name))
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        if is_outside and not active.outside.search(kind):
            raise Refused("connections", part=posixpath.basename(name))

    elements = ("Relationship", "Override", "Default")
    Stream(dict.fromkeys(elements, look), {}).read(parts.chunks(name))


def ties_of(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """What a part is tied to: id → (last word of the kind, the other part)."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def tied(attributes: Attributes) -> None:
        target = attributes.get("Target", "")
        if attributes.get("TargetMode", "").lower() != "external":
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        found[attributes.get("Id", "")] = (kind, target)

    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if listing in parts:
        Stream({"Relationship": tied}, {}).read(parts.chunks(listing))
    return found
