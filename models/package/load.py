"""Loading a package: all or nothing, with every fault of every file named at once.

Rows that are there already and equal are left alone, so loading twice changes nothing; a row
that differs from the stored one is a fault, because a package never overwrites silently.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.allocation import Allocation, AllocationLine
from models.base import new_id
from models.component import Component
from models.decision import Decision
from models.errors import RuleBroken, _n
from models.investor import Investor
from models.ledger import check_line
from models.package.reader import read_file
from models.package.schema import FILES, Line, Problem
from models.period import Period, PeriodStatus
from models.periods import lock_period, open_period
from models.progress import Disbursement, ProgressEntry
from models.project import Project
from models.submission import EventKind, Submission, SubmissionEvent, SubmissionStatus
from models.user import Role, User, normal_username


class PackageRefused(Exception):
    """Nothing was loaded; `problems` says all that is wrong, file by file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass
class Loaded:
    """How many rows of each file were added, and how many were there already."""

    added: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)


def load_package(session: Session, folder: Path, *, at: datetime, by: str) -> Loaded:
    """Add the rows of `folder`. Raises PackageRefused with every fault; the caller rolls back.

    `by` is the name written beside the moments of sending. Needs a session of the whole
    district; nothing is committed here.
    """
    problems: list[Problem] = []
    if not folder.is_dir() or not any((folder / f"{name}.csv").exists() for name in FILES):
        refusal = RuleBroken(_n("There is no folder with files of the package here."))
        raise PackageRefused([Problem(str(folder), 0, "", refusal)])
    files = {name: read_file(folder, file, problems) for name, file in FILES.items()}
    loader = _Loader(session, files, problems, at, by)
    loader.run()
    if problems:
        raise PackageRefused(sorted(problems, key=_place))
    return loader.loaded


def _place(problem: Problem) -> tuple[int, int]:
    return list(FILES).index(problem.file.removesuffix(".csv")), problem.line


class _Loader:
    """Works through the files in the order of their references."""

    def __init__(
        self,
        session: Session,
        files: dict[str, list[Line]],
        problems: list[Problem],
        at: datetime,
        by: str,
    ) -> None:
        self.session, self.files, self.problems = session, files, problems
        self.at, self.by = at, by
        self.loaded = Loaded()
        self.components = {row.code: row for row in session.scalars(select(Component))}
        self.investors = list(session.scalars(select(Investor)))
        self.projects = {row.code: row for row in session.scalars(select(Project))}
        self.decisions = {
            (row.number, row.issued_on): row for row in session.scalars(select(Decision))
        }
        self.allocations = {_key(row): row for row in session.scalars(select(Allocation))}
        self.periods = {row.code: row for row in session.scalars(select(Period))}
        self.locked = {
            code for code, row in self.periods.items() if row.status is PeriodStatus.LOCKED
        }
        self.submissions = {
            (row.investor_id, row.period_id): row for row in session.scalars(select(Submission))
        }
        self.entries: dict[tuple[int, int], ProgressEntry] = {
            (row.project_id, row.submission_id): row
            for row in session.scalars(select(ProgressEntry))
        }

    def run(self) -> None:
        steps: tuple[tuple[str, Callable[[Line], None]], ...] = (
            ("components", self.component),
            ("investors", self.investor),
            ("projects", self.project),
            ("decisions", self.decision),
        )
        for name, step in steps:
            self._each(name, step)
        self._lines()
        self._each("periods", self.period)
        self._each("submissions", self.submission)
        self._each("entries", self.entry)
        self._each("disbursements", self.disbursement)
        self._each("users", self.user)
        for line in self.files["periods"]:
            period = self.periods.get(line["code"])
            if period and line["status"] is PeriodStatus.LOCKED and not period.is_locked(self.at):
                lock_period(self.session, period, at=self.at)

    def _each(self, name: str, step: Callable[[Line], None]) -> None:
        for line in self.files[name]:
            try:
                step(line)
            except _Fault as fault:
                self.problems.append(Problem(line.file, line.number, fault.column, fault.refusal))
        if not self.problems:
            self.session.flush()

    # ------------------------------------------------------------ catalogue

    def component(self, line: Line) -> None:
        parent = None
        if line["parent_code"]:
            parent = self.components.get(line["parent_code"])
            if parent is None:
                raise _unknown("parent_code", line["parent_code"])
        values = _pick(line, "code", "name", "short_name", "sort_order", "valid_from", "valid_to")
        _check_days(line, "valid_from", "valid_to")
        stored = self.components.get(line["code"])
        if stored is not None:
            old_parent = stored.parent.code if stored.parent else None
            self._same(line, stored, values, parent_code=(old_parent, line["parent_code"]))
            return
        self.components[line["code"]] = self._add(line, Component(parent=parent, **values))

    def investor(self, line: Line) -> None:
        _check_days(line, "valid_from", "valid_to")
        same_code = [row for row in self.investors if row.code == line["code"]]
        for stored in same_code:
            if stored.valid_from == line["valid_from"]:
                self._same(line, stored, line.values)
                return
            if _overlap(stored, line["valid_from"], line["valid_to"]):
                raise _Fault(
                    "code",
                    _n("The code %(code)s is used by %(other)s at the same time."),
                    code=line["code"],
                    other=stored.short_name,
                )
        self.investors.append(self._add(line, Investor(**line.values)))

    def project(self, line: Line) -> None:
        component = self.components.get(line["component_code"])
        if component is None:
            raise _unknown("component_code", line["component_code"])
        _check_days(line, "start_on", "end_on")
        investor = self._investor_on(line, "investor_code", line["start_on"], line["end_on"])
        values = _pick(line, "code", "name", "start_on", "end_on", "total_investment", "status")
        stored = self.projects.get(line["code"])
        if stored is not None:
            self._same(
                line,
                stored,
                values,
                component_code=(stored.component.code, component.code),
                investor_code=(stored.investor.code, investor.code),
            )
            return
        project = Project(id=new_id(), investor=investor, component=component, **values)
        self.projects[line["code"]] = self._add(line, project)

    def decision(self, line: Line) -> None:
        stored = self.decisions.get((line["number"], line["issued_on"]))
        if stored is not None:
            self._same(line, stored, line.values)
            return
        self.decisions[(line["number"], line["issued_on"])] = self._add(
            line, Decision(**line.values)
        )

    # ------------------------------------------------------------ ledger

    def _lines(self) -> None:
        """Ledger lines have no key: of equal ones only those beyond the stored count are new.

        Day by day, so that a reduction is weighed against all that came before it.
        """
        stored = Counter(
            (row.allocation_id, row.decision_id, row.kind, row.amount, row.effective_on)
            for row in self.session.scalars(select(AllocationLine))
        )
        new: list[tuple[Line, Allocation, Decision]] = []
        for line in self.files["allocations"]:
            try:
                allocation, decision = self._ledger_place(line)
            except _Fault as fault:
                self.problems.append(Problem(line.file, line.number, fault.column, fault.refusal))
                continue
            same = (
                allocation.id,
                decision.id,
                line["kind"],
                line["amount"],
                line["effective_on"],
            )
            if stored[same] > 0:
                stored[same] -= 1
                self.loaded.known["allocations"] += 1
                continue
            new.append((line, allocation, decision))
        if not self.problems:
            self._write_lines(new)

    def _ledger_place(self, line: Line) -> tuple[Allocation, Decision]:
        project = self._project(line)
        decision = self.decisions.get((line["decision_number"], line["decision_issued_on"]))
        if decision is None:
            raise _unknown("decision_number", line["decision_number"])
        if line["vintage"] > line["budget_year"]:
            raise _Fault("vintage", _n("The year of the capital lies after the budget year."))
        allocation = self._allocation(line, project)
        if allocation is None:
            allocation = Allocation(
                id=new_id(),
                investor_id=project.investor_id,
                project=project,
                **_pick(line, "budget_year", "vintage", "source", "nature"),
            )
            self.session.add(allocation)
            self.allocations[_line_key(line, project)] = allocation
        try:
            check_line(allocation, line["kind"], line["amount"])
        except RuleBroken as refusal:
            raise _Fault.of(refusal, "amount") from None
        return allocation, decision

    def _write_lines(self, new: list[tuple[Line, Allocation, Decision]]) -> None:
        """Lines in the order of the file; plans are weighed day by day over all of them."""
        plans: dict[int, list[tuple[date, int, Line]]] = {}
        for line, allocation, decision in new:
            self._add(
                line,
                AllocationLine(
                    id=new_id(),
                    investor_id=allocation.investor_id,
                    allocation=allocation,
                    decision=decision,
                    **_pick(line, "kind", "amount", "effective_on"),
                ),
            )
            plans.setdefault(allocation.id, []).append((line["effective_on"], line["amount"], line))
        self.session.flush()
        for allocation_id, moves in plans.items():
            if all(amount > 0 for _day, amount, _line in moves):
                continue
            plan = sum(
                self.session.scalars(
                    select(AllocationLine.amount).where(
                        AllocationLine.allocation_id == allocation_id,
                    )
                )
            ) - sum(amount for _day, amount, _line in moves)
            for _day, amount, line in sorted(moves, key=lambda move: (move[0], -move[1])):
                plan += amount
                if plan < 0:
                    refusal = RuleBroken(_n("With this line the plan falls below zero."))
                    self.problems.append(Problem(line.file, line.number, "amount", refusal))

    # ------------------------------------------------------------ reporting

    def period(self, line: Line) -> None:
        if line["code"] in self.periods:
            self.loaded.known["periods"] += 1
            return
        if self.problems:  # references are not complete, so nobody could be expected rightly
            return
        self.periods[line["code"]] = open_period(self.session, line["code"], at=self.at)
        self.loaded.added["periods"] += 1

    def submission(self, line: Line) -> None:
        period = self._period(line)
        if period is None:
            return
        investor = self._investor_on(line, "investor_code", period.data_from, period.data_to)
        first, last = line["first_submitted_at"], line["last_submitted_at"]
        if (first is None) != (last is None):
            raise _Fault("last_submitted_at", _n("First and last sending go together."))
        if line["status"] is not SubmissionStatus.DRAFT and first is None:
            raise _Fault("first_submitted_at", _n("A report that was sent has its moment."))
        if first is not None and last < first:
            raise _Fault("last_submitted_at", _n("The last sending lies before the first."))
        values = _pick(line, "status", "first_submitted_at", "last_submitted_at", "nil_report")
        stored = self.submissions.get((investor.id, period.id))
        if stored is not None:
            self._same(line, stored, values)
            return
        self._refuse_locked(period)
        submission = Submission(id=new_id(), investor_id=investor.id, period=period, **values)
        self.submissions[(investor.id, period.id)] = self._add(line, submission)
        for sent in sorted({first, last} - {None}):
            self.session.add(
                SubmissionEvent(
                    investor_id=investor.id,
                    submission=submission,
                    kind=EventKind.SENT,
                    at=sent,
                    user_name=self.by,
                )
            )

    def entry(self, line: Line) -> None:
        project, period = self._project(line), self._period(line)
        if period is None:
            return
        submission = self.submissions.get((project.investor_id, period.id))
        if submission is None:
            raise _Fault(
                "project_code",
                _n("The unit of this project has no row in submissions.csv for %(period)s."),
                period=period.code,
            )
        names = (
            "physical_progress",
            "volume_value",
            "progress_text",
            "obstacles",
            "proposals",
            "estimate",
        )
        values = _pick(line, *names)
        stored = self.entries.get((project.id, submission.id))
        if stored is not None:
            self._same(line, stored, values)
            return
        self._refuse_locked(period)
        entry = ProgressEntry(
            id=new_id(),
            investor_id=project.investor_id,
            submission=submission,
            project=project,
            **values,
        )
        self.entries[(project.id, submission.id)] = self._add(line, entry)

    def disbursement(self, line: Line) -> None:
        project, period = self._project(line), self._period(line)
        if period is None:
            return
        if line["budget_year"] != period.budget_year:
            raise _Fault(
                "budget_year",
                _n("Period %(period)s belongs to the budget year %(year)s."),
                period=period.code,
                year=period.budget_year,
            )
        allocation = self._allocation(line, project)
        if allocation is None:
            raise _Fault(
                "project_code", _n("No capital with this year, source and nature is allocated.")
            )
        submission = self.submissions.get((project.investor_id, period.id))
        entry = self.entries.get((project.id, submission.id)) if submission else None
        if entry is None:
            raise _Fault(
                "project_code",
                _n("The project has no row in entries.csv for %(period)s."),
                period=period.code,
            )
        if line["recovered"] > line["completed"]:
            raise _Fault(
                "recovered", _n("Recovered is more than the accepted volume it is part of.")
            )
        values = _pick(line, "advance", "completed", "recovered", "returned")
        for stored in entry.disbursements:
            if stored.allocation_id == allocation.id:
                self._same(line, stored, values)
                return
        self._refuse_locked(period)
        self._add(
            line,
            Disbursement(
                id=new_id(),
                investor_id=project.investor_id,
                entry=entry,
                allocation=allocation,
                allocation_id=allocation.id,
                **values,
            ),
        )

    def user(self, line: Line) -> None:
        units = []
        for code in line["investor_codes"] or ():
            found = [row for row in self.investors if row.code == code]
            if not found:
                raise _unknown("investor_codes", code)
            units.append(max(found, key=lambda row: row.valid_from))
        if (line["role"] is Role.INVESTOR) != bool(units):
            raise _Fault("investor_codes", _n("Exactly the users of role investor have investors."))
        username = normal_username(line["username"])
        stored = self.session.scalar(select(User).where(User.username == username))
        values = _pick(line, "full_name", "role", "email")
        if stored is not None:
            old = tuple(unit.code for unit in stored.investors)
            new = tuple(unit.code for unit in sorted(units, key=lambda unit: unit.sort_order))
            self._same(line, stored, values, investor_codes=(old, new))
            return
        self._add(line, User(username=username, investors=units, **values))

    # ------------------------------------------------------------ shared

    def _add(self, line: Line, row: Any) -> Any:
        self.session.add(row)
        self.loaded.added[line.file.removesuffix(".csv")] += 1
        return row

    def _same(
        self, line: Line, stored: Any, values: dict[str, Any], **pairs: tuple[Any, Any]
    ) -> None:
        both = {name: (getattr(stored, name), value) for name, value in values.items()} | pairs
        for name, (old, new) in both.items():
            if old != new and (old or new) is not None and (old or None) != (new or None):
                raise _Fault(
                    name,
                    _n("The stored row has “%(old)s”, the file “%(new)s”. Nothing is overwritten."),
                    old=_plain(old),
                    new=_plain(new),
                )
        self.loaded.known[line.file.removesuffix(".csv")] += 1

    def _project(self, line: Line) -> Project:
        found = self.projects.get(line["project_code"])
        if found is None:
            raise _unknown("project_code", line["project_code"])
        return found

    def _period(self, line: Line) -> Period | None:
        found = self.periods.get(line["period"])
        if found is None and line["period"] not in {row["code"] for row in self.files["periods"]}:
            raise _unknown("period", line["period"])
        return found

    def _allocation(self, line: Line, project: Project) -> Allocation | None:
        return self.allocations.get(_line_key(line, project))

    def _investor_on(self, line: Line, column: str, first: date, last: date | None) -> Investor:
        """The unit that used a code in those days: codes are used again (domain §6.2)."""
        with_code = [row for row in self.investors if row.code == line[column]]
        found = [row for row in with_code if _overlap(row, first, last)]
        if not with_code:
            raise _unknown(column, line[column])
        if len(found) != 1:
            raise _Fault(
                column,
                _n("%(count)s units had the code %(code)s in those days; exactly one must."),
                count=len(found),
                code=line[column],
            )
        return found[0]

    def _refuse_locked(self, period: Period) -> None:
        if period.code in self.locked:
            raise _Fault(
                "period",
                _n("Period %(period)s is locked; its figures do not change."),
                period=period.code,
            )


class _Fault(Exception):
    def __init__(self, column: str, message: str, **values: Any) -> None:
        super().__init__(message)
        self.column = column
        self.refusal = RuleBroken(message, **values)

    @classmethod
    def of(cls, refusal: RuleBroken, column: str) -> "_Fault":
        fault = cls(refusal.field or column, refusal.message)
        fault.refusal = refusal
        return fault


def _unknown(column: str, typed: str) -> _Fault:
    return _Fault(column, _n("“%(typed)s” is not known."), typed=typed)


def _pick(line: Line, *names: str) -> dict[str, Any]:
    return {name: line[name] for name in names}


def _check_days(line: Line, first: str, last: str) -> None:
    if line[last] is not None and line[last] < line[first]:
        raise _Fault(last, _n("The last day lies before the first."))


def _overlap(investor: Investor, first: date, last: date | None) -> bool:
    begins_in_time = last is None or investor.valid_from <= last
    return begins_in_time and (investor.valid_to is None or investor.valid_to >= first)


def _key(row: Allocation) -> tuple[Any, ...]:
    return (row.project_id, row.budget_year, row.vintage, row.source, row.nature)


def _line_key(line: Line, project: Project) -> tuple[Any, ...]:
    return (
        project.id,
        line["budget_year"],
        line["vintage"],
        line["source"],
        line["nature"],
    )


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    return value.value if isinstance(value, StrEnum) else "" if value is None else str(value)
