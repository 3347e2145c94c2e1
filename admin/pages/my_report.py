"""My report: the sheet on which a unit types its month."""

from typing import Any

from flask import abort, g, make_response, redirect, request, url_for
from flask import session as cookie
from flask_admin import BaseView, expose
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.access import May, Page, allowed, asked_id, by_subject, file_response
from admin.pages.papers import paper_file, paper_page
from admin.pages.quarter import QuarterPage
from admin.pages.receipts import receipt_page
from admin.pages.report_form import ReportForm
from admin.pages.sheet_posts import SheetPosts
from admin.words import say
from models import (
    Investor,
    Period,
    PeriodKind,
    Submission,
    db,
)
from models.base import (
    SLIP,
    SUSPECT_RATIO,
    UNITS,
    PeriodLocked,
    new_key,
    now,
    today,
)
from models.duty import correct_by, due_again, find_period, reopenings_of, standings_of_units
from models.filing import Sheet, read_sheet, threads_of
from models.filing.checks import Finding, check_sheet, outdated, unexplained
from reports.obstacles import open_of
from reports.quarter import QuarterSheet
from reports.review import figure_periods
from reports.sendings import sendings_of
from reports.uncounted import uncounted_before
from reports.unit_form import unit_form

MOST = 36


class MyReportPage(SheetPosts, QuarterPage, Page):
    """One page per unit and period; the address is `/admin/my-report/2024-03`."""

    read = May.FILL_REPORT
    for_office = False

    @expose("/")
    def index(self) -> str:
        """The periods of each unit: all that take figures now, if of one unit that is to correct
        what it sent, then the last that are locked.
        """
        at, investors = now(), self._investors()
        periods = figure_periods(db.session(), most=MOST)
        known = [unit.id for unit in investors]
        sent = db.session.scalars(select(Submission).where(Submission.investor_id.in_(known)))
        duties = standings_of_units(db.session(), known, as_of=at)
        reopened = reopenings_of(db.session(), None, known, at=at)
        corrected = {period_id for period_id, _unit in reopened}
        return str(
            self.render(
                "my_report/index.html",
                investors=investors,
                periods=sorted(
                    periods, key=lambda one: one.is_locked(at) and one.id not in corrected
                ),
                reopened=reopened,
                submissions={(row.investor_id, row.period_id): row for row in sent},
                standings={(one.investor.id, one.period.id): one for one in duties},
                correct_by=correct_by(db.session(), duties),
                at=at,
            )
        )

    @expose("/<code>", methods=["GET", "POST"])
    def sheet(self, code: str) -> Response:
        period, investor = self._period(code), self._investor()
        if period.kind is PeriodKind.QUARTER:
            return self.quarter(period, investor)
        is_posted = request.method == "POST"  # to store it, nothing of other periods is needed
        stored = read_sheet(
            db.session(), period=period, investor=investor, at=now(), whole=not is_posted
        )
        if is_posted:
            return self.save(code, stored)
        return self._page(stored, ReportForm(stored, unit=self._unit()))

    @expose("/<code>/form.xlsx")
    def form_file(self, code: str) -> Response:
        """The Excel form of this report, as far as it is known; its page says why there is none."""
        period, investor = self._period(code), self._investor()
        stored = read_sheet(db.session(), period=period, investor=investor, at=now())
        try:
            name, content = unit_form(db.session(), stored, at=now())
        except PeriodLocked as refusal:
            if period.kind is PeriodKind.QUARTER:
                raise
            form = ReportForm(stored, unit=self._unit())
            return self._page(stored, form, 409, refusal=say(refusal))
        return file_response(content, name)

    @expose("/<code>/print")
    def paper(self, code: str) -> Response:
        """The report as the unit signs and files it: the last sending, one by `number`, a draft."""
        period, investor = self._period(code), self._investor()
        back = url_for(".sheet", code=code, investor=request.args.get("investor"))
        return paper_page(self, period, investor, back=back)

    @expose("/<code>.docx")
    def paper_docx(self, code: str) -> Response:
        return paper_file(self._period(code), self._investor())

    @expose("/<code>/sendings/<int:number>")
    def sending(self, code: str, number: int) -> Response:
        """What was sent once, whole, with its moment and sums: to look at and to print."""
        period, investor = self._period(code), self._investor()
        back = url_for(".sheet", code=code, investor=request.args.get("investor"))
        return receipt_page(self, period, investor, number, back=back)

    def _page(
        self,
        sheet: Sheet,
        form: ReportForm,
        status: int = 200,
        *,
        refusal: str = "",
        differences: list[tuple[str, str, str]] | None = None,
        show_findings: bool = False,
        findings: list[Finding] | None = None,
        is_kept: bool = False,
    ) -> Response:
        if findings is None:
            findings = check_sheet(sheet) if sheet.submission is not None else []
        missing = unexplained(sheet, findings)
        threads = threads_of(db.session(), sheet.submission)
        page = self.render(
            "my_report/sheet.html",
            sheet=sheet,
            form=form,
            findings=findings,
            findings_of=by_subject(findings),
            unexplained={finding.key for finding in missing},
            outdated=outdated(sheet, findings),
            uncounted=uncounted_before(db.session(), sheet.period, sheet.investor),
            sendings=sendings_of(db.session(), sheet.submission),
            threads_of=by_subject(threads),
            obstacles=open_of(db.session(), sheet.investor.id, today=today()),
            refusal=refusal,
            differences=differences or [],
            show_findings=show_findings,
            is_kept=is_kept,
            suspect=(SUSPECT_RATIO, SLIP),
            **self.shared(sheet),
        )
        return make_response(page, status)

    def shared(self, sheet: Sheet | QuarterSheet) -> dict[str, Any]:
        """What the pages of a month and of a quarter both need."""
        at = now()
        return {
            "due_again": due_again(db.session(), sheet.period, sheet.submission, as_of=at),
            "form_key": new_key(),
            "investors": self._investors(),
            "for_office": self.for_office,
            "may_edit_obstacles": allowed(current_user, May.EDIT_OBSTACLES),
            "at": at,
        }

    def _unit(self) -> str:
        """The unit of amounts: asked for in the address, and remembered for this person."""
        asked = request.args.get("unit")
        if asked in UNITS:
            cookie["unit"] = asked
        return str(cookie.get("unit", "dong"))

    def _fresh(self, code: str) -> Sheet:
        """The sheet as stored, after a rollback."""
        return read_sheet(
            db.session(), period=self._period(code), investor=self._investor(), at=now()
        )

    def back(self, period: Period, investor: Investor) -> Response:
        several: dict[str, Any] = {"investor": investor.id} if len(self._investors()) > 1 else {}
        return redirect(url_for(".sheet", code=period.code, **several), code=303)

    def _period(self, code: str) -> Period:
        return find_period(db.session(), code) or abort(404)

    def _investors(self) -> list[Investor]:
        """The units for which this person may write, those that are there today first: a page
        that names none is of the first. Reading may reach further.
        """
        if "own_units" not in g:
            own = db.session().scope.write or frozenset()
            statement = select(Investor).where(Investor.id.in_(own))
            in_order = statement.order_by(Investor.sort_order, Investor.code, Investor.id)
            known, day = db.session.scalars(in_order), today()
            g.own_units = sorted(known, key=lambda unit: not unit.exists_on(day))
        return list(g.own_units)

    def _investor(self) -> Investor:
        investors = self._investors()
        asked = request.args.get("investor")
        if asked is None and investors:
            return investors[0]
        found = [unit for unit in investors if str(unit.id) == asked]
        return found[0] if found else abort(404)


class EnterForUnitPage(MyReportPage):
    """The same sheet for an officer, once a report on paper is registered (nhập thay)."""

    read = May.ENTER_FOR_UNIT
    for_office = True

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> Any:
        return redirect(url_for("review.index"))

    @expose("/<code>", methods=["GET", "POST"])
    def sheet(self, code: str) -> Response:
        self._check_received(code)
        reply: Response = super().sheet(code)
        return reply

    @expose("/<code>/form.xlsx")
    def form_file(self, code: str) -> Response:
        self._check_received(code)
        reply: Response = super().form_file(code)
        return reply

    @expose("/<code>/print")
    def paper(self, code: str) -> Response:
        self._check_received(code)
        reply: Response = super().paper(code)
        return reply

    @expose("/<code>.docx")
    def paper_docx(self, code: str) -> Response:
        self._check_received(code)
        reply: Response = super().paper_docx(code)
        return reply

    def _check_received(self, code: str) -> None:
        """This entrance is there once the receipt of the report is registered."""
        received = db.session.scalar(
            select(Submission.id)
            .join(Period, Period.id == Submission.period_id)
            .where(
                Period.code == code,
                Submission.investor_id == self._investor().id,
                Submission.received_via.is_not(None),
            )
        )
        if received is None:
            abort(404)

    def back(self, period: Period, investor: Investor) -> Response:
        there = url_for("review.unit", code=period.code, investor_id=investor.id)
        return redirect(there, code=303)

    def _investors(self) -> list[Investor]:
        return [self._investor()]

    def _investor(self) -> Investor:
        asked = asked_id(request.args.get("investor", ""))
        return db.session.get(Investor, asked) or abort(404)


def pages() -> list[BaseView]:
    return [
        MyReportPage(
            name=_l("My report"),
            endpoint="my_report",
            url="/admin/my-report",
            menu_icon_value="edit",
        ),
        EnterForUnitPage(
            name=_l("Enter a report for a unit"), endpoint="enter_report", url="/admin/enter-report"
        ),
    ]
