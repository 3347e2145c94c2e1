"""The audit trail: who changed what, when, from what to what."""

from typing import Any

from flask import request
from flask_admin import BaseView, expose
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select

from admin.access import May, allowed, turn_away
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
    matches,
)
from admin.words import ACTIONS, action_label, person_label, say, table_label, title
from models import AuditEntry, RuleBroken, db
from models.base import can_come_back, fold


class WordFilter(ValueFilter):
    """Codes to choose from by their words."""

    def __init__(self, code: str, column: Any, values: Any, word: Any) -> None:
        super().__init__(code, column, values)
        self.word = word

    def get_options(self, view: Any) -> list[tuple[str, str]]:
        return sorted(((one, self.word(one)) for one in self.values()), key=lambda pair: pair[1])


class PersonFilter(WordsFilter):
    """A name with or without its marks: it is part of what entries are found by."""

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        return query.where(matches(value, AuditEntry.search_text), _by(value))


def _by(typed: str) -> Any:
    """The names, of those that occur, that hold all words typed."""
    wanted = fold(typed).split()
    names = db.session.scalars(select(AuditEntry.user_name).distinct())
    return AuditEntry.user_name.in_(
        [name for name in names if all(word in fold(name) for word in wanted)]
    )


def resources() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.resource).distinct()))


def resource_word(_view: Any, _context: Any, row: AuditEntry, _name: str) -> str:
    return table_label(row.resource)


def action_word(_view: Any, _context: Any, row: AuditEntry, _name: str) -> str:
    return action_label(row.action)


def person_word(_view: Any, _context: Any, row: AuditEntry, _name: str) -> str:
    return person_label(row.user_name)


def changes_table(_view: Any, _context: Any, row: AuditEntry, _name: str) -> Markup:
    """Field, old and new value side by side, on a phone as cards; everything is escaped."""
    heads = _l("Field"), _l("Before"), _l("After")
    lines = Markup("").join(
        Markup(
            "<tr><th scope='row' data-label='{}'>{}</th><td data-label='{}'>{}</td>"
            "<td data-label='{}'>{}</td></tr>"
        ).format(heads[0], one.field, heads[1], one.old or "–", heads[2], one.new or "–")
        for one in history_in_words([row])[0][1]
    )
    return Markup(
        "<table class='table-cards'><thead><tr><th scope='col'>{}</th><th scope='col'>{}</th>"
        "<th scope='col'>{}</th></tr></thead><tbody>{}</tbody></table>"
    ).format(*heads, lines)


def fields_changed(_view: Any, _context: Any, row: AuditEntry, _name: str) -> str:
    return ", ".join(one.field for one in changes_in_words(row.resource, row.changes))


class AuditView(Records):
    read = May.SEE_AUDIT
    column_list = ("at", "user_name", "action", "resource", "label", "changes")
    column_details_list = (
        "at",
        "user_name",
        "import_run",
        "action",
        "resource",
        "row_id",
        "label",
        "changes",
    )
    details_template = "records/audit.html"
    column_formatters = {
        "changes": fields_changed,
        "resource": resource_word,
        "action": action_word,
        "user_name": person_word,
    }
    column_formatters_detail = column_formatters | {"changes": changes_table}
    writers = {"user_name": person_label, "action": action_label, "resource": table_label}
    search_columns = (AuditEntry.search_text,)
    searched_by = _l("record, person")
    # the trail is long and has an index for its time alone
    sorts = dict.fromkeys(("user_name", "action", "resource", "label"), ())
    default_order = (AuditEntry.at.desc(), AuditEntry.id.desc())
    filters = (
        WordFilter("table", AuditEntry.resource, resources, table_label),
        WordFilter("action", AuditEntry.action, lambda: ACTIONS, action_label),
        PersonFilter("person", AuditEntry.user_name),
        RowFilter("investor", AuditEntry.investor_id, investor_options, name=_l("Investor")),
        FromDayFilter("from", AuditEntry.at, name=_l("From")),
        UntilDayFilter("until", AuditEntry.at, name=_l("Until")),
    )

    def more(self, row: AuditEntry) -> dict[str, Any]:
        return {"title": title(row), "may_bring_back": self._screen_of(row) is not None}

    def _screen_of(self, entry: AuditEntry) -> Any:
        """The screen of the record that the entry deleted, if this person may bring it back: what
        they might type anew, and an administrator, who looks into the trail for the others, all.
        """
        if not can_come_back(entry):
            return None
        is_chief = allowed(current_user, May.EDIT_USERS)
        return next(
            (
                view
                for view in self.admin._views
                if isinstance(view, Records)
                and view.model.__tablename__ == entry.resource
                and (view.can_delete or (is_chief and view.write is not None))
            ),
            None,
        )

    @expose("/restore/", methods=("POST",))
    def restore_view(self) -> Any:
        """A deleted record comes back, as those who may delete it could type it anew."""
        entry = self.row_or_404(request.form.get("id"))
        screen = self._screen_of(entry)
        if screen is None:
            return turn_away()
        try:
            return screen.return_of(entry)
        except RuleBroken as refusal:
            entry = self.row_or_404(request.form.get("id"))
            page = self.render(
                self.details_template,
                model=entry,
                details_columns=self._details_columns,
                get_value=self.get_detail_value,
                return_url=self._back(),
                refusal=say(refusal),
                **self.more(entry),
            )
            return page, 409


def pages() -> list[BaseView]:
    return [
        AuditView(
            AuditEntry,
            name=_l("Audit trail"),
            endpoint="audit",
            category=_l("Administration"),
            menu_icon_value="clock",
        )
    ]
