"""What is left to disburse and what a month needs, and how each of its figures is made."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import abort, make_response, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from admin.access import asked_id
from admin.pages.explain import LAST_YEAR, asked_day
from admin.pages.report_page import (
    ReportPage,
    asked_of,
    each_explained,
    issued,
    refused,
    row_asked,
)
from admin.pages.report_part import Group
from models import Investor, Project, RuleBroken, db
from reports.consolidated import CARRIED
from reports.pace import EarlierYear, Pace, PacePlace
from reports.tables import REPORTS, Asked, Issue, term_in_words
from reports.writing import Rank, Table

BEHIND = ("plan_total", "disbursed_total", "remaining")
MADE = (
    "share_left", "disburse_until", "months_left", "monthly_need", "monthly_pace", "times",
    "at_pace", "short", "earlier_low", "earlier_high",
)  # fmt: skip


class PacePage(ReportPage):
    """Need beside pace: each figure leads to its lines and entries, or to how it is made."""

    report = REPORTS["pace"]
    unit = "trieu"

    def links(self, found: Pace, n: int, asked: Asked) -> dict[str, str]:
        place = found.places[n]
        why = url_for(".why", **_address(place, asked), pace=asked.params.pace)
        return _behind(place, asked) | dict.fromkeys(MADE, why)

    def groups(self, found: Pace, table: Table) -> list[Group]:
        return [Group(unit.short_name, n, Rank.GROUP) for n, unit in found.units]

    @expose("/pace/why")
    def why(self) -> Response:
        """How the figures of one row are made."""
        try:
            params, period = self.asked(self.unit)
            asked = asked_of(params, period) or abort(404)
            place = _place_asked()
            detail = "group" if place.investor_id is None else "project"
            asked = replace(asked, params=replace(params, detail=detail), unit=place.investor_id)
            found: Pace = self.report.find(db.session(), asked)
        except RuleBroken as refusal:
            return refused(refusal)
        at = [_whose(one) for one in found.places]
        n = at.index(_whose(place)) if _whose(place) in at else abort(404)
        row, by = found.rows[n], issued()
        return make_response(
            self.render(
                "reports/pace-why.html",
                found=found,
                row=row,
                # a term of one unit is measured, what stands above it is added up
                parts_add=place.investor_id is None or place.vintage is None,
                called=_called(found, n, by),
                parts=[
                    (found.rows[k], _called(found, k, by), _address(found.places[k], asked))
                    for k in range(n + 1, len(at))
                    if _is_part(found.places[n], found.places[k])
                ],
                behind=_behind(place, asked),
                months=[(code, amount, _month_behind(code, place, asked))
                        for code, amount in row.recent],
                earlier=[(one, _year_behind(one, place, asked)) for one in row.earlier],
                **self.shared(params, period),
            )
        )  # fmt: skip


def _called(found: Pace, n: int, by: Issue) -> str:
    """What a row stands for: its term, the unit or the project."""
    row, place = found.rows[n], found.places[n]
    if row.level == "vintage":
        return term_in_words(place, found.period.budget_year, by)
    if row.level == "total":
        return by.say(row.name)
    return f"{row.code} {row.name}" if row.level == "project" else row.name


def _place_asked() -> PacePlace:
    """The row that an address names; units and projects of others are 404."""
    unit, project = row_asked(Investor, "investor"), row_asked(Project, "project")
    vintage, until = request.args.get("vintage"), asked_day("until")
    return PacePlace(
        depth=0,
        investor_id=unit.id if unit else None,
        project_id=project.id if project else None,
        vintage=asked_id(vintage, LAST_YEAR) if vintage else None,
        until=until,
    )


def _whose(place: PacePlace) -> tuple[int | None, int | None, int | None, date | None]:
    return place.investor_id, place.project_id, place.vintage, place.until


def _is_part(whole: PacePlace, part: PacePlace) -> bool:
    """Whether a row stands right below another one, which it follows."""
    if part.depth != whole.depth + 1:
        return False
    if whole.vintage is not None:
        return _whose(part)[2:] == _whose(whole)[2:] and part.investor_id == whole.investor_id
    return whole.investor_id is None or part.investor_id == whole.investor_id


def _address(place: PacePlace, asked: Asked) -> dict[str, Any]:
    """The row in an address."""
    return {
        "period": asked.period.code,
        "basis": asked.params.basis,
        "investor": place.investor_id,
        "project": place.project_id,
        "vintage": place.vintage,
        "until": place.until,
    }


def _narrowed(place: PacePlace, asked: Asked) -> dict[str, Any]:
    """The same capital for an explanation: entries as they are now, predecessors included."""
    return _address(place, asked) | {"version": "live", "units": "today"}


def _behind(place: PacePlace, asked: Asked) -> dict[str, str]:
    """Where what a row adds up comes from, by column."""
    there = _narrowed(place, asked)
    return each_explained(BEHIND, **there)


def _month_behind(code: str, place: PacePlace, asked: Asked) -> str:
    """Where the disbursement of a month comes from."""
    there = _narrowed(place, asked) | {"period": code}
    return url_for("reports.explain", column="disbursed_month", **there)


def _year_behind(one: EarlierYear, place: PacePlace, asked: Asked) -> dict[str, str]:
    """Where the figures of an earlier year come from."""
    vintage = {None: None, "year": one.year}.get(one.kind, CARRIED)
    there = _narrowed(place, asked) | {"vintage": vintage, "until": None}
    return {
        key: url_for("reports.explain", **there | {"column": column, "period": code})
        for key, column, code in (
            ("plan", "plan_total", f"{one.year}-12"),
            ("before", "disbursed_total", one.until),
            ("whole", "disbursed_total", one.last),
        )
    }
