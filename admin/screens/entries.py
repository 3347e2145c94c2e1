"""Progress entries: one project in one period, with its disbursements."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from admin.access import May, allowed, turn_away
from admin.records import (
    ChoiceFilter,
    Exported,
    Filter,
    LookupField,
    MoneyField,
    Needed,
    PercentField,
    RecordForm,
    Records,
    RelationField,
    RowFilter,
    TextAreaField,
    ValueFilter,
    as_badge,
    as_money,
    as_percent,
    component_options,
    hundredths,
    investor_options,
    link,
    open_periods,
    period_codes,
    projects,
)
from admin.screens.entry_amounts import amounts_page
from models import (
    Component,
    Disbursement,
    Investor,
    Period,
    ProgressEntry,
    Project,
    RuleBroken,
    Submission,
    SubmissionStatus,
    db,
)
from models.base import now
from models.filing import check_open, find_entry, hold_open, new_entry

PROJECTS = projects()
paid = (
    select(Disbursement.entry_id, func.sum(Disbursement.net).label("net"))
    .group_by(Disbursement.entry_id)
    .subquery("paid")
)


class EntryForm(RecordForm):
    period = RelationField(
        _l("Reporting period"),
        open_periods,
        [Needed()],
        description=_l("Only periods that are open take figures."),
    )
    project = LookupField(
        _l("Project"),
        PROJECTS,
        [Needed()],
        description=_l("Type a part of its code or name; accents are not needed."),
    )
    physical_progress = PercentField(
        _l("Physical progress (%)"),
        description=_l("Work done since the start of the project, in percent of the whole."),
    )
    volume_value = MoneyField(
        _l("Value of work done (đồng)"),
        description=_l("Value accepted since the start of the project, paid or not."),
    )
    progress_text = TextAreaField(_l("Progress"), render_kw={"rows": 4})
    obstacles = TextAreaField(_l("Obstacles"), render_kw={"rows": 3})
    proposals = TextAreaField(_l("Proposals"), render_kw={"rows": 3})
    estimate = MoneyField(
        _l("Estimate to the end of the year (đồng)"),
        description=_l("What you expect to have disbursed by the end of the budget year."),
    )


class EntryView(Records):
    read, write = May.SEE_ENTRIES, May.EDIT_ENTRIES
    form = EntryForm
    form_ajax_refs = {"project": PROJECTS}
    fixed = ("project",)
    details_template = "records/entry.html"
    column_list = (
        "submission.period", "project", "project.investor", "submission.status",
        "physical_progress", "disbursed", "obstacles",
    )  # fmt: skip
    column_details_list = (
        "submission.period", "project", "project.investor", "submission.status",
        "physical_progress", "volume_value", "progress_text", "obstacles", "proposals", "estimate",
    )  # fmt: skip
    column_labels = {
        "submission.period": _l("Reporting period"),
        "project": _l("Project"),
        "project.investor": _l("Investor"),
        "submission.status": _l("Status of the report"),
        "physical_progress": _l("Physical progress (%)"),
        "volume_value": _l("Value of work done (đồng)"),
        "disbursed": _l("Disbursed in the period (đồng)"),
        "progress_text": _l("Progress"),
        "obstacles": _l("Obstacles"),
        "proposals": _l("Proposals"),
        "estimate": _l("Estimate to the end of the year (đồng)"),
    }
    column_classes = {"physical_progress": "num", "disbursed": "num", "project": "wide"}
    column_formatters = {
        "submission.status": lambda _v, _c, row, _n: as_badge(_v, _c, row.submission, "status"),
        "disbursed": lambda _v, _c, row, _n: as_money(_v, _c, row, "disbursed"),
        "volume_value": as_money,
        "estimate": as_money,
    }
    details_groups = (
        (
            _l("Report"),
            ("submission.period", "project", "project.investor", "submission.status"),
        ),
        (_l("Figures"), ("physical_progress", "volume_value", "estimate")),
        (_l("In words"), ("progress_text", "obstacles", "proposals")),
    )
    eager = (
        contains_eager(ProgressEntry.submission).contains_eager(Submission.period),
        contains_eager(ProgressEntry.project).contains_eager(Project.investor),
        selectinload(ProgressEntry.disbursements),
    )
    eager_one = (
        joinedload(ProgressEntry.submission).joinedload(Submission.period),
        joinedload(ProgressEntry.project).joinedload(Project.investor),
        selectinload(ProgressEntry.disbursements).joinedload(Disbursement.allocation),
    )
    search_columns = (Project.search_text, Investor.search_text)
    searched_by = _l("project, investor")
    sorts = {
        "submission.period": (Period.data_to, Period.code),
        "project": (Project.code,),
        "project.investor": (Investor.sort_order, Investor.code),
        "submission.status": (Submission.status,),
        "physical_progress": (ProgressEntry.physical_progress,),
    }
    default_order = (Period.data_to.desc(), Project.code)
    filters = (
        ValueFilter("period", _l("Reporting period"), Period.code, period_codes),
        RowFilter("investor", _l("Investor"), ProgressEntry.investor_id, investor_options),
        RowFilter("component", _l("Component"), Project.component_id, component_options),
        Filter("project", _l("Project code"), Project.code),
        ChoiceFilter("status", _l("Status of the report"), Submission.status, SubmissionStatus),
    )
    exported = (
        Exported(_l("Reporting period"), Period.code),
        Exported(_l("Investor code"), Investor.code),
        Exported(_l("Investor"), Investor.short_name),
        Exported(_l("Component"), Component.code),
        Exported(_l("Project code"), Project.code),
        Exported(_l("Project"), Project.name),
        Exported(_l("Status of the report"), Submission.status, SubmissionStatus),
        Exported(
            _l("Physical progress (%)"),
            hundredths(ProgressEntry.physical_progress),
            write=as_percent,
        ),
        Exported(_l("Value of work done (đồng)"), ProgressEntry.volume_value),
        Exported(_l("Disbursed in the period (đồng)"), paid.c.net),
        Exported(_l("Progress"), ProgressEntry.progress_text),
        Exported(_l("Obstacles"), ProgressEntry.obstacles),
        Exported(_l("Proposals"), ProgressEntry.proposals),
        Exported(_l("Estimate to the end of the year (đồng)"), ProgressEntry.estimate),
    )

    def joined(self, statement: Any) -> Any:
        return (
            statement.join(ProgressEntry.submission)
            .join(Submission.period)
            .join(ProgressEntry.project)
            .join(Project.investor)
        )

    def joined_for_export(self, statement: Any) -> Any:
        return (
            self.joined(statement)
            .join(Project.component)
            .outerjoin(paid, paid.c.entry_id == ProgressEntry.id)
        )

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

    def more(self, row: ProgressEntry) -> dict[str, Any]:
        changeable = self.can_edit
        try:
            check_open(db.session(), row.submission, at=now())
        except RuleBroken:
            changeable = False
        whole: str | None = None
        if allowed(current_user, May.FILL_REPORT):
            own = db.session().scope.write or frozenset()
            if row.investor_id in own:
                several: dict[str, Any] = {"investor": row.investor_id} if len(own) > 1 else {}
                whole = url_for("my_report.sheet", code=row.submission.period.code, **several)
        return {"changeable": changeable, "whole_report": whole}

    @expose("/amounts/", methods=("GET", "POST"))
    def amounts_view(self) -> Any:
        """The four amounts of every allocation of the project, in this period."""
        if not self.can_edit:
            return turn_away()
        row = self.row_or_404(request.args.get("id"))
        done = amounts_page(self, row)
        return redirect(self.get_url(".details_view", id=row.id)) if done is None else done


def pages() -> list[BaseView]:
    return [
        EntryView(
            ProgressEntry, name=_l("Progress entries"), category=_l("Records"), endpoint="entry",
            menu_icon_value="report",
        )
    ]  # fmt: skip
