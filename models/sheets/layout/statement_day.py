"""The day up to which a statement of the Treasury goes."""

from collections.abc import Iterator, Sequence
from datetime import date

from models.base import _n
from models.calendar import PeriodCode
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.settling import FLOW_FIELDS
from models.sheets.layout.table import Table
from models.sheets.said import Field
from models.sheets.shapes import At, Option
from models.sheets.words import impossible_day

_PAID = FLOW_FIELDS | {Field.CONFIRMED}


def statement_day(tables: Sequence[Table], period: str | None, desk: Desk) -> date | None:
    """The day that title and heads name, asked where they name two; else the end of the period.

    A day that no calendar has is refused.
    """
    titles = tables[0].titles
    heads = [(at, one) for table in tables for at, one in _heads(table)]
    for at, text in (*titles.lines, *((at, one.heading) for at, one in heads)):
        if typed := impossible_day(text):
            desk.error(
                "date_unreadable",
                _n("“%(typed)s” is not a day. Write dd/mm/yyyy, for example 09/04/2024."),
                at,
                typed=typed,
            )
    in_title = [(at, said.day) for at, said in titles.periods if said.day][:1]
    in_heads = [(at, one.named.day) for at, one in heads if one.named and one.named.day]
    days = {day: at for at, day in (*in_title, *in_heads)}
    if len(days) > 1:
        return _asked(days, desk)
    return next(iter(days), None) or _end_of(tables, period)


def _heads(table: Table) -> Iterator[tuple[At, Column]]:
    for one in table.columns.values():
        if _PAID & {one.field, one.total_of}:
            yield table.sheet.at(*one.place, one.heading), one


def _asked(days: dict[date, At], desk: Desk) -> date | None:
    given = desk.choose(
        "date_unclear",
        _n("Title and heads name several days. Up to which day do the figures go?"),
        list(days.values())[-1],
        tuple(Option(day.isoformat(), f"{day.day:02d}/{day.month:02d}/{day.year}") for day in days),
    )
    return {day.isoformat(): day for day in days}.get(given or "")


def _end_of(tables: Sequence[Table], period: str | None) -> date | None:
    """The end of the month that the title names, or of the period."""
    for _, said in tables[0].titles.periods:
        if said.year:
            kind = "closing" if said.last == 13 else "month"
            return PeriodCode(kind, said.year, said.last).window()[1]
    return PeriodCode.parse(period).window()[1] if period else None
