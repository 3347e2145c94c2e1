"""Columns of what was carried out (“thực hiện”): money that was paid, or work of that value."""

from dataclasses import replace

from models.base import _n
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.settling import MOVES
from models.sheets.layout.table import Table
from models.sheets.layout.vocabulary import FLOWS, Noun
from models.sheets.said import Field
from models.sheets.shapes import Kind, Option

_OF_REPORTS = frozenset({Kind.MONTHLY, Kind.CONSOLIDATED})
_MEANT = {"disbursed": Noun.DISBURSED, Field.VOLUME.value: Noun.VOLUME}


def with_done_told(table: Table, kind: Kind, desk: Desk) -> Table:
    """The table with its columns of what was carried out for what somebody said they are.

    Asked once, and only where no column is about disbursement by its own words: beside one, what
    was carried out is something else, and is left aside as all that is not known.
    """
    done = [
        one
        for one in table.columns.values()
        if one.noun is Noun.DONE and not one.is_corrected and table.holds_something(one.number)
    ]
    if kind not in _OF_REPORTS or not done or any(map(_is_paid, table.columns.values())):
        return table
    given = desk.choose(
        "column_unclear",
        _n(
            "“%(heading)s” does not say whether its amounts were paid, or are the value of work "
            "that was done. Which are they?"
        ),
        table.sheet.at(*done[0].place, done[0].heading),
        (
            Option("disbursed", _n("paid (disbursed)")),
            Option(Field.VOLUME.value, _n("the value of work done")),
        ),
        heading=done[0].heading,
    )
    told = {"is_aside": True} if given is None else {"noun": _MEANT[given]}
    return table.with_columns(
        replace(one, **told) if one in done else one for one in table.columns.values()
    )


def _is_paid(column: Column) -> bool:
    if column.is_corrected:
        return column.field in MOVES or column.field is Field.CUMULATIVE
    is_of_time = column.noun is None and column.time is not None and column.is_pure
    return is_of_time or column.noun in FLOWS or column.noun is Noun.DISBURSED
