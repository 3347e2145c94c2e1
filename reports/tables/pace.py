"""The pace of disbursement as a table: what is left, until when, what a month needs."""

from collections.abc import Iterator, Sequence
from typing import Any

from models.base import MARKS, UNITS, _n
from models.calendar import PeriodCode
from reports.consolidated import OWN_TOTAL, TOTAL
from reports.pace import KEYS, Pace, PacePlace, PaceRow
from reports.tables.asked import Asked
from reports.tables.issue import BASES, Issue, Parts, column, day, head, made, outlined
from reports.writing import ByPart, Column, Formula, Kind, Live, Rank, Ref, Row, Table

RANKS = {
    "total": Rank.TOTAL,
    "investor": Rank.GROUP,
    "vintage": Rank.ROW,
    "project": Rank.DETAIL,
}


def table(found: Pace, asked: Asked, issue: Issue) -> Table:
    """Units with the terms of their capital: need beside pace, and what earlier years did."""
    say, params, period = issue.say, asked.params, found.period
    heading = head(
        issue,
        form=_n("Pace"),
        title=(say(_n("Capital left to disburse and what a month needs")),),
        period=period,
        rows=len(found.rows),
        basis=say(BASES[params.basis]).lower() + ". " + say(_n("State budget capital only.")),
        none=say(_n("No unit holds capital in this period.")),
        unit=params.unit,
        status=(_pace_in_words(found, issue),),
        notes=_notes(found, issue),
    )
    shown = columns(issue)
    amounts = [one.key for one in shown if one.kind is Kind.MONEY]
    rows = _rows(found, amounts, asked, issue)
    is_page = found.many > 0
    return made("pace", shown, rows, params, heading, issue=issue, is_page=is_page)


def _pace_in_words(found: Pace, issue: Issue) -> str:
    say = issue.say
    if found.by_hand is not None:
        percent = f"{found.by_hand:f}".replace(".", MARKS[issue.language][1])
        return say(_n("Pace set by hand: %(percent)s %% of the plan a month."), percent=percent)
    if not found.months:
        return say(_n("No month of this year is known yet, so there is no pace."))
    codes = [PeriodCode.parse(code) for code in found.months]
    closing = say(_n("closing"))
    return say(
        _n("Pace: the mean of the months %(months)s of %(year)s, rounded up; a month that a unit "
           "has not reported is left out."),
        months=", ".join(closing if one.kind == "closing" else str(one.number) for one in codes),
        year=codes[0].budget_year,
    )  # fmt: skip


def _notes(found: Pace, issue: Issue) -> tuple[str, ...]:
    say = issue.say
    notes = [
        say(
            _n("Needed a month = what is left by the months left, rounded up. It is a need, not a "
               "forecast; once the term is over there is none.")
        )
    ]  # fmt: skip
    if found.years:
        notes.append(
            say(
                _n("Earlier years (%(years)s): what was disbursed after the same month until the "
                   "year was closed, in percent of the plan at the end of December."),
                years=", ".join(map(str, found.years)),
            )
        )  # fmt: skip
    return tuple(notes)


def columns(issue: Issue) -> Sequence[Column]:
    """The columns on paper, and those that only a file of rows has."""
    say, percent = issue.say, Kind.PERCENT

    def money(key: str, number: int, *path: str, formula: Formula | None = None) -> Column:
        return column(issue, key, number, *path, kind=Kind.MONEY, formula=formula, adds=True)

    term, speed = say(_n("Term")), say(_n("Pace"))
    then, before = say(_n("At this pace on the last day")), say(_n("Earlier years from here on, %"))
    left = Formula(plus=("plan_total",), minus=("disbursed_total",))
    share = Formula(plus=("remaining",), over="plan_total")
    return (
        column(issue, "no", 1, say(_n("No.")), is_centred=True),
        column(issue, "level"),
        column(issue, "code"),
        column(issue, "name", 2, say(_n("Content (unit, term, project)"))),
        column(issue, "investor"),
        column(issue, "vintage", kind=Kind.YEAR),
        money("plan_total", 3, say(_n("Planned capital"))),
        money("disbursed_total", 4, say(_n("Disbursed, total"))),
        money("remaining", 5, say(_n("Remaining")), formula=left),
        column(issue, "share_left", 6, say(_n("Left, %")), kind=percent, formula=share),
        column(issue, "disburse_until", 7, term, say(_n("Last day")), kind=Kind.DAY),
        column(issue, "months_left", 8, term, say(_n("Months left")), kind=Kind.COUNT),
        money("monthly_need", 9, say(_n("Needed a month"))),
        money("monthly_pace", 10, speed, say(_n("A month"))),
        column(issue, "times", 11, speed, say(_n("The need is, times")), kind=percent),
        money("at_pace", 12, then, say(_n("Disbursed"))),
        money("short", 13, then, say(_n("Still missing"))),
        column(issue, "earlier_low", 14, before, say(_n("Lowest")), kind=percent),
        column(issue, "earlier_high", 15, before, say(_n("Highest")), kind=percent),
        column(issue, "note", 16, say(_n("Note"))),
    )


def _rows(found: Pace, amounts: Sequence[str], asked: Asked, issue: Issue) -> ByPart[Row]:
    def row_of(row: PaceRow, place: PacePlace, below: Parts) -> Row:
        return Row(
            values=_values(row, place, found, issue),
            depth=place.depth,
            rank=RANKS[row.level],
            parts=below,
            live=_live(row, place, UNITS[asked.params.unit]),
            # a mean of months is no sum of the means below it
            entered=frozenset({"monthly_pace"}) if row.level == "vintage" else frozenset(),
        )

    return outlined(found, amounts, row_of)


def _live(row: PaceRow, place: PacePlace, size: int) -> dict[str, Live]:
    """What follows from the row itself: of capital of one unit and one term."""
    live: dict[str, Live] = {}
    if row.times is not None:
        live["times"] = ("ROUND(", Ref("monthly_need"), "/", Ref("monthly_pace"), ",2)")
    if row.level not in ("vintage", "project") or place.investor_id is None:
        return live
    left, months = Ref("remaining"), Ref("months_left")
    if row.monthly_need is not None:
        # in whole đồng, so that a quotient that goes out even is not rounded up for its noise;
        # not by ROUNDUP, of which LibreOffice keeps twelve digits only
        live["monthly_need"] = (
            "INT((ROUND(MAX(0,", left, f")*{size},0)+", months, "-1)/", months, f")/{size}",
        )  # fmt: skip
    live["at_pace"] = (
        Ref("disbursed_total"), "+MIN(MAX(0,", left, "),MAX(0,", Ref("monthly_pace"), ")*", months,
        ")",
    )  # fmt: skip
    live["short"] = ("MAX(0,", Ref("plan_total"), "-", Ref("at_pace"), ")")
    return live


def _values(row: PaceRow, place: PacePlace, found: Pace, issue: Issue) -> dict[str, Any]:
    values = {key: getattr(row, key) for key in KEYS if key != "note"}
    if row.name in (TOTAL, OWN_TOTAL):
        values["name"] = issue.say(row.name)
    if row.level == "vintage":
        values["name"] = term_in_words(place, found.period.budget_year, issue)
    return values | {"note": "; ".join(_note(row, found, issue))}


def term_in_words(place: PacePlace, budget_year: int, issue: Issue) -> str:
    """Which capital a row holds: its year, and until when it may be disbursed."""
    until = day(place.until) if place.until is not None else ""
    text = (
        _n("Capital of %(vintage)s, until %(day)s")
        if place.vintage == budget_year
        else _n("Capital carried over from %(vintage)s, until %(day)s")
    )
    return issue.say(text, vintage=place.vintage, day=until)


def _note(row: PaceRow, found: Pace, issue: Issue) -> Iterator[str]:
    say = issue.say
    if row.is_missing:
        yield say(_n("The report of this period is not in yet"))
    if row.remaining <= 0:
        if row.plan_total > 0:
            yield say(_n("All of it is disbursed"))
        return
    if row.is_over:
        yield say(_n("The term is over"))
        return
    if found.by_hand is not None or row.level == "total":
        return
    if row.monthly_pace is None:
        yield say(_n("None of these months is reported"))
    elif row.monthly_pace == 0:
        yield say(_n("Nothing was disbursed in these months"))
    elif row.monthly_pace < 0:
        yield say(_n("More was paid back than disbursed in these months"))
