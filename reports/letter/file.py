"""The Word template of a paper, filled in or judged by a child under limits; said in words."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from models.apart import Budget, Ended, Task, chunks_from_child
from models.base import RuleBroken, _n
from models.reminders import TemplateKind
from reports.writing import Picture, width_of

BUILT_IN = Path(__file__).parents[2] / "templates" / "letters"
MOST_BYTES = 2 * 1024 * 1024
BUDGET = Budget(memory=400 * 2**20, seconds=5, wait=9, answer=24 * 2**20)
PLACES = BoundedSemaphore(2)  # papers that one process of the server makes at once
SIZE, PAD = 10.0, 7.5  # of the type in a table of figures, and what a cell takes beside it
PATIENCE = 5  # seconds to wait for a place; whoever waits longer keeps others from their pages
_FILLING = Task(
    module="reports.letter.child.work",
    rooms=("models", "reports", "reports.letter"),
    libraries=True,
)
_TOO_MUCH = _n(
    "Filling in the template takes too long or too much memory. Take loops out of loops, and "
    "pictures that are not needed."
)
_SAID = {
    "not_word": _n("This is not a Word file (.docx), or it is damaged."),
    "damaged": _n("This is not a Word file (.docx), or it is damaged."),
    "entities": _n("This is not a Word file (.docx), or it is damaged."),
    "password": _n("The file is protected by a password. Save it without one."),
    "unpacked": _n("The file is too large when it is unpacked."),
    "parts": _n("The file is too large when it is unpacked."),
    "macros": _n("The Word file holds macros (%(part)s). Save it as .docx without macros."),
    "controls": _n("The Word file holds program controls (%(part)s). Delete them."),
    "embedded": _n(
        "The Word file carries another file or a program inside (%(part)s). Delete the object, or "
        "copy text and tables alone into a new document."
    ),
    "connections": _n(
        "The Word file fetches something from elsewhere when it is opened (%(part)s). Insert "
        "pictures themselves, take away the attached template and links to files."
    ),
    "field": _n(
        "The Word file has a field “%(code)s” (%(part)s) that fetches or starts something. "
        "Delete the field, or type its text."
    ),
    "open_tag": _n("The tag “%(tag)s” of the template is opened and never closed."),
    "unknown_tag": _n("The template uses the tag or filter “%(name)s”, which does not exist."),
    "broken_tag": _n("A tag of the template is broken near “%(near)s”."),
    "forbidden": _n("The template does something that no template may do: %(what)s."),
    "missing": _n("The template asks for “%(name)s”, which no letter has."),
    "unfilled": _n("The template cannot be filled in (%(why)s). Check its tags."),
    "unreadable": _n("The template cannot be filled in. Check its tags."),
    "too_long": _TOO_MUCH,
    "too_much": _TOO_MUCH,
}


def built_in(kind: TemplateKind = TemplateKind.REMINDER) -> bytes:
    """The template of this kind that comes with the program."""
    return (BUILT_IN / f"{kind}.docx").read_bytes()


def render(context: Mapping[str, object], kind: TemplateKind, template: bytes | None) -> bytes:
    """A Word file: the template filled in from `context`; None means the built-in one.

    A child fills it in, for some seconds at most: call it while no transaction is open. Raises
    RuleBroken when the template cannot be filled in, or would take more than the child may have.
    """
    return _from_child(template or built_in(kind), [context], kind)


def check_template(
    content: bytes, name: str, samples: Sequence[Mapping[str, object]], kind: TemplateKind
) -> bytes:
    """The first sample as a paper made from an edited template. It is filled in with every one.

    Raises RuleBroken naming the trouble, where it is no Word file, holds what is active or fetched
    from elsewhere, has broken tags or asks for what is not there.
    """
    if not name.lower().endswith(".docx"):
        raise RuleBroken(_n("Choose a Word file whose name ends in .docx."), field="file")
    if len(content) > MOST_BYTES:
        raise RuleBroken(_n("The file is larger than 2 MB."), field="file")
    return _from_child(content, [*reversed(samples)], kind, known=sorted(samples[0]))


def _from_child(
    template: bytes,
    contexts: Sequence[Mapping[str, object]],
    kind: TemplateKind,
    *,
    known: Sequence[str] | None = None,
) -> bytes:
    told = {
        "contexts": [{name: _plain(value) for name, value in one.items()} for one in contexts],
        "known": known,
        "figures": [_room_of_figures(one) for one in contexts]
        if kind is TemplateKind.UNIT_REPORT
        else None,
    }
    head = json.dumps(told).encode()
    given = len(head).to_bytes(8, "big") + head + template
    if not PLACES.acquire(timeout=PATIENCE):
        raise RuleBroken(_n("Other papers are being made just now. Try again in a moment."))
    try:
        answer = b"".join(chunks_from_child(_FILLING, given, budget=BUDGET))
    except Ended as end:
        raise RuleBroken(_SAID[end.key], field="file") from None
    finally:
        PLACES.release()
    line, _end, content = answer.partition(b"\n")
    said = json.loads(line)
    if "refused" in said:
        raise _sentence(said["refused"], said["values"], known or ())
    return content


def _room_of_figures(context: Mapping[str, Any]) -> list[float]:
    """How wide each column of figures has to be, in points: no figure and no word of its head is
    broken.
    """
    cells = zip(*(row["cells"] for row in context["rows"]), strict=True)
    beneath = [list(column) for column in cells] or [[] for _column in context["columns"]]
    return [
        max(width_of(text, SIZE, bold=True) for text in (*column["heading"].split(), *texts)) + PAD
        for column, texts in zip(context["columns"], beneath, strict=True)
    ]


def _sentence(key: str, values: Mapping[str, Any], known: Sequence[str]) -> RuleBroken:
    if key == "unknown":
        return RuleBroken(
            _n("No letter has these names: %(names)s. Known are: %(known)s."),
            field="file",
            names=", ".join(values["names"])[:400],
            known=", ".join(known),
        )
    return RuleBroken(_SAID[key], field="file", **values)


def _plain(value: object) -> object:
    """A value as JSON takes it; a picture as its bytes and words."""
    if not isinstance(value, Picture):
        return value
    return asdict(value) | {
        "content": "",
        "png": base64.b64encode(value.content).decode(),
    }
