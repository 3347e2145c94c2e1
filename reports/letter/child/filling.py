"""A Word template is filled in: by a sandbox that has what the paper says and nothing else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from models.packages import Refused
from reports.letter.child.allowed import refuse_what_is_active

_OPEN = re.compile(r"needs to be closed is '(\w+)'")
_UNKNOWN = re.compile(r"(?:unknown tag|[Nn]o filter named|[Nn]o test named) '(\w+)'")
_NAME = re.compile(r"['“]([^'”]+)['”]")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture of the paper, with the words that stand for it."""

    content: bytes
    words: str
    width_mm: float


class _Careful(SandboxedEnvironment):
    """A template reads what it is given and nothing else; it cannot multiply texts either."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        # names are data: &, < and > are written as such, and an unknown tag is a fault, not a gap
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()  # no `range`, no `lipsum`: a loop goes over what the paper holds

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"“{operator}” is not allowed")


def opened(content: bytes) -> None:
    """Raises Refused where this is no Word document, or holds what no template may hold."""
    refuse_what_is_active(content)
    try:
        DocxTemplate(BytesIO(content)).get_docx()
    except MemoryError:
        raise
    except Exception as error:  # a foreign file makes these libraries raise almost anything
        raise Refused("not_word") from error


def unknown_names(content: bytes, known: Sequence[str]) -> list[str]:
    """Names that the template uses and no paper of its kind has."""
    try:
        document = DocxTemplate(BytesIO(content))
        named = document.get_undeclared_template_variables(jinja_env=_Careful())
    except MemoryError:
        raise
    except Exception:  # broken tags: filling in names the place
        return []
    return sorted({str(name) for name in named} - set(known))


def filled(content: bytes, context: Mapping[str, Any]) -> bytes:
    """The Word file. Raises Refused, with what is wrong in the template."""
    document = DocxTemplate(BytesIO(content))
    pictures = [value for value in context.values() if isinstance(value, Drawn)]
    values = {name: _placed(document, value) for name, value in context.items()}
    out = BytesIO()
    try:
        document.render(values, _Careful(), autoescape=True)
        _describe(document, pictures)
        document.save(out)
    except (MemoryError, RecursionError):
        raise
    except TemplateSyntaxError as error:
        raise _broken_tag(error) from error
    except SecurityError as error:
        raise Refused("forbidden", what=_quoted(error)) from error
    except UndefinedError as error:
        raise Refused("missing", name=_quoted(error)) from error
    except Exception as error:  # a foreign file makes these libraries raise almost anything
        raise Refused("unfilled", why=type(error).__name__) from error
    return out.getvalue()


def _placed(document: Any, value: object) -> object:
    if not isinstance(value, Drawn):
        return value
    return InlineImage(document, BytesIO(value.content), width=Mm(value.width_mm))


def _describe(document: Any, pictures: Sequence[Drawn]) -> None:
    """The words of each picture, for those who do not see it."""
    drawn = document.docx.element.body.iter(qn("wp:docPr"))
    told = [one for one in drawn if not one.get("descr")]
    for place, picture in zip(told[-len(pictures) :] if pictures else (), pictures, strict=False):
        place.set("descr", picture.words)


def _broken_tag(error: TemplateSyntaxError) -> Refused:
    told = str(error.message or "")
    if found := _OPEN.search(told):
        return Refused("open_tag", tag=found[1])
    if found := _UNKNOWN.search(told):
        return Refused("unknown_tag", name=found[1])
    return Refused("broken_tag", near=_near(error))


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
