"""Filling in the Word template of a letter, and judging one that the office edited."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from models.base import RuleBroken, _n
from models.reminders import TemplateKind
from reports.writing import Picture

BUILT_IN = Path(__file__).parents[2] / "templates" / "letters"
MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 500
_OPEN = re.compile(r"needs to be closed is '(\w+)'")
_UNKNOWN = re.compile(r"(?:unknown tag|[Nn]o filter named|[Nn]o test named) '(\w+)'")
_NAME = re.compile(r"['“]([^'”]+)['”]")


class _Careful(SandboxedEnvironment):
    """A template reads what it is given and nothing else; it cannot multiply texts either."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"“{operator}” is not allowed")


def built_in(kind: TemplateKind = TemplateKind.REMINDER) -> bytes:
    """The template of this kind that comes with the program."""
    return (BUILT_IN / f"{kind}.docx").read_bytes()


def render(context: Mapping[str, object], template: bytes) -> bytes:
    """A Word file: the template filled in from `context`.

    Raises RuleBroken when the template cannot be filled in.
    """
    _check_package(template)
    document = DocxTemplate(BytesIO(template))
    pictures = [value for value in context.values() if isinstance(value, Picture)]
    filled = {name: _placed(document, value) for name, value in context.items()}
    # names are data: &, < and > are written as such, and an unknown tag is a fault, not a gap
    environment = _Careful(autoescape=True, undefined=StrictUndefined)
    out = BytesIO()
    try:
        document.render(filled, environment, autoescape=True)
        _describe(document, pictures)
        document.save(out)
    except TemplateSyntaxError as error:
        raise _broken_tag(error) from None
    except SecurityError as error:
        raise RuleBroken(
            _n("The template does something that no template may do: %(what)s."),
            field="file",
            what=_quoted(error),
        ) from None
    except UndefinedError as error:
        raise RuleBroken(
            _n("The template asks for “%(name)s”, which no letter has."),
            field="file",
            name=_quoted(error),
        ) from None
    except Exception as error:  # a foreign file makes these libraries raise almost anything
        raise RuleBroken(
            _n("The template cannot be filled in (%(why)s). Check its tags."),
            field="file",
            why=type(error).__name__,
        ) from None
    return out.getvalue()


def _placed(document: Any, value: object) -> object:
    if not isinstance(value, Picture):
        return value
    return InlineImage(document, BytesIO(value.content), width=Mm(value.width_mm))


def _describe(document: Any, pictures: Sequence[Picture]) -> None:
    """The words of each picture, for those who do not see it."""
    drawn = document.docx.element.body.iter(qn("wp:docPr"))
    told = [one for one in drawn if not one.get("descr")]
    for place, picture in zip(told[-len(pictures) :] if pictures else (), pictures, strict=False):
        place.set("descr", picture.words)


def check_template(content: bytes, name: str, samples: Sequence[Mapping[str, object]]) -> None:
    """Refuse an edited template that is no Word file, has broken tags or asks for what is not
    there. It is filled in with every sample. Raises RuleBroken naming the trouble.
    """
    if not name.lower().endswith(".docx"):
        raise RuleBroken(_n("Choose a Word file whose name ends in .docx."), field="file")
    if len(content) > MOST_BYTES:
        raise RuleBroken(_n("The file is larger than 2 MB."), field="file")
    _check_package(content)
    unknown = _unknown_names(content, samples[0])
    if unknown:
        raise RuleBroken(
            _n("No letter has these names: %(names)s. Known are: %(known)s."),
            field="file",
            names=", ".join(sorted(unknown)),
            known=", ".join(sorted(samples[0])),
        )
    for sample in samples:
        _check_package(render(sample, content))


def _unknown_names(content: bytes, known: Mapping[str, object]) -> set[str]:
    try:
        document = DocxTemplate(BytesIO(content))
        named = document.get_undeclared_template_variables(jinja_env=_Careful())
    except Exception:  # broken tags: filling in names the place
        return set()
    return {str(name) for name in named} - set(known)


def _check_package(content: bytes) -> None:
    """A ZIP with the parts of a Word document, of a size that can be unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            large = sum(part.file_size for part in parts) > MOST_UNPACKED
            if large or len(parts) > MOST_PARTS:
                raise RuleBroken(_n("The file is too large when it is unpacked."), field="file")
            if package.testzip() is not None:
                raise zipfile.BadZipFile
        DocxTemplate(BytesIO(content)).get_docx()
    except RuleBroken:
        raise
    except Exception:  # a foreign file makes these libraries raise almost anything
        raise RuleBroken(
            _n("This is not a Word file (.docx), or it is damaged."), field="file"
        ) from None


def _broken_tag(error: TemplateSyntaxError) -> RuleBroken:
    """The sentence for a tag that cannot be read, in our words instead of the library's."""
    told = str(error.message or "")
    if found := _OPEN.search(told):
        return RuleBroken(
            _n("The tag “%(tag)s” of the template is opened and never closed."),
            field="file",
            tag=found[1],
        )
    if found := _UNKNOWN.search(told):
        return RuleBroken(
            _n("The template uses the tag or filter “%(name)s”, which does not exist."),
            field="file",
            name=found[1],
        )
    return RuleBroken(
        _n("A tag of the template is broken near “%(near)s”."), field="file", near=_near(error)
    )


def _quoted(error: Exception) -> str:
    """The name that the message of the library puts in quotation marks."""
    found = _NAME.findall(str(error))
    names = [name for name in found if not name.endswith("object")] or found
    return str(names[0])[:80] if names else type(error).__name__


def _near(error: TemplateSyntaxError) -> str:
    """The words of the document around a broken tag."""
    lines = [" ".join(line.split()) for line in getattr(error, "docx_context", ())]
    lines = [line for line in lines if line]
    tagged = [line for line in lines if "{" in line or "}" in line]
    return ((tagged or lines or ["?"])[-1])[:120]
