"""Projects: the concrete things that investors do."""

from typing import Any

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from admin.access import May, allowed
from admin.records import (
    ChoiceField,
    ChoiceFilter,
    DayField,
    Exported,
    FromDayFilter,
    LineField,
    LookupField,
    MoneyField,
    Needed,
    RecordForm,
    Records,
    RelationField,
    RowFilter,
    TextAreaField,
    UntilDayFilter,
    as_badge,
    as_money,
    component_options,
    counted,
    investor_options,
    investors,
    undivided_components,
)
from models import (
    Allocation,
    AuditEntry,
    Component,
    Investor,
    ProgressEntry,
    Project,
    ProjectStatus,
    db,
)
from models.base import today
from models.ledger import Sums, sums_of

INVESTORS = investors()


class ProjectForm(RecordForm):
    code = LineField(
        _l("Code"), [Needed()], most=40, description=_l("Used once in the whole district.")
    )
    name = TextAreaField(_l("Name"), [Needed()], render_kw={"rows": 2})
    component = RelationField(
        _l("Component"),
        undivided_components,
        [Needed()],
        description=_l("Only components of the lowest level hold projects."),
    )
    investor = LookupField(
        _l("Investor"),
        INVESTORS,
        [Needed()],
        description=_l("Type a part of the name; accents are not needed. It cannot change later."),
    )
    start_on = DayField(
        _l("Start"), [Needed()], description=_l("The unit is asked for reports from here on.")
    )
    end_on = DayField(_l("End"), description=_l("Planned last day; may stay empty."))
    total_investment = MoneyField(
        _l("Total investment (đồng)"),
        description=_l("Approved total of all years and sources; may stay empty."),
    )
    status = ChoiceField(
        _l("Status"),
        ProjectStatus,
        [Needed()],
        description=_l("Only projects that are active are expected in reports."),
    )


class ProjectView(Records):
    read, write = May.SEE_PROJECTS, May.EDIT_PROJECTS
    form = ProjectForm
    form_ajax_refs = {"investor": INVESTORS}
    fixed = ("investor",)  # the owner of a row never changes (design §3)
    details_template = "records/project.html"
    column_list = (
        "code", "name", "component", "investor", "start_on", "end_on", "total_investment", "status",
    )  # fmt: skip
    column_details_list = column_list
    column_labels = {
        "code": _l("Code"),
        "name": _l("Name"),
        "component": _l("Component"),
        "investor": _l("Investor"),
        "start_on": _l("Start"),
        "end_on": _l("End"),
        "total_investment": _l("Total investment (đồng)"),
        "status": _l("Status"),
    }
    column_classes = {"total_investment": "num", "name": "wide"}
    column_formatters = {"total_investment": as_money, "status": as_badge}
    details_groups = (
        (_l("Project"), ("code", "name", "component", "investor", "status")),
        (_l("Time and money"), ("start_on", "end_on", "total_investment")),
    )
    eager = (contains_eager(Project.component), contains_eager(Project.investor))
    eager_one = (joinedload(Project.component), joinedload(Project.investor))
    search_columns = (Project.search_text, Investor.search_text, Component.search_text)
    searched_by = _l("code, name, investor, component")
    sorts = {
        "code": (Project.code,),
        "name": (Project.name,),
        "component": (Component.sort_order, Component.code),
        "investor": (Investor.sort_order, Investor.code),
        "start_on": (Project.start_on,),
        "end_on": (Project.end_on,),
        "total_investment": (Project.total_investment,),
        "status": (Project.status,),
    }
    default_order = (Project.code,)
    filters = (
        RowFilter("investor", _l("Investor"), Project.investor_id, investor_options),
        RowFilter("component", _l("Component"), Project.component_id, component_options),
        ChoiceFilter("status", _l("Status"), Project.status, ProjectStatus),
        FromDayFilter("from", _l("Started from"), Project.start_on),
        UntilDayFilter("until", _l("Started until"), Project.start_on),
    )
    exported = (
        Exported(_l("Code"), Project.code),
        Exported(_l("Name"), Project.name),
        Exported(_l("Component"), Component.code),
        Exported(_l("Investor code"), Investor.code),
        Exported(_l("Investor"), Investor.short_name),
        Exported(_l("Start"), Project.start_on),
        Exported(_l("End"), Project.end_on),
        Exported(_l("Total investment (đồng)"), Project.total_investment),
        Exported(_l("Status"), Project.status, ProjectStatus),
    )
    keep_instead = _l("Set its status to “Completed” or “Suspended” instead.")

    def joined(self, statement: Any) -> Any:
        return statement.join(Project.component).join(Project.investor)

    def hindrances(self, row: Project) -> list[str]:
        return counted(
            (
                lambda n: ngettext("It has %(num)s allocation.", "It has %(num)s allocations.", n),
                Allocation,
                Allocation.project_id == row.id,
            ),
            (
                lambda n: ngettext(
                    "It has %(num)s progress entry.", "It has %(num)s progress entries.", n
                ),
                ProgressEntry,
                ProgressEntry.project_id == row.id,
            ),
        )

    def more(self, row: Project) -> dict[str, Any]:
        allocations = list(
            db.session.scalars(
                select(Allocation)
                .where(Allocation.project_id == row.id)
                .order_by(
                    Allocation.budget_year.desc(),
                    Allocation.vintage.desc(),
                    Allocation.source,
                    Allocation.nature,
                )
            )
        )
        sums = sums_of(db.session(), (one.id for one in allocations), day=today())
        return {
            "allocations": allocations,
            "sums": sums,
            "whole": Sums(
                sum(one.plan for one in sums.values()), sum(one.disbursed for one in sums.values())
            ),
            "day": today(),
            "history": _history(row) if allowed(current_user, May.SEE_AUDIT) else None,
        }


def _history(project: Project) -> list[AuditEntry]:
    """The last fifty changes of the project, the latest first."""
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.resource == "project", AuditEntry.row_id == str(project.id))
            .order_by(AuditEntry.id.desc())
            .limit(50)
        )
    )


def pages() -> list[BaseView]:
    return [
        ProjectView(
            Project, name=_l("Projects"), category=_l("Records"), endpoint="project",
            menu_icon_value="folder",
        )
    ]  # fmt: skip
