"""Capital as it is held, by unit and by the day until which it may be disbursed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import add

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from models import Period
from models.calendar import MONEY_KINDS
from models.ledger import counted_periods, held_by, reported_in
from reports.facts import SUMS_FROM, all_after, allocation_rows

MONTHS = 3  # how many of the last months make the pace


@dataclass(kw_only=True, slots=True)
class Held:
    """What a unit, or one project of it, holds of one vintage until one last day, in đồng;
    `recent` are the nets of the last months by period, of those in which there is one.
    """

    investor_id: int
    project_id: int | None
    vintage: int
    until: date
    plan: int = 0
    paid: int = 0
    recent: dict[str, int] = field(default_factory=dict)


def held_capital(
    session: Session,
    period: Period,
    basis: str,
    recent: Sequence[Period],
    units: Collection[int] | None = None,
    *,
    by_project: bool = False,
) -> list[Held]:
    """State budget capital of the budget year as of the last day of a period, or what some units
    hold of it. Three queries.

    What a project holds of a term counts where there is a plan or a disbursement of it in all.
    """
    amounts: dict[tuple[int, int, int, date], Sequence[int]] = {}
    nothing = (0,) * (1 + len(recent))
    for plan, money, until in allocation_rows(
        session,
        period,
        basis,
        lambda reported: {
            "total": reported.net,
            **{
                f"month{n}": case((Period.id == one.id, reported.net), else_=0)
                for n, one in enumerate(recent)
            },
        },
        *held_by(units),
    ):
        what = plan or money
        key = what.investor_id, what.project_id, what.vintage, until
        more = (plan.plan if plan else 0, *(money[SUMS_FROM:] if money else nothing))
        known = amounts.get(key)
        amounts[key] = tuple(map(add, known, more)) if known else more
    found: dict[tuple[int, int | None, int, date], Held] = {}
    for (owner, project, vintage, until), (planned, paid, *months) in amounts.items():
        if not (planned or paid):
            continue
        place = owner, project if by_project else None, vintage, until
        if (one := found.get(place)) is None:
            one = found[place] = Held(
                investor_id=owner, project_id=place[1], vintage=vintage, until=until
            )
        one.plan += planned
        one.paid += paid
        for month, net in zip(recent, months, strict=True):
            if net:
                one.recent[month.code] = one.recent.get(month.code, 0) + net
    return list(found.values())


def recent_months(session: Session, period: Period) -> list[Period]:
    """The last months of the budget year whose figures are in those of a period, oldest first."""
    newest = session.scalars(
        select(Period).where(counted_periods(period)).order_by(Period.data_to.desc()).limit(MONTHS)
    ).all()
    return list(reversed(newest))


def months_reported(
    session: Session,
    months: Sequence[Period],
    basis: str,
    successors: Mapping[int, list[int]],
) -> dict[int, tuple[str, ...]]:
    """By unit: the months of which it has reported, or a unit that it stands in the place of.

    A month that is missing is not one with nothing disbursed. As many queries as months.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for month in months:
        units = set(session.scalars(reported_in(basis), {"period_id": month.id}))
        units.update(*(all_after(sender, successors) for sender in units & successors.keys()))
        for unit in units:
            found[unit].append(month.code)
    return {unit: tuple(codes) for unit, codes in found.items()}


def months_left(data_to: date, until: date) -> int:
    """Months after `data_to` in which capital may still be disbursed, one that has begun or ends
    with the last day counted whole; 0 once the last day is reached.
    """
    first = data_to + timedelta(days=1)
    if until < first:
        return 0
    whole = (until.year - first.year) * 12 + until.month - first.month
    return whole + (until.day >= first.day)


def earlier_numbers(session: Session, budget_year: int) -> dict[int, dict[int, Period]]:
    """The months of earlier budget years by year and number (13: the closing period)."""
    found: dict[int, dict[int, Period]] = defaultdict(dict)
    for one in session.scalars(
        select(Period).where(Period.budget_year < budget_year, Period.kind.in_(MONEY_KINDS))
    ):
        found[one.budget_year][one.number] = one
    return found
