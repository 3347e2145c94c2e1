"""What is left to disburse, until when, and what a month that takes: need, not forecast.

Every figure rests on what was decided and reported; what comes is only compared: with the pace of
the last months or one set by hand, and with what earlier years disbursed from the same month on.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Period, Project
from models.base import sees_a_part
from reports.consolidated import OWN_TOTAL, TOTAL
from reports.facts import Unit, has_capital, in_order, outline_number, returns_of, units_of
from reports.pace.earlier import CARRIED, OF_YEAR, EarlierYear, Key, earlier_years
from reports.pace.held import Held
from reports.pace.measure import Measure, together
from reports.pace.terms import Term, Terms


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
    unit: int | None = None,
) -> Pace:
    """Capital of the budget year as of the last day of a period, by unit and by term.

    State budget sources only, entries as they are now. With `detail` group the whole district by
    term, with project also what each term is made of. A fixed number of queries. `unit`: the rows
    of this one alone.
    """
    terms = Terms(
        session, period, basis, by_hand=by_hand, unit=unit, by_project=detail == "project"
    )
    builder = _Builder(
        terms=terms,
        units=units_of(
            session, period, returns_of(session, period, basis), terms.held.keys(), unit
        ),
        projects=_projects(session, period, unit) if detail == "project" else {},
        earlier=earlier_years(session, period, basis, terms.heirs, unit),
        detail=detail,
    )
    builder.total(OWN_TOTAL if sees_a_part(session) else TOTAL)
    return Pace(
        period=period,
        months=tuple(one.code for one in terms.months),
        by_hand=by_hand,
        rows=tuple(builder.rows),
        places=tuple(builder.places),
    )


def _projects(session: Session, period: Period, unit: int | None) -> dict[int, tuple[str, str]]:
    """Code and name of the projects that hold capital of the budget year. One query."""
    of_unit = () if unit is None else (Project.investor_id == unit,)
    rows = session.execute(
        select(Project.id, Project.code, Project.name).where(
            has_capital(period.budget_year), *of_unit
        )
    )
    return {key: (code, name) for key, code, name in rows}


class _Builder:
    """Makes the rows. What is measured is the capital of a unit with one vintage and one term;
    rows above add that up, rows of projects below are measured by themselves.
    """

    def __init__(
        self,
        *,
        terms: Terms,
        units: Mapping[int, Unit],
        projects: Mapping[int, tuple[str, str]],
        earlier: Mapping[Key, tuple[EarlierYear, ...]],
        detail: str,
    ) -> None:
        self.terms, self.projects, self.earlier, self.detail = terms, projects, earlier, detail
        self.measured = [(unit, terms.of(unit.id)) for unit in in_order(units.values())]
        self.rows: list[PaceRow] = []
        self.places: list[PacePlace] = []

    def total(self, name: str) -> None:
        """All rows; none where nobody holds anything."""
        by_term: dict[Term, list[Measure]] = defaultdict(list)
        for _unit, found in self.measured:
            for term, one in found.items():
                by_term[term].append(one)
        if not by_term:
            return
        whole = together([one for parts in by_term.values() for one in parts])
        self._add("total", "", name, (), whole, PacePlace(depth=0), self.earlier.get((None, None)))
        if self.detail == "group":
            for n, term in enumerate(sorted(by_term), 1):
                place = PacePlace(depth=1, vintage=-term[0], until=term[1])
                self._add("vintage", "", "", (n,), together(by_term[term]), place,
                          self._earlier(None, term))  # fmt: skip
            return
        for n, (unit, found) in enumerate(self.measured, 1):
            self._unit(n, unit, found)

    def _unit(self, n: int, unit: Unit, terms: Mapping[Term, Measure]) -> None:
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
