"""Putting rows back as they were before something was carried out, while nothing followed it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.base.among import among, batched
from models.base.database import Base
from models.base.depending import pointers
from models.base.recording import (
    Step,
    attribute_of,
    deleted_with,
    mapped_tables,
    plain_values,
    typed_values,
)

AT_ONCE = 2_000


class Followed(Exception):
    """A row was changed, deleted, or built upon since. `table` and `key` name it."""

    def __init__(self, table: str, key: int) -> None:
        super().__init__(f"{table} {key}")
        self.table, self.key = table, key


def put_back(session: Session, steps: Sequence[Step]) -> None:
    """Every row as it was before its step. Raises Followed, and then nothing is changed.

    Only what the steps changed must still be as they left it: another field of a row may have
    got another value since, and keeps it. In a few queries for each table.
    """
    session.flush()
    kinds, by_table = mapped_tables(), defaultdict(list)
    for step in steps:
        by_table[step.table].append(step)
    order = [table.name for table in Base.metadata.sorted_tables if table.name in by_table]
    rows = {name: _rows(session, kinds[name], by_table[name]) for name in order}
    for name in order:
        for step in by_table[name]:
            _check_unchanged(step, rows[name].get(step.key))
    for name in order:
        _check_nothing_hangs_on(session, name, by_table)
    for step in steps:  # together: the flush knows who stands under whom
        if step.before is None:
            session.delete(rows[step.table][step.key])
    session.flush()
    for name in order:
        for step in by_table[name]:
            _restore(session, kinds[name], step, rows[name].get(step.key))
        session.flush()
    session.expire_all()


def _rows(session: Session, kind: Any, steps: Iterable[Step]) -> dict[int, Any]:
    """The rows as they are now, with what a deletion would look for."""
    children = [
        selectinload(getattr(kind, one.key))
        for one in kind.__mapper__.relationships
        if one.direction.name == "ONETOMANY"
    ]
    found: dict[int, Any] = {}
    for keys in batched([step.key for step in steps], AT_ONCE):
        some = select(kind).where(among(kind.id, keys)).options(*children)
        for row in session.scalars(some.execution_options(populate_existing=True)):
            found[row.id] = row
    return found


def _check_unchanged(step: Step, row: Any) -> None:
    if (row is None) != (step.after is None):
        raise Followed(step.table, step.key)
    if row is None or step.after is None:
        return
    now = plain_values(row)
    changed = step.after if step.before is None else _changed(step.before, step.after)
    if any(now[name] != step.after[name] for name in changed):
        raise Followed(step.table, step.key)


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name, value in after.items() if before[name] != value]


def _check_nothing_hangs_on(session: Session, name: str, steps: dict[str, list[Step]]) -> None:
    """Rows that were entered since under a row that is to vanish would be lost with it. What
    stands on it without going with it is counted by the refusal of the flush.
    """
    made = {step.key for step in steps[name] if step.before is None}
    if not made:
        return
    kinds = mapped_tables()
    for other in sorted(deleted_with(kinds[name])):
        kind = kinds[other]
        own = {step.key for step in steps.get(other, ())}
        for column in [attribute_of(kind, one) for one in pointers(kind.__table__, name)]:
            key = getattr(kind, "id", column)
            for some in batched(sorted(made), AT_ONCE):
                for found, target in session.execute(
                    select(key, column).where(among(column, some))
                ):
                    if key is column or found not in own:
                        raise Followed(*((name, target) if key is column else (other, found)))


def _restore(session: Session, kind: Any, step: Step, row: Any) -> None:
    if step.before is None:
        return
    if step.after is None:
        session.add(kind(**typed_values(kind, step.before)))
        return
    names = _changed(step.before, step.after)
    for name, value in typed_values(kind, {one: step.before[one] for one in names}).items():
        setattr(row, name, value)
