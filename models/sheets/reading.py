"""One reader for every file: what it says, before the database is asked."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from models.base import _n, decision_number
from models.sheets.a1 import letters
from models.sheets.layout.body import Body
from models.sheets.layout.choice import Choice, chosen, pages_of
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.judging import Standing
from models.sheets.layout.outside import tell_unread
from models.sheets.layout.table import Table
from models.sheets.layout.titles import Titles, day_of, summary_of
from models.sheets.layout.understanding import is_table_of, understood
from models.sheets.layout.units import UnitOfAmounts
from models.sheets.layout.whose import as_answered, investor_of, period_of
from models.sheets.names import Names
from models.sheets.said import ColumnSeen, DecisionSeen, Field, Reading, SheetSeen
from models.sheets.shapes import Ask, At, Book, Kind, Known, Option

_NUMBER = re.compile(r"\d+.*/")
_KINDS = ("initial", "supplement", "adjust", "recall", "carry_in")


def read(book: Book, ask: Ask, known: Known) -> Reading:
    """What the sheets of a file say of this kind, for somebody who knows these names.

    Pure: no database is asked. What is open is a question among the findings, what was answered
    is taken from `ask.answers`; nothing is guessed, and no figure is left aside unnamed.
    """
    desk, names = Desk(ask), Names(known)
    choice = chosen(pages_of(book, ask, names, desk), ask, desk)
    tables = _tables(choice, ask, desk)
    if not tables:
        return Reading(sheets=_left(choice), findings=tuple(desk.findings), period=ask.period)
    whose = period_of(tables, ask, desk)
    investor = investor_of(tables, ask, known, desk)
    asked = replace(ask, period=whose.period)
    bodies = []
    stand: Standing = {}
    for table in tables:
        table = as_answered(table, whose).settled(ask.kind, asked.period)
        table = understood(table, ask.kind, names, desk)
        units = UnitOfAmounts(table, desk)
        bodies.append(Body.read(table, units, names, known, desk, ask.kind, investor, stand))
    titles = [table.titles for table in tables]
    decision = _decision(bodies, desk) if ask.kind is Kind.ALLOCATIONS else None
    return Reading(
        sheets=(*(_seen(one, asked.period) for one in bodies), *_left(choice)),
        lines=tuple(line for one in bodies for line in one.lines),
        findings=tuple(desk.findings),
        period=asked.period,
        investor=investor,
        decision=decision,
        day=day_of(titles[0], asked.period) if ask.kind is Kind.TREASURY else None,
        budget_year=_budget_year(titles, asked.period),
        source=_common([one.source for one in titles]),
        nature=_common([one.nature for one in titles]),
    )


def _tables(choice: Choice, ask: Ask, desk: Desk) -> list[Table]:
    """The tables of the sheets that are read: those of the kind, or the first that has a head."""
    found: list[Table] = []
    for page in choice.used:
        able = [
            one for one in page.tables if is_table_of(ask.kind, one.settled(ask.kind, ask.period))
        ]
        able = able or list(page.tables[:1])
        for table in page.tables:
            if not any(table is one for one in able):
                tell_unread(table, desk)
        found += able
    return found


def _common(values: Sequence[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _budget_year(titles: Sequence[Titles], period: str | None) -> int | None:
    """The budget year of the period, or the one that the titles name beside years of capital."""
    if period:
        return int(period[:4])
    years = {year for one in titles for year in one.years}
    carried = {
        said.year for one in titles for said in one.vintages if said.is_carried and said.year
    }
    return max(years - carried, default=None)


# ------------------------------------------------------------------------------------ the decision


def _decision(bodies: Sequence[Body], desk: Desk) -> DecisionSeen | None:
    """The decision of an annex, with the kind of its lines: named, answered, or asked."""
    titles = bodies[0].table.titles
    seen = titles.decision or _answered_decision(bodies[0].table, desk)
    kind = _kind(bodies, desk)
    return None if seen is None else replace(seen, kind=kind, summary=summary_of(titles))


def _answered_decision(table: Table, desk: Desk) -> DecisionSeen | None:
    given = desk.choose(
        "decision_missing",
        _n(
            "The title names no decision. Write its number, day and issuer into the title, or give "
            "them here: 1205/QĐ-UBND|2024-04-15|UBND huyện"
        ),
        At(table.sheet.name),
        (),
        for_file=True,
        takes=lambda text: decision_answered(text) is not None,
    )
    return decision_answered(given) if given else None


def decision_answered(text: str) -> DecisionSeen | None:
    """A decision given as `NUMBER|ISO-DAY|ISSUER`; day and issuer may be left out."""
    number, day, issuer = ([part.strip() for part in text.split("|")] + ["", ""])[:3]
    try:
        issued_on = date.fromisoformat(day) if day else None
    except ValueError:
        return None
    if not _NUMBER.search(number):
        return None
    return DecisionSeen(number=decision_number(number), issued_on=issued_on, issuer=issuer)


def _kind(bodies: Sequence[Body], desk: Desk) -> str | None:
    """The kind of the ledger lines: of the columns, of the titles, or asked."""
    fields = {one.field for body in bodies for one in body.table.columns.values()}
    if Field.LINE_KIND in fields:
        return None
    if {Field.INCREASE, Field.DECREASE} <= fields:
        return "adjust"
    told = {kind for body in bodies for kind in body.table.titles.kinds}
    if len(told) == 1:
        return told.pop()
    return desk.choose(
        "kind_unclear",
        _n(
            "The title does not say clearly what the decision does: giao, bổ sung, điều chỉnh, thu "
            "hồi or kéo dài. Which one is it?"
        ),
        At(bodies[0].table.sheet.name),
        tuple(Option(kind) for kind in _KINDS),
        for_file=True,
    )


# ------------------------------------------------------------------------------------ what is seen


def _left(choice: Choice) -> tuple[SheetSeen, ...]:
    return tuple(SheetSeen(sheet=name, is_used=False, why=why) for name, why in choice.skipped)


def _seen(body: Body, period: str | None) -> SheetSeen:
    table = body.table
    return SheetSeen(
        sheet=table.sheet.name,
        is_used=True,
        head=(table.head.top, table.head.bottom),
        rows=body.rows,
        unit=body.unit,
        period=period,
        columns=tuple(_column_seen(one) for one in table.columns.values()),
    )


def _column_seen(column: Column) -> ColumnSeen:
    year = "carried" if column.is_carried and column.vintage is None else column.vintage
    return ColumnSeen(
        column=letters(column.number),
        heading=column.heading,
        field=None if column.month else column.field,
        vintage=str(year or ""),
        source=column.source or " ".join(column.among),
    )
