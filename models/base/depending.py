"""What depends on a record, read off the foreign keys: it cannot be deleted while that is there."""

from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.base.database import Base
from models.base.recording import attribute_of, deleted_with, mapped_tables

# goes with the unit that never was on it; what a unit really had to report stays and is counted
_FOLLOWS = {("investor", "expected_change")}


def dependents(session: Session, row: Any) -> dict[str, int]:
    """How many rows of each table point to `row`, without those that are deleted with it."""
    kinds, own = mapped_tables(), deleted_with(type(row))
    own |= {other for table, other in _FOLLOWS if table == row.__tablename__}
    found: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        if table.name in own:
            continue
        for constraint in table.foreign_key_constraints:
            if constraint.elements[0].column.table is not row.__table__ or constraint.ondelete:
                continue
            kind: Any = kinds.get(table.name)
            here = [
                (
                    table.c[element.parent.name]
                    if kind is None
                    else attribute_of(kind, element.parent)
                )
                == getattr(row, attribute_of(type(row), element.column).key)
                for element in constraint.elements
            ]
            asked = select(func.count()).select_from(table if kind is None else kind)
            count = session.scalar(asked.where(and_(*here))) or 0
            if count:
                found[table.name] = found.get(table.name, 0) + count
    return found
