"""Capital by unit and term as the sums tell it that are kept of each unit (`reports.facts.kept`).

They tell capital of the year from what was carried over. Either is a term where the unit has no
capital with a last day of its own, and carried over of one vintage alone; what is disbursed in a
month is what the sum up to it is more than the one before, where no capital was moved meanwhile.
Units of which they do not tell all are added up, like those of which something has changed.
"""

from collections.abc import Sequence
from functools import cache
from itertools import chain, pairwise
from typing import Any

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from models import Allocation, Period
from models.base import among
from models.capital import IS_CARRIED, last_day, terms_of
from models.ledger import IN_BUDGET, Question, add_up, counted_periods, moved_during
from reports.facts import kinds_by_unit, money_rows, stale_of
from reports.pace.held import Held, held_capital


def held_by_kept(
    session: Session, period: Period, basis: str, recent: Sequence[Period]
) -> list[Held] | None:
    """The same as `held_capital`, of all units; None where that has to be asked."""
    counted = session.scalars(
        select(Period).where(counted_periods(period)).order_by(Period.data_to)
    ).all()
    months = counted[-len(recent) - 1 :] if recent else []  # with the one before, if there is one
    periods = list({one.id: one for one in (period, *months)}.values())
    if (stale := stale_of(session, periods, basis)) is None:
        return None
    first = min(one.data_to for one in periods)
    unsaid = set(chain.from_iterable(moved_during(session, first, period.data_to)))
    unsaid |= _giving_back(session, period, basis, counted)
    terms, capital = terms_of(session, period.budget_year), _capital(session, period)
    until = cache(lambda of: last_day(period.budget_year, of, own=None, terms=terms))
    kept = dict(kinds_by_unit(session, periods, stale))
    places = [periods.index(one) for one in months]
    has_before = len(months) > len(recent)
    nothing = (0,) * (1 + len(periods))
    found: list[Held] = []
    for unit in (capital.keys() | kept.keys()) - stale.units - unsaid:
        own = capital.get(unit)
        vintages = (own.of_year and period.budget_year, own.oldest) if own else (None, None)
        held: list[Held] = []
        for vintage, (plan, *paid) in zip(
            vintages, kept.get(unit, (nothing, nothing)), strict=True
        ):
            if not vintage and not plan and not any(paid):
                continue
            if not vintage or not (plan or paid[0]) or _has_more_terms(own):
                unsaid.add(unit)  # what comes to nothing may be made of what does not
                break
            sums = [0, *(paid[place] for place in places)][has_before:]
            nets = [after - before for before, after in pairwise(sums)]
            held.append(
                Held(
                    investor_id=unit,
                    project_id=None,
                    vintage=vintage,
                    until=until(vintage),
                    plan=plan,
                    paid=paid[0],
                    recent={one.code: net for one, net in zip(recent, nets, strict=True) if net},
                )
            )
        else:
            found += held
    if (stale := stale.with_units(unsaid)) is None:
        return None
    if stale.units:
        found += held_capital(session, period, basis, recent, stale.units)
    return found if stale.is_still_so(session) else None


def _has_more_terms(own: Any) -> bool:
    return bool(own.days) or own.oldest != own.newest


def _giving_back(
    session: Session, period: Period, basis: str, counted: Sequence[Period]
) -> set[int]:
    """Units of whose capital of the year a month took back: only then a project can have had
    something in a month, and nothing in all, which is no capital that is held.
    """
    rows = add_up(
        session,
        lambda reported: Question(
            by={"investor_id": Allocation.investor_id},
            sums={"net": reported.net},
            where=(
                money_rows(period),
                among(reported.report.period_id, [one.id for one in counted]),
                reported.net < literal_column("0"),  # as the index says it that holds these alone
            ),
        ),
        basis=basis,
        day=period.data_to,
    )
    return {row.investor_id for row in rows}


def _capital(session: Session, period: Period) -> dict[int, Any]:
    """By unit: how much capital `of_year` it has, how much with `days` of its own, and of which
    vintages the `oldest` and the `newest` of what was carried over is.
    """
    carried = case((IS_CARRIED, Allocation.vintage))
    rows = session.execute(
        select(
            Allocation.investor_id,
            func.count(case((~IS_CARRIED, 1))).label("of_year"),
            func.count(Allocation.disburse_until).label("days"),
            func.min(carried).label("oldest"),
            func.max(carried).label("newest"),
        )
        .where(Allocation.budget_year == period.budget_year, IN_BUDGET)
        .group_by(Allocation.investor_id)
    )
    return {row.investor_id: row for row in rows}
