"""Biểu 04 as a table (domain §4.3)."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from models.base import _n
from reports.carry_over import KEYS, CarriedPlace, CarriedRow, CarryOver
from reports.consolidated import OWN_TOTAL, TOTAL
from reports.tables.asked import Asked
from reports.tables.issue import (
    BASES,
    Issue,
    Parts,
    amount_column,
    column,
    day,
    head,
    made,
    outlined,
)
from reports.writing import ByPart, Column, Formula, Kind, Live, Rank, Ref, Row, Table

RANKS = {
    "total": Rank.TOTAL,
    "vintage": Rank.GROUP,
    "investor": Rank.ROW,
    "project": Rank.DETAIL,
}


def table(found: CarryOver, asked: Asked, issue: Issue) -> Table:
    """Capital of earlier years by vintage, with its decision, its term and what becomes of it."""
    say, params, period = issue.say, asked.params, found.period
    heading = head(
        issue,
        form=_n("Form 04"),
        title=(say(_n("Capital carried over from earlier years")),),
        period=period,
        rows=len(found.rows),
        frozen=found.frozen,
        lacks=found.lacks,
        basis=say(BASES[params.basis]).lower() + ". " + say(_n("State budget capital only.")),
        none=say(_n("No capital of earlier years is carried over into %(year)s."),
                 year=period.budget_year),
        unit=params.unit,
        status=(say(_n("Figures up to %(day)s"), day=day(period.data_to)) + ".",),
        notes=(
            say(
                _n(
                    "To be cancelled or paid back: what is left after the last day of "
                    "disbursement and is not carried on."
                )
            ),
        ),
    )  # fmt: skip
    shown = columns(issue)
    amounts = [one.key for one in shown if one.kind is Kind.MONEY]
    rows, is_page = _rows(found, amounts, issue), found.many > 0
    return made("carry-over", shown, rows, params, heading, issue=issue, is_page=is_page)


def columns(issue: Issue) -> Sequence[Column]:
    """The columns on paper, and those that only a file of rows has."""
    say = issue.say
    paid, after = say(_n("Disbursed")), say(_n("What is left"))

    money = partial(amount_column, issue)
    rate = Formula(plus=("disbursed_carried",), over="plan_carried")
    remaining = Formula(plus=("plan_carried",), minus=("disbursed_carried",))
    return (
        column(issue, "no", 1, say(_n("No.")), is_centred=True),
        column(issue, "level"),
        column(issue, "vintage", kind=Kind.YEAR),
        column(issue, "code"),
        column(issue, "name", 2, say(_n("Content (vintage, unit, project)"))),
        column(issue, "investor", 3, say(_n("Investor"))),
        money("plan_carried", 4, say(_n("Carried over"))),
        column(issue, "decision", 5, say(_n("Decision"))),
        column(issue, "disburse_until", 6, say(_n("Disburse until")), kind=Kind.DAY),
        money("disbursed_month", 7, paid, say(_n("In the period"))),
        money("disbursed_carried", 8, paid, say(_n("Since the start of the year"))),
        column(issue, "rate_carried", 9, say(_n("Rate, %")), kind=Kind.PERCENT, formula=rate),
        money("remaining", 10, say(_n("Remaining")), formula=remaining),
        money("carried_on", 11, after, say(_n("Carried on into the next year"))),
        money("to_cancel", 12, after, say(_n("To be cancelled or paid back"))),
        column(issue, "note", 13, say(_n("Note"))),
    )


def _rows(found: CarryOver, amounts: Sequence[str], issue: Issue) -> ByPart[Row]:
    def row_of(row: CarriedRow, place: CarriedPlace, below: Parts) -> Row:
        return Row(
            values=_values(row, found, issue),
            depth=place.depth,
            rank=RANKS[row.level],
            parts=below,
            live={} if below else _left(row),
        )

    return outlined(found, amounts, row_of)


def _values(row: CarriedRow, found: CarryOver, issue: Issue) -> dict[str, Any]:
    say = issue.say
    values = {key: getattr(row, key) for key in KEYS}
    if row.name in (TOTAL, OWN_TOTAL):
        values["name"] = say(row.name)
    if row.level == "vintage" and row.vintage is not None:
        values["name"] = vintage_in_words(row.vintage, found.period.budget_year, issue)
    is_open = row.is_over and row.remaining > 0
    return values | {"note": say(_n("The term is over")) if is_open else ""}


def vintage_in_words(vintage: int, budget_year: int, issue: Issue) -> str:
    """Which capital a row holds: of which year, and where it was carried over."""
    text = _n("Capital of %(vintage)s carried over into %(year)s")
    return issue.say(text, vintage=vintage, year=budget_year)


def _left(row: CarriedRow) -> dict[str, Live]:
    """What is to be cancelled follows the remainder, where the term of all of it is over."""
    if not row.is_over or row.to_cancel != row.remaining - row.carried_on:
        return {}
    return {"to_cancel": (Ref("remaining"), "-", Ref("carried_on"))}
