"""The money of one project: which figure of the file goes to which capital."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from models.base import MAX_DONG, Dong, _n
from models.filing import AllocationRow, ProjectRow
from models.imports.amounts import DIRECT, dong_of, net_with, stored_of
from models.imports.capital_meant import (
    Rows,
    choices_of,
    in_proportion,
    rows_answered,
    rows_meant,
)
from models.imports.notes import Notes
from models.returns import ENTERED
from models.sheets import At, Field, Reading, Value

MOVES = (*DIRECT, Field.MONTH)
_KNOWN = {one.value: one for one in Field}
FACTS = {_KNOWN[name]: name for name in ENTERED if name in _KNOWN}


@dataclass(eq=False)
class Open:
    """An amount of the file of which it is not told yet which capital it is."""

    field: Field
    amount: int
    rows: Rows
    at: At


@dataclass
class Figures:
    """What a file says of the money of one project, capital by capital."""

    project: ProjectRow
    reading: Reading
    notes: Notes
    months: frozenset[tuple[str, str]] = frozenset()  # `compared.months_told`
    direct: dict[int, dict[str, int]] = field(default_factory=dict)
    month: dict[int, int] = field(default_factory=dict)
    places: dict[int, At] = field(default_factory=dict)
    open: list[Open] = field(default_factory=list)
    same: set[int] = field(default_factory=set)  # whose stored amounts a sum of the file confirms
    _seen: dict[tuple[int, Field], At] = field(default_factory=dict)

    # ------------------------------------------------------------------ what is told by itself

    def take(self, values: Iterable[Value]) -> None:
        """Place the amounts of the period; those that leave it open wait in `open`."""
        waiting = []
        for value in values:
            rows = rows_meant(self.project, value, self.reading)
            if len(rows) == 1 and not self._is_kept(value, rows[0]):
                self.put(rows[0], value.field, dong_of(value), value.at)
            elif len(rows) > 1:
                waiting.append((value, rows))
            elif value.value and not rows:
                self.refuse_place(value)
        for value, rows in waiting:
            self._several(value, rows)

    def put(self, row: AllocationRow, kind: Field, amount: int, at: At) -> None:
        """One amount of one capital. A second one of the same kind is refused, not added."""
        key = row.allocation_id, kind
        if key in self._seen:
            self.notes.double(at, self._seen[key], self.project.code)
            return
        if abs(amount) > MAX_DONG or (amount < 0 and kind is not Field.MONTH):
            if not self.notes.is_blocked(at):
                self.notes.impossible(at, self.project.code, amount)
            return
        self._seen[key] = at
        self.places.setdefault(row.allocation_id, at)
        if kind is Field.MONTH:
            self.month[row.allocation_id] = amount
        else:
            self.direct.setdefault(row.allocation_id, {})[DIRECT[kind]] = amount

    def refuse_place(self, value: Value) -> None:
        """Say that no capital of the project takes this amount, unless its row is refused."""
        if self.notes.is_blocked(value.at):
            return
        self.notes.error(
            "row_conflict",
            _n(
                "%(project)s has no capital that this column speaks of, so %(amount)s đồng have "
                "no place. Correct the column or the row, or have the capital allocated first."
            ),
            value.at,
            project=self.project.code,
            amount=Dong(dong_of(value)),
        )

    def _is_kept(self, value: Value, row: AllocationRow) -> bool:
        """Whether what is stored stays as it is, in a file of many units: a nought where nothing is
        told, for a unit that has not reported has not said that nothing was disbursed; and a figure
        that is the stored one, rounded.
        """
        if row.is_blank:
            return self.notes.is_of_many and value.value == 0
        return self.notes.is_rounded and self.confirms(value, self._stored(value))

    def _several(self, value: Value, rows: Rows) -> None:
        """A sum of what the file tells apart, a sum of what is stored, or a question."""
        amount = dong_of(value)
        parts = [row for row in rows if (row.allocation_id, value.field) in self._seen]
        if parts:
            total = sum(self._told(row, value.field) for row in parts)
            if not self.notes.agrees(amount, total, 2):
                self._differ(value.at, amount, total)
        elif not self.confirms(value, self._stored(value)):
            self.open.append(Open(value.field, amount, rows, value.at))

    def _stored(self, value: Value) -> Callable[[AllocationRow], int]:
        """What is stored of the kind of amount that a value is, of a row."""
        return lambda row: stored_of(row, value.field)

    def confirms(self, value: Value, stored: Callable[[AllocationRow], int]) -> bool:
        """Whether an amount is the sum of what is stored already, by row: nothing is to be asked
        then.
        """
        for choice in choices_of(self.project, value, self.reading):
            if self.notes.agrees(dong_of(value), sum(map(stored, choice))):
                self.same |= {row.allocation_id for row in choice if not row.is_blank}
                for row in choice:
                    self.places.setdefault(row.allocation_id, value.at)
                return True
        return False

    def _told(self, row: AllocationRow, kind: Field) -> int:
        if kind is Field.MONTH:
            return self.month[row.allocation_id]
        return self.direct[row.allocation_id][DIRECT[kind]]

    def _differ(self, at: At, written: int, total: int) -> None:
        """An amount is not that of its parts."""
        if not self.notes.has(at, "total_mismatch"):
            self.notes.warning(
                "total_mismatch",
                _n(
                    "The figure is %(written)s đồng, its parts add up to %(total)s đồng. The "
                    "parts are imported."
                ),
                at,
                written=Dong(written),
                total=Dong(total),
            )

    def place_of(self, allocation_id: int, name: str | None) -> At | None:
        """The cell that tells an amount (`advance` …) of a capital; of the month where that does;
        None where neither is told.
        """
        kind = next((one for one, known in DIRECT.items() if known == name), Field.MONTH)
        month = self._seen.get((allocation_id, Field.MONTH))
        return self._seen.get((allocation_id, kind), month)

    # ------------------------------------------------------------------ what was answered

    def settle(self, one: Open, answer: str) -> bool:
        """Place an open amount by an answer; False where the answer does not decide it."""
        shares: dict[int, int] | None
        if answer == "plan":
            shares = in_proportion(one.amount, one.rows)
            if shares is None:
                return False
        else:
            found = rows_answered(one.rows, answer)
            if len(found) != 1:
                return False
            shares = {found[0].allocation_id: one.amount}
        for row in one.rows:
            if row.allocation_id in shares:
                self.put(row, one.field, shares[row.allocation_id], one.at)
        self.open.remove(one)
        return True

    # ------------------------------------------------------------------ what is stored then

    def amounts(self) -> dict[int, dict[str, int]]:
        """The amounts to be stored by allocation, the four or some of them, in đồng."""
        rows = {row.allocation_id: row for row in self.project.allocations}
        found: dict[int, dict[str, int]] = {}
        for key in (*self.direct, *(one for one in self.month if one not in self.direct)):
            said = dict(self.direct.get(key, {}))
            if key in self.month:
                self._add_month(rows[key], said)
            self._check_recovered(rows[key], said)
            found[key] = said
        return found

    def _check_recovered(self, row: AllocationRow, said: dict[str, int]) -> None:
        """The rule of the table, at its cell."""
        recovered = said.get("recovered", row.recovered or 0)
        completed = said.get("completed", row.completed or 0)
        at = self._seen.get((row.allocation_id, Field.RECOVERED), self.places[row.allocation_id])
        if recovered > completed and not self.notes.has(at, "number_negative"):
            self.notes.error(
                "row_conflict",
                _n("Recovered cannot be more than the accepted volume it is part of."),
                at,
            )

    def _add_month(self, row: AllocationRow, said: dict[str, int]) -> None:
        """What was disbursed in the month is the net of all amounts: what is neither advance nor
        money paid back is payment for completed volume.
        """
        at, month = self._seen[row.allocation_id, Field.MONTH], self.month[row.allocation_id]
        if "completed" in said:
            if month != (net := net_with(row, said)):
                self._differ(at, month, net)
            return
        completed = month - net_with(row, {**said, "completed": 0})
        if completed < max(0, said.get("recovered", row.recovered or 0)):
            self._too_small(row, month, month - completed, at)
            return
        said["completed"] = completed

    def _too_small(self, row: AllocationRow, month: int, others: int, at: At) -> None:
        if self.notes.is_blocked(at):
            return
        if not others:
            self.notes.error(
                "number_negative",
                _n(
                    "%(project)s: %(amount)s đồng would be disbursed in the month. Money that was "
                    "paid back goes into a column of its own, “Returned”, as a positive amount."
                ),
                at,
                project=self.project.code,
                amount=Dong(month),
            )
            return
        self.notes.error(
            "number_negative",
            _n(
                "%(project)s: %(amount)s đồng were disbursed in the month, but advances, recovered "
                "and returned money and corrections make %(others)s đồng of it. Enter the amounts "
                "one by one."
            ),
            at,
            project=self.project.code,
            amount=Dong(month),
            others=Dong(others),
        )

    def net_after(self, row: AllocationRow) -> int:
        """Net disbursement of the period as it would be stored, in đồng."""
        key = row.allocation_id
        if key in self.month and "completed" not in self.direct.get(key, {}):
            return self.month[key]
        return net_with(row, self.direct.get(key, {}))
