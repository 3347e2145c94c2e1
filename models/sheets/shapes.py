"""What is in a file, what is found in it, and what somebody asks of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from models.base import RuleBroken


class Kind(StrEnum):
    """What an office is sent."""

    MONTHLY = "monthly"  # one unit, one period
    CONSOLIDATED = "consolidated"  # many units, one period
    ALLOCATIONS = "allocations"  # a decision with its annex
    PROJECTS = "projects"
    TREASURY = "treasury"  # a statement of the Treasury


class Level(StrEnum):
    ERROR = "error"
    QUESTION = "question"
    WARNING = "warning"
    HINT = "hint"


# ------------------------------------------------------------------------------ what is in a file


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not empty. Numbers have the 15 digits that spreadsheets keep.

    `format` is empty for General; `formula` is the text as an .xlsx has it, without `=`, and empty
    where the kind of file does not tell it (.xls, .xlsb). `problem` is the error value that stands
    there (`#REF!`), or `uncalculated` for a formula without a stored result; `value` is None then.
    """

    value: str | Decimal | bool | date | datetime | None
    format: str = ""
    formula: str | None = None
    problem: str | None = None
    font: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A merged block of cells, all four bounds inclusive and counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """One sheet: cells by (row, column), both counted from 1 as in the file, in that order.

    `hidden_rows` are those with content that the sheet does not show, by a filter or otherwise.
    `widths` count the cells of rows, empty ones too, where commas or semicolons part them.
    """

    name: str
    cells: Mapping[tuple[int, int], Cell]
    spans: tuple[Span, ...] = ()
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    widths: Mapping[int, int] = field(default_factory=dict)
    is_text: bool = False  # a CSV file or pasted cells: all values are text


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """A file that was opened. Where it was refused there are no grids, and `findings` say why.

    `form` are the hidden marks of a unit's own form, None for any other file.
    """

    grids: tuple[Grid, ...] = ()
    findings: tuple["Finding", ...] = ()
    form: Mapping[str, str] | None = None

    @property
    def is_refused(self) -> bool:
        return any(finding.level is Level.ERROR for finding in self.findings)


# ------------------------------------------------------------------------------ what is found


@dataclass(frozen=True, slots=True)
class At:
    """A place in the file: `cell` is A1, or empty for the whole sheet; `sheet` may be empty, too.

    `heading` is the path of the column's head, `value` the text of the cell as one sees it.
    """

    sheet: str = ""
    cell: str = ""
    heading: str = ""
    value: str = ""


NOWHERE = At()


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: a plain value (đồng, unit code, ISO day …) and, where it has one, its name."""

    value: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What is wrong, open or worth knowing; a sentence of the catalogue with its values.

    `is_check` marks what the checks of a report say (V1–V16): it stops no draft. `for_file`: the
    question is asked once for the file and not for its cell.
    """

    level: Level
    code: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    at: At = NOWHERE
    options: tuple[Option, ...] = ()
    is_check: bool = False
    for_file: bool = False

    @property
    def blocks(self) -> bool:
        """Whether nothing is imported while it stands."""
        return self.level in (Level.ERROR, Level.QUESTION) and not self.is_check

    @property
    def answer(self) -> str | None:
        """The ID under which a question is answered: `CODE`, or `CODE:SHEET!CELL`."""
        if self.level is not Level.QUESTION:
            return None
        if self.for_file or not self.at.cell:
            return self.code
        return f"{self.code}:{self.at.sheet}!{self.at.cell}"

    @property
    def sentence(self) -> RuleBroken:
        """The finding in the shape that the edge translates."""
        return RuleBroken(self.message, **self.values)


# ------------------------------------------------------------------------------ what is asked


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit that may be named in a file."""

    id: int
    code: str
    name: str
    short_name: str
    other_names: tuple[str, ...] = ()  # what it was called before


@dataclass(frozen=True, slots=True)
class KnownComponent:
    """A node of the programme tree."""

    id: int
    code: str
    name: str
    short_name: str
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A project that may be named in a file."""

    id: int
    code: str
    name: str
    unit_code: str
    component_code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What names can mean, for this person: nothing outside the scope is in it.

    `place` is the name of the managing level (huyện Hữu Lũng), which units may carry behind theirs.
    `other_projects` are of units that are not there: their codes are known, for what is wrong with
    them is to be said, but no name means them beside those of their successors.
    """

    units: tuple[KnownUnit, ...] = ()
    components: tuple[KnownComponent, ...] = ()
    projects: tuple[KnownProject, ...] = ()
    other_projects: tuple[KnownProject, ...] = ()
    is_part_of_district: bool = False  # a unit's own scope: there are others, unseen
    place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """What somebody wants read, with what they said about it so far.

    `columns` corrects what columns mean: by `SHEET!B`, a field with what it is of, such as
    `completed`, `completed vintage=2023 source=NSTW`, or `-` to leave it aside. `answers` are by
    the IDs of questions. `head` are the rows of the head in the sheet that is used, where somebody
    named them: `6`, or `6-8`. `given` holds for all rows that say nothing themselves:
    `decision_number`, `decision_day`, `decision_issuer`, `kind`, `source`, `nature`, `vintage`,
    `budget_year`.
    """

    kind: Kind
    period: str | None = None
    investor: str | None = None
    sheet: str | None = None
    unit: str | None = None
    head: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
