"""A page out of very many rows in the order of the codes of their projects, without sorting all."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Project
from models.base import first_few
from reports.consolidated.figure_asked import Conditions
from reports.consolidated.sums_behind import Asked

MANY = 2_000  # of more rows a page is looked for among few projects


class Ask(Protocol):
    """Makes the statement for the rows whose project is under these conditions, in their order or
    `backwards`; as `keys` alone (code of the project, id) it costs half where all are sorted.
    """

    def __call__(
        self, bound: Conditions = (), *, backwards: bool = False, keys: bool = False
    ) -> Select[Any]: ...


def read_page(
    session: Session, ask: Ask, asked: Asked, *, rows: int, first: int, size: int
) -> list[Any]:
    """The rows of a page that begins after the `first` of `rows`. One query; of very many rows two
    or a few.
    """
    values = asked.values
    size = min(size, rows - first)
    if size <= 0:
        return []
    if rows <= MANY:
        return list(session.execute(ask().limit(size).offset(first), values))
    behind = rows - first - size
    backwards = behind < first
    skipped = min(behind, first)
    for bound in _bounds(session, asked, skipped + size, backwards):
        page = ask(bound, backwards=backwards).limit(size).offset(skipped)
        found = list(session.execute(page, values))
        if len(found) == size:
            break
    else:
        found = _by_keys(session, ask, values, backwards, skipped, size)
    return found[::-1] if backwards else found


def _bounds(session: Session, asked: Asked, needed: int, backwards: bool) -> Iterator[Conditions]:
    """Conditions on projects under which the rows at one end are perhaps that are needed."""
    order = Project.code.desc() if backwards else Project.code
    codes = select(Project.code).where(*asked.figure.projects()).order_by(order)
    codes = codes.params(**asked.values)
    for code in first_few(session, codes, needed):
        yield (Project.code >= code if backwards else Project.code <= code,)


def _by_keys(
    session: Session, ask: Ask, values: Mapping[str, Any], backwards: bool, skipped: int, size: int
) -> list[Any]:
    keys = ask(backwards=backwards, keys=True).limit(size).offset(skipped)
    ids = [(row.project_code, row.row_id) for row in session.execute(keys, values)]
    if not ids:
        return []
    low, high = (ids[-1][0], ids[0][0]) if backwards else (ids[0][0], ids[-1][0])
    bound = (Project.code >= low, Project.code <= high)
    rows = list(session.execute(ask(bound, backwards=backwards), values))
    places = (n for n, row in enumerate(rows) if (row.project_code, row.row_id) == ids[0])
    begins = next(places, 0)
    return rows[begins : begins + size]


def in_order(*columns: Any, backwards: bool) -> list[Any]:
    """The order of these columns, or the other way round."""
    return [column.desc() if backwards else column for column in columns]
