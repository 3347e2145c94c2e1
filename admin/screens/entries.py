"""Progress entries: one project in one period, with its disbursements."""

from typing import Any

from flask import flash, g, redirect, request
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from admin.access import May, turn_away
from admin.records import (
    ChoiceFilter,
    Filter,
    Needed,
    PeriodFilter,
    Records,
    RelationField,
    RowFilter,
    as_badge,
    component_options,
    heading,
    investor_options,
    link,
    open_periods,
    period_codes,
    projects,
)
from admin.screens.entry_amounts import amounts_page
from admin.screens.whole_report import whole_report
from admin.words import dong
from models import (
    BUDGET_SOURCES,
    Disbursement,
    Investor,
    Period,
    ProgressEntry,
    Project,
    Submission,
    db,
)
from models.base import now
from models.filing import check_open, closed_among, find_entry, hold_open, new_entry
from models.ledger import net_of_each, net_of_entry, nets_of

PROJECTS = projects()


class EntryView(Records):
    read, write = May.SEE_ENTRIES, May.EDIT_ENTRIES
    form_ajax_refs = {"project": PROJECTS}
    fixed = ("project",)
    details_template = "records/entry.html"
    form_extra_fields = {
        "period": RelationField(
            heading(Submission, "period"),
            open_periods,
            [Needed()],
            description=_l("Only periods that are open take figures."),
        )
    }
    form_first = ("period",)
    lead = ("submission.period", "project", "project.investor", "submission.status")
    lead_in_files = (
        "submission.period", "project.investor", "project.component", "project",
        "submission.status",
    )  # fmt: skip
    computed = {"disbursed": net_of_each()}
    column_list = (
        "submission.period", "project", "project.investor", "submission.status",
        "physical_progress", "disbursed", "obstacles",
    )  # fmt: skip
    column_labels = {"submission.status": _l("Status of the report")}
    column_classes = {"project": "wide"}
    column_formatters = {
        "submission.status": lambda _v, _c, row, _n: as_badge(_v, _c, row.submission, "status"),
        "disbursed": lambda _v, _c, row, _n: dong(g.nets.get(row.id, 0)),
    }
    details_groups = (
        (
            _l("Report"),
            ("submission.period", "project", "project.investor", "submission.status"),
        ),
        (
            _l("Figures"),
            ("physical_progress", "volume_value", "estimate", "treasury_cumulative"),
        ),
        (_l("In words"), ("progress_text", "obstacles", "proposals")),
    )
    eager = (
        contains_eager(ProgressEntry.submission).contains_eager(Submission.period),
        contains_eager(ProgressEntry.project).contains_eager(Project.investor),
    )
    eager_one = (
        joinedload(ProgressEntry.submission).joinedload(Submission.period),
        joinedload(ProgressEntry.project).joinedload(Project.investor),
        selectinload(ProgressEntry.disbursements).joinedload(Disbursement.allocation),
    )
    search_columns = (Project.search_text, Investor.search_text)
    searched_by = _l("project, investor")
    default_order = (Period.data_to.desc(), Project.code)
    filters = (
        PeriodFilter("period", Period.code, period_codes, name=Submission.period),
        RowFilter("investor", ProgressEntry.investor_id, investor_options, name=Project.investor),
        RowFilter("component", Project.component_id, component_options),
        Filter("project", Project.code, name=_l("Project code")),
        ChoiceFilter("status", Submission.status, name=_l("Status of the report")),
    )

    def joined(self, statement: Any) -> Any:
        return (
            statement.join(ProgressEntry.submission)
            .join(Submission.period)
            .join(ProgressEntry.project)
            .join(Project.investor)
        )

    def joined_for_export(self, statement: Any) -> Any:
        return self.joined(statement).join(Project.component)

    def rows_in_order(self, *args: Any, **how: Any) -> list[Any]:
        """With what each was paid in one question, and not their amounts one by one."""
        rows = super().rows_in_order(*args, **how)
        g.nets = nets_of(db.session(), rows)
        return rows

    def prepare(self, form: Any, row: ProgressEntry | None) -> None:
        """The period is chosen once."""
        if row is None:
            if request.method == "GET":
                self._choose_from_address(form)
            return
        del form.period

    def _choose_from_address(self, form: Any) -> None:
        if project := PROJECTS.get_one(request.args.get("project")):
            form.project.data = project
        for period in open_periods():
            if period.code == request.args.get("period"):
                form.period.data = period

    def create_row(self, form: Any) -> ProgressEntry:
        project, period = form.project.data, form.period.data
        there = find_entry(db.session(), project, period)
        if there is not None:
            address = self.get_url(".edit_view", id=there.id)
            flash(link(address, _("Open the entry that is there already")), "warning")
        row = new_entry(db.session(), project, period, at=now())
        self.fill(form, row)
        return row

    def may_change(self, row: ProgressEntry) -> None:
        if request.method == "POST":
            hold_open(db.session(), row.submission, at=now())
        else:
            check_open(db.session(), row.submission, at=now())

    def closed_rows(self, rows: list[Any]) -> frozenset[int]:
        closed = closed_among(db.session(), {row.submission for row in rows}, at=now())
        return frozenset(row.id for row in rows if row.submission_id in closed)

    def more(self, row: ProgressEntry) -> dict[str, Any]:
        return {
            "whole_report": whole_report(row.submission),
            "net": net_of_entry(row),
            "is_budget": lambda one: one.allocation.source in BUDGET_SOURCES,
        }

    @expose("/amounts/", methods=("GET", "POST"))
    def amounts_view(self) -> Any:
        """The four amounts of every allocation of the project, in this period."""
        if not self.can_edit:
            return turn_away()
        row = self.row_or_404(request.args.get("id"))
        if (closed := self.closed_page(row)) is not None:
            return closed
        done = amounts_page(self, row)
        return redirect(self.get_url(".details_view", id=row.id)) if done is None else done


def pages() -> list[BaseView]:
    return [
        EntryView(
            ProgressEntry, name=_l("Progress entries"), category=_l("Records"), endpoint="entry",
            menu_icon_value="report",
        )
    ]  # fmt: skip
