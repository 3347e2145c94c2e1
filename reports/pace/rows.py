"""The rows of the pace: units with the terms of their capital, and what each is made of."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from reports.facts import Unit, in_order, outline_number
from reports.pace.earlier import CARRIED, OF_YEAR, EarlierYear, Key
from reports.pace.held import Held
from reports.pace.measure import Measure, together
from reports.pace.terms import Term, Terms

_ROW = itemgetter(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class PaceRow:
    """One row; the fields up to `earlier_high` and their order are the keys. Amounts in đồng.

    `months_left` and `disburse_until` stand where all capital of the row has one term.
    `monthly_need` is what is left by the months left, rounded up; None once the term is over.
    `monthly_pace` is the mean of the last months, or a part of the plan set by hand; None where
    no month is reported. `at_pace` is what that pace would come to on the last day, at most the
    plan; `short` what would still be missing. `earlier_low` and `earlier_high`: what earlier
    years disbursed from this month on, in percent of their plan, beside `share_left`.
    """

    no: str
    level: str
    code: str
    name: str
    investor: str
    vintage: int | None
    plan_total: int
    disbursed_total: int
    remaining: int
    share_left: Decimal | None
    disburse_until: date | None
    months_left: int | None
    monthly_need: int | None
    monthly_pace: int | None
    times: Decimal | None
    at_pace: int
    short: int
    earlier_low: Decimal | None
    earlier_high: Decimal | None
    is_over: bool
    is_missing: bool
    recent: tuple[tuple[str, int], ...]
    earlier: tuple[EarlierYear, ...]


KEYS = (*(one.name for one in fields(PaceRow)[:-4]), "note")


@dataclass(frozen=True, kw_only=True, slots=True)
class PacePlace:
    """Where a row stands, and whose it is."""

    depth: int
    investor_id: int | None = None
    project_id: int | None = None
    vintage: int | None = None
    until: date | None = None


class RowBuilder:
    """Makes the rows, all `many` or some. What is measured is the capital of a unit with one
    vintage and one term; rows above add that up, rows of projects below are measured by
    themselves. `begins` tells of each unit the number of its row.
    """

    def __init__(
        self,
        *,
        terms: Terms,
        units: Mapping[int, Unit],
        projects: Mapping[int, tuple[str, str]],
        detail: str,
        name: str,
    ) -> None:
        self.terms, self.projects, self.detail, self.name = terms, projects, detail, name
        self.earlier: Mapping[Key, tuple[EarlierYear, ...]] = {}
        self.rows: list[PaceRow] = []
        self.places: list[PacePlace] = []
        self.begins: list[tuple[int, Unit]] = []
        self.many = 1 if units else 0  # the total; none where nobody holds anything
        if detail == "group":
            self.many += len({term for held in terms.held.values() for term in held})
            return
        for unit in in_order(units.values()):
            self.begins.append((self.many, unit))
            self.many += 1 + sum(map(self._rows_of, terms.held[unit.id].values()))

    def _rows_of(self, held: Sequence[Held]) -> int:
        """Those of a term of a unit."""
        return 1 + (sum(1 for _one in self._named(held)) if self.detail == "project" else 0)

    def shown(self, part: range) -> range:
        """The units of which a part shows something, by their place in `begins`."""
        first = bisect_right(self.begins, part.start, key=_ROW) - 1
        return range(max(0, first), bisect_left(self.begins, part.stop, key=_ROW))

    def build(self, part: range, earlier: Mapping[Key, tuple[EarlierYear, ...]]) -> None:
        """The rows of a part, beside what `earlier` years tell of the units that it shows."""
        self.earlier, units = earlier, self.shown(part)
        before = 1 if self.detail == "group" else self.begins[units[0]][0] if units else 0
        if 0 in part:
            before = 0
            self._total()
        if self.detail == "group":
            self._by_term()
        for n in units:
            self._unit(n + 1, self.begins[n][1])
        cut = slice(part.start - before, part.stop - before)
        self.rows, self.places = self.rows[cut], self.places[cut]

    def _total(self) -> None:
        whole = together(list(self.terms.all()))
        self._add("total", "", self.name, (), whole, PacePlace(depth=0),
                  self.earlier.get((None, None)))  # fmt: skip

    def _by_term(self) -> None:
        by_term: dict[Term, list[Measure]] = defaultdict(list)
        for unit_id in self.terms.held:
            for term, one in self.terms.of(unit_id).items():
                by_term[term].append(one)
        for n, term in enumerate(sorted(by_term), 1):
            place = PacePlace(depth=1, vintage=-term[0], until=term[1])
            self._add("vintage", "", "", (n,), together(by_term[term]), place,
                      self._earlier(None, term))  # fmt: skip

    def _unit(self, n: int, unit: Unit) -> None:
        terms = self.terms.of(unit.id)
        place = PacePlace(depth=1, investor_id=unit.id)
        self._add("investor", unit.code, unit.short_name, (n,), together(list(terms.values())),
                  place, self.earlier.get((unit.id, None)), unit=unit)  # fmt: skip
        for m, (term, found) in enumerate(terms.items(), 1):
            at: dict[str, Any] = {"investor_id": unit.id, "vintage": -term[0], "until": term[1]}
            self._add("vintage", "", "", (n, m), found, PacePlace(depth=2, **at),
                      self._earlier(unit.id, term), unit=unit)  # fmt: skip
            if self.detail != "project":
                continue
            held = self.terms.held[unit.id][term]
            for k, (code, name, one) in enumerate(sorted(self._named(held), key=_in_order), 1):
                place = PacePlace(depth=3, project_id=one.project_id, **at)
                self._add("project", code, name, (n, m, k),
                          self.terms.measured(unit.id, term, [one]), place, unit=unit)  # fmt: skip

    def _named(self, held: Sequence[Held]) -> Iterator[tuple[str, str, Held]]:
        for one in held:
            if (known := self.projects.get(one.project_id or 0)) is not None:
                yield *known, one

    def _earlier(self, unit_id: int | None, term: Term) -> tuple[EarlierYear, ...]:
        is_carried = -term[0] < self.terms.period.budget_year
        return self.earlier.get((unit_id, CARRIED if is_carried else OF_YEAR), ())

    def _add(
        self,
        level: str,
        code: str,
        name: str,
        numbers: Sequence[int],
        found: Measure,
        place: PacePlace,
        earlier: Sequence[EarlierYear] | None = None,
        *,
        unit: Unit | None = None,
    ) -> None:
        shares = [one.share for one in earlier or () if one.share is not None]
        self.rows.append(
            PaceRow(
                no=outline_number(numbers),
                level=level,
                code=code,
                name=name,
                investor=unit.short_name if unit is not None else "",
                vintage=place.vintage,
                plan_total=found.plan,
                disbursed_total=found.paid,
                remaining=found.remaining,
                share_left=found.share_left,
                disburse_until=found.until,
                months_left=found.left,
                monthly_need=found.need,
                monthly_pace=found.pace,
                times=found.times,
                at_pace=found.at_pace,
                short=found.short,
                earlier_low=min(shares, default=None),
                earlier_high=max(shares, default=None),
                is_over=found.is_over,
                is_missing=level == "investor"
                and unit is not None
                and unit.is_expected
                and not unit.has_figures,
                recent=tuple(sorted(found.recent.items())),
                earlier=tuple(earlier or ()),
            )
        )
        self.places.append(place)


def _in_order(named: tuple[str, str, Held]) -> tuple[str, int]:
    code, _name, one = named
    return code, one.project_id or 0
