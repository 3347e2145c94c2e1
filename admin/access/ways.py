"""Ways from a page to another that not everybody may take."""

from typing import Any

from flask import Flask, url_for
from flask_login import current_user

from admin.access.permissions import IMPORTS, allowed
from models.sheets import Kind


def import_way(kind: str, **known: str | None) -> str:
    """The address of the form that brings in a file of this kind, with what the page knows of it;
    nothing for somebody who may not.
    """
    if not allowed(current_user, IMPORTS[Kind(kind)]):
        return ""
    given: dict[str, Any] = {"kind": kind, **known}
    return url_for("imports.new", **given)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["import_way"] = import_way
