"""The báo cáo of a period: its paragraphs with the way to each figure, and the Word file."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import abort, make_response, request, url_for
from flask_admin import BaseView, expose
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from admin.access import May, allowed, file_response, moment_asked
from admin.pages.report_page import PeriodPage, refused
from models import Period, RuleBroken, db
from models.base import NotFound, _n, now
from reports.narrative import ANNEXES, Narrative, Point, narrative, narrative_paper
from reports.tables import issue
from reports.writing import ReportParams

HEADINGS = (
    ("I", _n("Steering"), (("directing", ""),)),
    (
        "II",
        _n("Results"),
        (
            ("allocation", _n("Capital given")),
            ("results", _n("Disbursement")),
            ("components", _n("By component")),
        ),
    ),
    ("III", _n("Discipline of reporting"), (("discipline", ""),)),
    ("IV", _n("Difficulties, obstacles, causes"), (("obstacles", ""),)),
    ("V", _n("Tasks ahead"), (("tasks", ""),)),
    ("VI", _n("Proposals"), (("proposals", ""),)),
)
PAGES = {
    "ranking": "reports_ranking.ranking",
    "late": "reports_late.late",
    "obstacles": "reports_obstacles.obstacles",
}


class NarrativePage(PeriodPage):
    """For the office, because it names every unit. Its words are those of a Vietnamese paper."""

    read = May.SEE_REVIEW
    tables = ANNEXES

    @expose("/narrative")
    def narrative(self) -> Response:
        try:
            params, period = self.asked("trieu")
            if period is None:
                return make_response(self.render("reports/none.html"))
            # no annex is shown, and the words are those of the sums
            found = _found(replace(params, detail="group"), period)
        except NotFound:
            abort(404)
        except RuleBroken as refusal:
            return refused(refusal)
        return make_response(
            self.render(
                "reports/narrative.html",
                found=found,
                headings=HEADINGS,
                link=lambda point: _link(point, params),
                may_edit=allowed(current_user, May.SEE_LETTERS),
                **self.shared(params, period),
            )
        )

    @expose("/narrative.docx")
    def narrative_docx(self) -> Response:
        try:
            params, period = self.asked("trieu")
            found = _found(params, period or abort(404))
            paper = narrative_paper(db.session(), found, at=_as_of())
            db.session.rollback()  # nothing is held while the file is made
            content = paper.file()
        except NotFound:
            abort(404)
        except RuleBroken as refusal:
            return refused(refusal)
        return file_response(content, f"bao-cao-{params.period}.docx")


NarrativePage._default_view = "narrative"


def _found(params: ReportParams, period: Period) -> Narrative:
    with force_locale("vi"):
        by = issue(db.session(), say=_, language="vi", at=now())
        return narrative(db.session(), period=period, params=params, as_of=_as_of(), issue=by)


def _as_of() -> datetime:
    return moment_asked(request.args.get("as_of"))


def _link(point: Point, params: ReportParams) -> str:
    """Where the figure of a paragraph comes from; nothing where it has none."""
    shared: dict[str, Any] = {
        "period": params.period,
        "basis": params.basis,
        "version": params.version,
    }
    if point.column:
        return url_for(
            "reports.explain", column=point.column, component=point.component_id, **shared
        )
    return url_for(PAGES[point.report], period=params.period) if point.report else ""


def pages() -> list[BaseView]:
    return [
        NarrativePage(
            name=_l("Report in words"),
            category=_l("Compiling reports"),
            endpoint="reports_narrative",
            url="/admin/reports",
            menu_icon_value="report",
        ),
    ]
