"""The pages of one record: add, edit, look at. Every refusal has its status and words."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_admin.form import BaseForm, FormOpts
from flask_babel import gettext as _
from sqlalchemy import desc, inspect, select
from sqlalchemy.orm.exc import StaleDataError
from wtforms import HiddenField

from admin.access import return_address, spend_form, turn_away
from admin.records.bringing_back import RecordReturn
from admin.records.lookup import row_id
from admin.records.refusals import EXPECTED, blame
from admin.records.removal import RecordRemoval
from admin.records.words import called, words
from admin.seen import note
from models import AuditEntry, RuleBroken, db
from models.base import _n, new_key

SERVICE = frozenset({"csrf_token", "form_key", "row_version"})
RECENT = 20  # entries of the trail among which a conflict looks for who saved


class RecordForm(BaseForm):
    """Form of a record, with the two hidden fields that guard saving."""

    form_key = HiddenField()
    row_version = HiddenField()

    @property
    def visible(self) -> list[Any]:
        return [field for field in self if field.name not in SERVICE]


@dataclass(frozen=True)
class Conflict:
    """What somebody else saved in the meantime, beside what was typed here."""

    by: str
    at: Any
    differences: list[tuple[str, str, str]]


class AlreadySaved(Exception):
    """The same form came twice."""


class RecordPages(RecordRemoval, RecordReturn):
    """Flask-Admin's pages of one record with 403, 404, 409 and 422 where these are meant."""

    model: Any
    can_create: Any
    can_edit: Any
    create_template = "records/create.html"
    edit_template = "records/edit.html"
    details_template = "records/details.html"
    fixed: tuple[str, ...] = ()  # fields chosen when the row is added, and never again

    # What a screen fills in

    def prepare(self, form: Any, row: Any) -> None:
        """Take fields away or fill them before the form is read; `row` is None for a new one."""

    def more(self, row: Any) -> dict[str, Any]:
        """What the details page shows beneath the row's own fields."""
        return {}

    def create_row(self, form: Any) -> Any:
        """A new row filled from the form, added to the session."""
        row = self.model()
        self.fill(form, row)
        db.session.add(row)
        return row

    # The machinery

    def fill(self, form: Any, row: Any) -> None:
        """Copy the fields of the form, and nothing else of the request, to the row."""
        for name in self.fixed if inspect(row).persistent else ():
            if name in form and form[name].data != getattr(row, name):
                raise RuleBroken(
                    _n("This cannot change any more. Add another record instead."), field=name
                )
        for field in form.visible:
            if hasattr(type(row), field.name):
                field.populate_obj(row, field.name)

    def scaffold_pk(self) -> str:
        """Addresses name a row by its id, also one whose key holds its unit."""
        return "id"

    def row_or_404(self, text: Any) -> Any:
        """The row of this id. Missing, another unit's and malformed are the same: 404."""
        row = self.get_one(text)
        return row if row is not None else abort(404)

    def get_one(self, id: Any) -> Any:
        number = row_id(id)
        if number is None:
            return None
        statement = select(self.model).where(self.model.id == number)
        found = db.session.scalars(statement.options(*getattr(self, "eager_one", ())))
        return found.unique().one_or_none()  # of two with one id, were there such, neither

    def _back(self) -> str:
        target: str = return_address() or self.get_url(".index_view")  # type: ignore[attr-defined]
        return target

    def _form_page(self, template: str, form: Any, status: int = 200, **context: Any) -> Any:
        page = self.render(  # type: ignore[attr-defined]
            template, form=form, form_opts=FormOpts(), return_url=self._back(), **context
        )
        return page, status

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        if not self.can_create:
            return turn_away()
        form = self.create_form()  # type: ignore[attr-defined]
        self.prepare(form, None)
        if request.method == "GET":
            form.form_key.data = new_key()
            return self._form_page(self.create_template, form)
        form.form_key.data = form.form_key.data or new_key()
        if not form.validate():
            return self._form_page(self.create_template, form, 422)
        try:
            if not spend_form(form.form_key.data):
                raise AlreadySaved
            with db.session.no_autoflush:
                row = self.create_row(form)
            db.session.commit()
        except AlreadySaved:
            db.session.rollback()
            flash(_("This form was already saved; nothing was stored twice."), "warning")
            return redirect(self._back())
        except EXPECTED as error:
            self._undo(error)
            blame(form, error)
            return self._form_page(self.create_template, form, 422)
        flash(_("Added: %(name)s", name=called(row)), "success")
        return self._after_saving(row)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        if not self.can_edit:
            return turn_away()
        row = self.row_or_404(request.args.get("id"))
        if (closed := self.closed_page(row)) is not None:
            return closed
        form = self.edit_form(obj=row)  # type: ignore[attr-defined]
        for name in self.fixed:  # not shown; a posted one is looked at and refused
            if name not in request.form:
                delattr(form, name)
        self.prepare(form, row)
        if request.method == "GET":
            form.row_version.data = str(row.version)
            return self._form_page(self.edit_template, form, model=row)
        if form.row_version.data != str(row.version):
            return self._conflict_page(form, row)
        if not form.validate():
            return self._form_page(self.edit_template, form, 422, model=row)
        try:
            with db.session.no_autoflush:
                self.may_change(row)
                self.fill(form, row)
            db.session.commit()
        except StaleDataError:
            db.session.rollback()
            return self._conflict_page(form, self.row_or_404(request.args.get("id")))
        except EXPECTED as error:
            self._undo(error)
            row = self.row_or_404(request.args.get("id"))
            blame(form, error)
            return self._form_page(self.edit_template, form, 422, model=row)
        flash(_("Saved: %(name)s", name=called(row)), "success")
        return self._after_saving(row)

    def closed_page(self, row: Any) -> Any:
        """Instead of a form that could not be saved: the record, where it says why not and how
        to go on. None where the form is due.
        """
        if request.method != "GET" or not self.why_closed(row):
            return None
        return redirect(self.get_url(".details_view", id=row.id, url=self._back()))  # type: ignore[attr-defined]

    def _after_saving(self, row: Any) -> Any:
        if "_add_another" in request.form and self.can_create:
            return redirect(self.get_url(".create_view", url=self._back()))  # type: ignore[attr-defined]
        if "_continue_editing" in request.form and self.can_edit:
            return redirect(self.get_url(".edit_view", id=row.id, url=self._back()))  # type: ignore[attr-defined]
        return redirect(self._back())

    def _undo(self, error: Exception) -> None:
        note(f"refused: {type(error).__name__}")
        db.session.rollback()

    def _conflict_page(self, form: Any, row: Any) -> Any:
        """409: both versions, what was typed is kept, and saving again is an informed choice."""
        entries = db.session.scalars(
            select(AuditEntry)
            .where(
                AuditEntry.resource == self.model.__tablename__, AuditEntry.row_id == str(row.id)
            )
            .order_by(desc(AuditEntry.id))
            .limit(RECENT)
        ).all()
        # what is kept up beside the form, as the last sign-in of a person, is nobody's save
        fields = {field.name for field in form.visible}
        last = next((one for one in entries if fields & one.changes.keys()), (*entries, None)[0])
        differences = [
            (str(field.label.text), _shown(field, stored), _typed(field))
            for field in form.visible
            if hasattr(row, field.name) and (stored := getattr(row, field.name)) != field.data
        ]
        conflict = Conflict(
            by=last.user_name if last else "", at=last.at if last else None, differences=differences
        )
        form.row_version.data = str(row.version)
        return self._form_page(self.edit_template, form, 409, model=row, conflict=conflict)

    @expose("/details/")
    def details_view(self) -> Any:
        row = self.row_or_404(request.args.get("id"))
        return self.render(  # type: ignore[attr-defined]
            self.details_template,
            model=row,
            details_columns=self._details_columns,  # type: ignore[attr-defined]
            get_value=self.get_detail_value,  # type: ignore[attr-defined]
            return_url=self._back(),
            closed=self.why_closed(row) if self.can_edit or self.can_delete else "",
            **self.more(row),
        )


def _shown(field: Any, value: Any) -> str:
    return field.written(value) if hasattr(field, "written") else words(value)


def _typed(field: Any) -> str:
    if field.data is not None and not isinstance(field.data, str):
        return _shown(field, field.data)
    return str(field.raw_data[0]) if field.raw_data else words(field.data)
