"""The part of a long table that a screen shows; files are always whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from admin.access import asked_id
from admin.words import number
from reports.writing import ByPart, Rank, Table, text_of

AT_ONCE, ON_A_PAGE = 300, 200  # rows of a table on the screen
MOST_JUMPS = 40


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

    def jumps(self, table: Table) -> list[tuple[str, int]]:
        """Where the groups of a long table begin: name and page. None where there are too many."""
        if self.pages == 1 or self.is_alone or isinstance(table.rows, ByPart):
            return []
        name = next(column for column in table.printed if column.number == 2)
        rows = enumerate(table.rows)
        return self.to(
            [(text_of(table, name, row), n) for n, row in rows if row.rank is Rank.GROUP]
        )

    def to(self, rows: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """The pages on which these rows stand; none where there are too many."""
        return [(name, n // self._size) for name, n in rows] if len(rows) <= MOST_JUMPS else []
