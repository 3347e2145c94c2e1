"""The audit trail in words: fields by their labels, codes, days and related rows as people know
them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from flask import Flask
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, Column, Date, Enum, select

from admin.records.shown import with_unit
from admin.records.words import words
from admin.words import dong
from models import AuditEntry, Base, ColumnSet, db
from models.base import Field, Percent, UtcDateTime, column_field, stored_day, stored_moment
from reports.tables import HEADINGS

Names = Mapping[tuple[str, int], str]

# fields that no screen shows, as the readers of the trail call them
HIDDEN = {
    "added_at": _l("Added at"),
    "address": _l("Address of the computer"),
    "allocation_id": _l("Allocation"),
    "answers": _l("Answers"),
    "at": _l("Time"),
    "by_office": _l("Remark of the office"),
    "channel": _l("Way"),
    "code": _l("Code"),
    "day": _l("Day"),
    "deadline_at": _l("Deadline"),
    "deadline_reason": _l("Reason of the deadline"),
    "decision_id": _l("Decision"),
    "delivery": _l("Result"),
    "device": _l("Device"),
    "passkey": _l("Passkey"),
    "way": _l("Second step"),
    "digest": _l("Check sum of the content"),
    "done_at": _l("Done"),
    "done_by": _l("Person"),
    "effective_on": _l("Effective on"),
    "entry_id": _l("Progress line"),
    "exempt_reason": _l("Exemption"),
    "exempt_until": _l("Exempt until"),
    "explanations": _l("Explanation"),
    "file_name": _l("File"),
    "from_at": _l("From"),
    "frozen_at": _l("Frozen at"),
    "id": _l("Number in the register"),
    "investor_id": _l("Investor"),
    "is_trial": _l("On trial"),
    "issued_on": _l("Issued on"),
    "key": _l("Setting"),
    "kind": _l("Kind of act"),
    "last_used_at": _l("Last used"),
    "name": _l("Name"),
    "narrative_obstacles": _l("Obstacles"),
    "narrative_proposals": _l("Proposals"),
    "narrative_results": _l("Results of the quarter"),
    "narrative_tasks": _l("Tasks and solutions of the next quarter"),
    "nil_report": _l("Nothing to report"),
    "note": _l("Note"),
    "number": _l("Number"),
    "outcome": _l("Result"),
    "outcome_at": _l("Decided at"),
    "outcome_by": _l("Decided by"),
    "password_hash": _l("Password"),
    "period_id": _l("Reporting period"),
    "project_id": _l("Project"),
    "reason": _l("Reason"),
    "received_by": _l("Registered by"),
    "received_note": _l("Evidence"),
    "received_via": _l("How it came"),
    "recipient": _l("Recipient"),
    "resolved_at": _l("Closed at"),
    "resolved_by": _l("Closed by"),
    "return_reason": _l("Reason of the return"),
    "seeded_at": _l("Days off proposed at"),
    "sent_at": _l("Sent at"),
    "sent_by": _l("Sent by"),
    "session_epoch": _l("End of earlier sessions"),
    "short_name": _l("Short name"),
    "since": _l("Counts from the data of"),
    "stands_accepted": _l("Counts among accepted reports"),
    "stands_submitted": _l("Counts among sent reports"),
    "stated_total": _l("Total of your own table"),
    "status": _l("Status"),
    "step": _l("Step"),
    "submission_id": _l("Report of the unit"),
    "summary": _l("Summary"),
    "text": _l("Content"),
    "undone_at": _l("Undone"),
    "until_at": _l("Until"),
    "user_id": _l("User"),
    "user_name": _l("Person"),
    "valid_from": _l("In force from"),
    "valid_to": _l("Valid to"),
    "value": _l("Value set"),
    "version_id": _l("Frozen report"),
    "year": _l("Year"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one change, in words."""

    field: str
    old: str
    new: str


def history_in_words(entries: Iterable[AuditEntry]) -> list[tuple[AuditEntry, list[Change]]]:
    """Each entry with its changes; one query for each kind of row that they refer to."""
    found = list(entries)
    names = _names(found)
    return [(one, list(changes_in_words(one.resource, one.changes, names=names))) for one in found]


def changes_in_words(
    resource: str,
    changes: Mapping[str, list[Any]],
    *,
    all_kept: bool = True,
    names: Names | None = None,
) -> Iterable[Change]:
    """What the audit trail keeps of one row, as the people know the fields and their values.

    Fields that no screen shows come under their own names, or not at all (`all_kept`).
    """
    for name, field, pair in _told(resource, changes):
        if field is None and not all_kept:
            continue
        column = field.column if field is not None else _kept_in(resource, name)
        old, new = (_value(field, column, one, names or {}) for one in pair)
        yield Change(_called(name) if field is None else with_unit(field.shown), old, new)


def _called(name: str) -> str:
    return str(HIDDEN.get(name, name))


def _told(
    resource: str, changes: Mapping[str, list[Any]]
) -> Iterable[tuple[str, Field | None, tuple[Any, Any]]]:
    model = _models().get(resource)
    for name, pair in changes.items():
        old, new = (*pair, None, None)[:2]
        yield name, column_field(model, name) if model is not None else None, (old, new)


def _kept_in(resource: str, name: str) -> Any:
    """The column of a field that no screen shows; None where it is gone."""
    model = _models().get(resource)
    is_number = name == "id" or name.endswith("_id")  # of a row: never grouped by thousands
    return None if model is None or is_number else model.__table__.c.get(name)


@cache
def _models() -> dict[str, Any]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def _names(entries: list[AuditEntry]) -> Names:
    """The words for rows that were referred to by their ids and are there still."""
    wanted: dict[Any, set[int]] = {}
    for entry in entries:
        for _name, field, pair in _told(entry.resource, entry.changes):
            if (target := _target(field)) is not None:
                wanted.setdefault(target, set()).update(x for x in pair if isinstance(x, int))
    return {
        (kind.__tablename__, row.id): str(row)
        for kind, ids in wanted.items()
        for row in db.session.scalars(select(kind).where(kind.id.in_(ids)))
    }


def _target(field: Field | None) -> Any:
    """The model behind a relation, where its rows are named by what they hold themselves."""
    if field is None or field.relation is None:
        return None
    kind = field.relation.mapper.class_
    return kind if hasattr(kind, "in_files") else None


def _value(field: Field | None, column: Any, stored: Any, names: Names) -> str:
    """The trail keeps codes and ISO days; people read words and their own days."""
    if _is_of_columns(field):
        return _columns(stored)
    if isinstance(stored, list):
        return ", ".join(map(str, stored))
    if stored is None:
        return ""
    if (target := _target(field)) is not None:
        return names.get((target.__tablename__, stored), str(stored))
    if column is None or isinstance(stored, bool):
        return words(stored)
    try:
        return _of_type(column, stored)
    except (ValueError, TypeError, ArithmeticError):
        return str(stored)  # a code of earlier days is shown as it was kept


def _is_of_columns(field: Field | None) -> bool:
    """Whether a field holds columns of a report by their keys."""
    column = field.column if field is not None else None
    return (
        column is not None
        and column.name in ("columns", "headings")
        and (column.table is ColumnSet.__table__)
    )


def _columns(stored: Any) -> str:
    """Columns by their names; behind each its own head, if it has one."""
    heads = stored.items() if isinstance(stored, dict) else ((key, "") for key in stored or ())
    called = [(gettext(HEADINGS.get(str(key), str(key))), head) for key, head in heads]
    return ", ".join(f"{name}: {head}" if head else name for name, head in called)


def _of_type(column: "Column[Any]", stored: Any) -> str:
    kind = column.type
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return words(kind.enum_class(stored))
    if isinstance(kind, UtcDateTime):
        return words(stored_moment(stored))
    if isinstance(kind, Date):
        return words(stored_day(stored))
    if isinstance(kind, Percent):
        return words(Decimal(stored))
    return dong(int(stored)) if isinstance(kind, BigInteger) else str(stored)


def register(app: Flask) -> None:
    """Make the words of records and of their changes known to templates."""
    app.jinja_env.globals["in_words"] = words
    app.jinja_env.globals["changes_in_words"] = changes_in_words
