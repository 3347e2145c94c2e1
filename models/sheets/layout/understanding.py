"""A table understood: every column with one meaning; what is open is asked, what lacks is told."""

from collections.abc import Sequence
from dataclasses import replace

from models.base import _n
from models.sheets.a1 import letters
from models.sheets.layout.beside import beside_asked, parts_beside
from models.sheets.layout.column import Column
from models.sheets.layout.crossings import with_crossings
from models.sheets.layout.desk import Desk
from models.sheets.layout.meanings import of_one_meaning, totals_asked
from models.sheets.layout.proof import is_what_was_spent
from models.sheets.layout.settling import AMOUNTS, FLOW_FIELDS, MOVES, is_bare, with_bare_as
from models.sheets.layout.table import NAMING, Table
from models.sheets.layout.titles import Titles
from models.sheets.layout.vocabulary import Noun
from models.sheets.names import Names
from models.sheets.said import Field
from models.sheets.shapes import At, Kind, Option

WORDS = frozenset({Field.PROGRESS_TEXT, Field.OBSTACLES, Field.PROPOSALS})
TOLD = WORDS | {Field.PROGRESS}  # of a project as a whole, whatever capital it has
# what a file of each kind is sent for: without one of these there is nothing to read
_WANTED: dict[Kind, frozenset[Field]] = {
    Kind.MONTHLY: MOVES | TOLD | {Field.CUMULATIVE, Field.ESTIMATE, Field.VOLUME},
    Kind.ALLOCATIONS: frozenset({Field.AMOUNT, Field.INCREASE, Field.DECREASE}),
    Kind.PROJECTS: frozenset({Field.PROJECT, Field.PROJECT_CODE}),
    Kind.TREASURY: FLOW_FIELDS | {Field.CONFIRMED},
}
_WANTED[Kind.CONSOLIDATED] = _WANTED[Kind.MONTHLY]
MONEY = AMOUNTS | {Field.INVESTMENT}


def is_table_of(kind: Kind, table: Table) -> bool:
    """Whether the columns of a table can be those of a file of this kind."""
    fields = {one.field for one in table.columns.values()}
    may_be = any(_may_be_amounts(one, kind) for one in table.columns.values())
    return bool(fields & NAMING) and bool(fields & _WANTED[kind] or may_be)


def _may_be_amounts(column: Column, kind: Kind) -> bool:
    """Whether it is asked of a column if it holds what a file of this kind is sent for."""
    if column.noun is Noun.DONE:
        return kind in (Kind.MONTHLY, Kind.CONSOLIDATED)
    return kind is not Kind.PROJECTS and is_bare(column)


def understood(table: Table, kind: Kind, names: Names, desk: Desk) -> Table:
    """The table with its columns settled for good; asks, refuses and names what is left aside."""
    columns = [one for one in table.columns.values() if _counts(table, one)]
    columns = with_crossings(table, columns, names, desk)
    columns = _with_bare(table, columns, kind, desk)
    columns = of_one_meaning(table, columns, kind, names, desk)
    columns = totals_asked(table, columns, desk)
    if kind is Kind.TREASURY:
        columns = [_as_confirmed(one, columns) for one in columns]
    table = table.with_columns(columns)
    _tell_missing(table, kind, desk)
    asked = {one.at.cell for one in desk.findings if one.at.sheet == table.sheet.name}
    for one in columns:
        at = table.sheet.at(*one.place, one.heading)
        is_unknown = one.field is None and not one.is_aside and at.cell not in asked
        if is_unknown and table.holds_something(one.number):
            desk.hint(
                "column_unknown",
                _n("Column %(column)s “%(heading)s” is not known here and is left aside."),
                at,
                column=letters(one.number),
                heading=one.heading,
            )
    return table


def _as_confirmed(column: Column, columns: Sequence[Column]) -> Column:
    """A sum of kinds of payment is what the Treasury confirms; its kinds are only added up."""
    by_number = {one.number: one for one in columns}
    if column.total_of is not Field.CONFIRMED or any(
        by_number[number].field is Field.CONFIRMED for number in column.members
    ):
        return column
    return replace(column, field=Field.CONFIRMED, total_of=None)


def _counts(table: Table, column: Column) -> bool:
    """Whether a column takes part: those without a head do where somebody said what they are."""
    return bool(column.path) or column.is_corrected


# ------------------------------------------------------------------------------ bare heads


def _with_bare(table: Table, columns: list[Column], kind: Kind, desk: Desk) -> list[Column]:
    """Columns of which only the capital or the crossing is told, with what they hold."""
    columns = parts_beside(table, columns)
    bare = [one for one in columns if is_bare(one) and table.holds_something(one.number)]
    if not bare or kind is Kind.PROJECTS:
        return columns
    field = _bare_field(table, columns, bare, kind, desk)
    if field is not None:
        return with_bare_as(columns, field)
    columns = beside_asked(table, columns, desk)
    return [
        replace(one, field=Field.TOTAL) if is_bare(one) and one.is_total else one for one in columns
    ]


def _bare_field(
    table: Table, columns: Sequence[Column], bare: Sequence[Column], kind: Kind, desk: Desk
) -> Field | None:
    fields = {one.field for one in columns if not one.month}
    if kind is Kind.ALLOCATIONS:
        changed = fields & {Field.AMOUNT, Field.INCREASE, Field.DECREASE}
        return None if changed else Field.AMOUNT
    if kind is Kind.TREASURY:
        only_totals = all(one.is_total for one in bare)
        is_told = Field.CONFIRMED in fields or (fields & FLOW_FIELDS and not only_totals)
        return None if is_told else Field.CONFIRMED
    if fields & MOVES:
        return Field.CUMULATIVE if is_what_was_spent(table, columns, bare) else None
    if Field.CUMULATIVE in fields:
        is_said = any(one.noun in (Noun.DISBURSED, Noun.AMOUNT) for one in bare)
        return Field.MONTH if is_said else None
    return _of_title(table.titles) or _asked_time(table, bare[0], desk)


def _of_title(titles: Titles) -> Field | None:
    if titles.is_of_month == titles.is_up_to:
        return None
    return Field.MONTH if titles.is_of_month else Field.CUMULATIVE


def _asked_time(table: Table, column: Column, desk: Desk) -> Field | None:
    given = desk.choose(
        "column_unknown",
        _n(
            "“%(heading)s” does not say whether its amounts are those of the period alone "
            "or since the beginning of the year. Which are they?"
        ),
        table.sheet.at(*column.place, column.heading),
        (
            Option("month", _n("of the period alone")),
            Option("cumulative", _n("since the beginning of the year")),
        ),
        heading=column.heading,
    )
    return Field(given) if given else None


# ------------------------------------------------------------------------------ what is missing


def _tell_missing(table: Table, kind: Kind, desk: Desk) -> None:
    fields = {one.field for one in table.columns.values()}
    totals = {one.total_of for one in table.columns.values()}
    at = At(table.sheet.name)
    asked = {one.code for one in desk.findings if one.at.sheet == table.sheet.name}
    open_codes = {"column_double", "column_unclear", "column_unknown", "name_unclear"}
    is_open = bool(asked & open_codes)
    if not fields & NAMING and not is_open:
        desk.error(
            "column_missing",
            _n("No column names projects or units. Name it in its head, such as “Tên dự án”."),
            at,
        )
    if (fields | totals) & _WANTED[kind] or is_open:
        return
    messages = {
        Kind.ALLOCATIONS: _n("No column holds amounts to allocate. Name it, such as “Số tiền”."),
        Kind.PROJECTS: _n("No column holds names of projects. Name it “Tên dự án”."),
        Kind.TREASURY: _n(
            "No column holds what the Treasury paid. Name it, such as “Lũy kế thanh toán”."
        ),
    }
    desk.error(
        "column_missing",
        messages.get(
            kind,
            _n(
                "No column holds what was disbursed. Name it, such as “Giải ngân trong tháng” or "
                "“Lũy kế giải ngân từ đầu năm”."
            ),
        ),
        at,
    )


def amount_columns(table: Table) -> list[Column]:
    """The columns of amounts, totals and remainders among them."""
    return [one for one in table.columns.values() if one.field in MONEY]
