"""What the steps of loading share: faults, what is known so far, and adding without overwriting."""

from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from models.base import Checked, RuleBroken, _n
from models.calendar import Period, PeriodCode
from models.capital import Allocation, AllocationLine
from models.catalogue import Component, Decision, Investor, Project
from models.exchange.package.bearers import Bearers
from models.exchange.package.faults import (
    Fault,
    Unsure,
    different,
    fault_of,
    unknown,
    unknown_cells,
)
from models.exchange.package.schema import FILES, Line, Package, Problem
from models.returns import Submission

Found = TypeVar("Found")
REPORTED = frozenset({"submissions", "entries", "disbursements"})
# written even after a fault: the rules of others look for these rows
REFERRED_TO = frozenset(FILES) - REPORTED | {"capital"}
AT_ONCE = 2_000  # rows written together: enough for speed, few enough for memory


@dataclass
class Loaded:
    """How many rows of each file were added, and how many were there already."""

    added: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Window:
    """What rows need to know of their period; `row` is None while faults keep it from opening."""

    code: str
    kind: str
    budget_year: int
    data_from: date
    data_to: date
    is_locked: bool
    row: Period | None

    @property
    def named(self) -> PeriodCode:
        """The period as a value of sentences."""
        return PeriodCode.parse(self.code)


class Companions(Protocol):
    """What stands beside the ten files (`details`)."""

    def fill(self, loading: "Loading", line: Line, row: Any) -> None:
        """Put the line of the companion into a new row."""

    def compare(self, line: Line, stored: Any) -> None:
        """Raise Fault where a stored row differs from it."""


@dataclass
class Loading:
    """One load under way. Rows without a fault are written as they pass, and the rules of the
    models are asked as at every other door; a refusal becomes a fault of its line. From the first
    fault on what was reported is only looked at, so that every fault of every file is found.
    """

    session: Session
    package: Package
    at: datetime
    by: str
    loaded: Loaded = field(default_factory=Loaded)
    components: dict[str, Component] = field(default_factory=dict)
    investors: Bearers = field(default_factory=Bearers)
    projects: dict[str, Project] = field(default_factory=dict)
    decisions: dict[tuple[str, date], list[Decision]] = field(default_factory=dict)
    periods: dict[str, Window] = field(default_factory=dict)
    reports: list[Submission] = field(default_factory=list)  # those that are there, held
    opened: list[Period] = field(default_factory=list)
    written: dict[Any, Line] = field(default_factory=dict)  # since the last flush
    listed_codes: set[str] = field(default_factory=set)  # those whose list of units came too
    details: "Companions | None" = None
    current: str = "components"  # the file under way

    @property
    def problems(self) -> list[Problem]:
        return self.package.problems

    @property
    def opened_codes(self) -> set[str]:
        """Periods that came with this load."""
        return {period.code for period in self.opened}

    def spoken(self) -> set[str]:
        """Codes of the periods of which the package says what was reported."""
        told = (*REPORTED, "sendings")
        return {line["period"] for name in told for line in self.package.lines(name)}

    def each(self, name: str, step: Callable[["Loading", Line], None]) -> None:
        """Take every row of a file through `step`; its fault, if any, goes to the list."""
        self.current = name
        for count, line in enumerate(self.package.lines(name), 1):
            if count % AT_ONCE == 0:
                self.flush()
            try:
                step(self, line)
            except Fault as fault:
                self.refuse(line, fault)
                self._refuse_unknown(line, besides=fault.column)
            except RuleBroken as refusal:
                self.refuse(line, fault_of(line, refusal))
            except Unsure:
                self.package.spoil(line)
                self._refuse_unknown(line)
        self.flush()

    def _refuse_unknown(self, line: Line, *, besides: str = "") -> None:
        """Name all that a refused row refers to in vain; its step ended at the first."""
        stored: dict[str, tuple[str, Container[Any]]] = {
            "parent_code": ("components", self.components),
            "component_code": ("components", self.components),
            "investor_code": ("investors", self.investors),
            "project_code": ("projects", self.projects),
            "period": ("periods", self.periods),
        }
        for fault in unknown_cells(line, self.package, stored):
            if fault.column != besides:
                self.refuse(line, fault)
        if line.name == "allocations" and besides != "decision_number":
            try:
                self.decision(line)
            except Fault as fault:
                self.refuse(line, fault)
            except Unsure:
                pass

    def refuse(self, line: Line, fault: Fault) -> None:
        self.problems.append(Problem(line.file, line.number, fault.column, fault.refusal))
        self.package.spoil(line)

    def flush(self) -> None:
        """Write what waits. Rows that the rules refuse are faults of their lines; without them
        the others are tried again.
        """
        while True:
            try:
                self.session.flush()
            except RuleBroken as first:
                if not first.also or any(one.row not in self.written for one in first.also):
                    raise
                self._leave_out(first.also)
            else:
                self.written.clear()
                return

    def _leave_out(self, refusals: Iterable[RuleBroken]) -> None:
        spoilt = set(self.package.faulty)
        for refusal in refusals:
            line = self.written.get(refusal.row)
            if line is None:  # taken back with what it belongs to
                continue
            # where a line of the same capital is missing, its plan cannot be judged
            if line.name != "allocations" or (line.name, line["project_code"]) not in spoilt:
                self.refuse(line, fault_of(line, refusal))
            self._take_back(refusal.row)

    def _take_back(self, row: Any) -> None:
        """Out of the session with what belongs to it; what refers to it is then unsure."""
        line = self.written.pop(row)
        self.package.spoil(line)
        for known in (self.components, self.projects):
            if known.get(line.values.get("code", "")) is row:
                del known[line["code"]]
        for same_code in self.investors.values():
            if row in same_code:
                same_code.remove(row)
        for part in [one for one in self.written if _belongs(one, row)]:
            self._take_back(part)
        if isinstance(row, Component):
            row.parent = None
        self.session.expunge(row)

    def add(self, line: Line, row: Any) -> Any:
        """The new row of a line, with what its companion says. Raises RuleBroken where it
        contradicts itself."""
        if self.details is not None and line.detail is not None:
            self.details.fill(self, line, row)
        self.write(line, row)
        self.loaded.added[line.name] += 1
        return row

    def write(self, line: Line, row: Any) -> None:
        """A new row that a line needs. Raises RuleBroken where it contradicts itself."""
        if isinstance(row, Checked):
            row.check()
        if not self.problems or line.name in REFERRED_TO:
            self.session.add(row)
            self.written[row] = line

    def same(
        self, line: Line, stored: Any, values: dict[str, Any], **pairs: tuple[Any, Any]
    ) -> None:
        """The row is stored already: count it, or say where it differs."""
        both = {name: (getattr(stored, name), value) for name, value in values.items()} | pairs
        for name, (old, new) in both.items():
            if (None if old == "" else old) != (None if new == "" else new):
                raise different(name, _plain(old), _plain(new))
        if self.details is not None:
            self.details.compare(line, stored)
        self.loaded.known[line.name] += 1

    # ------------------------------------------------------------ references

    def component(self, line: Line, column: str) -> Component:
        return self._known(self.components.get(line[column]), "components", line, column)

    def project(self, line: Line) -> Project:
        found = self.projects.get(line["project_code"])
        return self._known(found, "projects", line, "project_code")

    def decision(self, line: Line) -> Decision:
        found = self.decisions.get((line["decision_number"], line["decision_issued_on"]), [])
        if len(found) > 1:
            raise Fault(
                "decision_number",
                _n("%(count)s decisions have the number %(number)s of that day; one must."),
                count=len(found),
                number=line["decision_number"],
            )
        first = found[0] if found else None
        return self._known(first, "decisions", line, "decision_number")

    def period(self, line: Line) -> Window:
        return self._known(self.periods.get(line["period"]), "periods", line, "period")

    def investor(self, line: Line, column: str, *, day: date, last: date | None) -> Investor:
        """The unit that had the code on `day`, or else the only one up to `last`: codes are used
        again (domain §6.2). Where the days tell another one, or none, its first day says which.
        """
        typed = line[column]
        if typed not in self.investors:
            return self._known(None, "investors", line, column)  # raises
        found = self.investors.in_days(typed, day, last)
        if len(found) != 1:
            raise Fault(
                column,
                _n("%(count)s units had the code %(code)s in those days; exactly one must."),
                count=len(found),
                code=typed,
            )
        return found[0]

    def _known(self, found: Found | None, file: str, line: Line, column: str) -> Found:
        if found is not None:
            return found
        if self.package.may_hold(file, line[column]):
            raise Unsure
        raise unknown(column, line[column], file)


def _belongs(one: Any, row: Any) -> bool:
    """Whether `one` cannot be written without `row`."""
    if isinstance(row, Allocation):
        return isinstance(one, AllocationLine) and one.allocation_id == row.id
    return isinstance(row, Component) and isinstance(one, Component) and one.parent is row


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    return value.value if isinstance(value, StrEnum) else "" if value is None else str(value)
