"""The amounts of one progress entry: advance, completed, recovered, returned per allocation."""

from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError
from wtforms import FormField

from admin.access import spend_form
from admin.records import EXPECTED, RecordForm, blame, called, form_of, sentence
from models import Allocation, Disbursement, ProgressEntry, Stale, db
from models.base import new_key, now, read_id
from models.filing import AmountsInput, earlier_amounts, save_amounts
from models.ledger import predecessors_of, sums_of
from models.returns import AMOUNTS


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
    amounts = form_of(view, Disbursement)
    kind: Any = type("EntryAmountsForm", (RecordForm,), {})
    for one in allocations:
        setattr(kind, f"a{one.id}", FormField(amounts, str(one)))
    posted = request.method == "POST"
    data = {f"a{key}": _stored(row) for key, row in known.items()}
    form = kind(request.form if posted else None, data=data)
    form.form_key.data = form.form_key.data or new_key()
    status = 200
    if not posted:
        form.row_version.data = str(entry.version)
    elif not form.validate():
        status = 422
    else:
        status = _save(entry, form, allocations)
        if status == 303:
            return None
    page = view.render(
        "records/entry_amounts.html",
        model=entry,
        form=form,
        rows=[(one, form[f"a{one.id}"].form) for one in allocations],
        return_url=view.get_url(".details_view", id=entry.id),
    )
    return page, status


def _asked(entry: ProgressEntry, allocations: list[Allocation], form: Any) -> bool:
    """Whether no amount is a thousand times off the plan or last month, or all are confirmed."""
    period, investor = entry.submission.period, entry.submission.investor
    plans = sums_of(db.session(), [one.id for one in allocations], day=period.data_to)
    units = [investor.id, *predecessors_of(db.session(), investor.id)]
    earlier = earlier_amounts(db.session(), period, [investor.id], units)
    answers = [
        form[f"a{one.id}"]
        .form[name]
        .ask(plan=plans[one.id].plan, last=earlier.get(one.id, (0, None))[1] or 0)
        for one in allocations
        for name in AMOUNTS
    ]
    return all(answers)


def _tell_both(form: Any, entry: ProgressEntry, allocations: list[Allocation]) -> None:
    """What is stored now beside what was typed; saving again is an informed choice."""
    form.row_version.data = str(entry.version)
    flash(_("Somebody else saved this entry while you were editing it."), "error")
    known = {one.allocation_id: one for one in entry.disbursements}
    for one in allocations:
        stored = _stored(known[one.id]) if one.id in known else {}
        for field in form[f"a{one.id}"].form:
            if field.name.rpartition("-")[2] not in (*AMOUNTS, "return_document"):
                continue
            now_there = stored.get(field.name.rpartition("-")[2])
            if (now_there or None) != (field.data or None):
                flash(
                    _(
                        "%(capital)s, %(field)s: stored now “%(theirs)s”, typed by you “%(mine)s”.",
                        capital=called(one),
                        field=str(field.label.text),
                        theirs=field.written(now_there) or "–",
                        mine=field.written(field.data) or "–",
                    ),
                    "warning",
                )


def _stored(row: Disbursement) -> dict[str, Any]:
    return {name: getattr(row, name) or None for name in (*AMOUNTS, "return_document")}


def _save(entry: ProgressEntry, form: Any, allocations: list[Allocation]) -> int:
    """The status of what came of it: 303 saved, 409 somebody else was first, 422 refused."""
    session, version = db.session(), read_id(form.row_version.data or "") or 0
    try:
        if not spend_form(form.form_key.data):
            session.rollback()
            flash(_("This form was already saved; nothing was stored twice."), "warning")
            return 303
        # who was overtaken is told that first: what is asked goes by what is stored now
        if version == entry.version and not _asked(entry, allocations, form):
            session.rollback()
            return 422
        save_amounts(session, entry, _read(form, allocations), version=version, at=now())
        session.commit()
    except (Stale, StaleDataError):
        session.rollback()
        _tell_both(form, entry, allocations)
        return 409
    except EXPECTED as error:
        session.rollback()
        _blame(form, error)
        return 422
    flash(_("Saved: %(name)s", name=entry), "success")
    return 303


def _read(form: Any, allocations: list[Allocation]) -> list[AmountsInput]:
    """What was posted; an allocation that came in while somebody typed is left alone."""
    names = (*AMOUNTS, "return_document")
    return [
        AmountsInput(
            allocation_id=one.id,
            **{name: form[f"a{one.id}"].form[name].data for name in names},
        )
        for one in allocations
        if any(name.startswith(f"a{one.id}-") for name in request.form)
    ]


def _blame(form: Any, error: Exception) -> None:
    """The sentence at the amount of the allocation that it speaks of."""
    row, field = getattr(error, "row", None), getattr(error, "field", None)
    part = form._fields.get(f"a{row.allocation_id}") if isinstance(row, Disbursement) else None
    if part is None or field not in part.form:
        blame(form, error)
        return
    part.form[field].errors = [*part.form[field].errors, sentence(error)]
    form.form_errors.append(f"{part.label.text}: {sentence(error)}")
