"""Findings of a period: all that the checks V1–V15 and the ledger find, unit by unit."""

from itertools import groupby
from typing import Any

from flask import make_response
from flask_admin import BaseView, expose
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from admin.access import May
from admin.pages.report_page import PeriodPage, refused
from admin.pages.report_part import Part
from models import PeriodKind, RuleBroken, db
from models.base import now
from reports.findings import findings_of, ledger_findings


class FindingsPage(PeriodPage):
    """The same list as `flask findings`, with links to the report or the decision."""

    read = May.SEE_REVIEW

    @expose("/")
    def index(self) -> Response:
        try:
            params, period = self.asked("dong")
        except RuleBroken as refusal:
            return refused(refusal)
        if period is None:
            return make_response(self.render("reports/none.html"))
        session, at = db.session(), now()
        found = list(findings_of(session, period, at=at))
        ledger = list(ledger_findings(session, at=at))
        part = Part.asked(len(found) + len(ledger))
        shown = [*found, *ledger][part.cut]
        units: list[tuple[Any, list[Any]]] = [
            (unit, list(of_unit)) for unit, of_unit in groupby(shown, key=lambda one: one.investor)
        ]
        page = self.render(
            "review/findings.html",
            part=part,
            units=[(unit, of_unit) for unit, of_unit in units if unit is not None],
            ledger=[one for one in shown if one.investor is None],
            open_count=sum(one.is_open for one in (*found, *ledger)),
            is_quarter=period.kind is PeriodKind.QUARTER,
            **self.shared(params, period),
        )
        return make_response(page)


def pages() -> list[BaseView]:
    return [
        FindingsPage(
            name=_l("Findings"),
            endpoint="findings",
            url="/admin/findings",
            menu_icon_type="i",
            menu_icon_value="check",
        )
    ]
