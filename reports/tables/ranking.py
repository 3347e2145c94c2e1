"""Biểu 02 as a table (domain §4.3)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from models.base import _n
from reports.ranking import KEYS, Ranking, RankRow
from reports.tables.asked import Asked
from reports.tables.consolidated import completeness
from reports.tables.issue import BASES, Issue, column, head, made, with_bars
from reports.writing import (
    ByPart,
    Chart,
    Column,
    Formula,
    Kind,
    Live,
    Rank,
    Ref,
    Row,
    Table,
    printed_rate,
)


def table(found: Ranking, asked: Asked, issue: Issue) -> Table:
    """Investors by their rate; the row of the whole district stands on paper only."""
    say, params, period = issue.say, asked.params, found.report.period
    notes = [
        say(
            _n(
                "Differences are those of the printed rates, in points of percent. "
                "Equal rates share a rank."
            )
        )
    ]
    if found.left_out:
        names = ", ".join(found.left_out)
        notes.append(say(_n("Left out, without planned capital: %(names)s."), names=names))
    heading = head(
        issue,
        form=_n("Form 02"),
        title=(say(_n("Ranking of investors by disbursement")), *found.report.programmes),
        period=period,
        rows=len(found.rows),
        basis=say(BASES[params.basis]).lower() + ". " + say(_n("State budget capital only.")),
        none=say(_n("No unit holds capital in this period.")),
        unit=params.unit,
        frozen=found.report.frozen,
        status=(completeness(found.report, issue),),
        notes=notes,
    )
    whole = made("ranking", columns(issue), _rows(found, issue), params, heading, issue=issue)
    chart = _chart(found, issue)
    drawn = {chart.name, *chart.values} <= {column.key for column in whole.printed}
    return with_bars(whole, chart, issue) if found.rows and drawn else whole


def _chart(found: Ranking, issue: Issue) -> Chart:
    say = issue.say
    text = say(_n("Rate of disbursement of each investor, from the highest to the lowest"))
    if found.rate is not None:
        average = printed_rate(found.rate, issue.language)
        text += "; " + say(_n("whole %(level)s: %(rate)s %%."), level=issue.level, rate=average)
    return Chart(
        title=say(_n("Rate, %")),
        text=text,
        name="investor",
        values=("rate_total",),
        first=0,
        last=len(found.rows) - 1,
    )


def columns(issue: Issue) -> Sequence[Column]:
    """The columns on paper, and those that only a file of rows has."""
    say = issue.say
    money, points = Kind.MONEY, Kind.POINTS
    versus = say(_n("Against (points)"))
    the_level = say(_n("The %(level)s"), level=issue.level)
    rate = Formula(plus=("disbursed_total",), over="plan_total")
    return (
        column(issue, "rank", 1, say(_n("Rank")), kind=Kind.COUNT, is_centred=True),
        column(issue, "code"),
        column(issue, "investor", 2, say(_n("Investor"))),
        column(issue, "plan_total", 3, say(_n("Planned capital")), kind=money, adds=True),
        column(issue, "disbursed_total", 4, say(_n("Disbursed, total")), kind=money, adds=True),
        column(issue, "rate_total", 5, say(_n("Rate, %")), kind=Kind.PERCENT, formula=rate),
        replace(
            column(issue, "versus_district", 6, versus, the_level, kind=points),
            heading=say(_n("Against the %(level)s (points)"), level=issue.level),
        ),
        column(issue, "versus_last_month", 7, versus, say(_n("The period before")), kind=points),
        column(
            issue, "versus_last_year", 8, versus, say(_n("The same period last year")), kind=points
        ),
        column(issue, "bucket", 9, say(_n("Group")), is_centred=True),
    )


def _rows(found: Ranking, issue: Issue) -> ByPart[Row]:
    """The rows, and on paper the whole district below them; a unit has no rank, and no district."""
    many = len(found.rows)
    district = None if found.rate is None else many

    def read(place: slice) -> list[Row]:
        rows = [
            Row(values={key: getattr(row, key) for key in KEYS}, live=_differences(row, district))
            for row in found.rows[place]
        ]
        return rows if place.stop <= many else [*rows, _whole(found, issue)]

    plans, paid = ([one[n] for one in found.held] for n in (0, 1))
    if district is None:
        return ByPart(many, read, columns={"plan_total": plans, "disbursed_total": paid})
    total = found.report.rows[0]
    return ByPart(
        many + 1,
        read,
        columns={
            "plan_total": [*plans, total.plan_total],
            "disbursed_total": [*paid, total.disbursed_total],
        },
        parts={district: range(many)},
    )


def _whole(found: Ranking, issue: Issue) -> Row:
    total = found.report.rows[0]
    figures = {key: getattr(total, key) for key in ("plan_total", "disbursed_total")}
    whole = {
        "investor": issue.say(_n("Whole %(level)s"), level=issue.level),
        "rate_total": found.rate,
    }
    return Row(
        values=dict.fromkeys(KEYS) | figures | whole,
        rank=Rank.GROUP,
        parts=tuple(range(len(found.rows))),
        is_printed_only=True,
    )


def _differences(row: RankRow, district: int | None) -> dict[str, Live]:
    """Differences that follow the rate of their row when a figure is typed over."""
    own = Ref("rate_total")
    live: dict[str, Live] = {}
    if row.versus_district is not None and district is not None:
        live["versus_district"] = ("ROUND(", own, "-", Ref("rate_total", district), ",2)")
    for key in ("versus_last_month", "versus_last_year"):
        difference: Decimal | None = getattr(row, key)
        if difference is not None:
            live[key] = ("ROUND(", own, f"-{row.rate_total - difference:f}", ",2)")
    return live
