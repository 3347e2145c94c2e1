"""Allocations and their ledger: capital is added line by line under a decision, never typed."""

from typing import Any

from flask import flash, redirect, request
from flask_admin import BaseView, expose
from flask_admin.form import FormOpts
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, and_, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from admin.access import May, spend_form, turn_away
from admin.records import (
    EXPECTED,
    ChoiceFilter,
    Filter,
    Records,
    RowFilter,
    ValueFilter,
    YesNoFilter,
    blame,
    component_options,
    decisions,
    form_fields,
    form_of,
    investor_options,
    link,
    projects,
    values_of,
)
from admin.screens.allocation_forms import AskedAmount
from admin.words import dong
from models import (
    Allocation,
    AllocationLine,
    Investor,
    Project,
    RuleBroken,
    db,
)
from models.base import _n, new_key, today
from models.ledger import add_line, find_or_add_allocation, sums_of

planned = (
    select(
        AllocationLine.investor_id,
        AllocationLine.allocation_id,
        func.sum(AllocationLine.amount).label("amount"),
    )
    .where(AllocationLine.effective_on <= bindparam("today", callable_=today, type_=Date))
    .group_by(AllocationLine.investor_id, AllocationLine.allocation_id)
    .subquery("planned")
)


PROJECTS, DECISIONS = projects(), decisions()


class AllocationView(Records):
    read, write = May.SEE_ALLOCATIONS, May.EDIT_ALLOCATIONS
    form_ajax_refs = {"project": PROJECTS, "decision": DECISIONS}
    fixed = ("project", "budget_year", "source", "nature", "vintage")
    details_template = "records/allocation.html"
    lead = ("project", "project.investor")
    lead_in_files = lead
    tips = ("vintage", "planned_now")
    computed = {"planned_now": planned.c.amount}
    column_list = (
        "project", "project.investor", "budget_year", "source", "nature", "vintage", "planned_now",
    )  # fmt: skip
    column_classes = {"project": "wide"}
    eager = (
        contains_eager(Allocation.project).contains_eager(Project.investor),
        selectinload(Allocation.lines),
    )
    eager_one = (
        joinedload(Allocation.project).joinedload(Project.investor),
        selectinload(Allocation.lines).joinedload(AllocationLine.decision),
    )
    search_columns = (Project.search_text, Investor.search_text)
    searched_by = _l("project, investor")
    default_order = (Allocation.budget_year.desc(), Project.code, Allocation.source)
    filters = (
        ValueFilter("year", Allocation.budget_year, values_of(Allocation.budget_year)),
        RowFilter("investor", Allocation.investor_id, investor_options, name=Project.investor),
        RowFilter("component", Project.component_id, component_options),
        Filter("project", Project.code, name=_l("Project code")),
        ChoiceFilter("source", Allocation.source),
        ChoiceFilter("nature", Allocation.nature),
        YesNoFilter(
            "carried", Allocation.vintage < Allocation.budget_year, name=_l("Carried over")
        ),
    )

    keep_instead = _l("Add a recall that takes the capital away instead; the past stays.")

    def joined(self, statement: Any) -> Any:
        return statement.join(Allocation.project).join(Project.investor)

    def joined_for_export(self, statement: Any) -> Any:
        of_allocation = and_(
            planned.c.investor_id == Allocation.investor_id,
            planned.c.allocation_id == Allocation.id,
        )
        return self.joined(statement).outerjoin(planned, of_allocation)

    def scaffold_form(self) -> Any:
        """The key and, with it, the first line of the ledger."""
        key = super().scaffold_form()
        self.line_form = type("LineForm", (AskedAmount, form_of(self, AllocationLine)), {})
        return type("AllocationForm", (key, self.line_form), {})

    def prepare(self, form: Any, row: Allocation | None) -> None:
        """The key is chosen once, with the first line; afterwards the ledger grows by lines."""
        if row is None:
            if request.method == "GET":
                form.project.data = PROJECTS.get_one(request.args.get("project"))
                form.budget_year.data = form.vintage.data = today().year
            return
        for name in form_fields(AllocationLine):
            delattr(form, name)

    def create_row(self, form: Any) -> Allocation:
        session = db.session()
        allocation = find_or_add_allocation(
            session,
            project=form.project.data,
            budget_year=form.budget_year.data,
            source=form.source.data,
            nature=form.nature.data,
            vintage=form.vintage.data,
        )
        there = session.scalar(
            select(AllocationLine.id).where(AllocationLine.allocation_id == allocation.id).limit(1)
        )
        if there is not None:
            address = self.get_url(".line_view", id=allocation.id)
            flash(link(address, _("Add a line to the allocation that is there")), "warning")
            raise RuleBroken(
                _n("The project has an allocation of this year, source, nature and vintage.")
            )
        allocation.disburse_until = form.disburse_until.data
        _add(form, allocation)
        return allocation

    def more(self, row: Allocation) -> dict[str, Any]:
        running, ledger = 0, []
        for line in row.lines:
            running += line.amount
            ledger.append((line, running))
        return {
            "ledger": ledger,
            "sums": sums_of(db.session(), [row.id], day=today())[row.id],
            "day": today(),
        }

    @expose("/line/", methods=("GET", "POST"))
    def line_view(self) -> Any:
        """Add one line to the ledger; lines are never changed or taken out."""
        if not self.can_edit:
            return turn_away()
        row = self.row_or_404(request.args.get("id"))
        form = self.line_form(request.form if request.method == "POST" else None)
        form.form_key.data = form.form_key.data or new_key()
        form.allocation = row
        status = 200
        if request.method == "POST":
            status = 422
            if form.validate() and self._line_saved(form, row):
                return redirect(self.get_url(".details_view", id=row.id))
            row = self.row_or_404(request.args.get("id"))
        page = self.render(
            "records/allocation_line.html",
            model=row,
            form=form,
            form_opts=FormOpts(),
            return_url=self.get_url(".details_view", id=row.id),
            **self.more(row),
        )
        return page, status

    def _line_saved(self, form: Any, row: Allocation) -> bool:
        session = db.session()
        try:
            if not spend_form(form.form_key.data):
                session.rollback()
                flash(_("This form was already saved; nothing was stored twice."), "warning")
                return True
            with session.no_autoflush:
                line = _add(form, row)
            amount = line.amount
            session.commit()
        except EXPECTED as error:
            session.rollback()
            blame(form, error)
            return False
        flash(_("Added a line of %(amount)s đồng.", amount=dong(amount)), "success")
        return True


def _add(form: Any, allocation: Allocation) -> AllocationLine:
    decision = form.decision.data
    return add_line(
        db.session(),
        allocation=allocation,
        decision=decision,
        kind=form.kind.data,
        amount=form.amount.data,
        effective_on=form.effective_on.data or decision.effective_on,
        note=form.note.data,
    )


def pages() -> list[BaseView]:
    return [
        AllocationView(
            Allocation, name=_l("Allocations"), category=_l("Records"), endpoint="allocation",
            menu_icon_value="money",
        )
    ]  # fmt: skip
