"""Money that a table splits twice: by source, and once more by nature. The first is read."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from models.base import Dong, _n
from models.capital import Nature
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.said import Field
from models.sheets.shapes import At

Seen = Callable[[Column], int | None]


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
    columns: Collection[Column],
    seen: Seen,
    at: Callable[[Column], At],
    has_open: Callable[[Iterable[Column]], bool],
    desk: Desk,
    grain: int,
) -> None:
    """Warn where both splits of one row make different sums.

    `seen` tells the amount of a column in the row, None where it says nothing or is not read
    (`has_open`); a split that lacks a figure, or the column of one nature, is not compared. `grain`
    are the đồng to which each figure is rounded.
    """
    splits: dict[tuple[object, ...], list[Column]] = defaultdict(list)
    for one in columns:
        if one.is_second:
            splits[_of_what(one)].append(one)
    for split in splits.values():
        first = first_split(split[0], columns)
        natures, sources = _sum(split, seen), _sum(first, seen)
        whole = {one.nature for one in split} == {one.value for one in Nature}
        if natures is None or sources is None or not whole or has_open([*split, *first]):
            continue
        parts = len(split) + len(first)
        if abs(natures - sources) * 2 > (grain - 1) * parts:
            desk.warning(
                "total_mismatch",
                _n("By nature these are %(written)s đồng, but by source %(total)s đồng."),
                at(split[-1]),
                written=Dong(natures),
                total=Dong(sources),
            )


def sums_told(
    total: Column, told: Collection[tuple[Column, int]], seen: Seen, columns: Iterable[Column]
) -> tuple[int, ...]:
    """What the parts of a total in one row can add up to, the likeliest first.

    Sources that tell no year, beside “vốn trong năm” and “vốn kéo dài”, are those of the year's
    own capital, or of all of it: then they make up the total of all years.
    """
    whole = sum(value for _, value in told)
    bare = [value for one, value in told if not (one.vintage or one.is_carried)]
    if len(bare) < len(told):
        return (whole, sum(bare)) if bare else (whole,)
    wider = [
        value
        for one in columns
        if one.total_of is total.total_of
        and total.is_finer_than(one)
        and (value := seen(one)) is not None
    ]
    own = seen(total)
    return (whole, own) if own is not None and whole in wider else (whole,)


def _sum(columns: Iterable[Column], seen: Seen) -> int | None:
    told = [value for one in columns if (value := seen(one)) is not None]
    return sum(told) if told else None


def _of_what(column: Column) -> tuple[object, ...]:
    """Field, time, year and crossing of a column: what is split by source, nature or both."""
    field = column.total_of if column.is_second else column.field
    return (field, column.month, column.capital[0], column.part, column.holder)
