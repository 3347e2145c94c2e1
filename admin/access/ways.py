"""Ways from a page to another that not everybody may take, and to the same page asked otherwise."""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, url_for
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


def this_page(**changed: object) -> str:
    """The present page as it was asked for, with some of its parameters changed.

    Names of parameters are whatever somebody wrote into the address: among those of `url_for` they
    would be its own (`endpoint`, `_scheme`).
    """
    return f"{request.path}?{urlencode(request.args.to_dict() | changed)}"


def init_app(app: Flask) -> None:
    app.jinja_env.globals |= {"import_way": import_way, "this_page": this_page}
