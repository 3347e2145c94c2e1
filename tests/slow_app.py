"""The application with one page more, which answers when a file is there: for a graceful stop."""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app import create_app

application = create_app()
_inner, _folder = application.wsgi_app, Path(os.environ["TMPDIR"])


def _slow(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    if environ["PATH_INFO"] != "/slow":
        return _inner(environ, start)
    (_folder / "begun").touch()
    while not (_folder / "go-on").exists():
        time.sleep(0.02)
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"whole"]


application.wsgi_app = _slow  # type: ignore[method-assign]
