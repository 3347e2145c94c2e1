"""What rows are called in the package: natural keys instead of ids, which no other database has.

A unit is its code; where several units had one code, the first day stands behind it:
`X-06388@2024-12-01`.
"""

from collections import Counter, defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Base
from models.calendar import Period
from models.capital import Allocation, AllocationLine
from models.catalogue import Component, Decision, Investor, Project
from models.exchange.package.values import text_of
from models.people import User
from models.returns import (
    Disbursement,
    ProgressEntry,
    Remark,
    Sending,
    SentEntry,
    Submission,
    TreasuryStatement,
)

Name = tuple[Any, ...]
FILE_NAMES = {
    "capital_term": "capital_terms",
    "holiday": "days_off",
    "setting": "settings",
    "rule_setting": "rule_settings",
    "letter_head": "letter_heads",
    "letter_template": "letter_templates",
    "column_set": "column_sets",
    "expected_report": "expected_reports",
    "submission_event": "submission_events",
    "reopening": "reopenings",
    "explanation": "explanations",
    "obstacle": "obstacles",
    "remark": "remarks",
    "org_event": "org_events",
    "former_name": "former_names",
    "succession": "successions",
    "project_succession": "project_successions",
    "capital_transfer": "capital_transfers",
    "reminder": "reminders",
    "digest": "digests",
    "allocation": "capital",
    "sending": "sendings",
    "sent_entry": "sent_entries",
    "sent_disbursement": "sent_disbursements",
    "expected_change": "expected_changes",
    "holiday_year": "holiday_years",
    "treasury_statement": "treasury_statements",
    "treasury_line": "treasury_lines",
}


class Namer:
    """Names of stored rows by their ids; each table is read once, and only when it is needed."""

    def __init__(self, session: Session, folder: Path | None = None) -> None:
        self.session, self.folder = session, folder
        self._numbers: dict[type, dict[int, int]] = {}

    @cached_property
    def investors(self) -> dict[int, Name]:
        rows = self.session.execute(select(Investor.id, Investor.code, Investor.valid_from)).all()
        shared = Counter(code for _id, code, _day in rows)
        return {
            key: (code if shared[code] == 1 else f"{code}@{first.isoformat()}",)
            for key, code, first in rows
        }

    @cached_property
    def newest(self) -> dict[str, int]:
        """The unit that a code alone means in users.csv: the one that had it last."""
        ordered = select(Investor.code, Investor.id).order_by(Investor.valid_from, Investor.id)
        return dict(self.session.execute(ordered).all())

    @cached_property
    def components(self) -> dict[int, Name]:
        return self._names(Component.id, Component.code)

    @cached_property
    def projects(self) -> dict[int, Name]:
        return self._names(Project.id, Project.code)

    @cached_property
    def periods(self) -> dict[int, Name]:
        return self._names(Period.id, Period.code)

    @cached_property
    def users(self) -> dict[int, Name]:
        return self._names(User.id, User.username)

    @cached_property
    def decisions(self) -> dict[int, Name]:
        return self._names(Decision.id, Decision.number, Decision.issued_on, Decision.issuer)

    @cached_property
    def statements(self) -> dict[int, Name]:
        """A statement of the Treasury is its day and its budget year."""
        one = TreasuryStatement
        return self._names(one.id, one.day, one.budget_year)

    @cached_property
    def submissions(self) -> dict[int, Name]:
        rows = self._pairs(Submission.id, Submission.investor_id, Submission.period_id)
        return {key: self.investors[unit] + self.periods[period] for key, unit, period in rows}

    @cached_property
    def entries(self) -> dict[int, Name]:
        statement = select(ProgressEntry.id, ProgressEntry.project_id, Submission.period_id).join(
            ProgressEntry.submission
        )
        return {
            key: self.projects[project] + self.periods[period]
            for key, project, period in self.session.execute(statement)
        }

    @cached_property
    def allocations(self) -> dict[int, Name]:
        rows = self._pairs(
            Allocation.id,
            Allocation.project_id,
            Allocation.budget_year,
            Allocation.vintage,
            Allocation.source,
            Allocation.nature,
        )
        return {key: (*self.projects[project], *rest) for key, project, *rest in rows}

    @cached_property
    def disbursements(self) -> dict[int, Name]:
        rows = self._pairs(Disbursement.id, Disbursement.entry_id, Disbursement.allocation_id)
        return {
            key: (*self.entries[entry], *self.allocations[allocation][1:])
            for key, entry, allocation in rows
        }

    @cached_property
    def sendings(self) -> dict[int, Name]:
        """A kept sending is its report and its number."""
        rows = self._pairs(Sending.id, Sending.submission_id, Sending.number)
        return {key: (*self.submissions[report], number) for key, report, number in rows}

    @cached_property
    def sent_entries(self) -> dict[int, Name]:
        rows = self._pairs(SentEntry.id, SentEntry.project_id, SentEntry.sending_id)
        return {
            key: (*self.projects[project], *self.sendings[sending][1:])
            for key, project, sending in rows
        }

    @cached_property
    def lines(self) -> dict[int, Name]:
        """Lines of the ledger have no key: equal ones are told apart by their order."""
        rows = self.session.execute(
            select(
                AllocationLine.id,
                AllocationLine.allocation_id,
                AllocationLine.decision_id,
                AllocationLine.kind,
                AllocationLine.amount,
                AllocationLine.effective_on,
            ).order_by(AllocationLine.id)
        )
        seen: dict[Name, int] = defaultdict(int)
        found = {}
        for key, allocation, decision, *rest in rows:
            name = (*self.allocations[allocation], *self.decisions[decision], *rest)
            seen[name] += 1
            found[key] = (*name, seen[name])
        return found

    @cached_property
    def threads(self) -> dict[int, int]:
        """Threads of remarks, numbered in the order in which they were opened."""
        ordered = self.session.scalars(select(Remark.thread_id).order_by(Remark.id))
        return {thread: n for n, thread in enumerate(dict.fromkeys(ordered), 1)}

    def numbers(self, model: type) -> dict[int, int]:
        """The rows of a table without a key of its own, numbered in their order."""
        if model not in self._numbers:
            ids = self.session.scalars(select(model.id).order_by(model.id))  # type: ignore[attr-defined]
            self._numbers[model] = {key: n for n, key in enumerate(ids, 1)}
        return self._numbers[model]

    def of(self, model: type, key: Any) -> list[str] | None:
        """The name of any row that an act of reorganisation can make; None when it is gone."""
        maps: dict[str, Any] = {
            "Investor": self.investors,
            "Component": self.components,
            "Project": self.projects,
            "Period": self.periods,
            "Decision": self.decisions,
            "Submission": self.submissions,
            "ProgressEntry": self.entries,
            "Allocation": self.allocations,
        }
        kind = model.__name__
        name: Name | None
        if kind == "AllocationLine":
            name = self.lines.get(key[-1])
        elif kind == "Disbursement":
            name = self.disbursements.get(key[-1])
        elif kind == "ExpectedReport":
            unit, period = self.investors.get(key[0]), self.periods.get(key[1])
            name = unit + period if unit and period else None
        elif kind in maps:
            name = maps[kind].get(key[-1])
        else:
            number = self.numbers(model).get(key[-1])
            name = None if number is None else (number,)
        return None if name is None else [text_of(part) for part in name]

    def version(self, model: type, key: Any) -> int:
        """How often the row was saved; 0 when it is gone."""
        row = self.session.get(model, key[0] if len(key) == 1 else tuple(key))
        return 0 if row is None else int(getattr(row, "version", 1))

    def _names(self, key: Any, *name: Any) -> dict[int, Name]:
        """By the id, what names a row by itself."""
        return {row[0]: tuple(row[1:]) for row in self._pairs(key, *name)}

    def _pairs(self, *columns: Any) -> Any:
        return self.session.execute(select(*columns)).all()


def mapped(name: str) -> type[Any] | None:
    """The table class of that name."""
    found = (one.class_ for one in Base.registry.mappers if one.class_.__name__ == name)
    return next(found, None)


def classes_by_table() -> dict[str, type[Any]]:
    """The mapped classes by the name of their table."""
    return {one.class_.__tablename__: one.class_ for one in Base.registry.mappers}


def file_of(model: type[Any]) -> str:
    """The file of a table, without its ending."""
    table = str(model.__tablename__)
    return FILE_NAMES.get(table, table)
