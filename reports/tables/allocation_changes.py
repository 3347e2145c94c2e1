"""Biểu 06 as a table (domain §4.3)."""

from collections.abc import Iterator, Sequence
from typing import Any

from models.base import _n
from reports.allocation_changes import KEYS, ChangeRow, Changes
from reports.tables.asked import Asked
from reports.tables.issue import Issue, column, day, head, made
from reports.writing import Column, Formula, Kind, Live, Rank, Ref, Row, Table, parts_of

RANKS = {"decision": Rank.GROUP, "line": Rank.ROW}
NAMES = {
    "opening": _n("Plan before the period"),
    "total": _n("CHANGES IN THE PERIOD"),
    "closing": _n("Plan at the end of the period"),
    "memo": _n("OUTSIDE THE STATE BUDGET (in no sum)"),
}


def table(found: Changes, asked: Asked, issue: Issue) -> Table:
    """Every line of the ledger in the period by decision, between the plans before and after."""
    say, period = issue.say, found.period
    heading = head(
        issue,
        form=_n("Form 06"),
        title=(say(_n("Changes of the planned capital")),),
        period=period,
        rows=len(found.rows),
        frozen=found.frozen,
        lacks=found.lacks,
        basis=say(
            _n("lines of the ledger in force from %(first)s to %(last)s"),
            first=day(period.data_from),
            last=day(period.data_to),
        ),
        none=say(_n("No decision changed the plan in this period.")),
        unit=asked.params.unit,
    )
    rows = _rows(found, issue)
    return made("allocation-changes", columns(issue), rows, asked.params, heading, issue=issue)


def columns(issue: Issue) -> Sequence[Column]:
    """The columns on paper, and those that only a file of rows has."""
    say = issue.say
    capital, change = say(_n("Capital")), say(_n("Change of the plan"))
    net = Formula(plus=("increase",), minus=("decrease",))
    money = Kind.MONEY
    return (
        column(issue, "no", 1, say(_n("No.")), is_centred=True),
        column(issue, "level"),
        column(issue, "decision"),
        column(issue, "issued_on", kind=Kind.DAY),
        column(issue, "effective_on", 5, say(_n("In force from")), kind=Kind.DAY),
        column(issue, "kind", 4, say(_n("Kind of the line"))),
        column(issue, "code"),
        column(issue, "name", 2, say(_n("Content (decision, project)"))),
        column(issue, "investor", 3, say(_n("Investor"))),
        column(issue, "component"),
        column(issue, "source", 6, capital, say(_n("Source"))),
        column(issue, "nature", 7, capital, say(_n("Nature"))),
        column(issue, "vintage", 8, capital, say(_n("Vintage")), kind=Kind.YEAR),
        column(issue, "increase", 9, change, say(_n("Increase")), kind=money, adds=True),
        column(issue, "decrease", 10, change, say(_n("Decrease")), kind=money, adds=True),
        column(issue, "amount", 11, change, say(_n("Together")), kind=money, formula=net),
        column(issue, "note", 12, say(_n("Note"))),
    )


def _rows(found: Changes, issue: Issue) -> Iterator[Row]:
    levels = [row.level for row in found.rows]
    opening, total = levels.index("opening"), levels.index("total")
    parts = parts_of(found.depths)
    for row, depth, below in zip(found.rows, found.depths, parts, strict=True):
        live: dict[str, Live] = {}
        if row.level == "closing":
            live["amount"] = (Ref("amount", opening), "+", Ref("amount", total))
        yield Row(
            values=_values(row, issue),
            depth=depth,
            rank=RANKS.get(row.level, Rank.TOTAL),
            parts=below,
            live=live,
            entered=frozenset({"amount"}) if row.level == "opening" else frozenset(),
        )


def _values(row: ChangeRow, issue: Issue) -> dict[str, Any]:
    values = {key: getattr(row, key) for key in KEYS}
    if row.level in NAMES:
        values["name"] = issue.say(NAMES[row.level])
    if row.level == "decision":
        number = issue.say(
            _n("%(number)s of %(day)s"), number=row.decision, day=day(row.issued_on)  # type: ignore[arg-type]
        )  # fmt: skip
        values["name"] = f"{number}: {row.name}" if row.name else number
    return values
