"""One typed table per report: screen, CSV, XLSX and DOCX are written from it.

Its words are said already, in the language of the reader; its figures are not rounded yet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from models.base import UNITS, in_unit
from reports.writing.by_part import ByPart

MOST_PLACES = {"dong": 0, "nghin": 3, "trieu": 3}


class Kind(StrEnum):
    """What the cells of a column hold; None is a gap in any of them."""

    TEXT = "text"
    MONEY = "money"  # đồng as int, written in the unit of the table
    PERCENT = "percent"  # Decimal with two places
    POINTS = "points"  # differences of percents, written with their sign
    COUNT = "count"
    YEAR = "year"  # a number without marks
    DAY = "day"
    MOMENT = "moment"


FIGURES = frozenset({Kind.MONEY, Kind.PERCENT, Kind.POINTS, Kind.COUNT, Kind.YEAR})


@dataclass(frozen=True, kw_only=True, slots=True)
class Formula:
    """How a column follows from others in every row: Σ `plus` − Σ `minus`, or with `over` the
    percent that this is of another column, empty where that one is 0."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    over: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.plus, *self.minus, *((self.over,) if self.over else ()))


@dataclass(frozen=True, slots=True)
class Ref:
    """A cell in a formula: its column, and its row by number; None is the row of the formula."""

    key: str
    row: int | None = None


Live = tuple["str | Ref", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column. `heading` stands in files of rows; `path` are the printed heads from the top,
    an empty one keeps the column off the paper; `number` is that of the printed row of numbers,
    `place` where it stands there if a set of columns has an order of its own.

    `adds`: a row with parts shows their sum. `words` say the codes that cells hold; `is_code`
    keeps the code in files for programs. `is_printed_only`: what files of rows do without.
    """

    key: str
    heading: str
    kind: Kind = Kind.TEXT
    path: tuple[str, ...] = ()
    number: int = 0
    place: int = 0
    formula: Formula | None = None
    adds: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    is_code: bool = False
    is_centred: bool = False
    is_printed_only: bool = False


class Rank(StrEnum):
    """How a row stands out on paper (domain §4.4)."""

    TOTAL = "total"  # bold capitals
    GROUP = "group"  # bold
    PART = "part"  # bold italic
    ROW = "row"
    DETAIL = "detail"  # a part of such a row


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row: values by column, depth in the outline, `parts` the numbers of the rows whose sum
    it is, formulas of single cells, and the keys of those that have none although their column
    has. `is_printed_only`: what a file of rows does without."""

    values: Mapping[str, Any]
    depth: int = 0
    rank: Rank = Rank.ROW
    parts: tuple[int, ...] = ()
    live: Mapping[str, Live] = field(default_factory=dict)
    entered: frozenset[str] = frozenset()
    is_printed_only: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What stands around a table on paper, said already.

    `reference` names the report that it belongs to, `mark` labels invented figures, `status`
    stands above the rows, `notes` below them, then how many rows there are (`counted`) and the
    moment (`taken`); `none` in the place of rows that are not there.
    """

    issuer: str
    form: str
    title: tuple[str, ...]
    reference: str
    unit: str
    mark: str
    status: tuple[str, ...]
    notes: tuple[str, ...]
    none: str
    counted: str = ""
    taken: str = ""
    language: str = "vi"


MOST_BARS = 500  # in a file: some twenty pages of them


class Drawn(StrEnum):
    """How a chart draws its columns."""

    BARS = "bars"
    LINES = "lines"
    STACKS = "stacks"


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """A drawing of neighbouring rows, `first` to `last`, by their names; `text` says in words
    what it shows. `values` are the columns drawn.

    Bars lie across, the second column beside the first one as what it is held against; lines run
    over the rows; stacks stand on each other. Nothing is told apart by colour alone. In a
    spreadsheet it has a sheet of its own, called like that of the table with `sheet` behind it.
    """

    title: str
    text: str
    name: str
    values: tuple[str, ...]
    first: int
    last: int
    kind: Drawn = Drawn.BARS
    sheet: str = "%"


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A report as columns and rows; amounts are in đồng and shown in `unit`, rounded half-up to
    `places`, which is the same in a whole column; `money` is that unit in words where it is not the
    đồng, for the heads of files of rows, which have no line above to say it in. `is_upright`: a
    page of it stands, as a narrow table with a drawing below does; others lie across. `is_chosen`:
    the columns are those of a set that was named, and a file of rows has the same. `is_page`: the
    rows are those of one page of many, and nothing is known of the others."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    unit: str
    places: int
    head: Head
    rounding: str
    money: str = ""
    chart: Chart | None = None
    is_upright: bool = False
    is_chosen: bool = False
    is_page: bool = False

    def column(self, key: str) -> Column:
        return next(one for one in self.columns if one.key == key)

    @property
    def printed(self) -> tuple[Column, ...]:
        """The columns that stand on paper, in the order of the set, else of their numbers."""
        there = (column for column in self.columns if column.path)
        return tuple(sorted(there, key=lambda column: column.place or column.number))

    def formula_of(self, column: Column) -> Formula | None:
        """The formula of a printed column, where all that it is made of is printed, too."""
        there = {one.key for one in self.columns if one.path}
        formula = column.formula
        return formula if formula is not None and there.issuperset(formula.keys) else None

    def numbering(self, column: Column) -> str:
        """`(4)=(5)+(10)`: the number of a column, and how it follows from others on the paper."""
        own, formula = f"({column.number})", self.formula_of(column)
        if formula is None:
            return own
        numbers = {one.key: f"({one.number})" for one in self.columns}
        made = "+".join(numbers[key] for key in formula.plus)
        made += "".join(f"−{numbers[key]}" for key in formula.minus)
        return f"{own}={made}" + (f"/{numbers[formula.over]}" if formula.over else "")

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands below the rows; first that they miss their sum, where they do."""
        head = self.head
        last = f"{head.counted} {head.taken}".strip()
        rounding = (self.rounding,) if misses_its_sum(self) else ()
        return rounding + head.notes + ((last,) if last else ())

    def shown(self, amount: int) -> Decimal:
        """An amount as it is printed, in the unit of the table."""
        return in_unit(amount, self.unit, self.places)


def parts_of(depths: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """For each row of an outline the numbers of the rows right below it."""
    parts: list[list[int]] = [[] for _depth in depths]
    above: list[int] = []
    for n, depth in enumerate(depths):
        while above and depths[above[-1]] >= depth:
            above.pop()
        if above and depths[above[-1]] == depth - 1:
            parts[above[-1]].append(n)
        above.append(n)
    return tuple(map(tuple, parts))


def places_for(columns: Sequence[Column], rows: Sequence[Row], unit: str) -> int:
    """The fewest decimals, three at most, with which no amount on paper loses anything."""
    keys = [column.key for column in columns if column.kind is Kind.MONEY and column.path]
    size, most = UNITS[unit], MOST_PLACES[unit]
    amounts = {amount for key in keys for amount in values_in(rows, key) if amount}
    for places in range(most):
        if not any(amount * 10**places % size for amount in amounts):
            return places
    return most


def is_empty(column: Column, rows: Sequence[Row]) -> bool:
    """Whether no row says anything in a column; 0 says something."""
    return all(value in (None, "") for value in values_in(rows, column.key))


def values_in(rows: Sequence[Row], key: str) -> Sequence[Any]:
    """What stands in a column; no row is made for it that knows it before."""
    known = rows.columns if isinstance(rows, ByPart) else {}
    return known[key] if key in known else [row.values[key] for row in rows]


def sums_in(rows: Sequence[Row]) -> Iterable[tuple[int, Sequence[int]]]:
    """The numbers of the rows that are sums, and those of their parts."""
    if isinstance(rows, ByPart) and rows.parts is not None:
        return rows.parts.items()
    return ((n, row.parts) for n, row in enumerate(rows) if row.parts)


def misses_its_sum(table: Table) -> bool:
    """Whether rounding lets printed rows miss their printed sum (domain §2.5).

    Sums are always those of whole đồng; where this is so, a footnote says it. Pages that are
    read alone know nothing of the others: all of them say it, where not whole đồng are shown.
    """
    return any(_missed(table))


def _missed(table: Table) -> Iterator[bool]:
    size, fine = UNITS[table.unit], 10**table.places
    if size <= fine:
        return  # whole đồng are shown, nothing is rounded
    if table.is_page:
        yield True

    def steps(amount: int) -> int:
        """What `shown` prints, counted in its last decimal; numbers of that kind add up fast."""
        count: int = (2 * abs(amount) * fine + size) // (2 * size)
        return count if amount >= 0 else -count

    keys = [column.key for column in table.printed if column.kind is Kind.MONEY]
    step = size // fine  # both are powers of ten
    columns = [[value or 0 for value in values_in(table.rows, key)] for key in keys]
    is_rounded = any(value % step for values in columns for value in values)
    if not is_rounded:
        return
    for n, places in sums_in(table.rows):
        for values in columns:
            parts, whole = [values[place] for place in places], values[n]
            if sum(parts) == whole:
                yield sum(map(steps, parts)) != steps(whole)
