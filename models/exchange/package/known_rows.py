"""What is stored of a table already: compared with the file before anything is added."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.exchange.package.faults import different
from models.exchange.package.names import Namer
from models.exchange.package.schema import Line
from models.exchange.package.tables import Carried
from models.exchange.package.values import text_of


class KnownRows:
    """Stored rows of a table as the package would write them, each to be matched once."""

    def __init__(self, one: Carried, namer: Namer, session: Session) -> None:
        self.one = one
        self.rows: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        self.keys: Counter[tuple[str, ...]] = Counter()
        self.by_key: dict[tuple[str, ...], dict[str, str]] = {}
        for row in session.scalars(select(one.model)):
            cells = {
                name: text_of(value)
                for cell in one.cells
                for name, value in zip(cell.names, cell.write(namer, row), strict=True)
            }
            self.rows[tuple(cells[name] for name in one.compared)].append(row)
            key = tuple(cells[name] for name in one.key)
            self.keys[key] += 1
            self.by_key[key] = cells

    def take(self, line: Line) -> Any:
        """The stored row that is equal to the line, if there is one left."""
        if not self.keys:
            return None
        found = self.rows.get(tuple(text_of(line[name]) for name in self.one.compared))
        if not found:
            return None
        self.keys[self._key(line)] -= 1
        return found.pop(0)

    def refuse_other(self, line: Line) -> None:
        """Raise Fault where the row is stored with other values."""
        key = self._key(line)
        if not self.one.key or self.keys[key] <= 0:
            return
        stored = self.by_key[key]
        for name in self.one.compared:
            if stored[name] != text_of(line[name]):
                raise different(name, stored[name], text_of(line[name]))

    def _key(self, line: Line) -> tuple[str, ...]:
        return tuple(text_of(line[name]) for name in self.one.key)
