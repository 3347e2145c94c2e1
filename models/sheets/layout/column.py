"""One column of a table: what its head says, and what of it is read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from models.base import fold, read_id
from models.sheets.layout.heads import Head
from models.sheets.layout.says import Says, Time, says
from models.sheets.layout.vocabulary import FLOWS, Noun
from models.sheets.names import Names
from models.sheets.said import Field
from models.sheets.words import PeriodSaid, VintageSaid, source_of, vintages_of

_MONEY_OF = re.compile(r"^(?:vốn|kinh phí|nguồn|kp)\s+(?!năm|ngân|tw|ns)", re.IGNORECASE)
_PARTED = re.compile(r"\s+[-–—/|]\s+|:\s+")
_OF_MONEY = re.compile(r"giai ngan|\bvon\b|ke hoach|du toan|thanh toan")


class Rest(Enum):
    """What a total holds beside its members, where they are not all of its parts."""

    OF_YEAR = auto()  # capital of the year: its members are carried over
    UNKNOWN = auto()  # capital that has no column


_LONGEST_LEVEL = 12  # “cấp huyện”
# A plan's word below these speaks of the year of the capital, not of the plan.
_WIDER = frozenset({Noun.RATE, Noun.REMAINING, Noun.ESTIMATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as its head tells it; `field` is settled when kind and period are known.

    `part` and `holder` are the codes of a component or unit that the head names (units ×
    components). `total_of` is the field whose `members` a total adds up. `unit` is the unit of
    amounts that the head names, `month` the period of a column that is of another month.
    """

    number: int
    path: tuple[str, ...] = ()
    place: tuple[int, int] = (0, 0)
    noun: Noun | None = None
    time: Time | None = None
    named: PeriodSaid | None = None
    span: str | None = None
    is_total: bool = False
    vintage: int | None = None
    is_carried: bool = False
    is_current: bool = False  # of the year's own capital, without saying which year
    is_mixed: bool = False  # of several years at once
    is_pure: bool = False  # nothing but time and capital is told
    source: str | None = None
    among: tuple[str, ...] = ()
    nature: str | None = None
    unit: str | None = None
    part: str | None = None
    holder: str | None = None
    field: Field | None = None
    month: str | None = None
    total_of: Field | None = None
    members: tuple[int, ...] = ()
    rest: Rest | None = None
    is_second: bool = False  # splits by nature what others split by source: only compared
    is_aside: bool = False  # understood, and nothing to be read from
    is_corrected: bool = False  # somebody said what it is

    @property
    def heading(self) -> str:
        """The texts of its head from top to bottom."""
        return " / ".join(self.path)

    @property
    def is_crossing(self) -> bool:
        return self.part is not None or self.holder is not None

    @property
    def tells_capital(self) -> bool:
        return bool(self.vintage or self.is_carried or self.source or self.among or self.nature)

    @property
    def capital(self) -> tuple[object, ...]:
        """Of which capital, and at which crossing; what is not told is None."""
        year = "carried" if self.is_carried and self.vintage is None else self.vintage
        return (year, self.source or (self.among or None), self.nature, self.part, self.holder)

    def is_finer_than(self, other: "Column") -> bool:
        """Whether this column is of a part of what the other is of."""
        mine, its = self.capital, other.capital
        return mine != its and all(b is None or a == b for a, b in zip(mine, its, strict=True))


def columns_of(head: Head, names: Names, under: str | None = None) -> list[Column]:
    """The columns of a head, each with what its path of texts says.

    `under` is the component that the title names, so that Tiểu dự án 1 can be told.
    """
    months = _bare_months(head)
    crossed = {column: _crossing(path, names, under) for column, path in head.paths.items()}
    spoken = {
        column: [
            Says(is_pure=True) if depth in crossed[column].levels else says(text)
            for depth, text in enumerate((*path[:-1], months.get(column, path[-1])))
        ]
        for column, path in head.paths.items()
    }
    found = [
        replace(_column(head, column, spoken), part=here.part, holder=here.holder)
        for column, here in sorted(crossed.items())
    ]
    return [_of_level(one, found) for one in found]


def _of_level(column: Column, columns: Sequence[Column]) -> Column:
    """The source of a head that names a level alone (Tỉnh, Huyện), beside heads of sources."""
    if column.source or column.among or column.is_crossing or column.noun or not column.path:
        return column
    beside = any(one.source and one.path[:-1] == column.path[:-1] for one in columns)
    sources = source_of(column.path[-1], alone=True) if beside else ()
    if len(sources) != 1 or len(column.path[-1]) > _LONGEST_LEVEL:
        return column
    return replace(column, source=sources[0].value, is_pure=True)


@dataclass(frozen=True, slots=True)
class _Crossing:
    """The component or unit that a path of heads names, and at which of its levels."""

    part: str | None = None
    holder: str | None = None
    levels: frozenset[int] = frozenset()


def _crossing(path: tuple[str, ...], names: Names, under: str | None) -> _Crossing:
    part, holder, levels = None, None, set()
    for depth, text in enumerate(path):
        name = _MONEY_OF.sub("", text)
        if code := names.part(name, under=part or under).code:
            part = code
            levels.add(depth)
        elif code := names.unit(name).code:
            holder = code
            levels.add(depth)
        elif len(parted := _PARTED.split(text)) > 1:  # “Giải ngân trong tháng - Dự án 2”
            part = names.part(parted[-1], under=part or under).code or part
            holder = names.unit(parted[-1]).code or holder
    return _Crossing(part, holder, frozenset(levels))


def _bare_months(head: Head) -> dict[int, str]:
    """Columns 1, 2, 3 … side by side below a group: the months of a year."""
    figures = {
        column: month
        for column, path in head.paths.items()
        if len(path) > 1 and (month := read_id(path[-1])) is not None and 1 <= month <= 12
    }
    is_row = len(figures) >= 3 and list(figures.values()) == sorted(set(figures.values()))
    return {column: f"Tháng {month}" for column, month in figures.items()} if is_row else {}


def _column(head: Head, number: int, spoken: dict[int, list[Says]]) -> Column:
    path, levels = head.paths[number], spoken[number]
    noun = _noun(head, number, spoken)
    timed = next((level for level in reversed(levels) if level.time), Says())
    named = timed.named or next(
        (one.named for one in reversed(levels) if one.time is timed.time and one.named), None
    )
    years = _years(head, number, spoken)
    sources = next((one.sources for one in reversed(levels) if one.sources), ())
    if not sources and len(path) > 1:
        sources = tuple(one.value for one in source_of(" / ".join(path)))
        sources = sources if len(sources) == 1 else ()
    is_inclusive = not years and any(one.is_inclusive for one in levels)
    year = years[0] if len(years) == 1 and not is_inclusive else VintageSaid()
    return Column(
        number=number,
        path=path,
        place=head.place(number),
        noun=noun,
        time=timed.time,
        named=named,
        span=timed.span,
        is_total=bool(levels) and levels[-1].is_total,
        vintage=year.year,
        is_carried=year.is_carried,
        is_current=bool(years)
        and not (is_inclusive or len(years) > 1 or year.year)
        and not year.is_carried,
        is_mixed=len(years) > 1 or is_inclusive,
        is_pure=noun is None and all(one.is_pure for one in levels),
        source=sources[0] if len(sources) == 1 else None,
        among=sources if len(sources) > 1 else (),
        nature=next((one.nature for one in reversed(levels) if one.nature), None),
        unit=next((one.unit for one in reversed(levels) if one.unit), None),
    )


def _years(head: Head, number: int, spoken: dict[int, list[Says]]) -> tuple[VintageSaid, ...]:
    """The years of capital of a column. A sum over columns of other years has not that of the
    head above all of them: “Kế hoạch vốn năm 2024 / Tổng số” beside “Vốn năm 2023 kéo dài”.
    """
    levels = spoken[number]
    depth = next((one for one in reversed(range(len(levels))) if levels[one].vintages), None)
    if depth is None:
        is_open = any(one.is_inclusive for one in levels)
        return () if is_open else vintages_of(" / ".join(head.paths[number]))
    years = levels[depth].vintages
    if levels[-1].is_total and depth < len(levels) - 1:
        below = [one for other in _group(head, number, depth) for one in spoken[other][depth + 1 :]]
        if any(one.vintages and one.vintages != years for one in below):
            return ()
    return years


def _noun(head: Head, number: int, spoken: dict[int, list[Says]]) -> Noun | None:
    """What the column is of: the word nearest to its figures, unless a group says it is a kind
    of capital: “Vốn giao năm 2024” below “Giải ngân trong tháng”.
    """
    levels = spoken[number]
    nouns = [(depth, level.noun) for depth, level in enumerate(levels) if level.noun]
    if not nouns:
        return None
    depth, noun = nouns[-1]
    above = [one for one in nouns[:-1] if one[1] is not noun]
    if not above or noun is None:
        return noun
    outer_depth, outer = above[-1]
    if noun in (Noun.PLAN, Noun.AMOUNT, Noun.DISBURSED) and outer in _WIDER:
        return outer
    if noun is Noun.AMOUNT:
        return outer
    if noun is Noun.PLAN and outer in (FLOWS | {Noun.VOLUME}):
        return outer
    if noun is Noun.PLAN and outer in (Noun.DISBURSED, Noun.DONE):
        group = _group(head, number, outer_depth)
        return noun if _is_mixed_group(group, outer_depth, spoken) else outer
    if noun is Noun.VOLUME and outer is Noun.DISBURSED and depth:
        return Noun.COMPLETED
    of_work = outer in (Noun.PROGRESS_TEXT, Noun.PROGRESS, Noun.VOLUME)
    if noun is Noun.RATE and of_work and not _OF_MONEY.search(fold(head.paths[number][depth])):
        return Noun.PROGRESS  # “Tiến độ / %”
    return noun


def _group(head: Head, number: int, depth: int) -> list[int]:
    """The columns below the same group head, at this depth of the path."""
    place = head.cells[number][depth]
    return [
        column
        for column, cells in head.cells.items()
        if len(cells) > depth and cells[depth] == place
    ]


def _is_mixed_group(group: list[int], depth: int, spoken: dict[int, list[Says]]) -> bool:
    """Whether columns of a group about disbursement speak of different things by themselves."""
    own = [level for column in group for level in spoken[column][depth + 1 :]]
    return any(level.time or level.noun in (Noun.DISBURSED, Noun.RATE, *_WIDER) for level in own)


def with_capital(column: Column, text: str) -> Column:
    """The column with the capital that a text tells, where the column tells none."""
    said = says(text)
    year = said.vintages[0] if len(said.vintages) == 1 else VintageSaid()
    sources = said.sources
    return replace(
        column,
        vintage=column.vintage or year.year,
        is_carried=column.is_carried or year.is_carried,
        source=column.source or (sources[0] if len(sources) == 1 else None),
        nature=column.nature or said.nature,
    )
