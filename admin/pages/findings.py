"""Findings of a period: all that the checks V1–V16 and the ledger find, unit by unit."""

from itertools import chain, groupby
from typing import Any

from flask import make_response, request
from flask_admin import BaseView, expose
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from admin.access import May
from admin.pages.report_page import PeriodPage, refused
from admin.pages.report_part import Part
from models import PeriodKind, RuleBroken, db
from models.base import now
from reports.findings import (
    LEDGER_AT_ONCE,
    findings_of,
    ledger_findings,
    reports_stored,
    units_of_ledger,
)

UNITS = 20  # whose reports are checked for one page
OF_A_UNIT = 50  # findings of one unit; its report has them all


class FindingsPage(PeriodPage):
    """The same list as `flask findings`, with links to the report or the decision.

    By pages of units, since each report is checked when it is shown. The ledger is behind them
    all, and in an office whose units need several pages it is a list of its own (`of=ledger`);
    in the largest of some units at a time (`part`), by pages of findings.
    """

    read = May.SEE_REVIEW

    @expose("/")
    def index(self) -> Response:
        try:
            params, period = self.asked("dong")
        except RuleBroken as refusal:
            return refused(refusal)
        if period is None:
            return make_response(self.render("reports/none.html"))
        session, at, of_ledger = db.session(), now(), request.args.get("of") == "ledger"
        some = Part.asked(units_of_ledger(session), LEDGER_AT_ONCE, "part")
        units: list[tuple[Any, list[Any]]] = []
        ledger: list[Any] = []
        if of_ledger:
            ledger = list(ledger_findings(session, at=at, units=some.cut))
            part = Part.asked(len(ledger))
            shown = ledger[part.cut]
        else:
            part = Part.asked(reports_stored(session, period), UNITS)
            found = findings_of(session, period, at=at, units=part.cut)
            units = [(one, list(own)) for one, own in groupby(found, key=lambda one: one.investor)]
            if part.pages == some.pages == 1:
                ledger = list(ledger_findings(session, at=at))
            shown = ledger[:OF_A_UNIT]
        page = self.render(
            "review/findings.html",
            part=part,
            some=some,
            of_ledger=of_ledger,
            units=units,
            most=OF_A_UNIT,
            ledger=shown,
            more_of_ledger=0 if of_ledger else len(ledger) - len(shown),
            open_count=sum(one.is_open for one in chain(ledger, *(own for _unit, own in units))),
            is_quarter=period.kind is PeriodKind.QUARTER,
            **self.shared(params, period),
        )
        return make_response(page)


def pages() -> list[BaseView]:
    return [
        FindingsPage(
            name=_l("Findings"),
            category=_l("Receiving and reminding"),
            endpoint="findings",
            url="/admin/findings",
            menu_icon_value="check",
        )
    ]
