"""What earlier budget years disbursed from the same month on: a measure, not a forecast."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from models import Allocation, AllocationLine, Period
from models.base import among, rate
from models.ledger import IN_BUDGET, MONEY_KINDS, Question, add_up
from reports.facts import month_of, own_line
from reports.pace.held import earlier_numbers, heir_of

YEARS = 5  # how far back
LAST_MONTH, CLOSING = 12, 13
OF_YEAR, CARRIED = "year", "carried"
Key = tuple[int | None, str | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierYear:
    """One budget year of a unit, in đồng: the plan at the end of December, what was disbursed up
    to the month asked about, and from then on. `until` and `last` are codes of periods; `kind`
    tells capital of the year from what was carried over, None is both.
    """

    year: int
    plan: int
    before: int
    after: int
    until: str
    last: str
    kind: str | None

    @property
    def share(self) -> Decimal | None:
        """Disbursed from this month on, in percent of the plan."""
        return rate(self.after, self.plan)


def earlier_years(
    session: Session, period: Period, basis: str, heirs: Mapping[int, int], unit: int | None
) -> dict[Key, tuple[EarlierYear, ...]]:
    """By unit and kind of capital (None: all of them), oldest first. Three queries. `unit`: this
    one alone, with those in whose place it stands.

    Only years of which the same month and the last one are known, and which are over.
    """
    number = month_of(period)
    known = earlier_numbers(session, period.budget_year)
    years = {
        year: (months[number], months.get(CLOSING) or months[LAST_MONTH])
        for year, months in known.items()
        if year >= period.budget_year - YEARS
        and number in months
        and number < LAST_MONTH
        and LAST_MONTH in months
        and all(one.data_to < period.data_from for one in months.values())
    }
    if not years:
        return {}
    where: tuple[ColumnElement[bool], ...] = ()
    if unit is not None:
        own = {unit, *(before for before in heirs if heir_of(before, heirs) == unit)}
        where = (among(Allocation.investor_id, own),)
    sums: dict[Key, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    carried = case((Allocation.vintage < Allocation.budget_year, 1), else_=0)
    plans = session.execute(
        select(
            Allocation.budget_year.label("year"),
            Allocation.investor_id,
            carried.label("is_carried"),
            func.sum(AllocationLine.amount).label("plan"),
        )
        .join(AllocationLine, own_line(Allocation))
        .where(
            IN_BUDGET,
            *where,
            or_(
                *(
                    and_(
                        Allocation.budget_year == year,
                        AllocationLine.effective_on <= known[year][LAST_MONTH].data_to,
                    )
                    for year in years
                )
            ),
        )
        .group_by(Allocation.budget_year, Allocation.investor_id, carried)
    )
    for row in plans:
        for key in _keys(heir_of(row.investor_id, heirs), row.is_carried):
            sums[key][row.year][0] += int(row.plan)
    money = add_up(
        session,
        lambda reported: Question(
            by={"year": Period.budget_year, "investor_id": Allocation.investor_id,
                "is_carried": carried},
            sums={
                "before": case((Period.number <= number, reported.net), else_=0),
                "whole": reported.net,
            },
            where=(
                Period.budget_year.in_(list(years)),
                Period.kind.in_(MONEY_KINDS),
                # as of the period of each amount, to which a guard of the table sees
                Allocation.budget_year.in_(list(years)),
                *where,
            ),
        ),
        basis=basis,
    )  # fmt: skip
    for row in money:
        for key in _keys(heir_of(row.investor_id, heirs), row.is_carried):
            sums[key][row.year][1] += int(row.before)
            sums[key][row.year][2] += int(row.whole)
    return {
        key: tuple(
            EarlierYear(
                year=year, plan=plan, before=before, after=whole - before,
                until=years[year][0].code, last=years[year][1].code, kind=key[1],
            )
            for year, (plan, before, whole) in sorted(by_year.items())
            if plan > 0
        )
        for key, by_year in sums.items()
    }  # fmt: skip


def _keys(unit: int, is_carried: int) -> tuple[Key, ...]:
    kind = CARRIED if is_carried else OF_YEAR
    return (unit, None), (unit, kind), (None, None), (None, kind)
