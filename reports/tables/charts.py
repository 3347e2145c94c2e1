"""The charts of a period as tables: what a chart draws stands in the cells below or above it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from models.base import _n, rate
from reports.charts import Charts, MonthCount, RateBar
from reports.home import CLOSING
from reports.tables.asked import Asked
from reports.tables.consolidated import completeness
from reports.tables.issue import BASES, Issue, column, head, made, period_in_words, with_bars
from reports.writing import (
    Chart,
    Column,
    Drawn,
    Formula,
    Head,
    Kind,
    Row,
    Table,
    printed_rate,
    text_of,
)

RATES = 2  # the charts of rates come first


def chart_tables(found: Charts, asked: Asked, issue: Issue) -> tuple[Table, ...]:
    """Components and investors against the year, disbursement by month, punctuality; without
    rows a table has no chart.
    """
    say = issue.say
    tables = (
        _rates(found, asked, issue, 1, found.components, say(_n("Component"))),
        _rates(found, asked, issue, 2, found.investors, say(_n("Investor"))),
        _lines(found, asked, issue),
        _punctuality(found, asked, issue),
    )
    return tuple(replace(table, is_upright=True) for table in tables)


def _head(
    found: Charts, asked: Asked, issue: Issue, number: int, title: str, rows: int, *,
    is_money: bool, notes: Sequence[str] = (),
) -> Head:  # fmt: skip
    say = issue.say
    return head(
        issue,
        form=say(_n("Chart %(number)s"), number=number),
        title=(title,),
        period=found.period,
        rows=rows,
        basis=say(BASES[asked.params.basis]).lower() + ". " + say(_n("State budget capital only."))
        if is_money
        else say(_n("the first complete sending of each unit")),
        none=say(_n("There is nothing to draw yet.")),
        unit=asked.params.unit if is_money else "",
        frozen=found.report.frozen if number <= RATES else None,  # lines are of entries as of now
        status=(completeness(found.report, issue),) if is_money else (),
        notes=notes,
    )


def _percent(issue: Issue, value: Any) -> str:
    return f"{printed_rate(value, issue.language)} %"


# ------------------------------------------------------------------------------ rates


def _rates(
    found: Charts, asked: Asked, issue: Issue, number: int, bars: Sequence[RateBar], kind: str
) -> Table:
    say = issue.say
    title = (
        say(_n("Disbursement rate of the components against the time of the year"))
        if number == 1
        else say(_n("Disbursement rate of the investors against the time of the year"))
    )
    known = [one for one in bars if one.rate is not None]
    rows = [
        Row(
            values={
                "no": n,
                "name": one.name,
                "plan_total": one.plan,
                "disbursed_total": one.disbursed,
                "rate_total": one.rate,
                "elapsed": found.elapsed,
            }
        )
        for n, one in enumerate(known, 1)
    ]
    passed = say(_n("Time of the year that has passed"))
    percent = Formula(plus=("disbursed_total",), over="plan_total")
    columns = (
        column(issue, "no", 1, say(_n("No.")), kind=Kind.COUNT, is_centred=True),
        column(issue, "name", 2, kind),
        column(issue, "plan_total", 3, say(_n("Planned capital")), kind=Kind.MONEY),
        column(issue, "disbursed_total", 4, say(_n("Disbursed, total")), kind=Kind.MONEY),
        column(
            issue, "rate_total", 5, say(_n("Rate, %")), kind=Kind.PERCENT, formula=percent
        ),
        column(issue, "elapsed", 6, say(_n("Time passed, %")), kind=Kind.PERCENT),
    )  # fmt: skip
    heading = _head(found, asked, issue, number, title, len(rows), is_money=True)
    table = made(f"chart-{number}", columns, rows, asked.params, heading, issue=issue)
    told = "; ".join(f"{one.name} {_percent(issue, one.rate)}" for one in known)
    chart = Chart(
        title=say(_n("Rate, %")),
        text=f"{title}: {told}. {passed}: {_percent(issue, found.elapsed)}.",
        name="name",
        values=("rate_total", "elapsed"),
        first=0,
        last=len(rows) - 1,
    )
    return with_bars(table, chart, issue) if rows else table


# ------------------------------------------------------------------------------ lines


def _lines(found: Charts, asked: Asked, issue: Issue) -> Table:
    say, year = issue.say, found.period.budget_year
    title = say(_n("Cumulative disbursement by month, against the year before and the pace"))
    series = {
        "this_year": (say(_n("Year %(year)s"), year=year), found.this_year),
        "last_year": (say(_n("Year %(year)s"), year=year - 1), found.last_year),
        "need": (say(_n("Need: all by the last day of each term")), found.need),
        "kept": (say(_n("At the pace of the last three months")), found.kept),
    }
    shown = {key: one for key, one in series.items() if any(v is not None for v in one[1])}
    closing = say(_n("Cl."))
    rows = [
        Row(
            values={"month": closing if month == CLOSING else say(_n("M%(n)s"), n=month)}
            | {key: values[n] for key, (_heading, values) in series.items()}
        )
        for n, month in enumerate(found.months)
    ]
    columns: tuple[Column, ...] = (column(issue, "month", 1, say(_n("Month")), is_centred=True),)
    columns += tuple(
        column(issue, key, n, heading, kind=Kind.MONEY)
        for n, (key, (heading, _values)) in enumerate(series.items(), 2)
    )
    notes = [
        say(
            _n("Needed a month = what is left by the months left, rounded up. It is a need, not a "
               "forecast; once the term is over there is none.")
        )
    ]  # fmt: skip
    if CLOSING in found.months:
        notes.append(f"{closing}: {period_in_words(issue, f'{year}-13')}.")
    if "last_year" not in shown:
        notes.append(say(_n("No figures of the year %(year)s are stored here."), year=year - 1))
    heading = _head(found, asked, issue, 3, title, len(rows), is_money=True, notes=notes)
    table = made("chart-3", columns, rows, asked.params, heading, issue=issue)
    chart = Chart(
        title=title,
        text=f"{title}: " + "; ".join(_line_in_words(table, found, issue, *one)
                                      for one in shown.values()) + ".",
        name="month",
        values=tuple(shown),
        first=0,
        last=len(rows) - 1,
        kind=Drawn.LINES,
        sheet=say(_n("drawing")),
    )  # fmt: skip
    has_any = any(value for _heading, values in shown.values() for value in values)
    return replace(table, chart=chart if has_any else None)


def _line_in_words(
    table: Table, found: Charts, issue: Issue, heading: str, values: Sequence[int | None]
) -> str:
    """Where a line ends."""
    n = max(n for n, value in enumerate(values) if value is not None)
    month = found.months[n]
    where = issue.say(_n("closing")) if month == CLOSING else str(month)
    amount = text_of(table, table.column("need"), Row(values={"need": values[n]}))
    return issue.say(
        _n("%(line)s: %(amount)s in month %(month)s"), line=heading, amount=amount, month=where
    )


# ------------------------------------------------------------------------------ punctuality


def _punctuality(found: Charts, asked: Asked, issue: Issue) -> Table:
    say = issue.say
    title = say(_n("Punctuality of the reports through the year"))
    keys = ("on_time", "late", "missing")
    rows = [
        Row(
            values={
                "month": _begun(period_in_words(issue, one.period.code)),
                **{key: getattr(one, key) for key in (*keys, "exempt", "pending")},
                "share": _share(one),
            }
        )
        for one in found.punctuality
    ]
    count, by = Kind.COUNT, say(_n("Units"))
    columns = (
        column(issue, "month", 1, say(_n("Reporting period"))),
        column(issue, "on_time", 2, by, say(_n("On time")), kind=count),
        column(issue, "late", 3, by, say(_n("Late")), kind=count),
        column(issue, "missing", 4, by, say(_n("Missing")), kind=count),
        column(issue, "pending", 5, by, say(_n("Not yet due")), kind=count),
        column(issue, "exempt", 6, by, say(_n("Exempt")), kind=count),
        column(issue, "share", 7, say(_n("On time, %")), kind=Kind.PERCENT),
    )
    heading = _head(found, asked, issue, 4, title, len(rows), is_money=False)
    table = made("chart-4", columns, rows, asked.params, heading, issue=issue)
    told = "; ".join(
        say(
            _n("%(period)s: %(on_time)s on time, %(late)s late, %(missing)s missing"),
            period=period_in_words(issue, one.period.code),
            on_time=issue.number(one.on_time),
            late=issue.number(one.late),
            missing=issue.number(one.missing),
        )
        for one in found.punctuality
    )
    chart = Chart(
        title=title,
        text=f"{title}: {told}.",
        name="month",
        values=keys,
        first=0,
        last=len(rows) - 1,
        kind=Drawn.STACKS,
        sheet=say(_n("drawing")),
    )
    has_any = any(row.values[key] for row in rows for key in keys)
    return replace(table, chart=chart if has_any else None)


def _begun(words: str) -> str:
    """As they stand at the beginning of a cell."""
    return words[:1].upper() + words[1:]


def _share(one: MonthCount) -> Decimal | None:
    """On time, of the units whose report is due."""
    return rate(one.on_time, one.on_time + one.late + one.missing)
