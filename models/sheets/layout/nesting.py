"""Which rows stand below which: sections by component, by unit or by capital, projects in them."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from models.sheets.layout.capital import NO_CAPITAL, Capital
from models.sheets.layout.rows import Row, RowKind
from models.sheets.layout.subjects import Namer

_PART, _UNIT, _CAPITAL = "part", "unit", "capital"


class Nesting:
    """Hangs rows below each other, from top to bottom.

    Rows of a component or unit are sections where rows follow that lie in them. Of the kinds of
    sections the one that comes first is the outer one. Rows of capital hang on the project above
    them, or are sections themselves where they stand above the projects.
    """

    def __init__(self, namer: Namer) -> None:
        self._namer = namer
        self._open: list[Row] = []
        self._levels: list[str] = []
        self._subject: Row | None = None
        self._beneath: list[Row] = []
        self._heading: Row | None = None
        self._has_capital_sections = False

    def nest(self, rows: Sequence[Row]) -> None:
        following = _following(rows)
        for place, row in enumerate(rows):
            if row.kind is RowKind.CAPITAL:
                is_last = place + 1 == len(rows) or rows[place + 1].kind is not RowKind.CAPITAL
                self._capital(row, following[place], is_last)
            elif row.kind is RowKind.TOTAL:
                self._subject, self._beneath = row, []
            elif row.kind is RowKind.SUBJECT:
                self._close_for(row)
                self._hang(row)
                self._subject, self._beneath = row, []

    # ------------------------------------------------------------------------------- sections

    def _kind(self, row: Row) -> str | None:
        """What kind of section a row can be; None for rows of projects and unknown ones."""
        if row.kind is RowKind.CAPITAL:
            return _CAPITAL
        if row.work_code is not None or row.is_unknown:
            return None
        if row.is_crossed:
            if (row.unit_code is None) == (row.component_code is None):
                return None
            return _PART if row.component_code is not None else _UNIT
        if row.component_code is not None and not row.part:
            return _PART
        return _UNIT if row.unit_code is not None and not row.unit else None

    def _level(self, kind: str) -> int:
        if kind not in self._levels:
            self._levels.append(kind)
        return self._levels.index(kind)

    def _hang(self, row: Row) -> None:
        if kind := self._kind(row):
            self._level(kind)
            self._heading = None
        row.heading = self._heading
        if self._open:
            row.above = self._open[-1]
            row.above.children.append(row)
        if row.work_code is None:
            self._open.append(row)
        if row.is_unknown and not row.has_figures:
            self._heading = row

    def _close_for(self, row: Row) -> None:
        while self._open and not self._holds(self._open[-1], row):
            self._open.pop()

    def _holds(self, section: Row, row: Row) -> bool:
        """Whether the row lies in the section."""
        if section.unit_code and section.unit and row.unit_code not in (None, section.unit_code):
            return False
        if section.is_sum is not None and row.is_crossed:
            return section.is_sum and _is_of_same(section, row)
        outer, inner = self._kind(section), self._kind(row)
        if section.is_crossed and outer is None:
            return False
        if outer is None:
            return self._holds_by_number(section, row)
        if row.work_code is not None:
            return self._holds_project(section, row)
        if inner is None:
            is_deeper = _is_deeper(row, section)
            return is_deeper is True if not row.has_figures else is_deeper is not False
        if outer == inner == _PART:
            return section.component_code != row.component_code and self._namer.is_inside(
                row.component_code, section.component_code
            )
        return outer != inner and self._level(outer) < self._level(inner)

    def _holds_by_number(self, heading: Row, row: Row) -> bool:
        """Below a name that is not known: rows that are numbered deeper, or projects."""
        is_deeper = _is_deeper(row, heading)
        if heading.has_figures:
            return is_deeper is True
        return is_deeper is not False and self._kind(row) is None

    def _holds_project(self, section: Row, row: Row) -> bool:
        """Whether a project stands in a section, be it right there or not."""
        work = self._namer.works[row.work_code or ""]
        kind, is_deeper = self._kind(section), _is_deeper(row, section)
        if kind == _PART and not self._namer.is_inside(work.component_code, section.component_code):
            return is_deeper is True or (is_deeper is None and not section.children)
        return not (kind == _UNIT and row.unit_code not in (None, section.unit_code))

    # -------------------------------------------------------------------------------- capital

    def _capital(self, row: Row, following: Row | None, is_last: bool) -> None:
        """A row of capital: a part of what stands above it, or a section of projects."""
        if self._subject is None or self._is_section_of_capital(row, following, is_last):
            self._has_capital_sections = True
            self._close_for(row)
            self._hang(row)
            self._subject = row
            self._beneath = []
            return
        while self._beneath and not _is_part_of(row, self._beneath[-1]):
            self._beneath.pop()
        above = self._beneath[-1] if self._beneath else self._subject
        if above is not self._subject:
            row.capital = row.capital.over(above.capital)
        row.above, row.is_part = above, True
        above.capitals.append(row)
        self._beneath.append(row)

    def _is_section_of_capital(self, row: Row, following: Row | None, is_last: bool) -> bool:
        """Whether projects stand below a row of capital, of which `following` is the first; or none
        do, where a number says that it stands beside the sections above it.
        """
        subject = self._subject
        if row.is_beneath or subject is None or not row.title:
            return False
        if following is None:
            return self._has_capital_sections and row.depth in (0, 1)
        if row.depth in (0, 1) or self._has_capital_sections:
            return True
        if subject.kind is RowKind.SUBJECT and subject.work_code is not None:
            return False
        is_alone = not self._beneath and is_last
        return is_alone and (subject.kind is RowKind.TOTAL or self._holds(subject, following))


def _is_of_same(section: Row, row: Row) -> bool:
    """Whether a row of units and components repeats what one above it says, or leaves it out."""
    return row.unit_code in (None, section.unit_code or row.unit_code) and (
        row.component_code in (None, section.component_code or row.component_code)
    )


def mark_sums_of_crossed(rows: Sequence[Row], *, is_unit_left: bool) -> None:
    """Tell of rows with a unit or a component alone whether they stand above rows of their own.

    “Dự án 2 | | 12” above “| UBND xã A | 5” is a sum; so it is above “Dự án 2 | UBND xã A | 5”.
    “| UBND xã B | 7” below that goes on with the component: what stands left is written once.
    """
    above_units: bool | None = None  # whether the last sum is one of a unit
    for row, below in zip_longest(rows, rows[1:]):
        if not row.is_crossed:
            above_units = None
        if not row.is_crossed or (row.unit_code is None) == (row.component_code is None):
            continue
        is_of_unit = row.unit_code is not None
        is_inside = above_units is not None and above_units is not is_of_unit
        row.is_sum = below is not None and not is_inside and _stands_above(row, below, is_unit_left)
        if row.is_sum:
            above_units = is_of_unit


def _stands_above(row: Row, below: Row, is_unit_left: bool) -> bool:
    is_of_unit = row.unit_code is not None
    own, its = (
        (row.unit_code, below.unit_code)
        if is_of_unit
        else (row.component_code, below.component_code)
    )
    other = below.component_code if is_of_unit else below.unit_code
    if not below.is_crossed or other is None:
        return False
    return its is None or (its == own and is_of_unit == is_unit_left)


def _following(rows: Sequence[Row]) -> list[Row | None]:
    """For each row the next one below it that is about a project, a unit or a component."""
    found: list[Row | None] = []
    following: Row | None = None
    for row in reversed(rows):
        found.append(following)
        if row.kind is RowKind.SUBJECT:
            following = row
    return found[::-1]


def _is_deeper(row: Row, other: Row) -> bool | None:
    """Whether a row is numbered below the other one; None where numbers do not tell."""
    if row.depth is None or other.depth is None:
        return None
    return row.depth > other.depth


def _is_part_of(row: Row, other: Row) -> bool:
    """Whether a row of capital is a part of another one: numbered below it, and of another kind."""
    return not row.capital.axes & other.capital.axes and _is_deeper(row, other) is True


def parts_below(row: Row) -> Iterator[Row]:
    """The parts of a row by capital, with their own parts, from top to bottom."""
    for part in row.capitals:
        yield part
        yield from parts_below(part)


def sections_above(row: Row) -> Iterator[Row]:
    """The rows that a row hangs below, nearest first."""
    above = row.above
    while above is not None:
        yield above
        above = above.above


def unit_above(row: Row) -> str | None:
    """The code of the unit of the nearest section that a row stands in."""
    return next((one.unit_code for one in sections_above(row) if one.unit_code), None)


def part_above(row: Row) -> str | None:
    """The code of the component of the nearest section that a row stands in."""
    return next((one.component_code for one in sections_above(row) if one.component_code), None)


def capital_above(row: Row) -> Capital:
    """The capital of the sections that a row stands in, the nearest first."""
    found = NO_CAPITAL
    for section in sections_above(row):
        if section.kind is RowKind.CAPITAL and not (row.is_part and section is row.above):
            found = found.over(section.capital)
    return found
