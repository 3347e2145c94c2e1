"""What a session stored, changed and deleted for one purpose, so that it can be put back.

Whatever door a row went through, the flush tells: values as they were, values as they were left.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Column, event, inspect
from sqlalchemy.orm import Session, attributes
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from models.base.database import Base
from models.base.reading import stored_day, stored_moment

UNTOLD = frozenset({"version", "search_text", "sort_text"})  # count saves, or follow the others
Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One row: before and after, None where it was not there. Values in plain types."""

    table: str
    key: int
    before: Values | None
    after: Values | None


@dataclass
class Recording:
    """The rows that were touched, in the order in which they first were."""

    session: Session
    without: frozenset[str]
    rows: dict[tuple[str, int], Any] = field(default_factory=dict)
    before: dict[tuple[str, int], Values | None] = field(default_factory=dict)
    gone: set[tuple[str, int]] = field(default_factory=set)

    def note(self) -> None:
        """Look at what a flush is doing."""
        session = self.session
        for row in session.new:
            self._first(row, None)
        for row in session.dirty:
            if session.is_modified(row):
                self._first(row, _values_before(row))
        for row in session.deleted:
            key = self._first(row, _values_before(row))
            if key is not None:
                self.gone.add(key)

    def _first(self, row: Any, before: Values | None) -> tuple[str, int] | None:
        table = row.__tablename__
        if table in self.without:
            return None
        key = table, row.id
        self.rows[key] = row
        self.before.setdefault(key, before)
        self.gone.discard(key)
        return key

    def steps(self) -> list[Step]:
        """Each row with both its states; what came and went, or is as it was, is left out."""
        found = []
        for key, row in self.rows.items():
            before = self.before[key]
            after = None if key in self.gone else plain_values(row)
            if before != after:
                found.append(Step(table=key[0], key=key[1], before=before, after=after))
        return found


@contextmanager
def recording(session: Session, *, without: frozenset[str] = frozenset()) -> Iterator[Recording]:
    """Write down all rows that this session flushes; tables in `without` are passed over.

    Only tables with a column `id` can be put back, so only these may be written meanwhile.
    """
    kept = Recording(session, without)

    def look(_session: Session, _context: Any) -> None:
        kept.note()

    session.flush()
    event.listen(session, "after_flush", look)
    try:
        yield kept
        session.flush()
    finally:
        event.remove(session, "after_flush", look)


def plain_values(row: Any) -> Values:
    """The stored values of a row in plain types."""
    return {prop.key: stored_value(getattr(row, prop.key)) for prop in _told(type(row))}


def _values_before(row: Any) -> Values:
    found = {}
    for prop in _told(type(row)):
        history = attributes.get_history(row, prop.key, PASSIVE_NO_INITIALIZE)
        value = history.deleted[0] if history.deleted else getattr(row, prop.key)
        found[prop.key] = stored_value(value)
    return found


def _told(kind: Any) -> list[Any]:
    return [
        prop
        for prop in inspect(kind).column_attrs
        if prop.key not in UNTOLD and hasattr(prop.columns[0], "table")
    ]


def stored_value(value: Any) -> Any:
    """A stored value as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def typed_values(kind: Any, values: Mapping[str, Any]) -> Values:
    """The reverse of `plain_values`."""
    columns = inspect(kind).columns
    return {name: typed_value(columns[name], value) for name, value in values.items()}


def typed_value(column: "Column[Any]", value: Any) -> Any:
    """A plain value as its column has it."""
    if not isinstance(value, str):
        return value
    kind = getattr(column.type, "enum_class", None)
    if kind is not None:
        return kind(value)
    told = column.type.python_type
    if issubclass(told, datetime):
        return stored_moment(value)
    if issubclass(told, date):
        return stored_day(value)
    return Decimal(value) if issubclass(told, int) else value


def attribute_of(kind: Any, column: "Column[Any]") -> Any:
    """The attribute of a mapped class that holds a column of its table."""
    return inspect(kind).get_property_by_column(column).class_attribute


def deleted_with(kind: Any) -> set[str]:
    """The tables whose rows are deleted along with a record that they belong to."""
    return {
        one.mapper.class_.__tablename__ for one in inspect(kind).relationships if one.cascade.delete
    }


def mapped_tables() -> dict[str, Any]:
    """The mapped classes by the name of their table."""
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
