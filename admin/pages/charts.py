"""The charts of a period: drawn on screen and paper, with the figures beneath."""

from dataclasses import replace
from functools import partial
from typing import Any

from flask import abort, make_response, url_for
from flask_admin import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from admin.pages.report_page import PeriodPage, asked_of, issued, made, refused
from admin.pages.report_part import Part
from models import RuleBroken, db
from models.base import NotFound
from reports.charts import Charts, RateBar, charts
from reports.home import CLOSING
from reports.tables import Asked, chart_tables
from reports.writing import Table, text_of

LINES = (("this_year", "now"), ("last_year", "before"), ("need", "need"), ("kept", "kept"))


class ChartsPage(PeriodPage):
    """Rates against the year, disbursement by month against need and pace, punctuality."""

    def __init__(self, **kwargs: Any) -> None:
        self._default_view = "charts"
        super().__init__(url="/admin/reports", **kwargs)

    @expose("/charts")
    def charts(self) -> Response:
        try:
            params, period = self.asked("trieu")
            asked = asked_of(params, period)
            if period is None or asked is None:
                return make_response(self.render("reports/none.html"))
            found = _found(asked)
        except NotFound:
            abort(404)
        except RuleBroken as refusal:
            return refused(refusal)
        part = Part.asked(len(found.investors))
        found = replace(found, investors=found.investors[part.cut])
        tables = list(chart_tables(found, asked, issued()))
        if part.pages > 1:
            tables[1] = replace(tables[1], head=replace(tables[1].head, counted=part.counted))
        page = self.render(
            "reports/charts.html",
            found=found,
            part=part,
            jumps=[],
            tables=tables,
            texts=[partial(text_of, table) for table in tables],
            bars=[_bars(found.components, asked), _bars(found.investors, asked)],
            series=_series(found, tables[2]),
            months=[_("Cl.") if month == CLOSING else str(month) for month in found.months],
            stacks=[
                {
                    "label": _("Cl.") if one.period.number == CLOSING else str(one.period.number),
                    "on_time": one.on_time,
                    "late": one.late,
                    "missing": one.missing,
                }
                for one in found.punctuality
            ],
            **self.shared(params, period),
        )
        return make_response(page)

    @expose("/charts.xlsx")
    def charts_xlsx(self) -> Response:
        return self._download("xlsx")

    @expose("/charts.docx")
    def charts_docx(self) -> Response:
        return self._download("docx")

    def _download(self, kind: str) -> Response:
        try:
            params, period = self.asked("trieu")
            asked = asked_of(params, period) or abort(404)
            tables = chart_tables(_found(asked), asked, issued())
        except NotFound:
            abort(404)
        except RuleBroken as refusal:
            return refused(refusal)
        return made(kind, f"bieu-do-{params.period}", *tables)


def _found(asked: Asked) -> Charts:
    return charts(db.session(), period=asked.period, basis=asked.params.basis, as_of=asked.as_of)


def _bars(bars: tuple[RateBar, ...], asked: Asked) -> list[dict[str, Any]]:
    """Bars with the way to the lines and entries behind each rate."""
    return [
        {
            "label": one.name,
            "value": one.rate,
            "href": url_for(
                "reports.explain",
                period=asked.period.code,
                column="rate_total",
                basis=asked.params.basis,
                component=one.component_id,
                investor=one.investor_id,
            ),
        }
        for one in bars
    ]


def _series(found: Charts, table: Table) -> list[dict[str, Any]]:
    """The lines that have something to show, in the words of their table."""
    lines = [
        {"kind": kind, "name": table.column(key).path[-1], "values": list(getattr(found, key))}
        for key, kind in LINES
    ]
    return [one for one in lines if any(value is not None for value in one["values"])]
