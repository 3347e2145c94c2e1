"""From names in cells to the rows they mean: just read, or stored before."""

from datetime import date
from typing import Any

from sqlalchemy import select

from models.base import _n
from models.capital import Allocation, AllocationLine, LineKind
from models.catalogue import Investor, Project
from models.exchange.package.capital import Key, Ledger
from models.exchange.package.cells import day
from models.exchange.package.faults import Fault, Unsure, unknown
from models.exchange.package.loading import Loading
from models.exchange.package.names import file_of
from models.exchange.package.reporting import Reports
from models.people import User
from models.returns import (
    Disbursement,
    ProgressEntry,
    Sending,
    SentEntry,
    Submission,
    TreasuryStatement,
)


class Finder:
    """Looks rows up by their natural keys. Each method raises Fault at `column`, or Unsure where
    the row may stand in a line that is faulty itself.
    """

    def __init__(self, loading: Loading) -> None:
        self.loading = loading
        self.users: dict[str, User] = {}
        self.numbers: dict[str, dict[int, int | None]] = {}
        self.threads: dict[int, int] = {}
        # by class and name: kept sendings, their projects and statements that were met already
        self.kept: dict[tuple[Any, ...], int] = {}
        self.ledger: Ledger  # set when the lines are read,
        self.reports: Reports  # and this when the periods are

    def _missing(self, file: str, typed: Any, column: str) -> Fault | Unsure:
        if self.loading.package.may_hold(file, str(typed)):
            return Unsure()
        return unknown(column, str(typed), file)

    def investor(self, typed: str, column: str) -> Investor:
        found = self.loading.investors.bearing(typed)
        if not found:
            raise self._missing("investors", typed.rpartition("@")[0] or typed, column)
        if len(found) > 1:
            raise Fault(
                column,
                _n(
                    "%(count)s units have the code %(code)s. Write the first day behind it: "
                    "%(example)s"
                ),
                count=len(found),
                code=typed,
                example=f"{typed}@{found[0].valid_from.isoformat()}",
            )
        return found[0]

    def component(self, typed: str, column: str) -> int | None:
        found = self.loading.components.get(typed)
        if found is None:
            raise self._missing("components", typed, column)
        return found.id

    def project(self, typed: str, column: str) -> Project:
        found = self.loading.projects.get(typed)
        if found is None:
            raise self._missing("projects", typed, column)
        return found

    def period(self, typed: str, column: str) -> int | None:
        found = self.loading.periods.get(typed)
        if found is None:
            raise self._missing("periods", typed, column)
        return found.row.id if found.row is not None else None

    def decision(self, number: str, issued_on: date, issuer: str, column: str) -> int | None:
        for row in self.loading.decisions.get((number, issued_on), []):
            if row.issuer == issuer:
                return row.id
        raise self._missing("decisions", number, column)

    def user(self, typed: str, column: str) -> int | None:
        if typed not in self.users:
            raise self._missing("users", typed, column)
        return self.users[typed].id

    def submission(self, unit: str, period: str, column: str) -> tuple[Investor, int]:
        investor = self.investor(unit, column)
        period_id = self.period(period, column)
        if (found := self.reports.submissions.get((investor, period))) is not None:
            return investor, found.id
        stored = self.loading.session.scalar(
            select(Submission.id).where(
                Submission.investor_id == investor.id, Submission.period_id == period_id
            )
        )
        if stored is None:
            raise self._missing("submissions", investor.code, column)
        return investor, stored

    def entry(self, project: str, period: str, column: str) -> tuple[Project, int]:
        row, period_id = self.project(project, column), self.period(period, column)
        if (found := self.reports.entries.get((row.id, period))) is not None:
            return row, found
        stored = self.loading.session.scalar(
            select(ProgressEntry.id)
            .join(Submission, Submission.id == ProgressEntry.submission_id)
            .where(ProgressEntry.project_id == row.id, Submission.period_id == period_id)
        )
        if stored is None:
            raise self._missing("entries", project, column)
        return row, stored

    def allocation(
        self, project: str, year: int, vintage: int, source: str, nature: str, column: str
    ) -> Allocation:
        row = self.project(project, column)
        key: Key = (row.id, int(year), int(vintage), str(source), str(nature))
        if (found := self.ledger.allocations.get(key)) is None:
            if self.loading.package.may_hold("allocations", project):
                raise Unsure
            raise Fault(column, _n("No capital with this year, source and nature is allocated."))
        return found

    def statement(self, day: date, year: int, column: str) -> int:
        """A statement of the Treasury."""
        found = self._id_of(TreasuryStatement, day=day, budget_year=year)
        if found is None:
            raise self._missing("treasury_statements", day, column)
        return found

    def sending(self, unit: str, period: str, number: int, column: str) -> tuple[Investor, int]:
        """A kept sending of a report."""
        investor, submission_id = self.submission(unit, period, column)
        found = self._id_of(Sending, submission_id=submission_id, number=number)
        if found is None:
            raise self._missing("sendings", investor.code, column)
        return investor, found

    def sent_entry(
        self, project: str, period: str, number: int, column: str
    ) -> tuple[Project, int]:
        """A project of a kept sending."""
        row = self.project(project, column)
        unit = row.investor
        sending_id = self.sending(f"{unit.code}@{unit.valid_from}", period, number, column)[1]
        found = self._id_of(SentEntry, sending_id=sending_id, project_id=row.id)
        if found is None:
            raise self._missing("sent_entries", project, column)
        return row, found

    def _id_of(self, kind: Any, **which: Any) -> int | None:
        """The id of the row with these values, which came with this package or is stored."""
        key = (kind, *which.values())
        if key not in self.kept:
            stored = self.loading.session.scalar(select(kind.id).filter_by(**which))
            if stored is None:
                return None
            self.kept[key] = stored
        return self.kept[key]

    def remember(self, row: Any) -> None:
        """What rows of further files are named by."""
        if isinstance(row, Sending):
            self.kept[Sending, row.submission_id, row.number] = row.id
        elif isinstance(row, SentEntry):
            self.kept[SentEntry, row.sending_id, row.project_id] = row.id

    def number(self, file: str, typed: int, column: str) -> int | None:
        if typed not in self.numbers.get(file, {}):
            raise self._missing(file, typed, column)
        return self.numbers[file][typed]

    # ------------------------------------------------- rows that reorganisation made or changed

    def key(self, model: type, name: list[str], column: str) -> list[Any]:
        """The primary key of a row of any kind by its name (the reverse of Namer.of)."""
        kind = model.__name__
        if kind == "Investor":
            return [self.investor(name[0], column).id]
        if kind == "Project":
            return [self.project(name[0], column).id]
        if kind == "ExpectedReport":
            return [self.investor(name[0], column).id, self.period(name[1], column)]
        if kind == "Submission":
            return [self.submission(name[0], name[1], column)[1]]
        if kind == "ProgressEntry":
            return [self.entry(name[0], name[1], column)[1]]
        if kind == "Allocation":
            return [self._allocation(name, column).id]
        if kind == "AllocationLine":
            return [self._line(name, column)]
        if kind == "Disbursement":
            return [self._disbursement(name, column)]
        return [self.number(file_of(model), int(name[0]), column)]

    def _allocation(self, name: list[str], column: str) -> Allocation:
        project, year, vintage, source, nature = name[:5]
        return self.allocation(project, int(year), int(vintage), source, nature, column)

    def _line(self, name: list[str], column: str) -> int:
        number, issued_on, issuer, kind, amount, effective_on, nth = name[5:]
        decision_id = self.decision(number, day(issued_on), issuer, column)
        found = self.loading.session.scalars(
            select(AllocationLine.id)
            .where(
                AllocationLine.allocation_id == self._allocation(name, column).id,
                AllocationLine.decision_id == decision_id,
                AllocationLine.kind == LineKind(kind),
                AllocationLine.amount == int(amount),
                AllocationLine.effective_on == day(effective_on),
            )
            .order_by(AllocationLine.id)
        ).all()
        if len(found) < int(nth):
            raise self._missing("allocations", name[0], column)
        return found[int(nth) - 1]

    def _disbursement(self, name: list[str], column: str) -> int:
        project, period, *rest = name
        found = self.loading.session.scalar(
            select(Disbursement.id).where(
                Disbursement.entry_id == self.entry(project, period, column)[1],
                Disbursement.allocation_id == self._allocation([project, *rest], column).id,
            )
        )
        if found is None:
            raise self._missing("disbursements", project, column)
        return found
