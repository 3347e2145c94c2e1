"""Loading the ledger: lines have no key of their own, and reductions are weighed day by day."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import func, select

from models.base import Dong, RuleBroken, _n, new_id
from models.calendar import Period
from models.capital import Allocation, AllocationLine
from models.catalogue import Decision, Project
from models.exchange.package.loading import Fault, Loading, Unsure
from models.exchange.package.schema import Line
from models.ledger import NET, check_line
from models.returns import COUNTED, Disbursement, ProgressEntry, Submission

Key = tuple[int, int, int, str, str]


def allocation_key(line: Line, project: Project) -> Key:
    """(project, budget year, vintage, source, nature)."""
    return (
        project.id,
        line["budget_year"],
        line["vintage"],
        line["source"].value,
        line["nature"].value,
    )


def stored_allocations(loading: Loading) -> dict[Key, Allocation]:
    return {
        (row.project_id, row.budget_year, row.vintage, row.source.value, row.nature.value): row
        for row in loading.session.scalars(select(Allocation))
    }


class Ledger:
    """The allocations by their key, and the reductions that wait to be weighed."""

    def __init__(self, loading: Loading) -> None:
        self.loading = loading
        self.allocations = stored_allocations(loading)
        self.stored: Counter[tuple[Any, ...]] = Counter(
            (row.allocation_id, row.decision, row.kind, row.amount, row.effective_on)
            for row in loading.session.scalars(select(AllocationLine))
        )
        self.reductions: list[tuple[Line, Allocation]] = []

    def load(self) -> None:
        """Of equal lines only those beyond the number that is stored are new."""
        self.loading.each("allocations", lambda _loading, line: self._line(line))

    def _line(self, line: Line) -> None:
        try:
            project, decision = self.loading.project(line), self.loading.decision(line)
        except Unsure:
            self._remember_key(line)
            raise
        if line["vintage"] > line["budget_year"]:
            raise Fault("vintage", _n("The year of the capital lies after the budget year."))
        allocation = self._allocation(line, project)
        try:
            check_line(allocation, line["kind"], line["amount"])
        except RuleBroken as refusal:
            raise Fault.of(refusal, refusal.field or "amount") from None
        same = (allocation.id, decision, line["kind"], line["amount"], line["effective_on"])
        if self.stored[same] > 0:
            self.stored[same] -= 1
            self.loading.loaded.known["allocations"] += 1
            return
        self._add(line, allocation, decision)

    def _remember_key(self, line: Line) -> None:
        """The decision is faulty, the project is not: its disbursements still have a place."""
        project = self.loading.projects.get(line["project_code"])
        if project is not None:
            self._allocation(line, project)

    def _allocation(self, line: Line, project: Project) -> Allocation:
        key = allocation_key(line, project)
        if key not in self.allocations:
            fresh = Allocation(
                id=new_id(),
                investor_id=project.investor_id,
                project=project,
                **line.pick("budget_year", "vintage", "source", "nature"),
            )
            if not self.loading.problems:
                self.loading.session.add(fresh)
            self.allocations[key] = fresh
        return self.allocations[key]

    def _add(self, line: Line, allocation: Allocation, decision: Decision) -> None:
        fresh = AllocationLine(
            id=new_id(),
            investor_id=allocation.investor_id,
            allocation_id=allocation.id,
            decision=decision,
            **line.pick("kind", "amount", "effective_on"),
        )
        self.loading.add(line, fresh)
        if line["amount"] < 0:
            self.reductions.append((line, allocation))

    def weigh(self) -> None:
        """Refuse a new reduction that leaves less than zero, or less than was disbursed by then.

        Later disbursements do not count: those above the plan are a matter of their own report.
        Asked only when all rows are written.
        """
        for line, allocation in self.reductions:
            day = line["effective_on"]
            plan, spent = self._plan(allocation, day), self._disbursed(allocation, day)
            if plan >= max(spent, 0):
                continue
            fault = Fault(
                "amount",
                _n(
                    "With this line the plan is %(plan)s đồng on %(day)s, with %(disbursed)s đồng "
                    "disbursed by then. It cannot be less than that, nor less than zero."
                ),
                plan=Dong(plan),
                day=day,
                disbursed=Dong(spent),
            )
            self.loading.refuse(line, fault)

    def _plan(self, allocation: Allocation, day: date) -> int:
        amount = self.loading.session.scalar(
            select(func.sum(AllocationLine.amount)).where(
                AllocationLine.investor_id == allocation.investor_id,
                AllocationLine.allocation_id == allocation.id,
                AllocationLine.effective_on <= day,
            )
        )
        return int(amount or 0)

    def _disbursed(self, allocation: Allocation, day: date) -> int:
        amount = self.loading.session.scalar(
            select(func.sum(NET))
            .select_from(Disbursement)
            .join(ProgressEntry, ProgressEntry.id == Disbursement.entry_id)
            .join(Submission, Submission.id == ProgressEntry.submission_id)
            .join(Period, Period.id == Submission.period_id)
            .where(
                Disbursement.investor_id == allocation.investor_id,
                Disbursement.allocation_id == allocation.id,
                Submission.status.in_(COUNTED["submitted"]),
                Period.data_from <= day,
            )
        )
        return int(amount or 0)
