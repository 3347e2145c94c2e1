"""Loading the ledger: lines have no key of their own, and reductions are weighed day by day."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import RuleBroken, batched, new_id
from models.capital import Allocation, AllocationLine, LineKind
from models.catalogue import Decision, Project
from models.exchange.package.faults import Unsure, fault_of
from models.exchange.package.loading import AT_ONCE, Loading
from models.exchange.package.schema import Line
from models.ledger import too_low_when_it_came, too_much_carried_in

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
    """The capital that is there before the package, by its key."""
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
        self.reductions: list[tuple[Line, AllocationLine]] = []
        self.carried_in: list[tuple[Line, AllocationLine]] = []
        self.made: set[int] = set()  # ids of allocations that are new

    def load(self) -> None:
        """Of equal lines only those beyond the number that is stored are new. What adds capital
        comes first, and earlier years before those they are carried into: the lines of a file
        have no order but their days.
        """
        self.loading.package.lines("allocations").sort(
            key=lambda line: (line["amount"] < 0, line["budget_year"])
        )
        self.loading.each("allocations", lambda _loading, line: self._line(line))

    def _line(self, line: Line) -> None:
        try:
            project, decision = self.loading.project(line), self.loading.decision(line)
        except Unsure:
            self._remember_key(line)
            raise
        allocation = self.allocation(line, project)
        if allocation not in self.loading.session:
            raise Unsure  # it was refused with an earlier line
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
            self.allocation(line, project)

    def allocation(self, line: Line, project: Project) -> Allocation:
        """The allocation of a line; a new one where there is none yet."""
        key = allocation_key(line, project)
        if key not in self.allocations:
            fresh = Allocation(
                id=new_id(),
                investor_id=project.investor_id,
                project=project,
                **line.pick("budget_year", "vintage", "source", "nature"),
            )
            self.loading.write(line, fresh)
            self.allocations[key] = fresh
            self.made.add(fresh.id)
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
            self.reductions.append((line, fresh))
        elif line["kind"] is LineKind.CARRY_IN:
            self.carried_in.append((line, fresh))

    def weigh(self) -> None:
        """Judge reductions and carry-ins again, now that all figures of the package are written."""
        self._judge(self.reductions, too_low_when_it_came)
        self._judge(self.carried_in, too_much_carried_in)

    def _judge(
        self,
        booked: list[tuple[Line, AllocationLine]],
        judge: Callable[[Session, Iterable[AllocationLine]], list[RuleBroken]],
    ) -> None:
        for some in batched(booked, AT_ONCE):
            lines = {row: line for line, row in some}
            for refusal in judge(self.loading.session, lines):
                line = lines[refusal.row]
                self.loading.refuse(line, fault_of(line, refusal))
