"""Frozen versions of reports: the list of a period, the number of the paper, what changed."""

from typing import Any

from flask import abort, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from admin.access import May, Page, allowed, asked_id, check_seen
from admin.pages.act import carry_out, compute_and_carry_out
from admin.pages.period_actions import must
from admin.records import Newest, newest_of
from models import Period, ReportVersion, db
from models.base import NotFound, current_actor, given, new_key, now, read_day, read_text
from models.duty import find_period
from models.returns import one_at_a_time
from reports.frozen import (
    Prepared,
    Side,
    VersionLine,
    compare,
    freeze,
    from_now_on,
    has_changed,
    live,
    prepare,
    record_paper,
    side,
    versions_of,
)
from reports.writing import CHOICES

NOW = "now"

MOST = 999_999
MOST_VERSIONS = 200  # offered for comparison


class VersionsPage(Page):
    read = May.SEE_REPORTS

    @expose("/")
    def index(self) -> str:
        """The periods that have frozen reports, newest first."""
        rows = db.session.execute(
            select(Period, func.count(), func.max(ReportVersion.frozen_at))
            .join(ReportVersion, ReportVersion.period_id == Period.id)
            .group_by(Period.id)
            .order_by(Period.data_to.desc(), Period.code)
        ).all()
        return str(self.render("versions/index.html", rows=rows, at=now()))

    @expose("/<code>", methods=["GET"])
    def period(self, code: str) -> Response:
        return self.period_page(code)

    @expose("/<code>/paper", methods=["POST"])
    def paper(self, code: str) -> Response:
        """Number and day that the clerk gave the paper of one version."""
        must(May.EDIT_PERIODS)
        period = self._period(code)
        version = db.session.scalar(
            select(ReportVersion).where(
                ReportVersion.period_id == period.id,
                ReportVersion.number == asked_id(request.form.get("version", ""), MOST),
            )
        )
        if version is None:
            abort(404)

        def act() -> str:
            day = read_day(request.form.get("day", ""), field="day")
            one_at_a_time(db.session(), "papers")
            papers = _papers(versions_of(db.session(), period))
            typed = request.form.get("number", "")
            check_seen(papers, theirs=papers, mine=f"{version.number}: {typed} ({day:%d/%m/%Y})")
            record_paper(
                db.session(), version, number=typed, issued_on=day, at=now(), actor=current_actor()
            )
            return _("The number of the paper is recorded.")

        return carry_out(act, **self._told(code))

    @expose("/<code>/freeze", methods=["POST"])
    def freeze(self, code: str) -> Response:
        """Keep the entries of a locked period as the next version, with the reason."""
        must(May.EDIT_PERIODS)
        period = self._period(code)

        def compute() -> Prepared | None:
            at = now()
            return prepare(db.session(), period, at=at) if period.is_locked(at) else None

        def act(known: Prepared | None) -> str:
            reason = given(
                read_text(request.form.get("reason", ""), field="reason"), field="reason"
            )
            at = from_now_on(db.session(), period)
            made = freeze(
                db.session(), period, reason=reason, at=at, actor=current_actor(), prepared=known
            )
            return _("Version %(number)s is frozen.", number=made.number)

        return compute_and_carry_out(compute, act, **self._told(code))

    def _told(self, code: str) -> dict[str, Any]:
        return {
            "there": redirect(url_for(".period", code=code), 303),
            "refused": lambda status, why: self.period_page(code, status, why),
        }

    @expose("/<code>/compare")
    def compare(self, code: str) -> Response:
        """Cell by cell: one version against another, or against the entries of now."""
        period = self._period(code)
        basis = request.args.get("basis", "submitted")
        if basis not in CHOICES["basis"]:
            abort(404)
        versions = versions_of(db.session(), period)
        newest = str(versions[0].number) if versions else NOW
        older = str(versions[1].number) if len(versions) > 1 else newest
        asked_a = request.args.get("a") or (newest if has_changed(db.session(), period) else older)
        asked_b = request.args.get("b") or (NOW if asked_a == newest else newest)
        try:
            found = compare(
                db.session(),
                self._side(period, asked_a, basis),
                self._side(period, asked_b, basis),
            )
        except NotFound:
            abort(404)
        return make_response(
            self.render(
                "versions/compare.html",
                period=period,
                versions=versions,
                others=self._all_versions(),
                found=found,
                a=asked_a,
                b=asked_b,
                basis=basis,
                at=now(),
            )
        )

    def period_page(self, code: str, status: int = 200, refusal: str = "") -> Response:
        period = self._period(code)
        page = self.render(
            "versions/period.html",
            period=period,
            versions=(versions := versions_of(db.session(), period)),
            papers=_papers(versions),
            changed=has_changed(db.session(), period),
            may_manage=allowed(current_user, May.EDIT_PERIODS),
            typed=request.form,
            refusal=refusal,
            form_key=new_key(),
            at=now(),
        )
        return make_response(page, status)

    def _side(self, period: Period, asked: str, basis: str) -> Side:
        """`2` is a version of this period, `2024-02:1` one of another, `now` the entries."""
        if asked == NOW:
            return live(db.session(), period, basis=basis, at=now(), actor=current_actor())
        code, _sep, number = asked.rpartition(":")
        of = self._period(code) if code else period
        return side(db.session(), of, number=asked_id(number, MOST), basis=basis)

    def _all_versions(self) -> Newest:
        rows = (
            select(Period.code, ReportVersion.number, ReportVersion.frozen_at)
            .join(ReportVersion, ReportVersion.period_id == Period.id)
            .order_by(Period.data_to.desc(), ReportVersion.number.desc())
        )
        return newest_of(rows, MOST_VERSIONS)

    def _period(self, code: str) -> Period:
        return find_period(db.session(), code) or abort(404)


def _papers(versions: list[VersionLine]) -> str:
    """What is recorded of the papers, in one line."""
    return "; ".join(
        f"{one.number}: {one.paper_number} ({one.paper_day:%d/%m/%Y})"
        for one in versions
        if one.paper_number
    )


def pages() -> list[BaseView]:
    return [
        VersionsPage(
            name=_l("Frozen reports"),
            category=_l("Compiling reports"),
            endpoint="versions",
            url="/admin/versions",
            menu_icon_value="lock",
        )
    ]
