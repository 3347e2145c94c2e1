"""One of many values, asked with one parameter however many they are.

`column.in_(values)` sends each value as a parameter of its own, and PostgreSQL takes 65,535 of them
in a statement: an office with more projects would see the page fail. Where the values grow with the
office `among` is asked instead; what can be said as a subquery is better still.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Dialect,
    Select,
    String,
    Text,
    bindparam,
    false,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

_Value = TypeVar("_Value")
FEW = 20_000  # values at most among which the first of very many rows are looked for


class _Listed(TypeDecorator[list[Any]]):
    """Whole numbers or words as one value: an array of PostgreSQL, JSON for SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, *, of_numbers: bool) -> None:
        super().__init__()
        self.of_numbers = of_numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(ARRAY(BigInteger() if self.of_numbers else String()))

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    name = "among"

    def self_group(self, against: Any = None) -> Any:
        return self  # a condition as it stands, so that SQLite uses its index


class _Joined(_Among):
    inherit_cache = True


@compiles(_Among, "postgresql")
def _of_array(element: _Among, compiler: Any, **kw: Any) -> str:
    column, values = (compiler.process(one, **kw) for one in element.clauses)
    return f"({column} = ANY ({values}))"


@compiles(_Among)
def _of_json(element: _Among, compiler: Any, **kw: Any) -> str:
    column, values = (compiler.process(one, **kw) for one in element.clauses)
    place = "+" if isinstance(element, _Joined) else ""  # not by an index of this column
    listed = f"SELECT value FROM json_each({values})"  # nosec B608 # compiled pieces
    return f"({place}{column} IN ({listed}))"


def among(column: Any, values: Iterable[Any], *, joined: bool = False) -> ColumnElement[bool]:
    """Condition that `column` is one of these ids or codes; of none where there are none. A
    parameter gives ids as a list, for a statement that is kept.

    `joined`: rows of its table are found by what they are joined to. SQLite takes the whole list
    as a way to such a row, too, and goes through it again for each: 400 units took 20 s.
    """
    kind = _Joined if joined else _Among
    if isinstance(values, BindParameter):
        return kind(column, bindparam(values.key, type_=_Listed(of_numbers=True)))
    found = sorted({value for value in values if value is not None})
    if len(found) <= 1:  # said as it is, so that it is known of whatever is joined by it
        return column == found[0] if found else false()
    listed = bindparam(
        None, found, type_=_Listed(of_numbers=isinstance(found[0], int)), unique=True
    )
    return kind(column, listed)


def batched(values: Sequence[_Value], size: int) -> Iterator[Sequence[_Value]]:
    """The values in slices of `size`, the last perhaps shorter; `itertools` has it from 3.12."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def first_few(session: Session, values: Select[Any], needed: int) -> Iterator[Any]:
    """Values, the last of so few in the order of this statement that perhaps as many rows as are
    `needed` stand under them: some at first, then more. Who finds fewer rows asks without a bound.
    """
    many = 2 * needed
    while many <= FEW:
        last = session.scalar(values.offset(many - 1).limit(1))
        if last is None:
            return
        yield last
        many *= 8
