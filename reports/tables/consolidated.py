"""Biểu 01 as a table, in the layout of domain §4.2."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from models.base import _n
from reports.consolidated import (
    OWN_TOTAL,
    PARTS,
    STALE,
    TOTAL,
    Consolidated,
    ConsolidatedRow,
    Place,
)
from reports.tables.asked import Asked
from reports.tables.issue import BASES, Issue, Say, amount_column, column, day, head, made
from reports.writing import Column, Formula, Kind, Rank, Row, Table, parts_of

# what a telephone shows, under heads of one row
SMALL = ("name", "plan_total", "disbursed_month", "disbursed_total", "rate_total", "remaining",
         "obstacles")  # fmt: skip
OWN_WORDS = frozenset({STALE, TOTAL, OWN_TOTAL})
NOT_SPLIT = _n("An estimate is of a whole project: it is not split.")


def table(found: Consolidated, asked: Asked, issue: Issue) -> Table:
    """Plan, disbursement and rates of a period with the numbers and formulas of their columns."""
    say, params, period = issue.say, asked.params, found.period
    heading = head(
        issue,
        form=_n("Form 01"),
        title=(say(_n("Summary of progress and disbursement")), *found.programmes),
        period=period,
        rows=len(found.rows),
        basis=say(BASES[params.basis]).lower() + ". " + say(_n("State budget capital only.")),
        none=say(_n("No unit holds capital in this period.")),
        unit=params.unit,
        frozen=found.frozen,
        status=(completeness(found, issue),),
        notes=_notes(found, say),
    )
    shown = columns(issue, period.budget_year)
    rows = _rows(found.rows, found.places, say)
    is_page = found.many > 0
    return made("consolidated", shown, rows, params, heading, issue=issue, is_page=is_page)


def completeness(found: Consolidated, issue: Issue) -> str:
    """How complete the figures are (domain §4.2), in one sentence."""
    say, status = issue.say, found.status
    parts = [
        say(_n("Figures up to %(day)s"), day=day(status.data_to)),
        say(
            _n("%(reported)s/%(expected)s units have reported"),
            reported=issue.number(status.reported),
            expected=issue.number(status.expected),
        ),
    ]
    if status.stale:
        names = ", ".join(status.stale)
        parts.append(
            say(_n("not reported, with figures of the earlier period: %(names)s"), names=names)
        )
    if status.unsent:
        names = ", ".join(status.unsent)
        parts.append(say(_n("not sent yet, figures from their months: %(names)s"), names=names))
    return "; ".join(parts) + "."


def _notes(found: Consolidated, say: Say) -> tuple[str, ...]:
    notes = []
    above = (place for _n, _row, place in found.groups)
    if any(place.estimated for place in chain(found.places, above)):
        notes.append(say(_n("An estimate is left out where only some of the projects have one.")))
    if found.split and any(row.estimate is not None for row in found.rows):
        notes.append(say(NOT_SPLIT))
    return tuple(notes)


def columns(issue: Issue, year: int) -> Sequence[Column]:
    """The 22 columns, and those that only a file of rows has."""
    say = issue.say
    plan, paid = say(_n("Planned capital")), say(_n("Disbursed"))
    rate = say(_n("Rate, %"))
    of_year = say(_n("Capital of %(year)s"), year=year)
    carried = say(_n("Carried over"))
    since = say(_n("Since the start of the year"))

    def text(key: str, number: int = 0, *path: str, is_centred: bool = False) -> Column:
        return column(issue, key, number, *path, is_centred=is_centred)

    money = partial(amount_column, issue)

    def percent(key: str, number: int, *path: str, of: str, over: str) -> Column:
        formula = Formula(plus=(of,), over=over)
        return column(issue, key, number, *path, kind=Kind.PERCENT, formula=formula)

    total = Formula(plus=("plan_year", "plan_carried"))
    both = Formula(plus=("plan_central", "plan_local"))
    paid_total = Formula(plus=("disbursed_year", "disbursed_carried"))
    remaining = Formula(plus=("plan_total",), minus=("disbursed_total",))
    return (
        text("no", 1, say(_n("No.")), is_centred=True),
        text("level"),
        text("code"),
        text("name", 2, say(_n("Content (component, project)"))),
        text("investor", 3, say(_n("Investor"))),
        money("plan_total", 4, plan, say(_n("Sum total")), formula=total),
        money("plan_year", 5, plan, of_year, say(_n("Sum")), formula=both),
        money("plan_central", 6, plan, of_year, say(_n("Central budget"))),
        money("plan_local", 7, plan, of_year, say(_n("Local budget"))),
        money("plan_investment", 8, plan, of_year, say(_n("Investment capital"))),
        money("plan_recurrent", 9, plan, of_year, say(_n("Recurrent capital"))),
        money("plan_carried", 10, plan, say(_n("Carried over from earlier years"))),
        money("disbursed_month", 11, paid, say(_n("In the period"))),
        money("disbursed_total", 12, paid, since, say(_n("All")), formula=paid_total),
        money("disbursed_year", 13, paid, since, of_year),
        money("disbursed_carried", 14, paid, since, carried),
        percent("rate_total", 15, rate, say(_n("All")), of="disbursed_total", over="plan_total"),
        percent("rate_year", 16, rate, of_year, of="disbursed_year", over="plan_year"),
        percent("rate_carried", 17, rate, carried, of="disbursed_carried", over="plan_carried"),
        money("remaining", 18, say(_n("Remaining")), formula=remaining),
        money("estimate", 19, say(_n("Estimate"))),
        text("progress", 20, say(_n("Progress"))),
        text("obstacles", 21, say(_n("Obstacles"))),
        text("note", 22, say(_n("Note"))),
    )


def _rows(rows: Iterable[ConsolidatedRow], places: Sequence[Place], say: Say) -> Iterator[Row]:
    parts = parts_of([place.depth for place in places])
    for row, place, below in zip(rows, places, parts, strict=True):
        values = row._asdict()
        for key in ("name", "note"):
            if values[key] in OWN_WORDS or (key == "name" and row.level in PARTS):
                values[key] = say(values[key])
        yield Row(values=values, depth=place.depth, rank=rank_of(row, place), parts=below)


def rank_of(row: ConsolidatedRow, place: Place) -> Rank:
    """TỔNG SỐ and A, B in bold capitals, I, II, III in bold, their parts in bold italics, then
    the rest (domain §4.4)."""
    if row.level == "total" or row.level in PARTS:
        return Rank.TOTAL
    depth = place.depth - bool(place.part)
    if row.level == "project":
        return Rank.DETAIL
    if place.investor_id is None:
        return Rank.GROUP if depth < 3 else Rank.PART
    return Rank.GROUP if depth == 1 else Rank.ROW
