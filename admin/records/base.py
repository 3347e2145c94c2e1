"""The base of every record screen: who may, which rows, and the pages of Flask-Admin mended.

A screen names only what differs: its columns, form, sorts, details and export come from the
fields of its model (record_defaults), its form from Flask-Admin's own generator (record_forms).
"""

from typing import Any, ClassVar

from flask import Response, abort, g, request
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_login import current_user
from sqlalchemy import select

from admin.access import Guarded, May, allowed
from admin.records.defaults import RecordDefaults
from admin.records.export import streamed
from admin.records.forms import OurConverter
from admin.records.list import MOST_ROWS, RecordList
from admin.records.pages import RecordForm, RecordPages
from admin.records.words import type_formatters
from models import db
from models.base import today
from reports.writing import DELIMITERS


def _may_write(view: "Records") -> bool:
    return allowed(current_user, view.write)


class Records(Guarded, RecordPages, RecordList, RecordDefaults, ModelView):
    """Shut unless `read` is named; nothing can be changed unless `write` is."""

    write: May | None = None
    elsewhere = frozenset({"index_view", "export"})
    can_create = property(_may_write)
    can_edit = property(_may_write)
    can_delete = property(_may_write)
    can_view_details = True
    can_export = True
    can_set_page_size = True
    page_size = 50
    page_size_options = (20, 50, MOST_ROWS)
    export_types = ("csv",)
    details_groups: ClassVar[Any] = ()
    model_form_converter = OurConverter
    form_base_class = RecordForm

    def __init__(self, model: Any, **kwargs: Any) -> None:
        self.column_type_formatters = type_formatters()
        self.column_type_formatters_detail = type_formatters()
        self.take_from(model)
        super().__init__(model, db, **kwargs)

    def scaffold_form(self) -> Any:
        """A screen that only shows has no form."""
        return super().scaffold_form() if self.write is not None else RecordForm

    def joined_for_export(self, statement: Any) -> Any:
        """`statement` with the joins that the exported columns need besides those of the list."""
        return self.joined(statement)

    def export_url(self, kind: str, delimiter: str | None = None) -> str:
        """Address of the export with what narrows and orders the list at present."""
        args = g.get("list_args") or self._get_list_extra_args()
        kept: dict[str, Any] = {"search": args.search, "sort": args.sort}
        kept |= {"desc": 1} if args.sort_desc else {}
        kept |= {"delimiter": delimiter} if delimiter else {}
        return str(
            self.get_url(".export", export_type=kind, **kept, **self._get_filters(args.filters))
        )

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Response:
        if not self.can_export or export_type not in self.export_types or not self.exported:
            abort(404)
        args = self._get_list_extra_args()
        if g.get("list_refused"):  # a file must not hold more than was asked for
            page: Response = self.index_view()
            return page
        column = self._get_column_by_idx(args.sort)
        statement = self.narrowed(
            self.joined_for_export(select(self.model)), args.search, args.filters
        )
        turns = self.turns(column[0] if column else None, args.sort_desc)
        between = DELIMITERS.get(request.args.get("delimiter") or "comma") or abort(404)
        name = f"{self.name} {today():%Y-%m-%d}"
        parts = self.in_parts(statement, turns)
        return streamed(parts, self.exported, name, delimiter=between)
