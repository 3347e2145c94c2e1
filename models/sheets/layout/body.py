"""The body of a table, read from top to bottom: its lines, and what is found on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.sheets.layout.blocks import tell_merged
from models.sheets.layout.column import Column
from models.sheets.layout.compare import Compare
from models.sheets.layout.desk import Desk
from models.sheets.layout.figures import Figures
from models.sheets.layout.judging import Standing
from models.sheets.layout.lines import Lines
from models.sheets.layout.nesting import Nesting, mark_sums_of_crossed
from models.sheets.layout.outside import (
    tell_aside,
    tell_hidden,
    tell_hidden_columns,
    tell_outside,
    tell_unseen,
    tell_words,
)
from models.sheets.layout.parted import tell_parted
from models.sheets.layout.rows import Row, RowKind, rows_of
from models.sheets.layout.settling import imported_fields
from models.sheets.layout.subjects import Namer, Subjects
from models.sheets.layout.table import Table
from models.sheets.layout.understanding import amount_columns
from models.sheets.layout.units import UnitOfAmounts
from models.sheets.layout.values import Values
from models.sheets.layout.years import tell_unclear
from models.sheets.names import Names
from models.sheets.said import Field, Line
from models.sheets.shapes import Kind, Known

# cells that are looked at to see whether a row with an unknown name is a sum of those below
_MOST_ADDED = 200_000
_OF_SUBJECTS = frozenset({RowKind.SUBJECT, RowKind.CAPITAL})


@dataclass(frozen=True, slots=True)
class Body:
    """What a table says. `rows` are its first and last row, `unit` its unit of amounts."""

    table: Table
    lines: tuple[Line, ...]
    rows: tuple[int, int] | None
    unit: str | None

    @classmethod
    def read(
        cls,
        table: Table,
        units: UnitOfAmounts,
        names: Names,
        known: Known,
        desk: Desk,
        kind: Kind,
        investor: str | None,
        stand: Standing,
        *,
        is_alone: bool,
    ) -> "Body":
        figures = Figures(table, units, desk)
        subjects = Subjects(Namer(names, known, desk, table), kind, investor)
        rows = rows_of(table)
        subjects.resolve(rows)
        rows, below = _parted(rows, subjects)
        _mark_sums(rows, amount_columns(table), figures)
        _mark_total_of_unit(rows, amount_columns(table), figures, investor)
        mark_sums_of_crossed(rows, is_unit_left=_is_unit_left(table))
        Nesting(subjects.namer).nest(rows)
        values = Values(table, figures, desk, kind, is_alone=is_alone)
        lines = Lines(table, subjects, values, desk, stand)
        lines.take(rows)
        Compare(table, figures, desk).rows(rows)
        imported = imported_fields(table.columns.values())
        tell_merged(table, rows, imported, figures, desk)
        tell_hidden(table, rows, desk)
        tell_hidden_columns(table, rows, desk)
        tell_unseen(table, rows, desk)
        tell_outside(table, rows, below, desk)
        tell_parted(table, rows, desk)
        if kind is not Kind.PROJECTS:
            tell_unclear(table, rows, desk)
        if kind in (Kind.MONTHLY, Kind.CONSOLIDATED):
            tell_aside(table, rows, desk)
            tell_words(table, rows, below, desk)
        reach = (rows[0].number, rows[-1].number) if rows else None
        return cls(table, tuple(lines.lines), reach, units.unit)


def _parted(rows: list[Row], subjects: Subjects) -> tuple[list[Row], list[Row]]:
    """The rows of the table, and those below its end.

    It ends at the signatures, and at a total below which nothing is known by its name. A row
    that is known, or that is near to a name, belongs to it wherever it stands.
    """
    last_total = last_named = last_inside = -1
    is_named = False  # the subject of the rows of capital that follow
    for place, row in enumerate(rows):
        if row.kind is RowKind.TOTAL and not row.is_below:
            last_total = place
        if row.kind is RowKind.SUBJECT:
            is_named = _is_named(row, subjects)
        if row.kind in _OF_SUBJECTS and row.has_figures and is_named:
            last_named = place
        if not row.is_below:
            last_inside = place
    end = max(last_inside, last_named)
    if last_total > last_named:
        end = last_total
        while end + 1 < len(rows) and rows[end + 1].kind is RowKind.CAPITAL:
            end += 1
    return rows[: end + 1], rows[end + 1 :]


def _is_named(row: Row, subjects: Subjects) -> bool:
    if row.work_code or row.component_code or row.unit_code:
        return True
    return row.is_unknown and bool(subjects.open_title(row).match.options)


def _is_unit_left(table: Table) -> bool:
    """Whether the column of units stands before that of components."""
    units, parts = table.of(Field.UNIT), table.of(Field.PART)
    return bool(units and parts) and units[0].number < parts[0].number


def _mark_sums(rows: Sequence[Row], columns: Sequence[Column], figures: Figures) -> None:
    """Rows of unknown names that are just the sum of rows below them are headings, no figures.

    Only where numbers do not say that they stand beside those rows, and not of a single row that
    happens to hold the same: that is asked about.
    """
    left = _MOST_ADDED
    for place, row in enumerate(rows):
        if not row.is_unknown or not row.has_figures or left < 0:
            continue
        own = {one.number: figures.seen(row.number, one) for one in columns}
        wanted = {number: value for number, value in own.items() if value}
        sums = dict.fromkeys(wanted, 0)
        counted = 0
        for below in rows[place + 1 : place + 1 + left // max(1, len(wanted))]:
            left -= len(wanted)
            if not wanted or below.kind is RowKind.TOTAL or _is_beside(below, row):
                break
            if below.kind is not RowKind.SUBJECT:
                continue
            for one in columns:
                if one.number in wanted:
                    sums[one.number] += figures.seen(below.number, one) or 0
            counted += 1
            is_told = below.depth is not None and row.depth is not None
            if sums == wanted and (is_told or counted > 1):
                row.has_figures = False
                break
            if any(sums[number] > value > 0 for number, value in wanted.items()):
                break


def _is_beside(row: Row, other: Row) -> bool:
    """Whether numbers say that a row does not lie below the other one."""
    return row.depth is not None and other.depth is not None and row.depth <= other.depth


def _mark_total_of_unit(
    rows: Sequence[Row], columns: Sequence[Column], figures: Figures, investor: str | None
) -> None:
    """In the report of one unit a last row by its name, with the sum of all rows, is the total."""
    if investor is None or not rows:
        return
    last, others = rows[-1], rows[:-1]
    is_units = last.unit_code == investor and last.work_code is None and last.component_code is None
    leaves = [row for row in others if row.kind is RowKind.SUBJECT and row.work_code]
    if not is_units or not leaves or last.kind is not RowKind.SUBJECT:
        return
    told = [(one, figures.seen(last.number, one)) for one in columns]
    if all(
        value is None or value == sum(figures.seen(row.number, one) or 0 for row in leaves)
        for one, value in told
    ):
        last.kind = RowKind.TOTAL


__all__ = ["Body"]
