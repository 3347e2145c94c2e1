"""Money that a table splits twice: by source, and once more by nature. The first is read."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from models.base import Dong, _n
from models.capital import Nature
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.said import Field
from models.sheets.shapes import At


def second_split(columns: Iterable[Column], added: Collection[Field]) -> frozenset[int]:
    """The columns that split by nature what other columns split by source.

    `added` are the fields of amounts that can be split at all.
    """
    columns = [one for one in columns if one.field in added]
    by_source = {_of_what(one) for one in columns if one.source and not one.nature}
    return frozenset(
        one.number
        for one in columns
        if one.nature and not (one.source or one.among) and _of_what(one) in by_source
    )


def first_split(second: Column, columns: Iterable[Column]) -> list[Column]:
    """The columns by source of the same money as a column of the second split."""
    what = _of_what(second)
    return [
        one
        for one in columns
        if (one.source or one.among) and not one.is_second and _of_what(one) == what
    ]


def compare_splits(
    columns: Collection[Column], seen: Callable[[Column], int | None], at: Callable[[Column], At],
    desk: Desk,
) -> None:
    """Warn where both splits of one row make different sums.

    `seen` tells the amount of a column in the row, None where it says nothing or is not read; a
    split that lacks a figure, or the column of one nature, is not compared.
    """
    splits: dict[tuple[object, ...], list[Column]] = defaultdict(list)
    for one in columns:
        if one.is_second:
            splits[_of_what(one)].append(one)
    for split in splits.values():
        natures, sources = _sum(split, seen), _sum(first_split(split[0], columns), seen)
        whole = {one.nature for one in split} == {one.value for one in Nature}
        if whole and None not in (natures, sources) and natures != sources:
            desk.warning(
                "total_mismatch",
                _n("By nature these are %(written)s đồng, but by source %(total)s đồng."),
                at(split[-1]),
                written=Dong(natures or 0),
                total=Dong(sources or 0),
            )


def _sum(columns: Iterable[Column], seen: Callable[[Column], int | None]) -> int | None:
    told = [value for one in columns if (value := seen(one)) is not None]
    return sum(told) if told else None


def _of_what(column: Column) -> tuple[object, ...]:
    """Field, time, year and crossing of a column: what is split by source, nature or both."""
    field = column.total_of if column.is_second else column.field
    return (field, column.month, column.capital[0], column.part, column.holder)
