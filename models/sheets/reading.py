"""One reader for every file: what it says, before the database is asked."""

from collections.abc import Sequence
from dataclasses import replace

from models.sheets.a1 import letters
from models.sheets.layout.body import Body
from models.sheets.layout.choice import Choice, chosen, pages_of
from models.sheets.layout.column import Column
from models.sheets.layout.decisions import decision_seen
from models.sheets.layout.desk import Desk
from models.sheets.layout.done import with_done_told
from models.sheets.layout.expecting import grain_of
from models.sheets.layout.judging import Standing
from models.sheets.layout.outside import tell_unread
from models.sheets.layout.statement_day import statement_day
from models.sheets.layout.table import Table
from models.sheets.layout.titles import Titles
from models.sheets.layout.understanding import is_table_of, understood
from models.sheets.layout.units import UnitOfAmounts
from models.sheets.layout.whose import as_answered, investor_of, period_of
from models.sheets.names import Names
from models.sheets.said import ColumnSeen, Reading, SheetSeen
from models.sheets.shapes import Ask, Book, Kind, Known


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
        table = with_done_told(as_answered(table, whose), ask.kind, desk)
        table = table.settled(ask.kind, asked.period)
        table = understood(table, ask.kind, names, desk)
        units = UnitOfAmounts(table, desk)
        bodies.append(
            Body.read(
                table,
                units,
                names,
                known,
                desk,
                ask.kind,
                investor,
                stand,
                is_alone=len(tables) == 1,
            )
        )
    titles = [table.titles for table in tables]
    decision = decision_seen(bodies, desk) if ask.kind is Kind.ALLOCATIONS else None
    read = [one.table for one in bodies]
    day = statement_day(read, asked.period, desk) if ask.kind is Kind.TREASURY else None
    return Reading(
        sheets=(*(_seen(one, asked.period) for one in bodies), *_left(choice)),
        lines=tuple(line for one in bodies for line in one.lines),
        findings=tuple(desk.findings),
        period=asked.period,
        investor=investor,
        decision=decision,
        day=day,
        budget_year=_budget_year(titles, asked.period),
        source=_common([one.source for one in titles]),
        nature=_common([one.nature for one in titles]),
        grain=min(grain_of(one.table, one.unit) for one in bodies),
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
