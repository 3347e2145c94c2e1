"""My report: the sheet on which a unit types its month."""

from flask import abort, flash, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from admin.base import Page
from admin.formatters import month_label
from admin.permissions import May
from admin.report_form import ReportForm, field_of
from admin.texts import say
from models import ExpectedReport, Investor, Period, RuleBroken, Stale, Submission, db
from models.audit import current_actor
from models.clock import now
from models.errors import NotFound, PeriodLocked
from models.form_key import new_key, spend
from models.periods import get_period
from models.report_sheet import Sheet, read_sheet
from models.reporting import save_report
from models.rules import Finding, Level, check_sheet, unexplained
from models.sending import send_report
from reports.review import figure_periods

MOST = 36


class MyReportPage(Page):
    """One page per unit and period; the address is `/admin/my-report/2024-03`."""

    read = May.FILL_REPORT

    @expose("/")
    def index(self) -> str:
        """The periods of each unit: all that take figures now, then the last that are locked."""
        at, investors = now(), self._investors()
        periods = figure_periods(db.session(), most=MOST)
        known = [unit.id for unit in investors]
        rows = {
            kind: {
                (row.investor_id, row.period_id): row
                for row in db.session.scalars(select(kind).where(kind.investor_id.in_(known)))
            }
            for kind in (Submission, ExpectedReport)
        }
        return str(
            self.render(
                "my_report/index.html",
                investors=investors,
                periods=sorted(periods, key=lambda period: period.is_locked(at)),
                submissions=rows[Submission],
                expected=rows[ExpectedReport],
                at=at,
            )
        )

    @expose("/<code>", methods=["GET", "POST"])
    def sheet(self, code: str) -> Response:
        period, investor = self._period(code), self._investor()
        stored = read_sheet(db.session(), period=period, investor=investor, at=now())
        if request.method == "GET":
            return self._page(stored, ReportForm(stored))
        form = ReportForm(stored, request.form)
        typed = form.read()
        if form.errors:
            return self._page(stored, form, 422)
        try:
            if not spend(db.session(), request.form.get("form_key", ""), current_user.id):
                return self._back(period, investor)
            submission = save_report(
                db.session(),
                period=period,
                investor=investor,
                projects=typed,
                nil_report=form.nil_report,
                explanations=form.explanations(),
                version=form.version,
                at=now(),
            )
        except (Stale, StaleDataError, IntegrityError):
            db.session.rollback()
            return self._conflict(code)
        except PeriodLocked as refusal:
            db.session.rollback()
            return self._refused(code, say(refusal))
        except RuleBroken as refusal:
            db.session.rollback()
            return self._refused(code, say(refusal), refusal.field)
        if request.form.get("action") == "send":
            return self._send(period, investor, submission)
        db.session.commit()
        flash(_("The draft is saved. It is not sent yet."), "success")
        return self._back(period, investor)

    def _send(self, period: Period, investor: Investor, submission: Submission) -> Response:
        """Send what was just saved; when the checks refuse, the draft stays saved.

        The sending changes nothing before it has checked everything.
        """
        refusal = None
        try:
            send_report(db.session(), submission, at=now(), actor=current_actor())
        except RuleBroken as broken:
            refusal = broken
        db.session.commit()
        if refusal is not None:
            fresh = read_sheet(db.session(), period=period, investor=investor, at=now())
            return self._page(
                fresh, ReportForm(fresh), 422, refusal=say(refusal), show_findings=True
            )
        flash(_("The report of %(period)s is sent.", period=month_label(period.code)), "success")
        return self._back(period, investor)

    def _conflict(self, code: str) -> Response:
        """Both versions side by side; sending again is an informed overwrite."""
        fresh = self._fresh(code)
        mine = dict(request.form.items()) | {"version": str(fresh.version)}
        both = ReportForm(fresh, mine)
        differences = [(both.label(n), old, new) for n, old, new in both.differences()]
        return self._page(fresh, both, 409, differences=differences)

    def _refused(self, code: str, sentence: str, field: str | None = None) -> Response:
        fresh = self._fresh(code)
        again = ReportForm(fresh, request.form)
        if field:
            again.errors[field] = sentence
        return self._page(fresh, again, 422, refusal=sentence)

    def _page(
        self,
        sheet: Sheet,
        form: ReportForm,
        status: int = 200,
        *,
        refusal: str = "",
        differences: list[tuple[str, str, str]] | None = None,
        show_findings: bool = False,
    ) -> Response:
        findings = check_sheet(sheet) if sheet.submission is not None else []
        missing = unexplained(sheet, findings)
        page = self.render(
            "my_report/sheet.html",
            sheet=sheet,
            form=form,
            findings=findings,
            findings_of=by_subject(findings),
            unexplained={finding.key for finding in missing},
            errors_left=[f for f in findings if f.level is Level.ERROR],
            field_of=field_of,
            refusal=refusal,
            differences=differences or [],
            show_findings=show_findings,
            form_key=new_key(),
            investors=self._investors(),
            at=now(),
        )
        return make_response(page, status)

    def _fresh(self, code: str) -> Sheet:
        """The sheet as stored, after a rollback."""
        return read_sheet(
            db.session(), period=self._period(code), investor=self._investor(), at=now()
        )

    def _back(self, period: Period, investor: Investor) -> Response:
        several = {"investor": investor.id} if len(self._investors()) > 1 else {}
        return redirect(url_for(".sheet", code=period.code, **several), code=303)

    def _period(self, code: str) -> Period:
        try:
            return get_period(db.session(), code)
        except (NotFound, RuleBroken):
            abort(404)

    def _investors(self) -> list[Investor]:
        """The units for which this person may write; reading may reach further."""
        own = db.session().scope.write or frozenset()
        return list(
            db.session.scalars(
                select(Investor)
                .where(Investor.id.in_(own))
                .order_by(Investor.sort_order, Investor.code, Investor.id)
            )
        )

    def _investor(self) -> Investor:
        investors = self._investors()
        asked = request.args.get("investor")
        if asked is None and investors:
            return investors[0]
        found = [unit for unit in investors if str(unit.id) == asked]
        return found[0] if found else abort(404)


def by_subject(findings: list[Finding]) -> dict[str, list[Finding]]:
    """Findings under the allocation or project they are about."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.subject, []).append(finding)
    return grouped


def pages() -> list[BaseView]:
    return [
        MyReportPage(
            name=_l("My report"),
            endpoint="my_report",
            url="/admin/my-report",
            menu_icon_type="i",
            menu_icon_value="edit",
        )
    ]
