"""The consolidated report, the late list, and the rows behind every figure."""

from datetime import datetime
from typing import Any

from flask import abort, make_response, request
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.access import May, Page, allowed, csv_response, errors
from admin.words import DECIMALS, say
from models import Component, ExpectedReport, Investor, Period, Project, RuleBroken, Submission, db
from models.base import HANOI, NotFound, _n, local, now, rate, today
from models.calendar import all_settings, deadline_settings, find_period
from reports.consolidated import Consolidated, consolidated, does_not_add_up, explain, frozen_figure
from reports.frozen import has_changed
from reports.home import latest_period
from reports.late import grid, late, standings_of
from reports.tables import HEADINGS, consolidated_csv, late_csv
from reports.writing import CHOICES, ReportParams

ON_A_PAGE = 50


class ReportPage(Page):
    """What reports share: the period that is asked for, and refusals in words."""

    read = May.SEE_REPORTS

    def asked(self, unit: str) -> tuple[ReportParams, Period | None]:
        """Parameters and period; without one the newest whose window has ended.

        A period that was never opened is missing like any other row: 404.
        """
        session = db.session()
        code = request.args.get("period", "").strip()
        if code:
            period = find_period(session, code[:10]) or abort(404)
        else:
            period = latest_period(session, today=today())
        params = ReportParams.read(request.args, period=period.code if period else "", unit=unit)
        return params, period

    def shared(self, params: ReportParams, period: Period | None) -> dict[str, Any]:
        settings = all_settings(db.session())
        return {
            "params": params,
            "period": period,
            "periods": _periods(),
            "choices": CHOICES,
            "settings": settings,
            "demo_data": settings["demo_data"],
            "at": now(),
        }


class ConsolidatedPage(ReportPage):
    """Biểu 01 on screen and as a file, and the explanation of each of its figures."""

    @expose("/consolidated")
    def consolidated(self) -> Response:
        try:
            params, period = self.asked("trieu")
        except RuleBroken as refusal:
            return refused(refusal)
        if period is None:
            return make_response(self.render("reports/none.html"))
        try:
            report = _report(params, period)
        except NotFound:
            abort(404)
        places = DECIMALS[params.unit]
        return make_response(
            self.render(
                "reports/consolidated.html",
                report=report,
                rows=list(zip(report.rows, report.places, strict=True)),
                has_gap=does_not_add_up(report, unit=params.unit, places=places),
                address={
                    "period": params.period,
                    "basis": params.basis,
                    "units": params.units,
                    "version": params.version,
                },
                changed=report.frozen is not None
                and has_changed(db.session(), period, basis=params.basis),
                is_open=not period.is_locked(now()),
                **self.shared(params, period),
            )
        )

    @expose("/consolidated.csv")
    def consolidated_csv(self) -> Response:
        try:
            params, period = self.asked("dong")
        except RuleBroken as refusal:
            return refused(refusal)
        try:
            report = _report(params, period or abort(404))
        except NotFound:
            abort(404)
        name = f"tong-hop-{params.period}"
        return csv_response(consolidated_csv(report, params, _), name)

    @expose("/explain")
    def explain(self) -> Response:
        """The ledger lines and entries whose sums are one figure."""
        try:
            params, period = self.asked("dong")
            period = period or abort(404)
            column = request.args.get("column", "")
            component = _row(Component, "component")
            investor = _row(Investor, "investor")
            project = _row(Project, "project")
            asked: dict[str, Any] = {
                "period": period,
                "column": column,
                "basis": params.basis,
                "units": params.units,
                "component_id": component.id if component else None,
                "investor_id": investor.id if investor else None,
                "project_id": project.id if project else None,
            }
            found = explain(db.session(), **asked)
            frozen = frozen_figure(db.session(), version=params.version, **asked)
        except NotFound:
            abort(404)
        except RuleBroken as refusal:
            return refused(refusal)
        most = max(len(found.plan or ()), len(found.money or ()))
        page = min(_whole(request.args.get("page", "0")), max(0, most - 1) // ON_A_PAGE)
        shown = slice(page * ON_A_PAGE, (page + 1) * ON_A_PAGE)
        return make_response(
            self.render(
                "reports/explain.html",
                found=found,
                frozen=frozen,
                column=column,
                heading_of_column=_(HEADINGS[column]),
                is_rate=column.startswith("rate_"),
                rate=rate(found.money_sum, found.plan_sum),
                subject=[row for row in (component, investor, project) if row is not None],
                page=page,
                pages=-(-most // ON_A_PAGE),
                shown=shown,
                **self.shared(params, period),
            )
        )


class LatePage(ReportPage):
    """Biểu 03 on screen and as a file, with the grid of units and months."""

    @expose("/late")
    def late(self) -> Response:
        try:
            params, period = self.asked("dong")
            as_of, show_all = moment_asked(request.args.get("as_of")), _flag("all")
        except RuleBroken as refusal:
            return refused(refusal)
        if period is None:
            return make_response(self.render("reports/none.html"))
        session = db.session()
        return make_response(
            self.render(
                "reports/late.html",
                rows=late(session, period=period, as_of=as_of, show_all=show_all),
                grid=grid(session, year=period.budget_year, as_of=as_of),
                as_of=as_of,
                show_all=show_all,
                may_review=allowed(current_user, May.SEE_REVIEW),
                **self.shared(params, period),
            )
        )

    @expose("/late/why")
    def why(self) -> Response:
        """One cell of the grid: the rule, the stored deadline, the moment of sending."""
        try:
            _params, period = self.asked("dong")
            as_of = moment_asked(request.args.get("as_of"))
        except RuleBroken as refusal:
            return refused(refusal)
        period, investor = period or abort(404), _row(Investor, "investor") or abort(404)
        standings = standings_of(db.session(), [period], as_of=as_of)
        found = [one for one in standings if one.investor.id == investor.id]
        return make_response(
            self.render(
                "reports/why.html",
                period=period,
                investor=investor,
                standing=found[0] if found else None,
                submission=db.session.scalar(
                    select(Submission).where(
                        Submission.period_id == period.id, Submission.investor_id == investor.id
                    )
                ),
                rule=deadline_settings(db.session()),
                own=db.session.get(ExpectedReport, (investor.id, period.id)),
                may_review=allowed(current_user, May.SEE_REVIEW),
                as_of=as_of,
                at=now(),
            )
        )

    @expose("/late.csv")
    def late_csv(self) -> Response:
        try:
            params, period = self.asked("dong")
            as_of, show_all = moment_asked(request.args.get("as_of")), _flag("all")
        except RuleBroken as refusal:
            return refused(refusal)
        rows = late(db.session(), period=period or abort(404), as_of=as_of, show_all=show_all)
        return csv_response(late_csv(rows, params, _), f"nop-muon-{params.period}")


# the addresses of design §6 end without a slash, so no page here is called "/"
ConsolidatedPage._default_view = "consolidated"
LatePage._default_view = "late"


def _report(params: ReportParams, period: Period) -> Consolidated:
    return consolidated(
        db.session(),
        period=period,
        group=params.group,
        detail=params.detail,
        basis=params.basis,
        units=params.units,
        version=params.version,
    )


def _periods() -> list[Period]:
    newest_first = select(Period).order_by(Period.data_to.desc(), Period.code.desc())
    return list(db.session.scalars(newest_first))


def refused(refusal: RuleBroken) -> Response:
    return make_response(errors.page(400, reason=say(refusal)))


def _flag(name: str) -> bool:
    value = request.args.get(name, "0")
    if value not in ("0", "1"):
        raise RuleBroken(
            _n("“%(value)s” is not possible for %(name)s. Choose one of: %(allowed)s."),
            value=value[:40],
            name=name,
            allowed="0, 1",
        )
    return value == "1"


def moment_asked(typed: str | None) -> datetime:
    """A moment of a clock in Vietnam unless it names its offset; now where none is asked."""
    if not typed:
        return now()
    try:
        # a plus sign arrives as a space where an address was written by hand
        value = datetime.fromisoformat(typed.strip().replace(" ", "+"))
        value = value if value.tzinfo else value.replace(tzinfo=HANOI)
        local(value)
    except (ValueError, OverflowError):
        raise RuleBroken(
            _n("“%(typed)s” is no moment. Write it like 2024-04-16T09:00."), typed=typed[:40]
        ) from None
    return value


def _row(kind: type[Any], name: str) -> Any:
    """The row that an address names, if it names one; foreign and missing ones are 404."""
    typed = request.args.get(name)
    return (db.session.get(kind, _whole(typed)) or abort(404)) if typed else None


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        abort(404)
    return int(text)


def pages() -> list[BaseView]:
    return [
        ConsolidatedPage(
            name=_l("Consolidated report"),
            endpoint="reports",
            url="/admin/reports",
            menu_icon_type="i",
            menu_icon_value="chart",
        ),
        LatePage(
            name=_l("Late list"),
            endpoint="reports_late",
            url="/admin/reports",
            menu_icon_type="i",
            menu_icon_value="late",
        ),
    ]
