"""Columns that mean the same, and totals of which it is open what they add up: chosen, or asked."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.base import _n, fold
from models.sheets.a1 import letters
from models.sheets.layout.beside import are_called_parts, is_called_sum, is_no_sum
from models.sheets.layout.column import Column, Rest
from models.sheets.layout.desk import Desk
from models.sheets.layout.settling import AMOUNTS, FLOW_FIELDS, MOVES, imported_fields
from models.sheets.layout.sums import doubles, with_totals
from models.sheets.layout.table import NAMING, Table
from models.sheets.names import Names
from models.sheets.said import Field
from models.sheets.shapes import Kind, Option

_ONLY_COMPARED = frozenset({Field.PLAN, Field.PLAN_AFTER, Field.BEFORE, Field.CUMULATIVE})
_ROWS_LOOKED_AT = 60


def of_one_meaning(
    table: Table, columns: list[Column], kind: Kind, names: Names, desk: Desk
) -> list[Column]:
    """The columns without those that mean what another one means: chosen, or asked."""
    dropped: set[int] = set()
    for group in doubles(columns):
        filled = [one for one in group if table.holds_something(one.number)]
        corrected = [one for one in group if one.is_corrected]
        if len(corrected) == 1 or len(filled) < 2:
            kept = (corrected or filled or list(group))[0]
        elif group[0].field in NAMING and (other := _side_by_side(table, filled, columns)):
            kept = filled[0]
            desk.error(
                "column_double",
                _n(
                    "Two tables stand side by side here: columns %(first)s and %(second)s name "
                    "projects, each with amounts of its own. Put one below the other."
                ),
                table.sheet.at(*other.place, other.heading),
                first=letters(kept.number),
                second=letters(other.number),
            )
        elif group[0].field is Field.PROJECT and (named := _that_names(table, filled, names)):
            kept = named
        elif group[0].field is Field.UNIT:
            kept = next((one for one in filled if one.path[-1].lower().startswith("ch")), filled[0])
        elif group[0].field in _ONLY_COMPARED and not _is_only_source(columns, kind, group[0]):
            kept = filled[0]
        else:
            chosen = _chosen(table, filled, desk)
            dropped |= {one.number for one in group if chosen is None or one is not chosen}
            continue
        dropped |= {one.number for one in group if one is not kept}
        for one in filled:
            if one is not kept:
                desk.hint(
                    "column_double",
                    _n("Column %(column)s means the same as column %(kept)s and is left aside."),
                    table.sheet.at(*one.place, one.heading),
                    column=letters(one.number),
                    kept=letters(kept.number),
                )
    return [
        replace(one, field=None, is_aside=True) if one.number in dropped else one for one in columns
    ]


def _side_by_side(
    table: Table, filled: Sequence[Column], columns: Sequence[Column]
) -> Column | None:
    """The column of names of a second table right of the first one: the same head once more, with
    amounts in between, and other names.
    """
    first = filled[0]
    for other in filled[1:]:
        between = [one for one in columns if first.number < one.number < other.number]
        if fold(other.heading) != fold(first.heading) or not any(
            one.field in AMOUNTS for one in between
        ):
            continue
        names = [
            [table.sheet.folded(row, one.number) for one in (first, other)] for row in table.rows
        ]
        if any(mine and its and mine != its for mine, its in names):
            return other
    return None


def _is_only_source(columns: Iterable[Column], kind: Kind, column: Column) -> bool:
    """Whether cumulative amounts are what the month is taken from."""
    return column.field is Field.CUMULATIVE and not any(one.field in MOVES for one in columns)


def _chosen(table: Table, group: Sequence[Column], desk: Desk) -> Column | None:
    at = table.sheet.at(*group[1].place, group[1].heading)
    given = desk.choose(
        "column_double",
        _n("Columns %(columns)s mean the same here. Which one is to be read?"),
        at,
        tuple(Option(letters(one.number), one.heading) for one in group),
        columns=", ".join(letters(one.number) for one in group),
    )
    return next((one for one in group if letters(one.number) == given), None)


# ------------------------------------------------------------------------------ totals


def totals_asked(table: Table, columns: list[Column], desk: Desk) -> list[Column]:
    """The columns with their totals; of what may stand beside its parts it is asked."""
    found = with_totals(columns)
    before = {one.number: one for one in columns}
    imported = imported_fields(columns)
    is_open = desk.asks_of_columns(table.sheet.name)  # which are its parts, then
    for place, one in enumerate(found):
        if one.field is not Field.TOTAL or one.total_of not in imported:
            continue
        parts = [before[number] for number in one.members if number in before]
        is_told = is_called_sum(one) or are_called_parts(table, parts)
        rest = None if is_open and is_told else _rest_of(one, parts)
        if rest is None and (is_told or not is_no_sum(table, one, parts)):
            continue
        told = "total" if is_told else _asked_beside(table, one, parts[0], desk)
        if told is None:
            found[place] = replace(one, field=None, total_of=None, members=(), is_aside=True)
        else:
            found[place] = replace(one, rest=rest) if told == "total" else before[one.number]
    return found


def _rest_of(total: Column, parts: Sequence[Column]) -> Rest | None:
    """What a total holds beside its parts, where these may not be all of them."""
    if not parts or any(one.field in FLOW_FIELDS for one in parts):
        return None
    if all(one.is_carried for one in parts) and not total.is_carried:
        return Rest.OF_YEAR
    return Rest.UNKNOWN if len(parts) == 1 else None


def _asked_beside(table: Table, total: Column, part: Column, desk: Desk) -> str | None:
    at = table.sheet.at(*total.place, total.heading)
    if desk.was_put("column_double", at):  # whether it is read at all
        at = table.sheet.at(*part.place, part.heading)
    return desk.choose(
        "column_double",
        _n(
            "Does “%(total)s” (column %(column)s) hold what stands in “%(part)s” as well, "
            "or does it stand beside it?"
        ),
        at,
        (
            Option("total", _n("it holds that as well")),
            Option("beside", _n("it stands beside that")),
        ),
        total=total.heading,
        column=letters(total.number),
        part=part.heading,
    )


def _that_names(table: Table, group: Sequence[Column], names: Names) -> Column | None:
    """The one of several columns of names in which the projects stand; None where none does."""
    found = {}
    for column in group:
        texts = [table.sheet.line(row, column.number) for row in table.rows[:_ROWS_LOOKED_AT]]
        found[column.number] = sum(
            names.work(text).code is not None for text in dict.fromkeys(texts) if text
        )
    best = max(found.values())
    most = [one for one in group if found[one.number] == best]
    return most[0] if best and len(most) == 1 else None
