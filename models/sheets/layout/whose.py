"""Of which period and of which unit a file is, told by its titles and by who asks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.base import _n
from models.calendar import PeriodCode
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.settling import MOVES
from models.sheets.layout.table import Table
from models.sheets.layout.titles import is_of
from models.sheets.layout.vocabulary import Noun
from models.sheets.said import Field
from models.sheets.shapes import Ask, At, Kind, Known, Option
from models.sheets.words import PeriodSaid, periods_of

_OF_PERIOD = (Kind.MONTHLY, Kind.CONSOLIDATED, Kind.TREASURY)
Said = Sequence[tuple[At, PeriodSaid]]


@dataclass(frozen=True, slots=True)
class Whose:
    """The period of a file; `is_answered` where somebody settled what the file contradicts."""

    period: str | None = None
    is_answered: bool = False


def period_of(tables: Sequence[Table], ask: Ask, desk: Desk) -> Whose:
    """The period that the file is of: as asked, if titles and heads agree; else as answered."""
    if ask.kind not in _OF_PERIOD:
        return Whose(ask.period)
    said: Said = [one for table in tables for one in table.titles.periods]
    if not said:
        said = _heads(tables) or _names(tables)
    if ask.period is not None:
        if not said or any(is_of(one, ask.period) for _, one in said):
            return _head_conflict(tables, ask, desk)
        return _conflict(said, ask, desk)
    return _from_titles(tables, said, desk)


def _names(tables: Sequence[Table]) -> Said:
    """The periods that the names of the sheets tell."""
    return [(At(table.sheet.name), one) for table in tables for one in periods_of(table.sheet.name)]


def _heads(tables: Sequence[Table]) -> Said:
    """The period that the columns of disbursement name, where they name one alone."""
    found = [
        (table.sheet.at(*one.place, one.heading), one.named)
        for table in tables
        for one in table.columns.values()
        if one.named is not None and _is_disbursed(one)
    ]
    return found if len({said.last for _, said in found}) == 1 else []


def _is_disbursed(column: Column) -> bool:
    return column.noun in (Noun.DISBURSED, Noun.DONE, None)


def _conflict(said: Said, ask: Ask, desk: Desk) -> Whose:
    at = said[0][0]
    asked = ask.period or ""
    year = int(asked[:4])
    told = dict.fromkeys(code for _, one in said if (code := one.code(year)))
    given = desk.choose(
        "period_conflict",
        _n(
            "The file is said to be of the period %(asked)s, but here it says “%(text)s”. Of which "
            "period are its figures?"
        ),
        at,
        tuple(Option(code) for code in dict.fromkeys((asked, *told))),
        for_file=True,
        takes=PeriodCode.is_one,
        asked=PeriodCode.parse(asked),
        text=(at.heading or at.value or at.sheet)[:200],
    )
    return Whose(given or asked, is_answered=given is not None)


def _head_conflict(tables: Sequence[Table], ask: Ask, desk: Desk) -> Whose:
    """Columns of other months alone: titles may be silent, or older or newer than the heads."""
    if ask.kind is Kind.TREASURY:
        return Whose(ask.period)
    fields = {
        one.field
        for table in tables
        for one in table.settled(ask.kind, ask.period).columns.values()
        if not one.month
    }
    named = [
        (table.sheet.at(*one.place, one.heading), one.named)
        for table in tables
        for one in table.columns.values()
        if one.named is not None and _is_disbursed(one)
    ]
    is_of_it = ask.period is not None and any(is_of(one, ask.period) for _, one in named)
    if not named or is_of_it or fields & (MOVES | {Field.CUMULATIVE}):
        return Whose(ask.period)
    return _conflict(named, ask, desk)


def _from_titles(tables: Sequence[Table], said: Said, desk: Desk) -> Whose:
    years = {year for table in tables for year in table.titles.years}
    year = years.pop() if len(years) == 1 else None
    codes = list(dict.fromkeys(code for _, one in said if (code := one.code(year))))
    if len(codes) == 1:
        return Whose(codes[0])
    at = said[0][0] if said else At(tables[0].sheet.name if tables else "")
    given = desk.choose(
        "period_conflict",
        _n("The file does not say clearly of which period it is. Which one is it?"),
        at,
        tuple(Option(code) for code in codes),
        for_file=True,
        takes=PeriodCode.is_one,
    )
    return Whose(given, is_answered=given is not None)


def as_answered(table: Table, whose: Whose) -> Table:
    """The table with its named months taken for the period, where somebody said so.

    Only where they all name one month: of months side by side each stays what it is.
    """
    if not whose.is_answered or whose.period is None:
        return table
    named = [one for one in table.columns.values() if one.named and _is_disbursed(one)]
    if len({one.named.last for one in named if one.named}) != 1:
        return table
    if any(is_of(one.named, whose.period) for one in named if one.named):
        return table
    return table.with_columns(
        replace(one, named=None) if one in named else one for one in table.columns.values()
    )


# ------------------------------------------------------------------------------------- the unit


def investor_of(tables: Sequence[Table], ask: Ask, known: Known, desk: Desk) -> str | None:
    """The unit whose monthly report the file is: as asked, if the titles do not name another."""
    if ask.kind is not Kind.MONTHLY:
        return ask.investor
    named = [one for table in tables for one in table.titles.holders]
    codes = list(dict.fromkeys(code for _, code in named))
    names = {unit.code: unit.short_name for unit in known.units}
    if ask.investor is None:
        return _investor_told(tables, codes, names, desk)
    if not codes or ask.investor in codes:
        return ask.investor
    at, other = named[0]
    given = desk.choose(
        "row_foreign",
        _n(
            "The file is said to be the report of %(asked)s, but its title names %(other)s. Whose "
            "figures are in it?"
        ),
        at,
        tuple(Option(code, names.get(code, "")) for code in (ask.investor, *codes)),
        for_file=True,
        asked=names.get(ask.investor, ask.investor),
        other=names.get(other, other),
    )
    if given is not None and given != ask.investor:
        desk.error(
            "row_foreign",
            _n("The file is the report of %(other)s. Choose that unit and read it again."),
            at,
            other=names.get(given, given),
        )
    return ask.investor


def _investor_told(
    tables: Sequence[Table], codes: list[str], names: dict[str, str], desk: Desk
) -> str | None:
    if len(codes) == 1:
        return codes[0]
    return desk.choose(
        "name_unclear",
        _n("The file does not say clearly whose report it is. Which unit is it?"),
        At(tables[0].sheet.name if tables else ""),
        tuple(Option(code, names[code]) for code in (codes or names)),
        for_file=True,
        takes=names.__contains__,
    )
