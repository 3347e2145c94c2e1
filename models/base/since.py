"""Whose rows have changed since the audit trail had a number of entries.

Every change of a row is noted, and entries are sealed one transaction after the other: whoever
sees a seal sees what all before it were set for. So whatever was read when there were N of them is
still so, but for the rows that later entries speak of.
"""

from collections.abc import Mapping, Set
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base.audit import AuditEntry
from models.base.chain import SEALS, end_of, has_unsealed


class Touched(NamedTuple):
    """By table, the units of which rows were changed (None: of the office), by the time when the
    trail had `end` entries.
    """

    end: int
    units: Mapping[str, Set[int | None]]


def touched_since(
    session: Session, sealed: int, what: Mapping[str, Set[str] | None], *, at_most: int
) -> Touched | None:
    """Of which units rows were changed since the trail had `sealed` entries. `what`: the tables,
    each with the fields that matter, or None for all.

    No answer where that cannot be told cheaply: this transaction has changed something itself, or
    more than `at_most` entries have come.
    """
    end = end_of(session.connection()).number
    if has_unsealed(session.connection()) or not sealed <= end <= sealed + at_most:
        return None
    found: dict[str, set[int | None]] = {}
    if end == sealed:
        return Touched(end, found)
    since = SEALS.c.number > sealed
    entry = select(AuditEntry.resource, AuditEntry.investor_id).join(
        SEALS, SEALS.c.entry_id == AuditEntry.id
    )
    whole = [name for name, fields in what.items() if fields is None]
    asked = entry.where(since, AuditEntry.resource.in_(whole)).distinct()
    for resource, unit in session.execute(asked):
        found.setdefault(resource, set()).add(unit or None)
    told = entry.add_columns(AuditEntry.changes)
    partly = [name for name in what if name not in whole]
    for resource, unit, changes in session.execute(
        told.where(since, AuditEntry.resource.in_(partly))
    ):
        if changes.keys() & (what[resource] or set()):
            found.setdefault(resource, set()).add(unit or None)
    return Touched(end, found)
