"""The money before and after the sheet of a unit: cumulative sums, advances, later months."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from models.calendar import Period, typed_for
from models.capital import Allocation, AllocationLine
from models.ledger import Question, Source, summing
from models.returns import AMOUNTS


class ASKED:
    """Sheets of one period as the parameters of a statement, which is made once: a sheet asks for
    several sums, and to make the expression of one costs more than its answer.
    """

    budget_year: ClassVar[BindParameter[Any]] = bindparam("budget_year", type_=Integer)
    data_to: ClassVar[BindParameter[Any]] = bindparam("data_to", type_=Date)
    investors: ClassVar[BindParameter[Any]] = bindparam(
        "investors", type_=BigInteger, expanding=True
    )
    units: ClassVar[BindParameter[Any]] = bindparam("units", type_=BigInteger, expanding=True)
    origins: ClassVar[BindParameter[Any]] = bindparam("origins", type_=BigInteger, expanding=True)


def sums_of_sheet(
    session: Session,
    ask: Callable[[Source], Question],
    period: Period,
    investors: Sequence[int],
    *,
    units: Sequence[int] = (),
    origins: Mapping[int, int] | None = None,
    is_placed: bool = False,
) -> Sequence[Row[Any]]:
    """What counts for these units themselves, drafts included, by a function that asks with
    `ASKED`.

    `is_placed`: amounts count with the unit that holds the capital at the end of the period.
    """
    values = given(period, investors, units=units, origins=origins)
    return session.execute(_kept(ask, is_placed=is_placed), values).all()


def given(
    period: Period,
    investors: Sequence[int],
    *,
    units: Sequence[int] = (),
    origins: Mapping[int, int] | None = None,
) -> dict[str, Any]:
    """The values of `ASKED` for the sheets of these units."""
    return {
        "budget_year": period.budget_year,
        "data_to": period.data_to,
        "investors": list(investors),
        "units": list(units),
        "origins": list(origins or ()),
    }


@cache
def _kept(ask: Callable[[Source], Question], *, is_placed: bool) -> Select[Any]:
    return summing(ask, basis="known", day=ASKED.data_to if is_placed else None, memo=True)


def earlier_periods() -> ColumnElement[bool]:
    """Condition on Period: the earlier ones whose figures belong to the same budget year."""
    return and_(typed_for(ASKED.budget_year), Period.data_to < ASKED.data_to)


def before_it() -> ColumnElement[bool]:
    """Condition on Period: it ended before, in whatever budget year."""
    return or_(
        Period.data_to < ASKED.data_to,
        and_(Period.data_to == ASKED.data_to, Period.budget_year < ASKED.budget_year),
    )


def of_their_projects(row: Any) -> ColumnElement[bool]:
    """Condition on entries, or on capital: of these units, or of what their projects carry on.
    Who asks names all `ASKED.units` as well: it is by its unit that a row is looked for.
    """
    return or_(row.investor_id.in_(ASKED.investors), row.project_id.in_(ASKED.origins))


@dataclass(frozen=True, kw_only=True, slots=True)
class LaterMonth:
    """What was reported on an allocation after the period; đồng.

    `plan` is what decisions in force after the period add to the plan by then.
    """

    period: str
    net: int
    advance: int
    recovered: int
    plan: int


def _later(reported: Source) -> Question:
    return Question(
        by={"allocation_id": Allocation.id, "day": Period.data_to, "code": Period.code},
        sums={
            "net": reported.net,
            "advance": reported.money.advance,
            "recovered": reported.money.recovered,
        },
        where=(
            reported.money.investor_id.in_(ASKED.investors),
            typed_for(ASKED.budget_year),
            Period.data_to > ASKED.data_to,
        ),
    )


def later_months(
    session: Session, period: Period, investors: Sequence[int]
) -> dict[int, tuple[LaterMonth, ...]]:
    """By allocation: the later months of the budget year that rest on this one, in order."""
    rows = sums_of_sheet(session, _later, period, investors)
    if not rows:
        return {}
    lines = session.execute(
        select(
            AllocationLine.allocation_id, AllocationLine.effective_on, AllocationLine.amount
        ).where(
            AllocationLine.investor_id.in_(investors),
            AllocationLine.allocation_id.in_({row.allocation_id for row in rows}),
            AllocationLine.effective_on > period.data_to,
        )
    ).all()
    found: dict[int, list[LaterMonth]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: one.day):
        found[row.allocation_id].append(
            LaterMonth(
                period=row.code,
                net=int(row.net),
                advance=int(row.advance),
                recovered=int(row.recovered),
                plan=sum(
                    line.amount
                    for line in lines
                    if line.allocation_id == row.allocation_id and line.effective_on <= row.day
                ),
            )
        )
    return {allocation_id: tuple(months) for allocation_id, months in found.items()}


def _earlier(reported: Source) -> Question:
    latest = select(func.max(Period.data_to)).where(earlier_periods()).scalar_subquery()
    return Question(
        by={"allocation_id": Allocation.id},
        sums={"before": reported.net, "last": case((Period.data_to == latest, reported.net))},
        where=(
            reported.money.investor_id.in_(ASKED.units),
            Allocation.investor_id.in_(ASKED.investors),
            earlier_periods(),
        ),
    )


def earlier_amounts(
    session: Session, period: Period, investors: Sequence[int], units: Sequence[int]
) -> dict[int, tuple[int, int | None]]:
    """By allocation: cumulative net of the budget year, net of the period just before.

    What a predecessor disbursed counts with the unit that holds the capital now (domain §6.3):
    `units` are these units and those before them.
    """
    rows = sums_of_sheet(session, _earlier, period, investors, units=units, is_placed=True)
    return {
        row.allocation_id: (
            int(row.before),
            None if row.last is None else int(row.last),
        )
        for row in rows
    }


Key = tuple[int, str, str, int]


def _advances(reported: Source) -> Question:
    return Question(
        by={
            "project_id": Allocation.project_id,
            "source": Allocation.source,
            "nature": Allocation.nature,
            "vintage": Allocation.vintage,
        },
        sums={name: getattr(reported.money, name) for name in AMOUNTS},
        where=(
            reported.money.investor_id.in_(ASKED.units),
            of_their_projects(Allocation),
            before_it(),
        ),
    )


def advance_balances(
    session: Session,
    period: Period,
    investors: Sequence[int],
    units: Sequence[int],
    origins: Mapping[int, int],
) -> dict[Key, int]:
    """Advance not yet settled by (project, source, nature, vintage), in đồng, before the period.

    It follows the capital from year to year: what was advanced in the year of the capital can be
    recovered in the year into which it was carried over (domain §3.2). Money paid back is volume
    money first; only what is more than the volume paid for lowers the balance.
    """
    rows = sums_of_sheet(
        session, _advances, period, investors, units=units, origins=origins, is_placed=True
    )
    sums: dict[Key, Counter[str]] = defaultdict(Counter)
    for row in rows:
        project_id = origins.get(row.project_id, row.project_id)
        key = (project_id, str(row.source), str(row.nature), row.vintage)
        sums[key].update({name: int(getattr(row, name)) for name in AMOUNTS})
    return {key: _unsettled(one) for key, one in sums.items()}


def _unsettled(sums: Mapping[str, int]) -> int:
    paid_for = sums["completed"] - sums["recovered"]
    return max(0, sums["advance"] - sums["recovered"] - max(0, sums["returned"] - paid_for))
