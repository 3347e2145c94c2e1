"""The reports on screen, Biểu 01 to 06; and prose about a period."""

from collections.abc import Sequence
from typing import Any

from flask import make_response, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from admin.access import May, allowed, asked_id, moment_asked
from admin.pages.charts import ChartsPage
from admin.pages.explain import Explaining, WhyLate
from admin.pages.pace import PacePage
from admin.pages.report_page import PeriodPage, ReportPage, each_explained, issued, refused
from admin.pages.report_part import GROUPS, Group, Part
from admin.pages.treasury import TreasuryPage
from admin.words import label, money
from models import Cause, ObstacleState, RuleBroken, Solver, db
from models.base import _n, now
from models.calendar import LEVELS
from reports.allocation_changes import Changes
from reports.carry_over import FIGURES, CarryOver
from reports.consolidated import CARRIED, COLUMNS, TOLD, Consolidated, Place
from reports.frozen import has_changed
from reports.late import LateRow, grid
from reports.obstacles import ObstacleRow, counts
from reports.ranking import Ranking
from reports.sentences import sentences
from reports.tables import REPORTS, SMALL, Asked, rank_of, vintage_in_words
from reports.writing import Rank, Table

TITLES = {
    "result": _n("Common result"),
    "zero": _n("Units at 0 %"),
    "below": _n("Units below the common rate"),
    "above": _n("Units at or above the common rate"),
    "ends": _n("First and last"),
    "missing": _n("Reports late or missing"),
}

COMPILING, FOLLOWING = _l("Compiling reports"), _l("Following progress")  # headings of the menu
GRID_UNITS = 50  # units of the grid on a screen


class ConsolidatedPage(Explaining, ReportPage):
    """Biểu 01, and the explanation of each of its figures."""

    report = REPORTS["consolidated"]
    unit = "trieu"

    def more(self, found: Consolidated, asked: Asked, table: Table, part: Part) -> dict[str, Any]:
        period = asked.period
        return {
            "report": found,
            "small": () if table.is_chosen else SMALL,
            "marks": [_marks(place, table) for place in found.places[part.cut]],
            "changed": found.frozen is not None
            and has_changed(db.session(), period, basis=asked.params.basis, read=found.frozen),
            "is_open": not period.is_locked(now()),
        }

    def groups(self, found: Consolidated, table: Table) -> list[Group]:
        if not found.many:
            return super().groups(found, table)
        heads = (Group(row.name, n, rank_of(row, place)) for n, row, place in found.groups)
        units = [Group(unit.short_name, n, Rank.GROUP) for n, unit in found.units]
        return [one for one in heads if one.rank in GROUPS] + units

    def links(self, found: Consolidated, n: int, asked: Asked) -> dict[str, str]:
        place, params = found.places[n], asked.params
        address: dict[str, Any] = {
            "component": place.component_id,
            "investor": place.investor_id,
            "project": place.project_id,
            "period": params.period,
            "basis": params.basis,
            "units": params.units,
            "version": params.version,
        }
        if place.part:
            address[params.split] = place.part
        return each_explained((*COLUMNS, *TOLD), **address)


def _marks(place: Place, table: Table) -> dict[str, Any]:
    """What a row of Biểu 01 says on screen besides its figures: old ones, estimates of some."""
    if place.estimated is None:
        return {"stale": place.is_stale}
    n, whole, amount = place.estimated
    known = money(amount, table.unit, table.places)
    return {
        "stale": place.is_stale,
        "estimate": _("%(n)s/%(all)s projects: %(amount)s", n=n, all=whole, amount=known),
    }


class RankingPage(ReportPage):
    """Biểu 02. A unit sees its own rate only, without a rank."""

    report = REPORTS["ranking"]
    unit = "trieu"

    def groups(self, found: Ranking, table: Table) -> list[Group]:
        if found.rate is None:
            return []
        return [Group(_whole(found), len(found.rows), Rank.GROUP)]

    def more(self, found: Ranking, asked: Asked, table: Table, part: Part) -> dict[str, Any]:
        return {"whole": _whole(found)}

    def links(self, found: Ranking, n: int, asked: Asked) -> dict[str, str]:
        if n == len(found.rows):  # the whole district
            return {}
        params = asked.params
        return each_explained(
            ("plan_total", "disbursed_total", "rate_total"),
            period=params.period,
            investor=found.investor_ids[n],
            basis=params.basis,
            units=params.units,
            version=params.version,
        )


def _whole(found: Ranking) -> str:
    return _("Whole %(level)s", level=_(LEVELS[found.level]))


class LatePage(WhyLate, ReportPage):
    """Biểu 03, with the grid of units and months."""

    report = REPORTS["late"]

    def more(
        self, rows: Sequence[LateRow], asked: Asked, table: Table, part: Part
    ) -> dict[str, Any]:
        return {
            "grid": grid(
                db.session(),
                year=asked.period.budget_year,
                as_of=asked.as_of,
                most=GRID_UNITS,
                page=asked_id(request.args.get("grid", "0")),
            ),
            "as_of": asked.as_of,
            "show_all": asked.show_all,
            "may_review": allowed(current_user, May.SEE_REVIEW),
        }


class ObstaclesPage(ReportPage):
    """Biểu 05."""

    report = REPORTS["obstacles"]

    def more(
        self, found: Sequence[ObstacleRow], asked: Asked, table: Table, part: Part
    ) -> dict[str, Any]:
        kinds = (*Cause, *Solver, *ObstacleState)
        causes, solvers = counts(db.session(), period=asked.period, as_of=asked.as_of)
        return {
            "causes": [(label(Cause(key)), count) for key, count in causes],
            "solvers": [(label(Solver(key)), count) for key, count in solvers],
            "words": {one.value: label(one) for one in kinds},
            "may_register": allowed(current_user, May.SEE_OBSTACLES),
        }

    def links(self, found: Sequence[ObstacleRow], n: int, asked: Asked) -> dict[str, str]:
        if not allowed(current_user, May.SEE_OBSTACLES):
            return {}
        return {"content": url_for("obstacle.details_view", id=found[n].obstacle_id)}


class CarryOverPage(ReportPage):
    """Biểu 04."""

    report = REPORTS["carry-over"]
    unit = "trieu"

    def groups(self, found: CarryOver, table: Table) -> list[Group]:
        year, by = found.period.budget_year, issued()
        return [
            Group(vintage_in_words(vintage, year, by), n, Rank.GROUP)
            for n, vintage in found.vintages
        ]

    def links(self, found: CarryOver, n: int, asked: Asked) -> dict[str, str]:
        row, place = found.rows[n], found.places[n]
        address: dict[str, Any] = {
            "period": asked.period.code,
            "basis": asked.params.basis,
            "version": asked.params.version if found.frozen else "live",
            "vintage": row.vintage or CARRIED,
            "investor": place.investor_id,
            "project": place.project_id,
        }
        return each_explained(FIGURES, **address)


class ChangesPage(ReportPage):
    """Biểu 06: each line leads to its ledger, each sum to its decision, each plan to its lines."""

    report = REPORTS["allocation-changes"]
    unit = "trieu"

    def links(self, found: Changes, n: int, asked: Asked) -> dict[str, str]:
        behind = _behind(found, n)
        return dict.fromkeys(("increase", "decrease", "amount"), behind) if behind else {}


def _behind(found: Changes, n: int) -> str | None:
    """The page that says where a figure of Biểu 06 comes from."""
    if (allocation_id := found.allocation_ids[n]) is not None:
        return url_for("allocation.details_view", id=allocation_id)
    if (decision_id := found.decision_ids[n]) is not None:
        return url_for("decision.details_view", id=decision_id)
    level, code = found.rows[n].level, found.period.code
    if level == "closing":
        version = found.frozen.number if found.frozen else "live"
        return url_for("reports.explain", period=code, column="plan_total", version=version)
    if level == "opening" and found.before:
        return url_for("reports.explain", period=found.before, column="plan_total", version="live")
    return None


class SentencesPage(PeriodPage):
    """Prose about a period: for the office, because it names every unit."""

    read = May.SEE_REVIEW

    def __init__(self, **kwargs: Any) -> None:
        self._default_view = "sentences"
        super().__init__(url="/admin/reports", **kwargs)

    @expose("/sentences")
    def sentences(self) -> Response:
        try:
            params, period = self.asked("trieu")
            as_of = moment_asked(request.args.get("as_of"))
        except RuleBroken as refusal:
            return refused(refusal)
        if period is None:
            return make_response(self.render("reports/none.html"))
        found = sentences(db.session(), period=period, as_of=as_of, basis=params.basis)
        page = self.render(
            "reports/sentences.html",
            found=found,
            titles={key: _(title) for key, title in TITLES.items()},
            as_of=as_of,
            **self.shared(params, period),
        )
        return make_response(page)


# in the order of the menu, each under its heading
PAGES: tuple[tuple[type[PeriodPage], Any, Any, str, str], ...] = (
    (ConsolidatedPage, _l("Consolidated report"), COMPILING, "reports", "chart"),
    (LatePage, _l("Late list"), FOLLOWING, "reports_late", "late"),
    (RankingPage, _l("Ranking"), FOLLOWING, "reports_ranking", "sort"),
    (PacePage, _l("Need and pace"), FOLLOWING, "reports_pace", "clock"),
    (ObstaclesPage, _l("Obstacles of a period"), FOLLOWING, "reports_obstacles", "warn"),
    (CarryOverPage, _l("Carried-over capital"), FOLLOWING, "reports_carry_over", "history"),
    (ChangesPage, _l("Changes of the plan"), FOLLOWING, "reports_changes", "list"),
    (TreasuryPage, _l("Against the Treasury"), FOLLOWING, "reports_treasury", "check"),
    (ChartsPage, _l("Charts"), COMPILING, "reports_charts", "chart"),
    (SentencesPage, _l("Sentences for a directive"), COMPILING, "reports_sentences", "edit"),
)


def pages() -> list[BaseView]:
    return [
        page(name=name, category=heading, endpoint=endpoint, menu_icon_value=icon)
        for page, name, heading, endpoint, icon in PAGES
    ]
