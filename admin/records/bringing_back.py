"""Deleted records of a screen, and the way back for whoever may delete them."""

from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import select

from admin.access import turn_away
from admin.records.history import history_in_words
from admin.records.lookup import row_id
from admin.records.refusals import in_words
from admin.records.words import called
from admin.words import say
from models import AuditEntry, RuleBroken, db
from models.base import bring_back, can_come_back

MOST_SHOWN = 50


class RecordReturn:
    """The page of what was deleted, newest first; one of them is brought back at a time."""

    model: Any
    can_delete: Any
    not_back: Any = None  # a sentence on what the trail does not keep of such a record

    @expose("/deleted/")
    def deleted_view(self) -> Any:
        """What this person may see of it: the trail has the scope of the records."""
        return self._deleted_page() if self.can_delete else turn_away()

    @expose("/bring-back/", methods=("POST",))
    def bring_back_view(self) -> Any:
        """Asked what a new record is asked; whoever may delete may bring back."""
        if not self.can_delete:
            return turn_away()
        entry = db.session.get(AuditEntry, row_id(request.form.get("id")) or 0)
        if entry is None or entry.resource != self.model.__tablename__ or not can_come_back(entry):
            abort(404)
        try:
            return self.return_of(entry)
        except RuleBroken as refusal:
            return self._deleted_page(say(refusal), 409)

    def return_of(self, entry: AuditEntry) -> Any:
        """The record is back, and its page is shown. Raises RuleBroken, rolled back."""
        with in_words():
            try:
                row, missing = bring_back(db.session(), entry)
                self.may_change(row)  # type: ignore[attr-defined]
                db.session.commit()
            except RuleBroken:
                db.session.rollback()
                raise
        flash(_("Brought back: %(name)s", name=called(row)), "success")
        if missing:
            what = ", ".join(missing)
            flash(_("Not found any more, so left out: %(what)s.", what=what), "warning")
        if self.not_back is not None:
            flash(self.not_back, "warning")
        return redirect(self.get_url(f"{self.endpoint}.details_view", id=row.id))  # type: ignore[attr-defined]

    def _deleted_page(self, refusal: str = "", status: int = 200) -> Any:
        page = self.render(  # type: ignore[attr-defined]
            "records/deleted.html",
            told=history_in_words(self._gone()),
            most=MOST_SHOWN,
            refusal=refusal,
            return_url=self.get_url(".index_view"),  # type: ignore[attr-defined]
        )
        return page, status

    def _gone(self) -> list[AuditEntry]:
        """The newest deletions of records that are not there again."""
        statement = (
            select(AuditEntry)
            .where(
                AuditEntry.action == "delete",
                AuditEntry.resource == self.model.__tablename__,
            )
            .order_by(AuditEntry.id.desc())
            .limit(MOST_SHOWN)
        )
        newest: dict[int, AuditEntry] = {}
        for entry in db.session.scalars(statement):
            newest.setdefault(int(entry.row_id.rpartition("/")[2]), entry)
        there = select(self.model.id).where(self.model.id.in_(newest))
        back = set(db.session.scalars(there))
        return [entry for key, entry in newest.items() if key not in back]
