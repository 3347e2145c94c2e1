"""What an import writes, as people compare it: figure by figure, old beside new, with sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from admin.pages.import_names import Names, code_of, names_in
from admin.records import bare_label
from admin.words import day, dong, label, month_label, number
from models import (
    AllocationLine,
    Decision,
    Disbursement,
    LineKind,
    Nature,
    ProgressEntry,
    Project,
    ProjectStatus,
    Source,
)
from models.base import fields_of, net_of, stored_day

# what tells the rows of a table apart; their other columns are what is compared
KEYS: dict[str, frozenset[str]] = {
    "disbursements": frozenset(
        {"project_code", "period", "budget_year", "vintage", "source", "nature"}
    ),
    "entries": frozenset({"project_code", "period"}),
    "projects": frozenset({"code"}),
    "decisions": frozenset({"number"}),
    "allocations": frozenset(
        {"project_code", "budget_year", "vintage", "source", "nature", "kind"}
        | {"decision_number", "decision_issued_on", "effective_on"}
    ),
    "treasury_statements": frozenset({"day", "budget_year"}),
    "treasury_lines": frozenset({"project_code", "day", "budget_year", "text"}),
}
MODELS: dict[str, Any] = {
    "disbursements": Disbursement,
    "entries": ProgressEntry,
    "projects": Project,
    "decisions": Decision,
    "allocations": AllocationLine,
}
MONEY = frozenset(
    {"advance", "completed", "recovered", "returned", "correction", "volume_value", "estimate"}
    | {"amount", "total_investment", "confirmed", "treasury_cumulative"}
)
DAYS = frozenset({"start_on", "end_on", "issued_on", "effective_on", "decision_issued_on", "day"})
CODES: dict[str, Any] = {
    "source": Source,
    "nature": Nature,
    "kind": LineKind,
    "status": ProjectStatus,
}
STATES = ("changed", "new", "same")


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that is written: its name, what stands now and what will, and the cell that says
    it; texts in words.

    `old` is None where nothing stands. `gap` is the difference of two amounts or numbers.
    """

    name: str
    old: str | None
    new: str
    gap: str
    is_number: bool
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: what it is of, and its figures."""

    state: str
    capital: str
    figures: tuple[Figure, ...]


@dataclass(slots=True)
class Subject:
    """A project (or a decision) with its rows; sums in đồng of what is added up, else None."""

    code: str
    name: str
    unit: int | str  # its number, or its code where there is none such
    rows: list[Row] = field(default_factory=list)
    old: int | None = None
    new: int | None = None
    summed: int = 0  # rows in the sums

    @property
    def has_several(self) -> bool:
        """Whether a sum of its own tells more than its one row."""
        return self.new is not None and self.summed > 1

    def count(self, old: int, new: int) -> None:
        self.old, self.new = (self.old or 0) + old, (self.new or 0) + new
        self.summed += 1


@dataclass(slots=True)
class Group:
    """A unit with its subjects, and the sums of what is added up."""

    unit: str
    subjects: list[Subject]

    @property
    def old(self) -> int:
        return sum(one.old or 0 for one in self.subjects)

    @property
    def new(self) -> int:
        return sum(one.new or 0 for one in self.subjects)

    @property
    def has_sum(self) -> bool:
        return any(one.new is not None for one in self.subjects)


def groups_of(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[Group]:
    """The rows of a run by unit and project, in the order of the file; changed ones come first."""
    names = names_in(session, rows)
    subjects: dict[str, Subject] = {}
    for row in rows:
        code = code_of(row["values"])
        if code not in subjects:
            subjects[code] = Subject(code, *names.work(row["values"]))
        one = subjects[code]
        one.rows.append(_row(row, names))
        if (sums := _sums(row)) is not None:
            one.count(*sums)
    groups: dict[int | str, Group] = {}
    for one in subjects.values():
        one.rows.sort(key=lambda row: STATES.index(row.state))
        group = groups.setdefault(one.unit, Group(names.of_unit(one.unit), []))
        group.subjects.append(one)
    return list(groups.values())


def _row(row: Mapping[str, Any], names: Names) -> Row:
    values, old = row["values"], row["old"] or {}
    keys = KEYS.get(row["table"], frozenset({"project_code", "period"}))
    if row["state"] == "new":  # its head says them
        keys |= {"name", "investor_code"}
    figures = []
    for column, new in values.items():
        before = old.get(column) if row["old"] is not None else None
        is_told = before != new if row["state"] == "changed" else _says(column, new)
        if column not in keys and is_told:
            figures.append(_figure(row, column, before, new, names))
    return Row(row["state"], _capital(values), tuple(figures))


def _says(column: str, value: str) -> bool:
    """Whether a new value tells something: no amount is a zero, but for what is confirmed."""
    return value != "" and (value != "0" or column not in MONEY or column == "confirmed")


def _figure(row: Mapping[str, Any], column: str, old: str | None, new: str, names: Names) -> Figure:
    is_number = column in MONEY or column == "physical_progress"
    gap = ""
    if is_number and new:
        step = Decimal(new) - Decimal(old or 0)
        gap = f"+{number(step)}" if step > 0 else number(step)
    return Figure(
        column_name(row["table"], column),
        None if old is None else written(column, old, names),
        written(column, new, names),
        gap,
        is_number,
        row["sheet"],
        row.get("cells", {}).get(column, row["cell"]),
    )


def column_name(table: str, column: str) -> str:
    """A column of the data package in words."""
    known = {
        "component_code": _("Component"),
        "investor_code": _("Investor"),
        "confirmed": _("Confirmed by the Treasury, cumulative"),
        "decision_number": _("Decision"),
        "decision_issued_on": _("Day of the decision"),
        "day": _("Day"),
        "project_code": _("Code of the project"),
        "period": _("Reporting period"),
        "budget_year": _("Budget year"),
        "vintage": _("Year of the capital"),
        "source": _("Source of capital"),
        "nature": _("Nature of capital"),
        "text": _("Name in the file"),
    }
    model = MODELS.get(table)
    if model is not None and column in fields_of(model):
        return bare_label(model, column)
    return str(known.get(column, column))


def written(column: str, value: str, names: Names | None = None) -> str:
    """A value of the data package as people read it."""
    if not value:
        return ""
    if column in MONEY:
        return dong(int(value))
    if column in DAYS:
        return day(stored_day(value))
    if column == "physical_progress":
        return number(Decimal(value))
    if column == "period":
        return month_label(value)
    if names is not None and column in ("investor_code", "component_code"):
        return (names.units if column == "investor_code" else names.parts).get(value, value)
    return label(CODES[column](value)) if column in CODES else value


def _capital(values: Mapping[str, str]) -> str:
    """The capital of a row: source, nature and year of it."""
    parts = [written(name, values[name]) for name in ("source", "nature") if values.get(name)]
    vintage, year = values.get("vintage"), values.get("budget_year")
    if vintage and vintage != year:
        parts.append(_("capital of %(year)s", year=vintage))
    if "amount" in values and values.get("kind"):
        parts.append(written("kind", values["kind"]))
    return " · ".join(parts)


def _sums(row: Mapping[str, Any]) -> tuple[int, int] | None:
    """What the row adds to a sum before and after, in đồng; None where nothing is added up."""
    reckon = SUMMED.get(row["table"])
    if reckon is None:
        return None
    return (reckon(row["old"]) if row["old"] else 0), reckon(row["values"])


def _net(values: Mapping[str, str]) -> int:
    names = ("advance", "completed", "recovered", "returned", "correction")
    return int(net_of(*(int(values.get(name) or 0) for name in names)))


def _amount(values: Mapping[str, str]) -> int:
    return int(values.get("amount") or 0)


def _confirmed(values: Mapping[str, str]) -> int:
    return int(values.get("confirmed") or 0)


# what a table adds up to, in đồng
SUMMED = {"disbursements": _net, "allocations": _amount, "treasury_lines": _confirmed}
