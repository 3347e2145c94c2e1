"""The audit trail: who changed what, when, from what to what."""

from typing import Any

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select

from admin.access import May
from admin.records import (
    Exported,
    FromDayFilter,
    Records,
    RowFilter,
    UntilDayFilter,
    ValueFilter,
    WordsFilter,
    investor_options,
)
from models import AuditEntry, db

ACTIONS = ("insert", "update", "delete", "sign-in", "sign-out", "refused", "reopen")


def resources() -> list[str]:
    return list(
        db.session.scalars(select(AuditEntry.resource).distinct().order_by(AuditEntry.resource))
    )


def changes_table(_view: Any, _context: Any, row: AuditEntry, _name: str) -> Markup:
    """Field, old and new value side by side; everything is escaped."""
    lines = Markup("").join(
        Markup("<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>").format(
            field, _shown(pair[0]), _shown(pair[1])
        )
        for field, pair in row.changes.items()
    )
    return Markup(
        "<table><thead><tr><th scope='col'>{}</th><th scope='col'>{}</th><th scope='col'>{}</th>"
        "</tr></thead><tbody>{}</tbody></table>"
    ).format(_l("Field"), _l("Before"), _l("After"), lines)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value)


def fields_changed(_view: Any, _context: Any, row: AuditEntry, _name: str) -> str:
    return ", ".join(row.changes)


class AuditView(Records):
    read = May.SEE_AUDIT
    column_list = ("at", "user_name", "action", "resource", "label", "changes")
    column_details_list = ("at", "user_name", "action", "resource", "row_id", "label", "changes")
    column_labels = {
        "at": _l("Time"),
        "user_name": _l("Person"),
        "action": _l("Action"),
        "resource": _l("Table"),
        "row_id": _l("Row"),
        "label": _l("Record"),
        "changes": _l("What changed"),
    }
    column_formatters = {"changes": fields_changed}
    column_formatters_detail = {"changes": changes_table}
    search_columns = (AuditEntry.label, AuditEntry.user_name)
    searched_by = _l("record, person")
    sorts = {"at": (AuditEntry.at,)}
    default_order = (AuditEntry.at.desc(), AuditEntry.id.desc())
    filters = (
        ValueFilter("table", _l("Table"), AuditEntry.resource, resources),
        ValueFilter("action", _l("Action"), AuditEntry.action, lambda: ACTIONS),
        WordsFilter("person", _l("Person"), AuditEntry.user_name),
        RowFilter("investor", _l("Investor"), AuditEntry.investor_id, investor_options),
        FromDayFilter("from", _l("From"), AuditEntry.at),
        UntilDayFilter("until", _l("Until"), AuditEntry.at),
    )
    exported = (
        Exported(_l("Time"), AuditEntry.at),
        Exported(_l("Person"), AuditEntry.user_name),
        Exported(_l("Action"), AuditEntry.action),
        Exported(_l("Table"), AuditEntry.resource),
        Exported(_l("Row"), AuditEntry.row_id),
        Exported(_l("Record"), AuditEntry.label),
    )


def pages() -> list[BaseView]:
    return [
        AuditView(
            AuditEntry,
            name=_l("Audit trail"),
            endpoint="audit",
            category=_l("Administration"),
            menu_icon_type="i",
            menu_icon_value="clock",
        )
    ]
