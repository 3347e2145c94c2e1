"""What a form was typed upon: a page that shows an older state is told both, nothing is undone.

For rows without a version of their own, and for forms of which a part alone is changed.
"""

import hashlib

from flask import Flask, request

from models import db
from models.base import Stale, _n


def seen(*values: object) -> str:
    """A short mark of what the page shows, to be sent along in the field `seen`."""
    return hashlib.sha256("\n".join(map(str, values)).encode()).hexdigest()[:16]


def check_seen(*values: object, theirs: str, mine: str) -> None:
    """Refuse (Stale) a form whose page showed something else than is stored now.

    A call that sends no mark, as an older page or another program does, is not refused.
    """
    mark = request.form.get("seen")
    if mark is not None and mark != seen(*values):
        raise Stale(
            _n(
                "Somebody else changed this after you opened the page. Stored now: “%(theirs)s”. "
                "Typed by you: “%(mine)s”. Nothing was changed; send again if yours shall stand."
            ),
            theirs=theirs or "–",
            mine=mine or "–",
        )


def of_own_units() -> bool:
    """Whether the page is made for a unit: its sums are those of this unit alone."""
    return db.session().is_narrow


def init_app(app: Flask) -> None:
    app.jinja_env.globals["seen"] = seen
    app.jinja_env.globals["of_own_units"] = of_own_units
