"""The acts on one unit in one period: exempt, extend, reopen, receive on paper, remark."""

import re
from collections.abc import Callable

from flask import abort, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from admin.access import May, asked_id, check_seen
from admin.pages.act import carry_out
from admin.pages.period_actions import PeriodActions, must, typed_moment, typed_text
from admin.words import deadline, exact_moment, ngettext, unit_called
from models import ExpectedReport, Investor, Period, ReceiptWay, Submission, db
from models.base import clean, current_actor, now, read_day
from models.duty import expect_unit, extend_deadline, release_unit, reopen_for_unit, set_exemption
from models.filing import (
    add_remarks,
    read_sheet,
    register_receipt,
    reply,
    resolve_thread,
    withdraw_receipt,
)
from models.returns import hold_period

_REMARK = re.compile(r"remark-((?:allocation|project):\d+|report)(?:-([a-z_]{1,40}))?")


class UnitActions(PeriodActions):
    """Posted forms of the page of one unit; each is carried out once and leads back there."""

    @expose("/<code>/<int:investor_id>/exempt", methods=["POST"])
    def exempt(self, code: str, investor_id: int) -> Response:
        """Free a unit from reporting, or take that back."""

        def act(period: Period, investor: Investor) -> str:
            hold_period(db.session(), period)
            expected = _expected(period, investor)
            check_seen(
                expected.exempt_reason,
                expected.exempt_until,
                theirs=expected.exempt_reason or "",
                mine=typed_text("exempt_reason"),
            )
            if request.form.get("action") == "end":
                set_exemption(db.session(), expected, reason=None, until=None)
                return _(
                    "%(unit)s has to report again.", unit=unit_called(investor, period.data_to)
                )
            typed = request.form.get("until", "")
            until = read_day(typed, field="until") if typed.strip() else None
            set_exemption(db.session(), expected, reason=typed_text("exempt_reason"), until=until)
            return _("%(unit)s is exempt.", unit=unit_called(investor, period.data_to))

        return self._for_unit(code, investor_id, May.EDIT_PERIODS, act)

    @expose("/<code>/<int:investor_id>/extend", methods=["POST"])
    def extend(self, code: str, investor_id: int) -> Response:
        """A later deadline for this unit alone."""

        def act(period: Period, investor: Investor) -> str:
            hold_period(db.session(), period)
            expected = _expected(period, investor)
            check_seen(
                expected.deadline_at,
                expected.deadline_reason,
                theirs=expected.deadline_reason or "",
                mine=typed_text("extension_reason"),
            )
            if request.form.get("action") == "end":
                extend_deadline(db.session(), expected, deadline_at=None, reason="")
                return _("The deadline of the period counts for this unit again.")
            moment = typed_moment("extended_")
            extend_deadline(
                db.session(), expected, deadline_at=moment, reason=typed_text("extension_reason")
            )
            return _("The deadline is now %(moment)s.", moment=deadline(moment))

        return self._for_unit(code, investor_id, May.EDIT_PERIODS, act)

    @expose("/<code>/<int:investor_id>/reopen", methods=["POST"])
    def reopen_unit(self, code: str, investor_id: int) -> Response:
        """Let this unit correct a locked period until an hour."""

        def act(period: Period, investor: Investor) -> str:
            until = typed_moment("reopen_")
            reopen_for_unit(
                db.session(),
                period,
                investor,
                until_at=until,
                reason=typed_text("reopen_reason"),
                at=now(),
                actor=current_actor(),
            )
            return _(
                "%(unit)s may send a corrected report until %(moment)s.",
                unit=unit_called(investor, period.data_to),
                moment=exact_moment(until),
            )

        return self._for_unit(code, investor_id, May.EDIT_PERIODS, act)

    @expose("/<code>/<int:investor_id>/receipt", methods=["POST"])
    def receipt(self, code: str, investor_id: int) -> Response:
        """Register a report that came on paper or by chat, or take that back."""

        def act(period: Period, investor: Investor) -> str:
            session = db.session()
            if request.form.get("action") == "end":
                withdraw_receipt(session, _submission(period, investor))
                return _("The receipt is taken back.")
            moment = typed_moment("received_")
            way = request.form.get("received_via", "")
            if way not in {member.value for member in ReceiptWay}:
                abort(400)
            register_receipt(
                session,
                period,
                investor,
                received_at=moment,
                way=ReceiptWay(way),
                note=typed_text("received_note"),
                at=now(),
                actor=current_actor(),
            )
            return _(
                "The receipt of %(moment)s is registered. Enter the figures now.",
                moment=exact_moment(moment),
            )

        return self._for_unit(code, investor_id, May.REVIEW_SUBMISSIONS, act)

    @expose("/<code>/<int:investor_id>/remark", methods=["POST"])
    def remark(self, code: str, investor_id: int) -> Response:
        """Remarks on several figures at once, answers, and points that are closed."""

        def act(period: Period, investor: Investor) -> str:
            submission, actor = _submission(period, investor), current_actor()
            if "resolve" in request.form:
                thread_id = asked_id(request.form["resolve"])
                resolve_thread(db.session(), submission, thread_id, at=now(), actor=actor)
                return _("The point is closed.")
            if "answer" in request.form:
                thread_id = asked_id(request.form["answer"])
                reply(
                    db.session(),
                    submission,
                    thread_id,
                    text=clean(request.form.get(f"reply-{thread_id}", "")),
                    at=now(),
                    actor=actor,
                    by_office=True,
                )
                return _("The answer is added.")
            count = add_typed_remarks(period, investor)
            return ngettext("%(num)s remark is added.", "%(num)s remarks are added.", count)

        return self._for_unit(code, investor_id, May.REVIEW_SUBMISSIONS, act)

    @expose("/<code>/<int:investor_id>/duty", methods=["POST"])
    def duty(self, code: str, investor_id: int) -> Response:
        """Put this unit on the list of the period by hand, or take it off."""

        def act(period: Period, investor: Investor) -> str:
            reason = typed_text("duty_reason")
            if request.form.get("action") == "release":
                release_unit(db.session(), period, investor, reason=reason)
                return _(
                    "%(unit)s is no longer expected to report.",
                    unit=unit_called(investor, period.data_to),
                )
            expect_unit(db.session(), period, investor, reason=reason)
            return _("%(unit)s is expected to report.", unit=unit_called(investor, period.data_to))

        return self._for_unit(code, investor_id, May.EDIT_PERIODS, act)

    def _for_unit(
        self, code: str, investor_id: int, may: May, act: Callable[[Period, Investor], str]
    ) -> Response:
        must(may)
        period = self.get_period(code)
        investor = db.session.get(Investor, investor_id) or abort(404)
        return carry_out(
            lambda: act(period, investor),
            there=redirect(url_for(".unit", code=code, investor_id=investor_id), 303),
            refused=lambda status, why: self.unit_page(code, investor_id, status, why),
        )


def typed_remarks() -> dict[tuple[str, str], str]:
    """Remarks by (subject, figure) from the fields `remark-allocation:7-completed`."""
    found = {}
    for name, text in request.form.items():
        match = _REMARK.fullmatch(name)
        if match and text.strip():
            found[match[1], match[2] or ""] = clean(text)
    return found


def add_typed_remarks(period: Period, investor: Investor) -> int:
    """Store the remarks of the posted form; raises RuleBroken when none was written."""
    sheet = read_sheet(db.session(), period=period, investor=investor, at=now())
    return add_remarks(db.session(), sheet, typed_remarks(), at=now(), actor=current_actor())


def _expected(period: Period, investor: Investor) -> ExpectedReport:
    """The row, held: of two acts on one duty the second sees what the first did."""
    return db.session.get(
        ExpectedReport, (investor.id, period.id), with_for_update=True, populate_existing=True
    ) or abort(404)


def _submission(period: Period, investor: Investor) -> Submission:
    found = db.session.query(Submission).filter_by(period_id=period.id, investor_id=investor.id)
    return found.one_or_none() or abort(404)
