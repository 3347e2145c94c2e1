"""Capital measured: what each unit holds of one vintage until one last day."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from models import Period
from reports.facts import heirs_of, successors_on
from reports.pace.held import (
    Held,
    held_capital,
    months_left,
    months_reported,
    recent_months,
)
from reports.pace.kept import held_by_kept
from reports.pace.measure import Measure, measured

Term = tuple[int, date]  # the vintage with a minus, so that the youngest comes first


class Terms:
    """The capital of a period by unit and term, or that of a `unit` alone; `held` tells what it is
    made of by project where it is asked for `by_project`.
    """

    def __init__(
        self,
        session: Session,
        period: Period,
        basis: str,
        *,
        by_hand: Decimal | None = None,
        unit: int | None = None,
        by_project: bool = False,
    ) -> None:
        self.period, self.by_hand = period, by_hand
        self._left: dict[date, int] = {}  # by last day
        self.months = recent_months(session, period)
        successors = successors_on(session, period.data_to)
        self.heirs = heirs_of(successors)
        self.reported = months_reported(session, self.months, basis, successors)
        self.held: dict[int, dict[Term, list[Held]]] = defaultdict(lambda: defaultdict(list))
        found: list[Held] | None = None
        if unit is None and not by_project:
            found = held_by_kept(session, period, basis, self.months)
        if found is None:
            only = None if unit is None else (unit,)
            found = held_capital(session, period, basis, self.months, only, by_project=by_project)
        for one in found:
            self.held[one.investor_id][-one.vintage, one.until].append(one)

    def of(self, unit_id: int) -> dict[Term, Measure]:
        """What one unit holds, by term."""
        held = self.held[unit_id]
        return {term: self.measured(unit_id, term, held[term]) for term in sorted(held)}

    def all(self) -> Iterator[Measure]:
        """What is measured of all units."""
        for unit_id in self.held:
            yield from self.of(unit_id).values()

    def measured(self, unit_id: int, term: Term, held: Sequence[Held]) -> Measure:
        """Some of what a unit holds of one term."""
        recent: dict[str, int] = dict.fromkeys(self.reported.get(unit_id, ()), 0)
        plan = paid = 0
        for one in held:
            plan += one.plan
            paid += one.paid
            for code, amount in one.recent.items():
                recent[code] = recent.get(code, 0) + amount
        if (left := self._left.get(term[1])) is None:
            left = self._left[term[1]] = months_left(self.period.data_to, term[1])
        return measured(
            plan=plan, paid=paid, recent=recent, until=term[1], left=left, by_hand=self.by_hand
        )
