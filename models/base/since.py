"""Whose rows have changed since the audit trail had a number of entries.

Every change of a row is noted, and entries are sealed one transaction after the other: whoever
sees a seal sees what all before it were set for. So whatever was read when there were N of them is
still so, but for the rows that later entries speak of.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models.base.audit import AuditEntry
from models.base.chain import SEALS, end_of, has_unsealed


class Touched(NamedTuple):
    """A unit of which rows of a table were changed; no unit where they are the office's."""

    investor_id: int | None
    resource: str


def touched_since(
    session: Session, sealed: int, resources: Collection[str], *, at_most: int
) -> set[Touched] | None:
    """Of which units rows of these tables were changed since the trail had `sealed` entries; None
    where that cannot be told cheaply: this transaction has changed something itself, or more than
    `at_most` entries have come.
    """
    end = end_of(session.connection()).number
    if has_unsealed(session.connection()) or not sealed <= end <= sealed + at_most:
        return None
    if end == sealed:
        return set()
    rows = session.execute(
        select(AuditEntry.investor_id, AuditEntry.resource)
        .join(SEALS, SEALS.c.entry_id == AuditEntry.id)
        .where(SEALS.c.number > sealed, AuditEntry.resource.in_(resources))
        .distinct()
    )
    return {Touched(unit or None, resource) for unit, resource in rows}


def fields_changed_since(session: Session, sealed: int, resource: str) -> set[str]:
    """The fields that were changed in rows of a table since then; all of one that came or went."""
    rows = session.scalars(
        select(AuditEntry.changes)
        .join(SEALS, SEALS.c.entry_id == AuditEntry.id)
        .where(and_(SEALS.c.number > sealed, AuditEntry.resource == resource))
    )
    return {name for changes in rows for name in changes}
