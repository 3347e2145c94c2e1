"""The ranking of investors (Biểu 02), and sentences about it that are ready for a directive."""

from flask import abort, make_response, request
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from admin.access import May, csv_response
from admin.pages.reports import ReportPage, moment_asked, refused
from models import Period, RuleBroken, db
from models.base import NotFound, _n
from reports.ranking import Ranking, ranking
from reports.sentences import sentences
from reports.tables import ranking_csv
from reports.writing import ReportParams

TITLES = {
    "result": _n("Result of the district"),
    "zero": _n("Units at 0 %"),
    "below": _n("Units below the rate of the district"),
    "above": _n("Units at or above the rate of the district"),
    "ends": _n("First and last"),
    "missing": _n("Reports late or missing"),
}


class RankingPage(ReportPage):
    """Biểu 02 on screen and as a file. A unit sees its own rate only, without a rank."""

    @expose("/ranking")
    def ranking(self) -> Response:
        try:
            params, period = self.asked("trieu")
            if period is None:
                return make_response(self.render("reports/none.html"))
            found = _ranking(params, period)
        except NotFound:
            abort(404)
        except RuleBroken as refusal:
            return refused(refusal)
        pairs = list(zip(found.rows, found.investor_ids, strict=True))
        page = self.render(
            "reports/ranking.html", found=found, pairs=pairs, **self.shared(params, period)
        )
        return make_response(page)

    @expose("/ranking.csv")
    def ranking_csv(self) -> Response:
        try:
            params, period = self.asked("dong")
            found = _ranking(params, period or abort(404))
        except NotFound:
            abort(404)
        except RuleBroken as refusal:
            return refused(refusal)
        return csv_response(ranking_csv(found.rows, params, _), f"xep-hang-{params.period}")


class SentencesPage(ReportPage):
    """Prose about a period: for the office, because it names every unit."""

    read = May.SEE_REVIEW

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


RankingPage._default_view = "ranking"
SentencesPage._default_view = "sentences"


def _ranking(params: ReportParams, period: Period) -> Ranking:
    return ranking(
        db.session(),
        period=period,
        basis=params.basis,
        units=params.units,
        version=params.version,
    )


def pages() -> list[BaseView]:
    shared = {"url": "/admin/reports", "menu_icon_type": "i"}
    return [
        RankingPage(
            name=_l("Ranking"), endpoint="reports_ranking", menu_icon_value="sort", **shared
        ),
        SentencesPage(
            name=_l("Sentences for a directive"),
            endpoint="reports_sentences",
            menu_icon_value="edit",
            **shared,
        ),
    ]
