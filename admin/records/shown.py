"""The words of fields at the edge: headings and help, as the models say them."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from models.base import Shown, field_of


def with_unit(shown: Shown) -> str:
    """The label with its unit behind it, as in “Amount (đồng)”."""
    return f"{_(shown.label)} ({shown.unit})" if shown.unit else str(_(shown.label))


def heading(model: Any, path: str) -> Any:
    """The label of a field with its unit, looked up in the language of the page."""
    return LazyString(with_unit, field_of(model, path).shown)


def bare_label(model: Any, path: str) -> str:
    """The label without its unit, where a sentence or a switch names the unit."""
    return str(_(field_of(model, path).shown.label))


def help_text(shown: Shown) -> Any:
    """The line of help beneath a field, or nothing."""
    return lazy_gettext(shown.help) if shown.help else ""
