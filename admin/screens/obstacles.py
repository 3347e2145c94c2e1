"""The register of obstacles: records of units, and the list of a period (Biểu 05)."""

from typing import Any

from flask import current_app, request
from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from admin.access import May
from admin.records import (
    ChoiceFilter,
    Filter,
    Records,
    RowFilter,
    YesNoFilter,
    investor_options,
    projects,
)
from admin.words import label
from models import Investor, Obstacle, ObstacleState, Project, db
from models.base import today
from reports.obstacles import is_overdue

PROJECTS = projects()


def _state(state: ObstacleState) -> Any:
    macros: Any = current_app.jinja_env.get_template("records/_obstacles.html").module
    return macros.state_badge(state, label(state))


class OverdueFilter(YesNoFilter):
    """Promised before today and not solved, as the first page counts them."""

    def apply(self, query: Any, value: bool, alias: Any = None) -> Any:
        late = is_overdue(today())
        return query.where(late if value else ~late)


class ObstacleView(Records):
    read, write = May.SEE_OBSTACLES, May.EDIT_OBSTACLES
    list_template = "records/obstacles.html"
    form_ajax_refs = {"project": PROJECTS}
    fixed = ("project",)
    column_list = ("investor", "project", "content", "age", "solver", "promised_on", "state")
    form_args = {"raised_on": {"default": today}}
    column_classes = {"age": "num", "content": "wide"}
    column_formatters = {"state": lambda _v, _c, row, _n: _state(row.state)}
    sorts = {"age": (Obstacle.raised_on,)}
    details_groups = (
        (
            _l("Obstacle"),
            ("investor", "project", "content", "cause", "proposal", "raised_on", "period"),
        ),
        (_l("Solution"), ("solver", "promised_on", "state", "solved_on", "solution", "age")),
    )
    eager = (contains_eager(Obstacle.investor), contains_eager(Obstacle.project))
    eager_one = (
        joinedload(Obstacle.investor),
        joinedload(Obstacle.project),
        joinedload(Obstacle.period),
    )
    search_columns = (Obstacle.search_text, Project.search_text, Investor.search_text)
    searched_by = _l("obstacle, project, investor")
    default_order = (Obstacle.state, Obstacle.raised_on)
    filters = (
        RowFilter("investor", Obstacle.investor_id, investor_options),
        Filter("project", Project.code, name=_l("Project code")),
        ChoiceFilter("cause", Obstacle.cause),
        ChoiceFilter("solver", Obstacle.solver),
        ChoiceFilter("state", Obstacle.state),
        OverdueFilter("overdue", Obstacle.promised_on, name=_l("Past the promised day")),
    )
    keep_instead = _l("Set its state to “Solved” instead.")

    def joined(self, statement: Any) -> Any:
        return statement.join(Obstacle.investor).outerjoin(Obstacle.project)

    def joined_for_export(self, statement: Any) -> Any:
        return self.joined(statement).outerjoin(Obstacle.period)

    def prepare(self, form: Any, row: Obstacle | None) -> None:
        project = PROJECTS.get_one(request.args.get("project"))
        if row is None and request.method == "GET" and project:
            form.project.data = project

    def create_row(self, form: Any) -> Obstacle:
        row = Obstacle(investor_id=form.project.data.investor_id)
        self.fill(form, row)
        db.session.add(row)
        return row


def pages() -> list[BaseView]:
    return [
        ObstacleView(
            Obstacle, name=_l("Obstacles"), category=_l("Records"), endpoint="obstacle",
            menu_icon_value="warn",
        ),
    ]  # fmt: skip
