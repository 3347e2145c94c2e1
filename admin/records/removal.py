"""Deleting records: asked on a page that names them, refused with the count of what depends."""

from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_admin.actions import action
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select

from admin.access import turn_away
from admin.records.depending import linked
from admin.records.lookup import row_id
from admin.records.refusals import EXPECTED, sentence
from admin.words import ngettext
from models import db
from models.base import refusals_of_removal

MOST_CHOSEN = 1_000


class RecordRemoval:
    """The page that asks, the deletion, and the deletion of several; all of them or none."""

    model: Any
    can_delete: Any
    keep_instead: Any = None
    # said by the pages and the list, which become one class with this
    row_or_404: Any
    _back: Any
    _undo: Any

    def may_change(self, row: Any) -> None:
        """Raise RuleBroken where this very row takes no change, such as in a locked period."""

    def why_closed(self, row: Any) -> str:
        """The sentence by which this very row takes no change; empty where it takes one."""
        try:
            self.may_change(row)
        except EXPECTED as error:
            return sentence(error)
        return ""

    def closed_rows(self, rows: list[Any]) -> frozenset[int]:
        """Ids of the rows of a list that `may_change` refuses, asked together."""
        return frozenset()

    def hindrances(self, row: Any) -> list[str]:
        """Sentences that say why the row cannot be deleted; empty when it can."""
        return []

    @expose("/delete-confirm/")
    def confirm_delete_view(self) -> Any:
        """Asks on a page of its own, which names the record and needs no script."""
        if not self.can_delete:
            return turn_away()
        row = self.row_or_404(request.args.get("id"))
        return self._delete_page(row, self._reasons(row))

    def _delete_page(self, row: Any, reasons: list[Any], status: int = 200) -> Any:
        page = self.render(  # type: ignore[attr-defined]
            "records/delete.html", model=row, reasons=reasons, return_url=self._back()
        )
        return page, status

    def _reasons(self, row: Any) -> list[Any]:
        if why := self.why_closed(row):
            return [why]
        reasons: list[Any] = self.hindrances(row)
        reasons += [linked(one, row) for one in refusals_of_removal(db.session(), row)]
        if reasons and self.keep_instead:
            reasons.append(str(self.keep_instead))
        return reasons

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Any:
        if not self.can_delete:
            return turn_away()
        row = self.row_or_404(request.form.get("id"))
        name = str(row)
        reasons = self._reasons(row)
        if reasons:
            return self._delete_page(row, reasons, 409)
        try:
            db.session.delete(row)
            db.session.commit()
        except EXPECTED as error:
            self._undo(error)
            row = self.row_or_404(request.form.get("id"))
            return self._delete_page(row, [sentence(error)], 409)
        flash(_("Deleted: %(name)s", name=name), "success")
        return redirect(self._back())

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        name = request.form.get("action", "")
        if name in self._actions_data and not self.is_action_allowed(name):  # type: ignore[attr-defined]
            return turn_away()
        return self.handle_action()  # type: ignore[attr-defined]

    def chosen_rows(self, ids: list[str]) -> list[Any]:
        """The rows of an action, by integer keys; one that cannot be seen refuses them all."""
        if len(ids) > MOST_CHOSEN:  # more than a page of the list shows
            abort(413)
        numbers = {row_id(text) for text in ids}
        if None in numbers:
            abort(404)
        rows = list(
            db.session.scalars(
                select(self.model).where(self.model.id.in_(numbers)).order_by(self.model.id)
            )
        )
        return rows if len(rows) == len(numbers) else abort(404)

    @action("delete", _l("Delete"), _l("Delete the selected records for good?"))
    def action_delete(self, ids: list[str]) -> Any:
        """All of them or none."""
        rows = self.chosen_rows(ids)
        kept = [(str(row), reasons) for row in rows if (reasons := self._reasons(row))]
        if kept:
            for name, reasons in kept[:5]:
                flash(Markup("{}: {}").format(name, Markup(" ").join(reasons)), "error")
            flash(_("Nothing was deleted."), "error")
            return None
        try:
            for row in rows:
                db.session.delete(row)
            db.session.commit()
        except EXPECTED as error:
            self._undo(error)
            flash(sentence(error), "error")
            return None
        flash(
            ngettext("%(num)s record was deleted.", "%(num)s records were deleted.", len(rows)),
            "success",
        )
        return None
