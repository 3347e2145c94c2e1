"""The part of a long table that a screen shows; files are always whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import request
from flask_babel import gettext as _

from admin.access import asked_id
from admin.words import number
from reports.writing import ByPart, Rank, Table, text_of

AT_ONCE, ON_A_PAGE = 300, 200  # rows of a table on the screen
MOST_JUMPS = 40
GROUPS = (Rank.GROUP, Rank.PART)


class Group(NamedTuple):
    """A row under which others stand: its name, its number, how it stands out."""

    name: str
    row: int
    rank: Rank


@dataclass(frozen=True)
class Part:
    """Which rows of a table a screen shows: all of a short one, of a long one a page, from 0.
    `is_alone`: the table has no others.
    """

    many: int
    page: int = 0
    size: int = 0  # rows of a page; without one those of a table
    is_alone: bool = False

    @classmethod
    def asked(cls, many: int, size: int = 0, name: str = "page") -> "Part":
        """The page that the address names; the last one where there are fewer."""
        page = asked_id(request.args.get(name, "0"))
        return cls(many, min(page, cls(many, size=size).pages - 1), size)

    @property
    def pages(self) -> int:
        return 1 if self.many <= (self.size or AT_ONCE) else -(-self.many // self._size)

    @property
    def rows(self) -> range:
        if self.pages == 1:
            return range(self.many)
        return range(self.many)[self.page * self._size : (self.page + 1) * self._size]

    @property
    def _size(self) -> int:
        return self.size or ON_A_PAGE

    @property
    def cut(self) -> slice:
        """Where they stand in the table."""
        return slice(len(self.rows)) if self.is_alone else slice(self.rows.start, self.rows.stop)

    @property
    def counted(self) -> str:
        """What a sheet of paper says on which this part was printed."""
        shown = len(self.rows)
        return _("Only %(rows)s of %(all)s rows.", rows=number(shown), all=number(self.many))

    def jumps(self, groups: Sequence[Group]) -> list[tuple[str, int]]:
        """The pages on which the groups begin; none where there are too many."""
        found = [(one.name, one.row // self._size) for one in groups if one.rank is Rank.GROUP]
        return found if len(found) <= MOST_JUMPS else []

    def continued(self, groups: Sequence[Group]) -> str:
        """The group, and the part of it, below which the first row of the page stands."""
        above: dict[Rank, str] = {}
        for one in groups:
            if one.row > self.rows.start:
                break
            if one.rank is Rank.GROUP:
                above = {}
            above.pop(one.rank, None)
            if one.row < self.rows.start:
                above[one.rank] = one.name
        return " · ".join(above.values())


def groups_of(table: Table) -> list[Group]:
    """The groups of a table and their parts, where all its rows are there."""
    if isinstance(table.rows, ByPart):
        return []
    name = next(column for column in table.printed if column.number == 2)
    return [
        Group(text_of(table, name, row), n, row.rank)
        for n, row in enumerate(table.rows)
        if row.rank in GROUPS
    ]
