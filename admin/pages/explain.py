"""Why a figure is what it is, and why a unit counts as late: one click from the report."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import abort, jsonify, make_response, request
from flask_admin import expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.access import May, allowed, asked_id, moment_asked
from admin.pages.report_page import PeriodPage, json_refused, refused, row_asked
from models import (
    Component,
    ExpectedReport,
    Investor,
    Period,
    Project,
    RuleBroken,
    Submission,
    db,
)
from models.base import NotFound, now, rate, read_day
from models.calendar import deadline_settings
from models.duty import standing_of
from reports.carry_over import frozen_carried
from reports.consolidated import (
    CARRIED,
    PARTS,
    TOLD,
    Explained,
    FrozenFigure,
    ToldLine,
    Window,
    as_data,
    explain,
    frozen_figure,
    live_figure,
    plain_value,
    with_origins,
    with_origins_of_words,
)
from reports.tables import HEADINGS
from reports.writing import ReportParams, one_of

ON_A_PAGE = 50
LAST_YEAR = 2100


class Explaining(PeriodPage):
    """Adds `/explain` to the pages of the consolidated report."""

    @expose("/explain")
    def explain(self) -> Response:
        """The ledger lines and entries whose sums are one figure."""
        try:
            params, period, subject, asked = self._figure_asked()
            term = _term()
            window = Window(page=asked_id(request.args.get("page", "0")), size=ON_A_PAGE)
            found = explain(db.session(), window=window, **term, **asked)
            frozen = _frozen(params, asked, term)
        except NotFound:
            abort(404)
        except RuleBroken as refusal:
            return refused(refusal)
        column, part = asked["column"], asked["part"]
        kind = PARTS[part[0]][part[1]] if part else ""
        return make_response(
            self.render(
                "reports/explain.html",
                found=found,
                money=with_origins(db.session(), found.money or ()),
                told=_told(column, found.told or ()),
                frozen=frozen,
                column=column,
                heading_of_column=_(HEADINGS[column]),
                is_rate=column.startswith("rate_"),
                is_words=column in TOLD and column != "estimate",
                rate=rate(found.money_sum, found.plan_sum),
                subject=subject,
                part_name=_(kind) if kind else "",
                vintage=term.get("vintage"),
                until=term.get("until"),
                page=found.page,
                pages=found.pages(ON_A_PAGE),
                may_review=allowed(current_user, May.SEE_REVIEW),
                **self.shared(params, period),
            )
        )

    @expose("/explain.json")
    def explain_json(self) -> Response:
        """The same as data: the figure as the report shows it, and all that it is made of."""
        try:
            params, period, _subject, asked = self._figure_asked()
            term = _term()
            found = explain(db.session(), **term, **asked)
            frozen = _frozen(params, asked, term)
            if frozen is not None:
                value = frozen.frozen
            elif term:
                value = _made_of(asked["column"], found)
            else:
                value = live_figure(db.session(), **asked)
        except NotFound:
            abort(404)
        except RuleBroken as refusal:
            return json_refused(refusal)
        money = with_origins(db.session(), found.money) if found.money else found.money
        told = None if found.told is None else _told(asked["column"], found.told)
        return jsonify(
            period=period.code,
            column=asked["column"],
            basis=params.basis,
            version=frozen.number if frozen else None,
            value=plain_value(value),
            **as_data(found, money=money, told=told),
        )

    def _figure_asked(self) -> tuple[ReportParams, Period, list[Any], dict[str, Any]]:
        """Parameters, period, the rows that the address names, and the figure in question."""
        params, period = self.asked("dong")
        period = period or abort(404)
        subject = {
            name: row_asked(kind, name)
            for name, kind in (
                ("component", Component),
                ("investor", Investor),
                ("project", Project),
            )
        }
        asked: dict[str, Any] = {
            "period": period,
            "column": request.args.get("column", ""),
            "basis": params.basis,
            "units": params.units,
            **{f"{name}_id": row.id if row else None for name, row in subject.items()},
            "part": _part(),
        }
        return params, period, [row for row in subject.values() if row is not None], asked


def _frozen(
    params: ReportParams, asked: dict[str, Any], term: dict[str, Any]
) -> FrozenFigure | None:
    """The figure as the version shows it, of Biểu 01 or of Biểu 04; no version keeps apart what
    has which last day."""
    if not term:
        return frozen_figure(db.session(), version=params.version, **asked)
    same = {name: asked[name] for name in ("period", "column", "basis", "investor_id",
                                           "project_id")}  # fmt: skip
    if set(term) != {"vintage"} or asked["component_id"] is not None or asked["part"]:
        return None
    return frozen_carried(db.session(), version=params.version, **same, **term)


# what a column of words and estimates shows of an entry
_FIELDS = {
    "estimate": ("estimate",),
    "progress": ("progress_text", "physical_progress"),
    "obstacles": ("obstacles",),
}


def _told(column: str, lines: Sequence[ToldLine]) -> tuple[ToldLine, ...]:
    """What units wrote, each with the cell that it came from."""
    return with_origins_of_words(db.session(), lines, _FIELDS.get(column, ()))


def _term() -> dict[str, Any]:
    """Which year's capital an address asks for, or that of all earlier ones, and what of it has a
    certain last day.
    """
    term: dict[str, Any] = {}
    if typed := request.args.get("vintage"):
        term["vintage"] = CARRIED if typed == CARRIED else asked_id(typed, LAST_YEAR)
    if (until := asked_day("until")) is not None:
        term["until"] = until
    return term


def asked_day(name: str) -> date | None:
    """A day of an address; what is none is 404."""
    typed = request.args.get(name)
    try:
        return read_day(typed) if typed else None
    except RuleBroken:
        abort(404)


def _part() -> tuple[str, str] | None:
    """The nature or the source whose capital alone an address asks for."""
    for by, codes in PARTS.items():
        if typed := request.args.get(by):
            return by, one_of(typed, codes, of=by)
    return None


def _made_of(column: str, found: Explained) -> int | Decimal | None:
    """A figure as its lines and entries make it."""
    if column.startswith("rate_"):
        return rate(found.money_sum, found.plan_sum)
    if column == "remaining":
        return found.plan_sum - found.money_sum
    return found.plan_sum if column.startswith("plan_") else found.money_sum


class WhyLate(PeriodPage):
    """Adds `/late/why` to the pages of the late list."""

    @expose("/late/why")
    def why(self) -> Response:
        """One cell of the grid: the rule, the stored deadline, the moment of sending."""
        try:
            _params, period = self.asked("dong")
            as_of = moment_asked(request.args.get("as_of"))
        except RuleBroken as refusal:
            return refused(refusal)
        period, investor = period or abort(404), row_asked(Investor, "investor") or abort(404)
        return make_response(
            self.render(
                "reports/why.html",
                period=period,
                investor=investor,
                standing=standing_of(db.session(), period, investor.id, as_of=as_of),
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
