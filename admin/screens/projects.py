"""Projects: the concrete things that investors do."""

from typing import Any

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from admin.access import May, allowed
from admin.records import (
    ChoiceFilter,
    FromDayFilter,
    Newest,
    PasteBox,
    Records,
    RowFilter,
    UntilDayFilter,
    as_badge,
    component_options,
    history_in_words,
    investor_options,
    investors,
    newest_of,
    paste_box,
    undivided_components,
)
from models import (
    BUDGET_SOURCES,
    Allocation,
    AuditEntry,
    Component,
    Investor,
    Project,
    db,
)
from models.base import today
from models.ledger import budget_sums, sums_of
from models.sheets import Kind

INVESTORS = investors()
MOST_CHANGES = 50  # on the page of a project; the trail has all


class ProjectView(Records):
    read, write = May.SEE_PROJECTS, May.EDIT_PROJECTS
    import_kind = Kind.PROJECTS
    form_ajax_refs = {"investor": INVESTORS}
    fixed = ("investor",)  # the owner of a row never changes (design §3)
    details_template = "records/project.html"
    list_template = "records/projects.html"
    form_args = {"component": {"rows": undivided_components}}
    column_classes = {"name": "wide"}
    column_formatters = {"status": as_badge}
    details_groups = (
        (_l("Project"), ("code", "name", "component", "investor", "status")),
        (_l("Time and money"), ("start_on", "end_on", "total_investment")),
    )
    eager = (contains_eager(Project.component), contains_eager(Project.investor))
    eager_one = (joinedload(Project.component), joinedload(Project.investor))
    search_columns = (Project.search_text, Investor.search_text, Component.search_text)
    searched_by = _l("code, name, investor, component")
    default_order = (Project.code,)
    filters = (
        RowFilter("investor", Project.investor_id, investor_options),
        RowFilter("component", Project.component_id, component_options),
        ChoiceFilter("status", Project.status),
        FromDayFilter("from", Project.start_on, name=_l("Started from")),
        UntilDayFilter("until", Project.start_on, name=_l("Started until")),
    )
    keep_instead = _l("Set its status to “Completed” or “Suspended” instead.")

    def pasting(self) -> PasteBox | None:
        """The box for pasted cells above the list."""
        return paste_box(Kind.PROJECTS)

    def joined(self, statement: Any) -> Any:
        return statement.join(Project.component).join(Project.investor)

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
            "years": budget_sums(allocations, sums),
            "has_memo": any(one.source not in BUDGET_SOURCES for one in allocations),
            "day": today(),
            "history": _history(row) if allowed(current_user, May.SEE_AUDIT) else None,
        }


def _history(project: Project) -> Newest:
    """The last changes of the project in words, the latest first."""
    newest = newest_of(
        select(AuditEntry)
        .where(AuditEntry.resource == "project", AuditEntry.row_id == str(project.id))
        .order_by(AuditEntry.id.desc()),
        MOST_CHANGES,
    )
    return newest._replace(rows=history_in_words(newest.rows))


def pages() -> list[BaseView]:
    return [
        ProjectView(
            Project, name=_l("Projects"), category=_l("Records"), endpoint="project",
            menu_icon_value="folder",
        )
    ]  # fmt: skip
