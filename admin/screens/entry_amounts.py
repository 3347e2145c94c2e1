"""The amounts of one progress entry: advance, completed, recovered, returned per allocation."""

from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError
from wtforms import FormField, HiddenField

from admin.records import EXPECTED, LineField, MoneyField, RecordForm, blame
from models import Allocation, Disbursement, ProgressEntry, RuleBroken, db
from models.base import _n, now
from models.filing import hold_open

AMOUNTS = ("advance", "completed", "recovered", "returned")


class AmountsForm(RecordForm):
    advance = MoneyField(_l("Advance"))
    completed = MoneyField(_l("Completed work"))
    recovered = MoneyField(_l("Of it: advance recovered"))
    returned = MoneyField(_l("Returned"))
    return_document = LineField(_l("Document of the return"), most=200)


def allocations_of(entry: ProgressEntry) -> list[Allocation]:
    """Allocations of the project in the budget year of the period."""
    return list(
        db.session.scalars(
            select(Allocation)
            .where(
                Allocation.project_id == entry.project_id,
                Allocation.budget_year == entry.submission.period.budget_year,
            )
            .order_by(Allocation.vintage.desc(), Allocation.source, Allocation.nature)
        )
    )


def amounts_page(view: Any, entry: ProgressEntry) -> Any:
    """The form, or None after it was saved."""
    allocations = allocations_of(entry)
    known = {one.allocation_id: one for one in entry.disbursements}
    kind: Any = type("EntryAmountsForm", (RecordForm,), {"row_version": HiddenField()})
    for one in allocations:
        setattr(kind, f"a{one.id}", FormField(AmountsForm, str(one)))
    posted = request.method == "POST"
    data = {f"a{key}": _stored(row) for key, row in known.items()}
    form = kind(request.form if posted else None, data=data)
    status = 200
    if not posted:
        form.row_version.data = str(entry.version)
    elif form.row_version.data != str(entry.version):
        flash(_("Somebody else saved this entry while you were editing it."), "error")
        form.row_version.data, status = str(entry.version), 409
    elif not form.validate():
        status = 422
    else:
        try:
            hold_open(db.session(), entry.submission, at=now())
            with db.session.no_autoflush:
                _store(entry, allocations, known, form)
            db.session.commit()
        except StaleDataError:
            db.session.rollback()
            flash(_("Somebody else saved this entry while you were editing it."), "error")
            status = 409
        except EXPECTED as error:
            db.session.rollback()
            blame(form, error)
            status = 422
        else:
            flash(_("Saved: %(name)s", name=entry), "success")
            return None
    page = view.render(
        "records/entry_amounts.html",
        model=entry,
        form=form,
        rows=[(one, form[f"a{one.id}"].form) for one in allocations],
        return_url=view.get_url(".details_view", id=entry.id),
    )
    return page, status


def _stored(row: Disbursement) -> dict[str, Any]:
    return {name: getattr(row, name) or None for name in (*AMOUNTS, "return_document")}


def _store(
    entry: ProgressEntry,
    allocations: list[Allocation],
    known: dict[int, Disbursement],
    form: Any,
) -> None:
    flag_modified(entry, "project_id")  # so that another open page learns of it
    for one in allocations:
        typed = form[f"a{one.id}"].form
        amounts = {name: typed[name].data or 0 for name in AMOUNTS}
        if amounts["recovered"] > amounts["completed"]:
            raise RuleBroken(
                _n("%(allocation)s: the advance recovered is part of the completed work."),
                allocation=str(one),
            )
        row = known.get(one.id)
        if row is None and not any(amounts.values()):
            continue
        if row is None:
            row = Disbursement(investor_id=entry.investor_id, allocation=one)
            entry.disbursements.append(row)
        for name, amount in amounts.items():
            setattr(row, name, amount)
        row.return_document = typed.return_document.data
