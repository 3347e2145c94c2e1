"""Sums that are kept, for capital of the year and for what was carried over: by unit."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select, union_all
from sqlalchemy.orm import Session

from models import WHOLE, OfficeSum, Period, UnitSum
from models.base import among, summed
from reports.facts.figures import plan_of
from reports.facts.kept import Stale

# of the year, carried over: the plan, and what is disbursed by period
Kinds = tuple[tuple[int, ...], tuple[int, ...]]


def kinds_by_unit(
    session: Session,
    periods: Sequence[Period],
    stale: Stale,
    of: Collection[int] | None = None,
) -> Iterator[tuple[int, Kinds]]:
    """Of each unit that is not stale, or each `of` these, for capital of the year and for what was
    carried over: the plan of the first of these periods, and what is disbursed up to each of
    them, in đồng.
    """
    asked = (
        _of_kinds(UnitSum, periods, stale)
        .add_columns(UnitSum.investor_id)
        .where(~among(UnitSum.investor_id, stale.units))
    )
    if of is not None:
        asked = asked.where(among(UnitSum.investor_id, of))
    each = asked.subquery("each")
    rows = session.execute(
        select(each.c.investor_id, *_beside(each, periods)).group_by(each.c.investor_id)
    )
    for unit, *amounts in rows:
        yield unit, _by_kind(amounts)


def kinds_of_others(
    session: Session, periods: Sequence[Period], stale: Stale, but: Collection[int]
) -> Kinds:
    """The same of all units together that are not stale, `but` these."""
    office = _of_kinds(OfficeSum, periods, stale)
    less = _of_kinds(UnitSum, periods, stale, -1)
    units = among(UnitSum.investor_id, stale.units.union(but))
    each = union_all(office, less.where(units)).subquery("each")
    return _by_kind(session.execute(select(*_beside(each, periods))).one())


def _of_kinds(kept: Any, periods: Sequence[Period], stale: Stale, sign: int = 1) -> Select[Any]:
    """Plan and what is disbursed, of the year and carried over, of UnitSum or OfficeSum."""
    kinds = {
        "plan_year": plan_of(kept) - kept.plan_carried,
        "paid_year": kept.disbursed_year,
        "plan_carried": kept.plan_carried,
        "paid_carried": kept.disbursed_carried,
    }
    amounts = ((sign * amount).label(name) for name, amount in kinds.items())
    return select(kept.period_id, *amounts).where(
        among(kept.period_id, [period.id for period in periods]),
        kept.basis == stale.basis,
        kept.component_id == WHOLE,
    )


def _beside(each: Any, periods: Sequence[Period]) -> Iterator[ColumnElement[int]]:
    """Of such rows and either kind: the plan of the first period, what is disbursed by period."""
    for kind in ("year", "carried"):
        for period, name in ((periods[0], "plan"), *((period, "paid") for period in periods)):
            amount = case((each.c.period_id == period.id, each.c[f"{name}_{kind}"]), else_=0)
            yield summed(amount)


def _by_kind(amounts: Sequence[int]) -> Kinds:
    """What `_beside` asked for: of the year first, then what was carried over."""
    half = len(amounts) // 2
    return tuple(amounts[:half]), tuple(amounts[half:])
