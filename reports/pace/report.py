"""What is left to disburse, until when, and what a month that takes: need, not forecast.

Every figure rests on what was decided and reported; what comes is only compared: with the pace of
the last months or one set by hand, and with what earlier years disbursed from the same month on.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from models import Period
from models.base import sees_a_part
from reports.consolidated import OWN_TOTAL, TOTAL
from reports.facts import Line, Source, Unit, gather, outline_number
from reports.pace.earlier import CARRIED, OF_YEAR, EarlierYear, Key, earlier_years
from reports.pace.held import (
    Held,
    heirs_on,
    held_capital,
    months_left,
    months_reported,
    recent_months,
)
from reports.pace.measure import Measure, measured, together

Term = tuple[int, date]  # the vintage with a minus, so that the youngest comes first


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """The report; a place for each row. `months` are those of the pace, oldest first; `by_hand`
    is a pace in percent of the plan a month.
    """

    period: Period
    months: tuple[str, ...]
    by_hand: Decimal | None
    rows: tuple[PaceRow, ...]
    places: tuple[PacePlace, ...]


def pace(
    session: Session,
    *,
    period: Period,
    detail: str = "investor",
    basis: str = "submitted",
    by_hand: Decimal | None = None,
    live: Source | None = None,
    unit: int | None = None,
) -> Pace:
    """Capital of the budget year as of the last day of a period, by unit and by term.

    State budget sources only, entries as they are now. With `detail` group the whole district by
    term, with project also what each term is made of. A fixed number of queries. `live`: the
    entries as they are now, of who has read them already. `unit`: the rows of this one alone.
    """
    source = live or gather(session, period=period, basis=basis, unit=unit)
    months = recent_months(session, period)
    heirs = heirs_on(session, period.data_to)
    builder = _Builder(
        period=period,
        units=source.units,
        projects={line.project_id: line for line in source.lines},
        held=held_capital(session, period, basis, months, unit),
        reported=months_reported(session, months, basis, heirs),
        earlier=earlier_years(session, period, basis, heirs, unit),
        by_hand=by_hand,
        detail=detail,
    )
    if builder.by_unit:
        builder.total(OWN_TOTAL if sees_a_part(session) else TOTAL)
    return Pace(
        period=period,
        months=tuple(one.code for one in months),
        by_hand=by_hand,
        rows=tuple(builder.rows),
        places=tuple(builder.places),
    )


class _Builder:
    """Makes the rows. What is measured is the capital of a unit with one vintage and one term;
    rows above add that up, rows of projects below are measured by themselves.
    """

    def __init__(
        self,
        *,
        period: Period,
        units: Mapping[int, Unit],
        projects: Mapping[int, Line],
        held: Sequence[Held],
        reported: Mapping[int, tuple[str, ...]],
        earlier: Mapping[Key, tuple[EarlierYear, ...]],
        by_hand: Decimal | None,
        detail: str,
    ) -> None:
        self.period, self.units, self.projects = period, units, projects
        self.reported, self.earlier = reported, earlier
        self.by_hand, self.detail = by_hand, detail
        self.rows: list[PaceRow] = []
        self.places: list[PacePlace] = []
        self.by_unit: dict[int, dict[Term, list[Held]]] = defaultdict(lambda: defaultdict(list))
        for one in held:
            if one.project_id in projects:
                unit_id = projects[one.project_id].investor_id
                self.by_unit[unit_id][-one.vintage, one.until].append(one)

    def total(self, name: str) -> None:
        """All rows."""
        units = sorted(
            (self.units[unit_id] for unit_id in self.by_unit),
            key=lambda one: (one.sort_order, one.code, one.id),
        )
        by_term: dict[Term, list[Measure]] = defaultdict(list)
        for unit in units:
            for term, held in self.by_unit[unit.id].items():
                by_term[term].append(self._measured(unit.id, term, held))
        whole = together([one for parts in by_term.values() for one in parts])
        self._add("total", "", name, (), whole, PacePlace(depth=0), self.earlier.get((None, None)))
        if self.detail == "group":
            for n, term in enumerate(sorted(by_term), 1):
                place = PacePlace(depth=1, vintage=-term[0], until=term[1])
                self._add("vintage", "", "", (n,), together(by_term[term]), place,
                          self._earlier(None, term))  # fmt: skip
            return
        for n, unit in enumerate(units, 1):
            self._unit(n, unit)

    def _unit(self, n: int, unit: Unit) -> None:
        terms = {
            term: self._measured(unit.id, term, self.by_unit[unit.id][term])
            for term in sorted(self.by_unit[unit.id])
        }
        place = PacePlace(depth=1, investor_id=unit.id)
        self._add("investor", unit.code, unit.short_name, (n,), together(list(terms.values())),
                  place, self.earlier.get((unit.id, None)), unit=unit)  # fmt: skip
        for m, (term, found) in enumerate(terms.items(), 1):
            at: dict[str, Any] = {"investor_id": unit.id, "vintage": -term[0], "until": term[1]}
            self._add("vintage", "", "", (n, m), found, PacePlace(depth=2, **at),
                      self._earlier(unit.id, term), unit=unit)  # fmt: skip
            if self.detail != "project":
                continue
            for k, one in enumerate(sorted(self.by_unit[unit.id][term], key=self._order), 1):
                line = self.projects[one.project_id]
                place = PacePlace(depth=3, project_id=one.project_id, **at)
                self._add("project", line.code, line.name, (n, m, k),
                          self._measured(unit.id, term, [one]), place, unit=unit)  # fmt: skip

    def _measured(self, unit_id: int, term: Term, held: Sequence[Held]) -> Measure:
        recent: dict[str, int] = dict.fromkeys(self.reported.get(unit_id, ()), 0)
        for one in held:
            for code, amount in one.recent.items():
                if code in recent or amount:
                    recent[code] = recent.get(code, 0) + amount
        return measured(
            plan=sum(one.plan for one in held),
            paid=sum(one.paid for one in held),
            recent=recent,
            until=term[1],
            left=months_left(self.period.data_to, term[1]),
            by_hand=self.by_hand,
        )

    def _earlier(self, unit_id: int | None, term: Term) -> tuple[EarlierYear, ...]:
        is_carried = -term[0] < self.period.budget_year
        return self.earlier.get((unit_id, CARRIED if is_carried else OF_YEAR), ())

    def _order(self, one: Held) -> tuple[str, int]:
        return self.projects[one.project_id].code, one.project_id

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
