"""Lists of which a page shows the newest rows and says where there are more."""

from typing import Any, NamedTuple

from sqlalchemy import Select

from models import db


class Newest(NamedTuple):
    """The first rows of a list; `most` where there are more than these, else None."""

    rows: list[Any]
    most: int | None


def newest_of(statement: Select[*tuple[Any, ...]], most: int) -> Newest:
    """The first `most` rows of a statement that lists the newest first: of one column its values,
    else rows. `ui.only_newest` says in words what is not shown.
    """
    found = db.session.execute(statement.limit(most + 1)).all()
    rows = [row[0] if len(row) == 1 else row for row in found[:most]]
    return Newest(rows, most if len(found) > most else None)
