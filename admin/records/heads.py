"""The head of a long list: under which conditions its first rows stand, so that the database need
not put all rows in order to give some of them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from admin.records.places import conditions_on
from admin.records.seek import Turn, counted, from_on, plain, values_of
from models.base import first_few

FIRST = 3  # values: the newest month may still be empty


def first_of(
    listed: Select[Any], turn: Turn, model: Any, start: Any = None
) -> ColumnElement[bool] | None:
    """Condition: one of the first of the values that an order begins with, from `start` on."""
    values = _values(listed, turn, model)
    if values is None:
        return None
    values = values.limit(FIRST)
    if start is not None:
        values = values.where(from_on(turn, start))
    found: ColumnElement[bool] = turn.key.in_(values)
    return found


def first_under(
    session: Session,
    listed: Select[Any],
    turns: Sequence[Turn],
    model: Any,
    start: Sequence[Any],
    needed: int,
) -> Iterator[ColumnElement[bool]]:
    """Conditions under which the rows at the head of an order perhaps stand, from `start` on as
    many as are `needed`: with the first of these values, and few of the second part of the order
    that is a column of another table; if that value has hardly any rows, such as a month that has
    just begun, with few of the next one too. Where fewer are found there, others may follow.
    """
    values = _values(listed, turns[0], model)
    if values is None or len(turns) < 2:
        return
    first, second = turns[:2]
    column = plain(second.key)
    if second.may_be_empty or getattr(column, "table", None) in (None, model.__table__):
        return
    few = select(column).order_by(second.order)
    begin = few.where(from_on(second, start[1])) if len(start) > 1 else few
    if start:
        values = values.where(from_on(first, start[0]))
    taken: ColumnElement[bool] = false()
    for value in session.scalars(values.limit(FIRST)).all():
        for last in first_few(session, begin, needed):
            yield or_(taken, and_(first.same(value), from_on(second.back, last)))
        begin, taken = few, or_(taken, first.same(value))
        if (session.scalar(counted(listed.where(taken), needed)) or 0) > needed:
            return


def _values(listed: Select[Any], turn: Turn, model: Any) -> Select[Any] | None:
    """Those that the list can have, as far as its conditions tell that of their table alone."""
    values = values_of(turn, model)
    return None if values is None else values.where(*conditions_on(listed, plain(turn.key).table))
