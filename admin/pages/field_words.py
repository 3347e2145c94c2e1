"""The names of form fields as people know them, for pages that have no form at hand."""

import re
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from admin.pages.report_form import field_label
from admin.records import bare_label
from models import Base
from models.base import fields_of
from models.calendar import SETTINGS


def words_of(name: str) -> str:
    """A field of a form as people know it, and never by the name the program gave it."""
    kind, _sep, rest = name.partition("-")
    if re.fullmatch(r"[ap]\d+", kind):
        return _field(rest)
    if kind == "reply":
        return _("Answer")
    if kind == "remark":
        return _("Remark")
    return _field(name)


def _field(name: str) -> str:
    known = field_label(name)
    if known != name:
        return known
    label = next((bare_label(kind, name) for kind in _models() if name in fields_of(kind)), None)
    other = {
        "reason": _("Reason"),
        "deadline_reason": _("Reason"),
        "exempt_reason": _("Reason"),
        "extension_reason": _("Reason"),
        "reopen_reason": _("Reason"),
        "received_note": _("Evidence"),
        "number": _("Number"),
        "day": _("Day"),
        "time": _("Time"),
    }.get(name)
    setting = SETTINGS.get(name)
    return str(label or other or (_(setting.label) if setting else _("Field")))


def _models() -> Iterator[Any]:
    for mapper in Base.registry.mappers:
        yield mapper.class_
