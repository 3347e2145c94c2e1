"""A cell of a file that is read off a table: a value as it is, or several that belong together."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column as TableColumn

from models.exchange.package.cells import whole
from models.exchange.package.finder import Finder
from models.exchange.package.names import Namer
from models.exchange.package.schema import Column, Line
from models.exchange.package.values import is_text

number = whole(1, 10**9)


class Cell:
    """One or more columns of a file that belong together, and what they say of a row."""

    columns: tuple[Column, ...] = ()
    attrs: tuple[str, ...] = ()
    is_compared = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def said(self) -> tuple[str, ...]:
        """The columns it is read from: its own, and those that stand in another cell already."""
        return self.names

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        """The values of the cells."""
        raise NotImplementedError

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        """The attributes of the row. Raises Fault or Unsure."""
        raise NotImplementedError


class Plain(Cell):
    """A value as it is."""

    def __init__(
        self, column: TableColumn[Any], read: Callable[[str], Any], *, is_compared: bool = True
    ) -> None:
        self.attrs, self.is_compared = (column.name,), is_compared
        self.empty = "" if is_text(column) and not column.nullable else None
        needed = not column.nullable and not is_text(column)
        self.columns = (Column(column.name, read, required=needed),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        return (getattr(row, self.attrs[0]),)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        value = line[self.attrs[0]]
        return {self.attrs[0]: self.empty if value is None else value}
