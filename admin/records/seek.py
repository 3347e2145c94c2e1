"""Pages of a long list by key set: the rows beyond a row in the order of the list, so that a page
deep in it costs what the first one costs, and equal rows are neither lost nor shown twice.

An offset makes the database walk over everything before it. Short lists keep their numbered pages.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, true
from sqlalchemy.orm import QueryableAttribute
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import desc_op

COUNTED = 10_000  # rows of a list that are counted; what has more has “more than” that
JUMPED = 1_000_000  # rows of a list whose pages are found by number all the same


class Turn(NamedTuple):
    """One part of an order. What is empty stands last, and first where it runs downwards."""

    key: Any  # a column, an attribute of a model
    is_down: bool
    may_be_empty: bool

    @property
    def order(self) -> Any:
        """As ORDER BY has it, the same on both databases."""
        if not self.may_be_empty:
            return self.key.desc() if self.is_down else self.key.asc()
        return self.key.desc().nulls_first() if self.is_down else self.key.asc().nulls_last()

    @property
    def back(self) -> "Turn":
        return self._replace(is_down=not self.is_down)

    def same(self, value: Any) -> ColumnElement[bool]:
        """Condition: as far as `value`."""
        same: ColumnElement[bool] = (
            self.key.is_(None) if value is None else self.key == self.typed(value)
        )
        return same

    def beyond(self, value: Any) -> ColumnElement[bool]:
        """Condition: further than `value`."""
        if value is None:
            beyond: ColumnElement[bool] = self.key.is_not(None) if self.is_down else false()
        elif self.is_down:
            beyond = self.key < self.typed(value)
        else:
            beyond = self.key > self.typed(value)
            beyond = or_(beyond, self.key.is_(None)) if self.may_be_empty else beyond
        return beyond

    def typed(self, value: Any) -> Any:
        return literal(value, self.key.type)


def plain(key: Any) -> Any:
    """The column of an attribute, and any other expression itself."""
    return key.__clause_element__() if isinstance(key, QueryableAttribute) else key


def turn_of(part: Any, *, absent: Collection[Any]) -> Turn:
    """A part of an order as screens name it: a column, or one with `.desc()`; `absent` are the
    tables of which a row of the list may have none.
    """
    is_down = isinstance(part, UnaryExpression) and part.modifier is desc_op
    key = part.element if isinstance(part, UnaryExpression) else part
    column = plain(key)
    is_sure = getattr(column, "nullable", True) is False and column.table not in absent
    return Turn(key, is_down, not is_sure)


def values_of(turn: Turn, model: Any) -> Select[Any] | None:
    """The values of an order that begins with a column of a small table beside the model (none of
    units, which have as many rows) and is never empty. None where there is no such column.
    """
    column = plain(turn.key)
    table = getattr(column, "table", None)
    if turn.may_be_empty or table is None or "investor_id" in table.c or table is model.__table__:
        return None
    return select(column).distinct().order_by(turn.order)


def counted(statement: Select[Any], most: int) -> Select[Any]:
    """How many rows there are, counted no further than `most` and one."""
    one = statement.with_only_columns(literal(1), maintain_column_froms=True).order_by(None)
    return select(func.count()).select_from(one.limit(most + 1).subquery())


def further(
    turns: Sequence[Turn], values: Sequence[Any], *, too: bool = False
) -> ColumnElement[bool]:
    """Condition: behind the rows with these values of the first parts of the order, or at them
    too.
    """
    found: ColumnElement[bool] = true() if too else false()
    for turn, value in reversed(list(zip(turns, values, strict=False))):
        found = or_(turn.beyond(value), and_(turn.same(value), found))
    if len(values) == 1 and too:
        return found
    return and_(from_on(turns[0], values[0]), found)  # said once more: an index can use this


def from_on(turn: Turn, value: Any) -> ColumnElement[bool]:
    """Condition: as far as `value` or further."""
    return or_(turn.same(value), turn.beyond(value))


def growing(turn: Turn, values: Sequence[Any]) -> Iterator[ColumnElement[bool]]:
    """Conditions that take all of these values one after the other, in their order: the first of
    them, then each time twice as many.
    """
    begin, size = 0, 1
    while begin < len(values):
        ends = values[begin : begin + size][:: -1 if turn.is_down else 1]
        yield turn.key.between(turn.typed(ends[0]), turn.typed(ends[-1]))
        begin, size = begin + size, size * 2
