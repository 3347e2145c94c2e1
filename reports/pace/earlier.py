"""What earlier budget years disbursed from the same month on: a measure, not a forecast."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from models import Period
from models.base import rate
from reports.facts import EARLIER_YEARS, LAST_MONTH, heir_of, month_of, with_those_before
from reports.pace.earlier_sums import last_of, sums_of_years
from reports.pace.held import earlier_numbers

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
    session: Session,
    period: Period,
    basis: str,
    heirs: Mapping[int, int],
    unit: int | None,
    shown: Collection[int] | None = None,
) -> dict[Key, tuple[EarlierYear, ...]]:
    """By unit and kind of capital (None: all of them), oldest first. Three queries, or some for
    each year of which sums are kept. `unit`: this one alone, with those in whose place it stands.
    `shown`: those of all, and of units those of these.

    Only years of which the same month and the last one are known, and which are over.
    """
    number = month_of(period)
    known = earlier_numbers(session, period.budget_year)
    years = {
        year: (months[number], last_of(months))
        for year, months in known.items()
        if year >= period.budget_year - EARLIER_YEARS
        and number in months
        and number < LAST_MONTH
        and LAST_MONTH in months
        and all(one.data_to < period.data_from for one in months.values())
    }
    if not years:
        return {}
    own = None if unit is None else with_those_before({unit}, heirs)
    apart = None if shown is None else with_those_before(shown, heirs)
    sums: dict[Key, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    months = {year: known[year] for year in years}
    for row in sums_of_years(session, months, number, basis, heirs, own, apart):
        told = row.unit if apart is None or row.unit in apart else None
        for key in _keys(None if told is None else heir_of(told, heirs), row.is_carried):
            so_far = sums[key][row.year]
            for n, amount in enumerate((row.plan, row.before, row.whole)):
                so_far[n] += amount
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


def _keys(unit: int | None, is_carried: int) -> tuple[Key, ...]:
    kind = CARRIED if is_carried else OF_YEAR
    every: tuple[Key, ...] = ((None, None), (None, kind))
    return every if unit is None else ((unit, None), (unit, kind), *every)
