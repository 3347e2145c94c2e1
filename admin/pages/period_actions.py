"""Opening, locking and reopening a period, and its deadline."""

from collections.abc import Callable
from datetime import datetime

from flask import abort, make_response, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from admin.access import May, Page, allowed, check_seen
from admin.pages.act import carry_out, compute_and_carry_out
from admin.words import deadline, month_label, unit_called
from models import Investor, Period, RuleBroken, db
from models.base import (
    _n,
    current_actor,
    new_key,
    now,
    read_day_and_clock,
    read_id,
    read_text,
    today,
)
from models.calendar import PeriodCode, Resolved, is_provisional
from models.duty import (
    deadline_of,
    expect_unit,
    fill_in_years,
    find_period,
    newest_period,
    open_period,
    override_deadline,
    reopen_period,
)
from models.returns import hold_period
from reports.findings import ask_why
from reports.frozen import Prepared, from_now_on, lock_and_freeze, prepare


def must(may: May) -> None:
    """Refuse whoever may look at a page but not do this on it."""
    if not allowed(current_user, may):
        abort(403)


class PeriodActions:
    """The acts on a period that stand on the pages of the review."""

    period_page: Callable[..., Response]
    unit_page: Callable[..., Response]

    @expose("/<code>/lock", methods=["POST"])
    def lock(self, code: str) -> Response:
        must(May.EDIT_PERIODS)
        period = self.get_period(code)

        def compute() -> Prepared | None:
            at = now()
            if period.is_locked(at):
                return None
            ask_why(db.session(), period, reason=typed_text("lock_reason"), at=at)
            return prepare(db.session(), period, at=at)

        def act(known: Prepared | None) -> str:
            made = lock_and_freeze(
                db.session(),
                period,
                at=from_now_on(db.session(), period),
                actor=current_actor(),
                reason=typed_text("lock_reason") or None,
                prepared=known,
            )
            return _(
                "%(period)s is locked; version %(number)s of its report is frozen.",
                period=month_label(period.code),
                number=made.number,
            )

        return compute_and_carry_out(
            compute,
            act,
            there=self.to_period(code),
            refused=lambda status, why: self.period_page(code, status, why),
        )

    @expose("/<code>/reopen", methods=["POST"])
    def reopen(self, code: str) -> Response:
        def act(period: Period) -> str:
            reopen_period(db.session(), period, reason=typed_text("reason"), at=now())
            return _("%(period)s takes figures again.", period=month_label(period.code))

        return self._carry_out(code, act)

    @expose("/<code>/deadline", methods=["POST"])
    def deadline(self, code: str) -> Response:
        def act(period: Period) -> str:
            moment = typed_moment()
            hold_period(db.session(), period, alone=True)
            check_seen(
                period.deadline_at,
                period.deadline_reason,
                theirs=f"{deadline(period.deadline_at)}: {period.deadline_reason}",
                mine=f"{deadline(moment)}: {typed_text('deadline_reason')}",
            )
            override_deadline(
                db.session(), period, deadline_at=moment, reason=typed_text("deadline_reason")
            )
            return _("The deadline is now %(moment)s.", moment=deadline(moment))

        return self._carry_out(code, act)

    @expose("/<code>/expect", methods=["POST"])
    def expect(self, code: str) -> Response:
        """Put one more unit on the list by hand, with the reason."""

        def act(period: Period) -> str:
            unit_id = read_id(request.form.get("unit", ""))
            unit = db.session.get(Investor, unit_id) if unit_id is not None else None
            if unit is None:
                raise RuleBroken(_n("Choose the unit that is to report."), field="unit")
            expect_unit(db.session(), period, unit, reason=typed_text("duty_reason"))
            return _("%(unit)s is expected to report.", unit=unit_called(unit, period.data_to))

        return self._carry_out(code, act)

    def _carry_out(self, code: str, act: Callable[[Period], str]) -> Response:
        must(May.EDIT_PERIODS)
        period = self.get_period(code)
        return carry_out(
            lambda: act(period),
            there=self.to_period(code),
            refused=lambda status, why: self.period_page(code, status, why),
        )

    def get_period(self, code: str) -> Period:
        return find_period(db.session(), code) or abort(404)

    def to_period(self, code: str) -> Response:
        return redirect(url_for("review.period", code=code), 303)


class OpenPeriodPage(Page):
    """A form of one field: the code of the period to open, the next one suggested."""

    read = May.EDIT_PERIODS

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=["GET", "POST"])
    def index(self) -> Response:
        if request.method == "GET":
            return self._page(self._suggestion())
        typed = request.form.get("code", "").strip()
        if not request.form.get("provisional") and (asked := _estimated(typed)):
            return self._page(typed, 422, estimated=asked)

        def act() -> str:
            period = open_period(db.session(), typed, at=now())
            return _(
                "%(period)s is open. Deadline: %(moment)s.",
                period=month_label(period.code),
                moment=deadline(period.deadline_at),
            )

        return carry_out(
            act,
            there=lambda: redirect(
                url_for("review.period", code=str(PeriodCode.parse(typed))), 303
            ),
            again=redirect(url_for("review.index"), 303),
            refused=lambda status, why: self._page(typed, status, why),
        )

    def _page(
        self, code: str, status: int = 200, refusal: str = "", estimated: Resolved | None = None
    ) -> Response:
        page = self.render(
            "periods/open.html",
            code=code,
            refusal=refusal,
            estimated=estimated,
            form_key=new_key(),
            at=now(),
        )
        return make_response(page, status)

    def _suggestion(self) -> str:
        """The quarter that has just ended, else the month after the newest; after December the
        closing period and January, which stand open side by side.
        """
        newest = newest_period(db.session())
        if newest is None:
            return f"{today():%Y-%m}"
        code = PeriodCode.parse(newest.code)
        if code.kind == "month" and code.number % 3 == 0:
            quarter = f"{code.budget_year}-Q{code.number // 3}"
            if find_period(db.session(), quarter) is None:
                return quarter
        if code.kind == "month" and code.number == 12:
            return f"{code.budget_year}-13"
        if code.kind == "closing":
            return f"{code.budget_year + 1}-01"
        if code.number == 1 and find_period(db.session(), f"{code.budget_year - 1}-12"):
            closing = f"{code.budget_year - 1}-13"
            if find_period(db.session(), closing) is None:
                return closing
        return str(code.next())


def _estimated(code: str) -> Resolved | None:
    """The deadline of a period that is to be opened, if its days off are not confirmed."""
    try:
        known = PeriodCode.parse(code)
        if find_period(db.session(), str(known)) is not None:
            return None
        fill_in_years(db.session(), known)
        resolved = deadline_of(db.session(), known)
    except RuleBroken:
        return None
    finally:
        db.session.rollback()
    return resolved if is_provisional(resolved.reason) else None


def typed_text(name: str) -> str:
    """What stands in a field of the form that was posted, cleaned and counted."""
    return read_text(request.form.get(name, ""), field=name)


def typed_moment(name: str = "") -> datetime:
    """The moment of the fields `…day` and `…time` of the form that was posted, after `name`."""
    day, clock = (request.form.get(f"{name}{part}", "") for part in ("day", "time"))
    return read_day_and_clock(day, clock, field=f"{name}day")
