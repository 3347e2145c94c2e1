"""The rows of Biểu 04: all, the vintages, their units, their projects; nothing is read here."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from models.base import rate
from models.capital import is_over
from reports.facts import Carried, Unit, in_order, outline_number


@dataclass(frozen=True, kw_only=True, slots=True)
class CarriedRow:
    """One row; the fields and their order are the keys. Amounts in đồng, the rate in percent.

    `carried_on`: what decisions carry on into the next year. `to_cancel`: what is left of capital
    whose term is over and is not carried on (domain §2.3); None before that.
    """

    no: str
    level: str
    vintage: int | None
    code: str
    name: str
    investor: str
    plan_carried: int
    decision: str
    disburse_until: date | None
    disbursed_month: int
    disbursed_carried: int
    rate_carried: Decimal | None
    remaining: int
    carried_on: int
    to_cancel: int | None
    is_over: bool


KEYS = tuple(field.name for field in fields(CarriedRow) if field.name != "is_over")
# the columns whose lines and entries can be shown
FIGURES = ("plan_carried", "disbursed_month", "disbursed_carried", "rate_carried", "remaining")


@dataclass(frozen=True, kw_only=True, slots=True)
class CarriedPlace:
    """Where a row stands, and whose it is."""

    depth: int
    investor_id: int | None = None
    project_id: int | None = None


class _Block(NamedTuple):
    """The rows that begin with this one: of a unit under a vintage, a vintage or the total."""

    begins: int
    numbers: tuple[int, ...] = ()
    vintage: int | None = None
    unit: Unit | None = None


_BEGINS = attrgetter("begins")


class RowBuilder:
    """Makes the rows, all `many` or some, of what is `held` by unit. Of units whose projects are
    told together `together` says how many these are; before a row of theirs is made, they have to
    be told one by one. `vintages` are those that there are, each with the number of its row.
    """

    def __init__(
        self,
        units: Mapping[int, Unit],
        held: Mapping[int, Sequence[Carried]],
        together: Mapping[int, int],
        *,
        detail: str,
        day: date,
        name: str,
    ) -> None:
        self.detail, self.day, self.name = detail, day, name
        self.rows: list[CarriedRow] = []
        self.places: list[CarriedPlace] = []
        self.vintages: list[tuple[int, int]] = []
        self.many = 0
        self._blocks: list[_Block] = []
        self._held: dict[int, dict[int, list[Carried]]] = defaultdict(dict)
        for unit in in_order(units[unit_id] for unit_id in held):
            for one in held[unit.id]:
                self._held[one.vintage].setdefault(unit.id, []).append(one)
        if self._held:
            self._begin(1, ())
        for n, vintage in enumerate(sorted(self._held, reverse=True), 1):
            self.vintages.append((self.many, vintage))
            self._begin(1, (n,), vintage)
            if detail == "group":
                continue
            for m, (unit_id, own) in enumerate(self._held[vintage].items(), 1):
                projects = together.get(unit_id, len(own)) if detail == "project" else 0
                self._begin(1 + projects, (n, m), vintage, units[unit_id])

    def _begin(self, rows: int, *block: Any) -> None:
        self._blocks.append(_Block(self.many, *block))
        self.many += rows

    def _shown(self, part: range) -> Sequence[_Block]:
        first = bisect_right(self._blocks, part.start, key=_BEGINS) - 1
        return self._blocks[max(0, first) : bisect_left(self._blocks, part.stop, key=_BEGINS)]

    def shown(self, part: range) -> set[int]:
        """The units of which a part shows something."""
        return {one.unit.id for one in self._shown(part) if one.unit is not None}

    def build(
        self,
        part: range,
        projects: Mapping[int, Any],
        apart: Mapping[int, Sequence[Carried]] | None = None,
    ) -> bool:
        """The rows of a part; False where they are not those that there should be. What units hold
        that are told `apart` is taken from there.
        """
        blocks = self._shown(part)
        for one in blocks:
            if len(self.rows) != one.begins - blocks[0].begins:
                return False
            self._block(one, projects, apart or {})
        if blocks:
            cut = slice(part.start - blocks[0].begins, part.stop - blocks[0].begins)
            self.rows, self.places = self.rows[cut], self.places[cut]
        return len(self.rows) == len(part)

    def _block(
        self,
        block: _Block,
        projects: Mapping[int, Any],
        apart: Mapping[int, Sequence[Carried]],
    ) -> None:
        _begins, numbers, vintage, unit = block
        if vintage is None:
            every = chain.from_iterable(by_unit.values() for by_unit in self._held.values())
            own = list(chain.from_iterable(every))
            self._add("total", "", self.name, numbers, own, CarriedPlace(depth=0))
        elif unit is None:
            own = list(chain.from_iterable(self._held[vintage].values()))
            place = CarriedPlace(depth=1)
            self._add("vintage", "", "", numbers, own, place, vintage=vintage)
        else:
            own = self._held[vintage][unit.id]
            if (told := apart.get(unit.id)) is not None:
                own = [one for one in told if one.vintage == vintage]
            self._unit(numbers, vintage, unit, own, projects)

    def _unit(
        self,
        numbers: tuple[int, ...],
        vintage: int,
        unit: Unit,
        own: Sequence[Carried],
        projects: Mapping[int, Any],
    ) -> None:
        whose: dict[str, Any] = {"vintage": vintage, "investor": unit.short_name}
        place = CarriedPlace(depth=2, investor_id=unit.id)
        self._add("investor", unit.code, unit.short_name, numbers, own, place, **whose)
        if self.detail != "project":
            return

        def order(one: Carried) -> tuple[str, int]:
            return projects[one.project_id].code, one.project_id

        for k, one in enumerate(sorted(own, key=order), 1):
            project = projects[one.project_id]
            place = CarriedPlace(depth=3, investor_id=unit.id, project_id=one.project_id)
            below = (*numbers, k)
            self._add("project", project.code, project.name, below, [one], place, **whose)

    def _add(
        self,
        level: str,
        code: str,
        name: str,
        numbers: Sequence[int],
        held: Sequence[Carried],
        place: CarriedPlace,
        *,
        vintage: int | None = None,
        investor: str = "",
    ) -> None:
        plan = paid = month = carried_on = over = 0
        untils: set[date] = set()
        decisions: set[tuple[date, str]] = set()
        for one in held:  # once, for each of the units of a nation
            plan += one.plan
            paid += one.paid
            month += one.month
            carried_on += one.carried_on
            over += one.over
            untils |= one.untils
            decisions.update(one.decisions)
        ended = [is_over(until, self.day) for until in untils]
        self.rows.append(
            CarriedRow(
                no=outline_number(numbers),
                level=level,
                vintage=vintage,
                code=code,
                name=name,
                investor=investor,
                plan_carried=plan,
                decision="; ".join(
                    f"{number} ({day:%d/%m/%Y})" for day, number in sorted(decisions)
                )
                if level != "total"
                else "",
                disburse_until=untils.pop() if len(untils) == 1 else None,
                disbursed_month=month,
                disbursed_carried=paid,
                rate_carried=rate(paid, plan),
                remaining=plan - paid,
                carried_on=carried_on,
                to_cancel=over if any(ended) else None,
                is_over=bool(ended) and all(ended),
            )
        )
        self.places.append(place)
