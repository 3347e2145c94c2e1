"""Decisions, on which all capital rests, and the calendar of days off."""

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from admin.access import May, turn_away
from admin.records import (
    ChoiceFilter,
    FromDayFilter,
    Records,
    UntilDayFilter,
    paste_box,
)
from admin.words import deadline, in_sentence, month_label, ngettext, say
from models import (
    Allocation,
    AllocationLine,
    Decision,
    Holiday,
    RuleBroken,
    db,
)
from models.base import current_actor, now, read_text, today
from models.calendar import (
    YearOfDays,
    confirm_year,
    read_year,
    seed_holidays,
    take_back_confirmation,
    years_of_days,
)
from models.duty import weigh_provisional
from models.filing.checks import check_decision
from models.sheets import Kind

MOST_LINES = 500  # on the page of a decision; the sum is that of all


class DecisionView(Records):
    read, write = May.SEE_DECISIONS, May.EDIT_DECISIONS
    import_kind = Kind.ALLOCATIONS
    details_template = "records/decision.html"
    column_list = ("number", "issued_on", "issuer", "summary", "effective_on")
    column_classes = {"summary": "wide"}
    search_columns = (Decision.search_text,)
    searched_by = _l("number, issuer, summary")
    default_order = (Decision.issued_on.desc(), Decision.number)
    filters = (
        FromDayFilter("from", Decision.issued_on, name=_l("Issued from")),
        UntilDayFilter("until", Decision.issued_on, name=_l("Issued until")),
    )

    def more(self, row: Decision) -> dict[str, Any]:
        lines = db.session.scalars(
            select(AllocationLine)
            .where(AllocationLine.decision_id == row.id)
            .join(AllocationLine.allocation)
            .join(Allocation.project)
            .options(contains_eager(AllocationLine.allocation).contains_eager(Allocation.project))
            .order_by(AllocationLine.effective_on, AllocationLine.id)
            .limit(MOST_LINES)
        ).all()
        count, total = db.session.execute(
            select(func.count(), func.coalesce(func.sum(AllocationLine.amount), 0)).where(
                AllocationLine.decision_id == row.id
            )
        ).one()
        # whether a decision balances shows in all its lines, so a unit is not told of it
        own = db.session().is_narrow
        found = [] if own else check_decision(db.session(), row.id, day=today())
        return {
            "lines": lines,
            "more_lines": count - len(lines),
            "total": total,
            "findings": found,
            "is_own": own,
            "paste": paste_box(Kind.ALLOCATIONS),
        }


class HolidayView(Records):
    read, write = May.SEE_HOLIDAYS, May.EDIT_HOLIDAYS
    list_template = "records/holidays.html"
    default_order = (Holiday.day.desc(),)
    filters = (
        ChoiceFilter("kind", Holiday.kind),
        FromDayFilter("from", Holiday.day, name=_l("From")),
        UntilDayFilter("until", Holiday.day, name=_l("Until")),
    )

    def next_year(self) -> int:
        """The year that the button offers to fill in: this one where the table has no day of it."""
        this = today().year
        return this + any(one.year == this and one.days for one in self.known_years())

    def known_years(self) -> list[YearOfDays]:
        """The years of the table, and who confirmed them."""
        return years_of_days(db.session())

    @expose("/confirm/", methods=("POST",))
    def confirm_view(self) -> Any:
        """Say that the days of a year were compared with the notice, or take that back."""
        if not self.can_create:
            return turn_away()
        session, at = db.session(), now()
        there = redirect(self.get_url(".index_view"))
        try:
            year = read_year(request.form.get("year", ""))
            if request.form.get("action") == "end":
                take_back_confirmation(session, year)
                session.commit()
                flash(_("The days off of %(year)s are an estimate again.", year=year), "success")
                return there
            note = read_text(request.form.get("note", ""), 1_000, field="note")
            confirm_year(session, year, note=note, at=at, actor=current_actor())
            differing = [
                (in_sentence(month_label(period.code)), deadline(fresh.deadline_at))
                for period, fresh in weigh_provisional(session, at=at)
            ]
            session.commit()
        except RuleBroken as refusal:
            session.rollback()
            flash(say(refusal), "error")
            return there
        flash(_("The days off of %(year)s are confirmed.", year=year), "success")
        for period, moment in differing:
            flash(
                _(
                    "By these days %(period)s would be due %(moment)s. Its stored deadline is not "
                    "moved; change it under Review.",
                    period=period,
                    moment=moment,
                ),
                "warning",
            )
        return there

    @expose("/fill/", methods=("POST",))
    def fill_view(self) -> Any:
        """Add the days of a year from the calendar; days that are there stay as they are."""
        if not self.can_create:
            return turn_away()
        try:
            year = read_year(request.form.get("year", ""))
        except RuleBroken as refusal:
            flash(f"{_('Year')}: {say(refusal)}", "error")
            return redirect(self.get_url(".index_view"))
        added = seed_holidays(db.session(), [year])
        db.session.commit()
        flash(
            ngettext(
                "%(num)s day of %(year)s was added. Check it against the notice of the year.",
                "%(num)s days of %(year)s were added. Check them against the notice of the year.",
                added,
                year=year,
            ),
            "success",
        )
        return redirect(self.get_url(".index_view", flt0_from=f"{year}-01-01"))
