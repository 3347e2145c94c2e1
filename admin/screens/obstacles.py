"""The register of obstacles: records of units, and the list of a period (Biểu 05)."""

from typing import Any

from flask import current_app, request
from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_
from sqlalchemy.orm import contains_eager, joinedload

from admin.access import May
from admin.records import (
    ChoiceField,
    ChoiceFilter,
    DayField,
    Exported,
    LookupField,
    Needed,
    RecordForm,
    Records,
    RowFilter,
    TextAreaField,
    YesNoFilter,
    investor_options,
    projects,
)
from admin.words import label
from models import Cause, Investor, Obstacle, ObstacleState, Project, Solver, db
from models.base import today
from models.returns import age_in_days

PROJECTS = projects()


def _state(state: ObstacleState) -> Any:
    macros: Any = current_app.jinja_env.get_template("records/_obstacles.html").module
    return macros.state_badge(state, label(state))


class OverdueFilter(YesNoFilter):
    """Promised before today and not solved."""

    def apply(self, query: Any, value: bool, alias: Any = None) -> Any:
        late = and_(
            Obstacle.promised_on.is_not(None),  # else “no” would leave out what has no such day
            Obstacle.promised_on < today(),
            Obstacle.state != ObstacleState.SOLVED,
        )
        return query.where(late if value else ~late)


class ObstacleForm(RecordForm):
    project = LookupField(
        _l("Project"), PROJECTS, [Needed()], description=_l("Type a part of its code or name.")
    )
    content = TextAreaField(_l("Obstacle"), [Needed()], render_kw={"rows": 3})
    cause = ChoiceField(_l("Group of causes"), Cause, [Needed()])
    proposal = TextAreaField(_l("Proposal"), render_kw={"rows": 2})
    solver = ChoiceField(_l("Level that must solve it"), Solver, [Needed()])
    raised_on = DayField(_l("Raised on"), [Needed()], default=today)
    promised_on = DayField(_l("Promised to be solved by"))
    state = ChoiceField(_l("State"), ObstacleState, [Needed()], default=ObstacleState.OPEN)
    solved_on = DayField(_l("Solved on"))
    solution = TextAreaField(_l("How it was solved"), render_kw={"rows": 2})


class ObstacleView(Records):
    read, write = May.SEE_OBSTACLES, May.EDIT_OBSTACLES
    form = ObstacleForm
    list_template = "records/obstacles.html"
    form_ajax_refs = {"project": PROJECTS}
    fixed = ("project",)
    column_list = ("investor", "project", "content", "age", "solver", "promised_on", "state")
    column_details_list = (
        "investor", "project", "content", "cause", "proposal", "solver", "raised_on",
        "promised_on", "state", "solved_on", "solution", "age", "period",
    )  # fmt: skip
    column_labels = {
        "investor": _l("Investor"),
        "project": _l("Project"),
        "content": _l("Obstacle"),
        "cause": _l("Group of causes"),
        "proposal": _l("Proposal"),
        "solver": _l("Level that must solve it"),
        "raised_on": _l("Raised on"),
        "promised_on": _l("Promised to be solved by"),
        "state": _l("State"),
        "solved_on": _l("Solved on"),
        "solution": _l("How it was solved"),
        "age": _l("Age, days"),
        "period": _l("Told in the report of"),
    }
    column_classes = {"age": "num", "content": "wide"}
    column_formatters = {
        "state": lambda _v, _c, row, _n: _state(row.state),
        "age": lambda _v, _c, row, _n: str(age_in_days(row, day=today())),
    }
    column_formatters_detail = column_formatters
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
    sorts = {
        "investor": (Investor.sort_order, Investor.code),
        "project": (Project.code,),
        "solver": (Obstacle.solver,),
        "promised_on": (Obstacle.promised_on,),
        "state": (Obstacle.state,),
        "age": (Obstacle.raised_on,),
    }
    default_order = (Obstacle.state, Obstacle.raised_on)
    filters = (
        RowFilter("investor", _l("Investor"), Obstacle.investor_id, investor_options),
        ChoiceFilter("cause", _l("Group of causes"), Obstacle.cause, Cause),
        ChoiceFilter("solver", _l("Level that must solve it"), Obstacle.solver, Solver),
        ChoiceFilter("state", _l("State"), Obstacle.state, ObstacleState),
        OverdueFilter("overdue", _l("Past the promised day"), Obstacle.promised_on),
    )
    exported = (
        Exported(_l("Investor code"), Investor.code),
        Exported(_l("Investor"), Investor.short_name),
        Exported(_l("Project code"), Project.code),
        Exported(_l("Project"), Project.name),
        Exported(_l("Obstacle"), Obstacle.content),
        Exported(_l("Group of causes"), Obstacle.cause, Cause),
        Exported(_l("Proposal"), Obstacle.proposal),
        Exported(_l("Level that must solve it"), Obstacle.solver, Solver),
        Exported(_l("Raised on"), Obstacle.raised_on),
        Exported(_l("Promised to be solved by"), Obstacle.promised_on),
        Exported(_l("State"), Obstacle.state, ObstacleState),
        Exported(_l("Solved on"), Obstacle.solved_on),
        Exported(_l("How it was solved"), Obstacle.solution),
    )
    keep_instead = _l("Set its state to “Solved” instead.")

    def joined(self, statement: Any) -> Any:
        return statement.join(Obstacle.investor).outerjoin(Obstacle.project)

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
