"""Files that somebody sends: the one place that takes them out of a request."""

from dataclasses import dataclass

from flask import current_app, request

from models import RuleBroken, db
from models.apart import Infected, NoAnswer, scan
from models.base import _n, reading_only


@dataclass(frozen=True, slots=True)
class Upload:
    """The name as the browser gave it, and the bytes: at most one more than were asked for."""

    name: str
    content: bytes


def uploaded(field: str, most: int) -> Upload:
    """The file of this field, looked at by the virus scanner; an empty one where none was chosen.

    Nobody waits meanwhile or while the file is worked on: from here on no transaction is open,
    until somebody asks the database again. Raises RuleBroken for a file that is infected, and
    while a scanner that is asked for does not answer.
    """
    file = request.files.get(field)
    if file is None:
        return Upload("", b"")
    name, content = file.filename or "", file.read(most + 1)
    with reading_only(db.session()):
        if len(content) <= most:
            check_clean(content, name, field=field)
    return Upload(name, content)


def check_clean(content: bytes, name: str, *, field: str | None = None) -> None:
    """Raises RuleBroken where the scanner of the settings does not say that a file is clean."""
    address = current_app.config["CLAMD_URL"]
    if not address:
        return
    try:
        scan(address, content)
    except Infected as found:
        current_app.logger.warning("the scanner found %s in a file", found.what)
        raise RuleBroken(
            _n(
                "The virus scanner found “%(what)s” in “%(name)s”. The file was not taken in; have "
                "the computer that it comes from looked at."
            ),
            field=field,
            what=found.what,
            name=name[:100],
        ) from None
    except NoAnswer as why:
        current_app.logger.error("the virus scanner does not answer: %s", why)
        raise RuleBroken(
            _n(
                "The virus scanner does not answer, and without it no file is taken in. Try again "
                "in a while; if it stays so, tell the administrator."
            ),
            field=field,
        ) from None
