"""What depends on records, read off the foreign keys: none is deleted while that is there.

Asked before every flush, whatever door a deletion comes by; the sentence says by what, with counts.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from models.base.among import among, batched
from models.base.database import Base
from models.base.errors import RuleBroken, _n
from models.base.finding import Counts
from models.base.recording import attribute_of, deleted_with, mapped_tables

AT_ONCE = 2_000
# goes with the unit that never was on it; what a unit really had to report stays and is counted
_FOLLOWS = {("investor", "expected_change")}


def pointers(table: Table, name: str) -> list[Any]:
    """The columns of a table that hold the id of a row of the table `name`."""
    return [
        element.parent
        for constraint in sorted(table.foreign_key_constraints, key=lambda one: str(one.name))
        if not constraint.ondelete
        for element in constraint.elements
        if element.column.table.name == name and element.column.name == "id"
    ]


@cache
def _standing_on(kind: Any) -> tuple[tuple[Table, Any], ...]:
    """(table, column) of all that may point to rows of a class and is not deleted with them."""
    name: str = kind.__tablename__
    own = deleted_with(kind) | {other for table, other in _FOLLOWS if table == name}
    return tuple(
        (table, column)
        for table in Base.metadata.sorted_tables
        if table.name not in own
        for column in pointers(table, name)
    )


def dependents(
    session: Session, rows: Collection[Any], leaving: Iterable[Any] = ()
) -> dict[int, Counts]:
    """By the id of each of `rows`, which are of one class: how many rows of each table point to
    it, besides those deleted with it, those `leaving` and those that point elsewhere from now on.
    """
    found: dict[int, Counts] = {}
    kinds, keys = mapped_tables(), sorted(row.id for row in rows)
    gone = set(leaving)
    for table, column in _standing_on(_kind_of(rows)) if keys else ():
        kind: Any = kinds.get(table.name)
        place = column if kind is None else attribute_of(kind, column)
        counts: Counter[int] = Counter()
        for some in batched(keys, AT_ONCE):
            asked = select(place, func.count()).where(among(place, some)).group_by(place)
            counts.update(dict(session.execute(asked).all()))
        if counts and hasattr(kind, "id"):
            told = {
                row.id: None if row in gone else getattr(row, place.key)
                for row in (*gone, *session.dirty)
                if type(row) is kind
            }
            for some in batched(sorted(told), AT_ONCE):
                asked = select(kind.id, place).where(among(kind.id, some), place.is_not(None))
                counts.subtract(old for key, old in session.execute(asked) if told[key] != old)
        for key in keys:
            if counts[key] > 0:
                found.setdefault(key, Counts())
                found[key][table.name] = found[key].get(table.name, 0) + counts[key]
    return found


def _kind_of(rows: Iterable[Any]) -> Any:
    return type(next(iter(rows)))


def depended_upon(
    session: Session, rows: Collection[Any], leaving: Iterable[Any] = ()
) -> Iterator[RuleBroken]:
    """A refusal for each of `rows`, of one class, that others depend on."""
    found = dependents(session, rows, leaving) if _standing_on(_kind_of(rows)) else {}
    for row in rows:
        if found and row.id in found:
            yield RuleBroken(
                _n("%(name)s cannot be deleted: still there is %(what)s."),
                name=str(row),
                what=found[row.id],
            ).about(row)
