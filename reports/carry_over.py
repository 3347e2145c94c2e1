"""Carried-over capital by the year it was given for (Biểu 04, domain §4.3 and §2.3)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from models import Period
from models.base import rate, sees_a_part
from models.capital import is_over
from reports.consolidated import CARRIED, OWN_TOTAL, TOTAL, FrozenFigure
from reports.facts import (
    Carried,
    Unit,
    by_owner,
    carried_by_unit,
    carried_capital,
    carrying_projects,
    in_order,
    outline_number,
    returns_of,
    units_of,
)
from reports.frozen import Frozen, carried_in, shown_version


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


@dataclass(frozen=True, kw_only=True, slots=True)
class CarryOver:
    """The report; a place for each row. `frozen` is the version that it is of; `lacks` the number
    of one that was to be shown and does not hold it.
    """

    period: Period
    rows: tuple[CarriedRow, ...]
    places: tuple[CarriedPlace, ...]
    frozen: Frozen | None = None
    lacks: int | None = None


def carry_over(
    session: Session,
    *,
    period: Period,
    detail: str = "investor",
    basis: str = "submitted",
    version: int | str | None = None,
) -> CarryOver:
    """Capital of earlier years as of the last day of a period: what may be disbursed, under which
    decision and until when, what is, and what becomes of the rest.

    State budget sources only; the total is the carried-over capital of the consolidated report
    of the same state: a locked period shows its newest version, or the one asked for, `version`
    "live" the entries as they are now. The youngest vintage comes first. A fixed number of
    queries.
    """
    frozen = shown_version(session, period, version, basis)
    kept = carried_in(frozen) if frozen is not None else None
    lacks = frozen.number if frozen is not None and kept is None else None
    if frozen is None or kept is None:
        frozen = None
        projects: Mapping[int, Any] = {}
        by_kept = None if detail == "project" else carried_by_unit(session, period, basis)
        if by_kept is None:
            kept = tuple(carried_capital(session, period, basis))
            projects = carrying_projects(session, period, basis, kept)
        held = by_owner(kept or (), projects) if by_kept is None else by_kept
        returns = returns_of(session, period, basis)
        units: Mapping[int, Unit] = units_of(session, period, returns, held.keys())
    else:
        projects = {line.project_id: line for line in frozen.source.lines}
        units, held = frozen.source.units, by_owner(kept, projects)
    builder = _Builder(projects, units, held, detail, period.data_to)
    if kept or held:
        builder.total(OWN_TOTAL if sees_a_part(session) else TOTAL)
    return CarryOver(
        period=period,
        rows=tuple(builder.rows),
        places=tuple(builder.places),
        frozen=frozen,
        lacks=lacks,
    )


class _Builder:
    """Makes the rows: all, the vintages, their investors, their projects."""

    def __init__(
        self,
        projects: Mapping[int, Any],
        units: Mapping[int, Unit],
        held: Mapping[int, Sequence[Carried]],
        detail: str,
        day: date,
    ) -> None:
        self.projects, self.units, self.held = projects, units, held
        self.detail, self.day = detail, day
        self.rows: list[CarriedRow] = []
        self.places: list[CarriedPlace] = []

    def total(self, name: str) -> None:
        by_vintage: dict[int, dict[int, list[Carried]]] = defaultdict(dict)
        for unit in in_order(self.units[unit_id] for unit_id in self.held):
            for one in self.held[unit.id]:
                by_vintage[one.vintage].setdefault(unit.id, []).append(one)
        every = list(chain.from_iterable(self.held.values()))
        self._add("total", "", name, (), every, CarriedPlace(depth=0))
        for n, vintage in enumerate(sorted(by_vintage, reverse=True), 1):
            own = list(chain.from_iterable(by_vintage[vintage].values()))
            self._add("vintage", "", "", (n,), own, CarriedPlace(depth=1), vintage=vintage)
            if self.detail != "group":
                self._investors(n, vintage, by_vintage[vintage])

    def _investors(self, n: int, vintage: int, held: Mapping[int, Sequence[Carried]]) -> None:
        for m, (unit_id, own) in enumerate(held.items(), 1):
            unit, place = self.units[unit_id], CarriedPlace(depth=2, investor_id=unit_id)
            self._add(
                "investor", unit.code, unit.short_name, (n, m), own, place,
                vintage=vintage, investor=unit.short_name,
            )  # fmt: skip
            if self.detail != "project":
                continue
            for k, one in enumerate(sorted(own, key=self._order), 1):
                project = self.projects[one.project_id]
                place = CarriedPlace(depth=3, investor_id=unit.id, project_id=one.project_id)
                self._add(
                    "project", project.code, project.name, (n, m, k), [one], place,
                    vintage=vintage, investor=unit.short_name,
                )  # fmt: skip

    def _order(self, one: Carried) -> tuple[str, int]:
        return self.projects[one.project_id].code, one.project_id

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


def frozen_carried(
    session: Session,
    *,
    period: Period,
    column: str,
    vintage: int | str,
    version: int | str | None = None,
    basis: str = "submitted",
    investor_id: int | None = None,
    project_id: int | None = None,
) -> FrozenFigure | None:
    """A figure of Biểu 04 as a version shows it, beside that of the entries of now.

    None where no version is shown, where it was frozen without this form, and for a column that
    the form does not have. `vintage` CARRIED are all earlier years.
    """
    frozen = shown_version(session, period, version, basis)
    kept = carried_in(frozen) if frozen is not None else None
    if frozen is None or kept is None or column not in FIGURES:
        return None
    live = carried_capital(session, period, basis)
    lines = {line.project_id: line for line in frozen.source.lines}
    now = carrying_projects(session, period, basis, live)
    figures = []
    for projects, held in ((lines, kept), (now, live)):
        owners = {project_id: one.investor_id for project_id, one in projects.items()}
        own = [
            one
            for one in held
            if vintage in (CARRIED, one.vintage)
            and one.project_id in owners
            and project_id in (None, one.project_id)
            and investor_id in (None, owners[one.project_id])
        ]
        figures.append(_figure(column, own))
    return FrozenFigure(number=frozen.number, frozen=figures[0], live=figures[1])


def _figure(column: str, held: Sequence[Carried]) -> int | Decimal | None:
    plan, paid = sum(one.plan for one in held), sum(one.paid for one in held)
    made: dict[str, int | Decimal | None] = {
        "plan_carried": plan,
        "disbursed_month": sum(one.month for one in held),
        "disbursed_carried": paid,
        "rate_carried": rate(paid, plan),
        "remaining": plan - paid,
    }
    return made[column]
