"""Addresses of static files, with the content's hash, so that browsers may keep them for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from flask_babel import get_locale

A_YEAR = 31_536_000


@lru_cache(maxsize=256)
def content_hash(path: str, modified_ns: int, size: int) -> str:
    """First ten hex digits of the file's SHA-256; read again only when the file was touched."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def asset(filename: str) -> str:
    """Address of a file under static/ that changes whenever its content does."""
    path = Path(str(current_app.static_folder)) / filename
    facts = path.stat()
    version = content_hash(str(path), facts.st_mtime_ns, facts.st_size)
    return url_for("static", filename=filename, v=version)


def page_language() -> str:
    """Language tag of the page, for `<html lang>`; Vietnamese where nothing else is known."""
    locale = get_locale()
    return locale.language if locale else "vi"


def render_bare(template: str, **values: Any) -> str:
    """A page without context processors: they ask who is signed in, hence the database."""
    return current_app.jinja_env.get_template(template).render(**values)


def keep_versioned(response: Response) -> Response:
    """A file asked for by its hash never changes; one asked for without may."""
    if request.endpoint == "static" and "v" in request.args and response.status_code < 400:
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(asset=asset, page_language=page_language)
    app.after_request(keep_versioned)
