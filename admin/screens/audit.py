"""The audit trail: who changed what, when, from what to what."""

from typing import Any

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select

from admin.access import May
from admin.records import (
    FromDayFilter,
    Records,
    RowFilter,
    UntilDayFilter,
    ValueFilter,
    WordsFilter,
    changes_in_words,
    history_in_words,
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
            one.field, one.old or "–", one.new or "–"
        )
        for one in history_in_words([row])[0][1]
    )
    return Markup(
        "<table><thead><tr><th scope='col'>{}</th><th scope='col'>{}</th><th scope='col'>{}</th>"
        "</tr></thead><tbody>{}</tbody></table>"
    ).format(_l("Field"), _l("Before"), _l("After"), lines)


def fields_changed(_view: Any, _context: Any, row: AuditEntry, _name: str) -> str:
    return ", ".join(one.field for one in changes_in_words(row.resource, row.changes))


class AuditView(Records):
    read = May.SEE_AUDIT
    column_list = ("at", "user_name", "action", "resource", "label", "changes")
    column_formatters = {"changes": fields_changed}
    column_formatters_detail = {"changes": changes_table}
    search_columns = (AuditEntry.label, AuditEntry.user_name)
    searched_by = _l("record, person")
    # the trail is long and has an index for its time alone
    sorts = dict.fromkeys(("user_name", "action", "resource", "label"), ())
    default_order = (AuditEntry.at.desc(), AuditEntry.id.desc())
    filters = (
        ValueFilter("table", AuditEntry.resource, resources),
        ValueFilter("action", AuditEntry.action, lambda: ACTIONS),
        WordsFilter("person", AuditEntry.user_name),
        RowFilter("investor", AuditEntry.investor_id, investor_options, name=_l("Investor")),
        FromDayFilter("from", AuditEntry.at, name=_l("From")),
        UntilDayFilter("until", AuditEntry.at, name=_l("Until")),
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
