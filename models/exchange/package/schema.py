"""The files of the package, their columns and how each cell is read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from models.base import LONGEST, RuleBroken
from models.calendar import PeriodStatus
from models.capital import LineKind, Nature, Source
from models.catalogue import InvestorKind, ProjectStatus
from models.exchange.package.cells import (
    codes,
    day,
    long_text,
    moment,
    money,
    number_of_decision,
    one_of,
    period_code,
    progress,
    short,
    whole,
    yes_or_no,
)
from models.people import Role
from models.returns import ENTERED, SubmissionStatus


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the package: where it is and what to do."""

    file: str
    line: int
    column: str
    refusal: RuleBroken

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.column}: {self.refusal}"


@dataclass
class Line:
    """One row of a file: its values by column, where it stands, and its line of the companion."""

    file: str
    number: int
    values: dict[str, Any]
    detail: Optional["Line"] = None

    def __getitem__(self, column: str) -> Any:
        return self.values[column]

    @property
    def name(self) -> str:
        """The file without its ending."""
        return self.file.removesuffix(".csv")

    def pick(self, *columns: str) -> dict[str, Any]:
        """The values of some columns."""
        return {column: self.values[column] for column in columns}


@dataclass
class Package:
    """All that was read: rows, faults, and which rows are faulty, so that rows which refer to
    them are not accused as well.
    """

    files: dict[str, list[Line]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    faulty: set[tuple[str, str]] = field(default_factory=set)
    folder: Path | None = None

    def lines(self, name: str) -> list[Line]:
        return self.files.get(name, [])

    def spoil(self, line: Line) -> None:
        """A fault was found in this row."""
        self.faulty.add((line.name, str(next(iter(line.values.values())))))

    def may_hold(self, name: str, typed: str) -> bool:
        """Whether a file has, or may have, a faulty row that begins with `typed`."""
        return name in self.unread or (name, typed) in self.faulty


@dataclass(frozen=True)
class Column:
    name: str
    read: Callable[[str], Any]
    required: bool = True


@dataclass(frozen=True)
class File:
    """One file; `key` are the columns that no two rows share."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    header: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "header", tuple(column.name for column in self.columns))


code, name = short(40), short(LONGEST)
unit_code = short(60)  # with the first day of the unit behind it, perhaps
position = whole(-1_000_000_000, 1_000_000_000)
year = whole(2000, 2100)
amount = money()
signed = money(signed=True)
KEY = ("project_code", "period", "budget_year", "vintage", "source", "nature")


def _optional(title: str, read: Callable[[str], Any]) -> Column:
    return Column(title, read, required=False)


_ALLOCATION_KEY = (
    Column("budget_year", year),
    Column("vintage", year),
    Column("source", one_of(Source)),
    Column("nature", one_of(Nature)),
)

FILES: dict[str, File] = {
    file.name: file
    for file in (
        File(
            "components",
            (
                Column("code", short(60)),
                _optional("parent_code", short(60)),
                Column("name", name),
                Column("short_name", short(120)),
                Column("sort_order", position),
                Column("valid_from", day),
                _optional("valid_to", day),
            ),
            ("code",),
        ),
        File(
            "investors",
            (
                Column("code", code),
                Column("kind", one_of(InvestorKind)),
                Column("name", name),
                Column("short_name", short(120)),
                _optional("gso_code", short(10)),
                _optional("contact_name", short(120)),
                _optional("phone", short(40)),
                _optional("email", short(200)),
                Column("sort_order", position),
                Column("valid_from", day),
                _optional("valid_to", day),
            ),
            ("code", "valid_from"),
        ),
        File(
            "projects",
            (
                Column("code", code),
                Column("name", name),
                Column("component_code", short(60)),
                Column("investor_code", unit_code),
                Column("start_on", day),
                _optional("end_on", day),
                _optional("total_investment", amount),
                Column("status", one_of(ProjectStatus)),
            ),
            ("code",),
        ),
        File(
            "decisions",
            (
                Column("number", number_of_decision),
                Column("issued_on", day),
                Column("issuer", short(200)),
                _optional("summary", long_text),
                Column("effective_on", day),
            ),
            ("number", "issued_on", "issuer"),
        ),
        File(
            "allocations",
            (
                Column("project_code", code),
                *_ALLOCATION_KEY,
                Column("kind", one_of(LineKind)),
                Column("amount", signed),
                Column("decision_number", number_of_decision),
                Column("decision_issued_on", day),
                Column("effective_on", day),
            ),
        ),
        File(
            "periods",
            (Column("code", period_code), Column("status", one_of(PeriodStatus))),
            ("code",),
        ),
        File(
            "submissions",
            (
                Column("investor_code", unit_code),
                Column("period", period_code),
                Column("status", one_of(SubmissionStatus)),
                _optional("first_submitted_at", moment),
                _optional("last_submitted_at", moment),
                Column("nil_report", yes_or_no),
            ),
            ("investor_code", "period"),
        ),
        File(
            "entries",
            (
                Column("project_code", code),
                Column("period", period_code),
                _optional("physical_progress", progress),
                _optional("volume_value", amount),
                _optional("progress_text", long_text),
                _optional("obstacles", long_text),
                _optional("proposals", long_text),
                _optional("estimate", amount),
            ),
            ("project_code", "period"),
        ),
        File(
            "disbursements",
            (
                Column("project_code", code),
                Column("period", period_code),
                *_ALLOCATION_KEY,
                Column("advance", amount),
                Column("completed", amount),
                Column("recovered", amount),
                Column("returned", amount),
            ),
            KEY,
        ),
        File(
            "users",
            (
                Column("username", short(60)),
                Column("full_name", short(200)),
                Column("role", one_of(Role)),
                _optional("investor_codes", codes),
                _optional("email", short(200)),
            ),
            ("username",),
        ),
    )
}
# what `entries.csv` tells of a project
ENTRY = tuple(one for one in FILES["entries"].header if one in ENTERED)
