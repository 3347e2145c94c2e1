"""The figures that the charts of a period draw."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from models import Period
from models.base import rate
from models.calendar import Punctuality
from models.duty import punctualities
from reports.consolidated import Consolidated, Shown, built, source_shown
from reports.facts import elapsed, held_in, in_order, month_of
from reports.home import CLOSING, cumulative_by_month
from reports.late import months_of_year
from reports.pace import Measure, Terms
from reports.ranking import ranks_of


@dataclass(frozen=True, kw_only=True, slots=True)
class RateBar:
    """A component project or an investor: đồng, and the rate in percent (None without a plan)."""

    name: str
    component_id: int | None
    investor_id: int | None
    plan: int
    disbursed: int

    @property
    def rate(self) -> Decimal | None:
        return rate(self.disbursed, self.plan)


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthCount:
    """How many units stand how in one month; `pending` have time left."""

    period: Period
    on_time: int
    late: int
    missing: int
    exempt: int
    pending: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Charts:
    """What is drawn. `elapsed` is the part of the budget year that has passed, in percent.

    The lines hold a sum up to each of `months` in đồng (13: the closing period), None where it is
    not known: disbursed `this_year` and `last_year`; `need`, what it takes to disburse all on the
    last day of each term; `kept`, what the pace of the last months comes to. `need` and `kept`
    begin at the month of the period.
    """

    report: Consolidated
    elapsed: Decimal
    components: tuple[RateBar, ...]
    investors: tuple[RateBar, ...]
    months: tuple[int, ...]
    this_year: tuple[int | None, ...]
    last_year: tuple[int | None, ...]
    need: tuple[int | None, ...]
    kept: tuple[int | None, ...]
    punctuality: tuple[MonthCount, ...]

    @property
    def period(self) -> Period:
        return self.report.period


def charts(
    session: Session, *, period: Period, basis: str = "submitted", as_of: datetime
) -> Charts:
    """All charts of a period; a session that sees some units gets those of these.

    Rates are those of the consolidated report, frozen where the period is locked; the lines are
    of the entries as they are now. A fixed number of queries.
    """
    shown = source_shown(session, period=period, basis=basis, units="then", version=None, by="unit")
    [components] = built(session, [("component", "group")], period=period, shown=shown)
    months, lines = cumulative_by_month(session, period, basis)
    terms = tuple(Terms(session, period, basis).all())
    months = _until(months, terms, month_of(period))
    now, before = (_padded(line.values, months) for line in lines)
    start = month_of(period)
    return Charts(
        report=components,
        elapsed=elapsed(period),
        components=tuple(_of_components(components)),
        investors=_of_investors(shown),
        months=months,
        this_year=now,
        last_year=before,
        need=_ahead(terms, months, start, _needed),
        kept=_ahead(terms, months, start, _kept),
        punctuality=tuple(_counts(session, period, as_of)),
    )


def _of_components(report: Consolidated) -> Iterator[RateBar]:
    for row, place in zip(report.rows, report.places, strict=True):
        if place.depth == 2:
            yield RateBar(
                name=row.name,
                component_id=place.component_id,
                investor_id=None,
                plan=row.plan_total,
                disbursed=row.disbursed_total,
            )


def _of_investors(shown: Shown) -> tuple[RateBar, ...]:
    """As the ranking lists them, then those that have no rate."""
    source, _frozen = shown
    held = held_in(source)
    order, _ranks = ranks_of(held, source.units)
    listed = set(order)
    others = in_order(source.units[one] for one in held if one not in listed)
    return tuple(
        RateBar(
            name=unit.short_name,
            component_id=None,
            investor_id=unit.id,
            plan=held[unit.id][0],
            disbursed=held[unit.id][1],
        )
        for unit in (*(source.units[one] for one in order), *others)
    )


def _until(months: tuple[int, ...], terms: Sequence[Measure], start: int) -> tuple[int, ...]:
    """The months drawn: also the January in which the last capital ends."""
    most = max((start + (one.left or 0) for one in terms), default=start)
    return tuple(range(1, max(months[-1], min(most, CLOSING)) + 1))


def _padded(values: tuple[int | None, ...], months: tuple[int, ...]) -> tuple[int | None, ...]:
    return values + (None,) * (len(months) - len(values))


def _ahead(
    terms: Sequence[Measure],
    months: tuple[int, ...],
    start: int,
    more: Callable[[Measure], tuple[int, int]],
) -> tuple[int | None, ...]:
    """Sums from the month `start` on: what is disbursed, and what comes of each term: `more` says
    how much a month, and in how many months at most.
    """
    if not terms:
        return (None,) * len(months)
    paid = sum(one.paid for one in terms)
    coming = [(rest, *more(one)) for one in terms if (rest := one.remaining) > 0]
    return tuple(None if month < start else paid + _come(coming, month - start) for month in months)


def _come(coming: Sequence[tuple[int, int, int]], months: int) -> int:
    """What has come in so many months of (what is left, a month, for how long); compared by hand:
    a nation has it done for each term of each unit and each month.
    """
    return sum(
        reached if (reached := a_month * (months if months < most else most)) < rest else rest
        for rest, a_month, most in coming
    )


def _needed(one: Measure) -> tuple[int, int]:
    return one.need or 0, one.left or 0


def _kept(one: Measure) -> tuple[int, int]:
    return max(0, one.pace or 0), one.left or 0


def _counts(session: Session, period: Period, as_of: datetime) -> Iterator[MonthCount]:
    """The opened months of the budget year up to the period."""
    months = [
        month
        for month in months_of_year(session, period.budget_year)
        if month.data_to <= period.data_to
    ]
    found = punctualities(session, months, as_of=as_of)
    for month in months:
        counted = found[month.id]
        yield MonthCount(
            period=month,
            on_time=counted[Punctuality.ON_TIME],
            late=counted[Punctuality.LATE],
            missing=counted[Punctuality.MISSING],
            exempt=counted[Punctuality.EXEMPT],
            pending=counted[Punctuality.PENDING],
        )
