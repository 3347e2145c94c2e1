"""Which capital of a project a figure speaks of, as far as its heading tells."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Protocol, TypeVar

from models.capital import BUDGET_SOURCES, order_of_capital
from models.filing import AllocationRow, ProjectRow
from models.sheets import Reading, Value

Rows = tuple[AllocationRow, ...]


class _Capital(Protocol):
    @property
    def budget_year(self) -> int: ...
    @property
    def vintage(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def nature(self) -> str: ...


_Any = TypeVar("_Any", bound=_Capital)
BY_PLAN = "plan"  # the answer “in proportion to the plan”
# what tells capital of one project apart, simplest first
_APART = (
    ("source",),
    ("nature",),
    ("vintage",),
    ("source", "nature"),
    ("vintage", "source"),
    ("vintage", "source", "nature"),
)


def rows_meant(project: ProjectRow, value: Value, reading: Reading) -> Rows:
    """The capital of a project that a figure can be about."""
    return meant_of(project.allocations, value, reading)


def rows_of_all_years(project: ProjectRow, value: Value, reading: Reading) -> Rows:
    """The same without regard to the year of the capital: what a grand total is about."""
    return meant_of_all_years(project.allocations, value, reading)


def meant_of(rows: Iterable[_Any], value: Value, reading: Reading) -> tuple[_Any, ...]:
    """Those of one project's capital that a figure can be about; the year's own where no year is
    told.

    What says no source speaks of the state budget: memo sources stand outside of all totals.
    """
    told = meant_of_all_years(rows, value, reading)
    return tuple(row for row in told if _is_of_vintage(row, value))


def meant_of_all_years(rows: Iterable[_Any], value: Value, reading: Reading) -> tuple[_Any, ...]:
    """The same without regard to the year of the capital."""
    told = sources_told(value, reading)
    nature = value.nature or reading.nature
    found = [
        row
        for row in rows
        if (not told or row.source in told) and (nature is None or row.nature == nature)
    ]
    budget = [row for row in found if row.source in BUDGET_SOURCES]
    return tuple(found if told or not budget else budget)


def choices_of(project: ProjectRow, value: Value, reading: Reading) -> list[Rows]:
    """The capital that a sum can be about, the likeliest first: the year's own and, where no year
    is told, that of all years.
    """
    own = rows_meant(project, value, reading)
    return [own, rows_of_all_years(project, value, reading)] if tells_no_year(value) else [own]


def tells_no_year(value: Value) -> bool:
    """Whether a figure tells neither the year of its capital nor that it is carried over."""
    return value.vintage is None and not value.is_carried


def sources_told(value: Value, reading: Reading) -> tuple[str, ...]:
    """The source that a figure is of, those of which it is one, or none where it is not told."""
    if value.source is not None:
        return (value.source,)
    if value.among:
        return value.among
    return (reading.source,) if reading.source is not None else ()


def _is_of_vintage(row: _Capital, value: Value) -> bool:
    if value.vintage is not None:
        return row.vintage == value.vintage
    return (row.vintage < row.budget_year) == value.is_carried


def options_between(choices: Sequence[Rows]) -> tuple[str, ...]:
    """The shortest answers that tell the capital in each of the choices apart.

    Such as `NSTW`, or `NSTW DTPT` where a source alone leaves it open; and in proportion to the
    plan, unless years are to be told apart.
    """
    names = next(
        names
        for names in _APART
        if all(len({_key(row, names) for row in rows}) == len(rows) for rows in choices)
    )
    keys = {_key(row, names): row for row in sorted(chain(*choices), key=order_of_capital)}
    answers = tuple(dict.fromkeys(keys))
    return answers if "vintage" in names else (*answers, BY_PLAN)


def rows_answered(rows: Rows, answer: str) -> Rows:
    """Those of the rows that an answer names."""
    words = answer.split()
    return tuple(
        row for row in rows if set(words) <= {str(row.vintage), str(row.source), str(row.nature)}
    )


def _key(row: AllocationRow, names: Sequence[str]) -> str:
    return " ".join(str(getattr(row, name)) for name in names)


def in_proportion(amount: int, rows: Rows) -> dict[int, int] | None:
    """The amount by allocation in proportion to the plans; what rounding leaves goes to the
    largest, so that the sum is exact. None where there is no plan to go by.
    """
    whole = sum(max(0, row.plan) for row in rows)
    if whole <= 0:
        return None
    shares = {row.allocation_id: amount * max(0, row.plan) // whole for row in rows}
    largest = max(rows, key=lambda row: row.plan)
    shares[largest.allocation_id] += amount - sum(shares.values())
    return shares
