"""Sums across columns: which columns are totals, of what, and which mean the same twice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.sheets.layout.column import Column
from models.sheets.layout.settling import FLOW_FIELDS
from models.sheets.layout.splits import second_split
from models.sheets.said import Field

# fields whose columns can be sums of others of the same field
_ADDED = frozenset(
    {
        Field.MONTH, Field.BEFORE, Field.CUMULATIVE, Field.PLAN, Field.AMOUNT, Field.INCREASE,
        Field.DECREASE, Field.CONFIRMED, Field.VOLUME, Field.ESTIMATE, Field.PLAN_AFTER,
        *FLOW_FIELDS,
    }
)  # fmt: skip
_OF_FLOWS = frozenset({Field.MONTH, Field.CONFIRMED})


def with_totals(columns: Sequence[Column]) -> list[Column]:
    """The columns with those that only add up others made totals of them.

    A total is a column of which others are finer parts: by capital, by crossing, or by the kinds
    of payment. Its members are the finest of them. A column that says “Tổng số” and has no parts
    is the figure itself; one without any word adds up what stands beside it. Where money is split
    by source and once more by nature, the split by source is read and the other one compared.
    """
    second = second_split(columns, _ADDED)
    by_field: dict[tuple[Field, str | None], list[Column]] = defaultdict(list)
    views = _with_years(columns)
    for one in views.values():
        if one.field in _ADDED and one.number not in second:
            by_field[one.field, one.month].append(one)
    flows = [one for one in columns if one.field in FLOW_FIELDS and not one.month]
    found = []
    for column in columns:
        parts: list[Column] = []
        if column.number in second:
            found.append(replace(column, field=Field.TOTAL, total_of=column.field, is_second=True))
            continue
        if column.field in _ADDED:
            same = by_field[column.field, column.month]
            parts = _finest([one for one in same if one.is_finer_than(views[column.number])])
        if not parts and column.field in _OF_FLOWS and not column.month:
            parts = _flows_of(column, flows)
        if parts:
            column = replace(
                column,
                field=Field.TOTAL,
                total_of=column.field,
                members=tuple(one.number for one in parts),
            )
        found.append(column)
    return found


def _with_years(columns: Iterable[Column]) -> dict[int, Column]:
    """The columns by number; those of a source that tell no year with the year's own, where
    columns of that year and of carried-over capital stand beside them.
    """
    found = {one.number: one for one in columns}
    own: dict[tuple[object, ...], set[int]] = defaultdict(set)
    with_carried = set()
    for one in found.values():
        if one.source or one.among or one.nature:
            continue
        if one.is_carried:
            with_carried.add(_kind(one))
        elif one.vintage:
            own[_kind(one)].add(one.vintage)
    for number, one in found.items():
        kind = _kind(one)
        is_bare = (one.source or one.among) and not (one.vintage or one.is_carried or one.is_mixed)
        if is_bare and kind in with_carried and len(own[kind]) == 1:
            [year] = own[kind]
            found[number] = replace(one, vintage=year)
    return found


def _kind(column: Column) -> tuple[object, ...]:
    return (column.field, column.month, column.part, column.holder)


def _finest(parts: Sequence[Column]) -> list[Column]:
    return [one for one in parts if not any(other.is_finer_than(one) for other in parts)]


def _flows_of(column: Column, flows: Iterable[Column]) -> list[Column]:
    """The kinds of payment that a column of all of them adds up."""
    own = [one for one in flows if one.capital == column.capital or one.is_finer_than(column)]
    return own if any(one.field is Field.COMPLETED for one in own) else []


def doubles(columns: Sequence[Column]) -> list[tuple[Column, ...]]:
    """Columns that mean the same, each group from left to right."""
    same: dict[tuple[object, ...], list[Column]] = defaultdict(list)
    for one in columns:
        if one.field in (None, Field.TOTAL, Field.RATE, Field.REMAINING, Field.NUMBER, Field.NOTE):
            continue
        same[one.field, one.month, one.capital].append(one)
    return [tuple(group) for group in same.values() if len(group) > 1]
