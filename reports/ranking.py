"""The ranking of investors by their rate of disbursement (Biểu 02, domain §4.3 and §3.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Period
from models.base import rate, sees_a_part
from models.calendar import PeriodCode, all_settings, level_of
from reports.consolidated import Consolidated, Shown, built, held_shown, source_shown
from reports.facts import Held, Unit, held_in, in_order
from reports.writing import ByPart


@dataclass(frozen=True, kw_only=True, slots=True)
class RankRow:
    """One investor. Amounts in đồng, rate in percent, differences in điểm % (None: no answer)."""

    rank: int | None
    code: str
    investor: str
    plan_total: int
    disbursed_total: int
    rate_total: Decimal
    versus_district: Decimal | None
    versus_last_month: Decimal | None
    versus_last_year: Decimal | None
    bucket: str


KEYS = tuple(field.name for field in fields(RankRow))


class Rated(NamedTuple):
    """Of such a row what sentences say: nothing that rests on earlier periods."""

    rank: int | None
    investor: str
    disbursed_total: int
    rate_total: Decimal
    versus_district: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """`rows`, and `rated` of the same units, are made when they are looked at; `investor_ids` and
    `held`, the plan and what is disbursed, go with them. `left_out` names the units that hold no
    plan.

    `report` is the one they are of, in groups. `rate` is that of the whole district; None in the
    eyes of a unit, which sees its own rate only.
    """

    report: Consolidated
    rows: Sequence[RankRow]
    rated: Sequence[Rated]
    investor_ids: Sequence[int]
    held: Sequence[Held]
    left_out: tuple[str, ...]
    rate: Decimal | None
    rate_last_month: Decimal | None
    limits: tuple[int, ...]
    level: str  # the kind of place that is ranked, in Vietnamese: `huyện`


def ranking(
    session: Session,
    *,
    period: Period,
    basis: str = "submitted",
    units: str = "then",
    version: int | str | None = None,
    shown: Shown | None = None,
) -> Ranking:
    """Investors by disbursement / plan, the highest first; those without a plan are left out.

    Equal rates share a rank (1, 2, 2, 4); what is equal is decided by the whole đồng. Every
    difference is that of two printed rates, so that a reader can check it (domain §3.3).
    The figures are those of `reports.consolidated`: a locked period shows its frozen ones. The
    facts are given where they are read already (`source_shown`).
    """
    settings = all_settings(session)
    limits = settings["rank_buckets"]
    shown = shown or source_shown(
        session, period=period, basis=basis, units=units, version=version, by="unit"
    )
    [report] = built(session, [("component", "group")], period=period, shown=shown)
    month_before, year_before = _earlier(session, period)

    def earlier(when: Period | None, of: Sequence[int] | None = None) -> Mapping[int, Held]:
        if when is None:
            return {}
        live = "live" if version == "live" else None
        return held_shown(session, period=when, basis=basis, units=units, version=live, of=of)

    last_month = earlier(month_before)  # of all: its rate is said as well
    is_unit = sees_a_part(session)
    district = None if is_unit else report.rows[0].rate_total
    known, held = shown[0].units, held_in(shown[0])
    order, ranks = ranks_of(held, known)

    def rated(place: slice) -> list[Rated]:
        return [
            rated_of(unit, None if is_unit else rank)
            for unit, rank in zip(order[place], ranks[place], strict=True)
        ]

    def rated_of(unit: int, rank: int | None) -> Rated:
        plan, paid = held[unit]
        own = cast(Decimal, rate(paid, plan))  # whoever is ranked has a plan
        return Rated(rank, known[unit].short_name, paid, own, _difference(own, district))

    def read(place: slice) -> list[RankRow]:
        last_year = earlier(year_before, order[place])
        return [
            row_of(known[unit], one, last_year.get(unit))
            for unit, one in zip(order[place], rated(place), strict=True)
        ]

    def row_of(unit: Unit, one: Rated, year_ago: Held | None) -> RankRow:
        own, paid = one.rate_total, one.disbursed_total
        return RankRow(
            rank=one.rank,
            code=unit.code,
            investor=unit.short_name,
            plan_total=held[unit.id][0],
            disbursed_total=paid,
            rate_total=own,
            versus_district=one.versus_district,
            versus_last_month=_difference(own, _rate(last_month.get(unit.id))),
            versus_last_year=_difference(own, _rate(year_ago)),
            bucket=bucket(own, limits, nothing=paid == 0),
        )

    planless = in_order(known[unit] for unit, (plan, _paid) in held.items() if not plan)
    return Ranking(
        report=report,
        rows=ByPart(len(order), read),
        rated=ByPart(len(order), rated),
        investor_ids=order,
        held=[held[unit] for unit in order],
        left_out=tuple(unit.short_name for unit in planless),
        rate=district,
        rate_last_month=None if is_unit else _rate_of_all(last_month),
        limits=limits,
        level=level_of(settings["district_name"]),
    )


def bucket(rate: Decimal, limits: Sequence[int], *, nothing: bool = False) -> str:
    """The group of a printed rate: `> 40 %`, `30–40 %`, `20–<30 %`, `< 20 %`, `0 %`.

    A rate that is equal to a limit belongs above it, only at the highest limit below it, as the
    published groups do (domain §4.3). `nothing`: not one đồng is disbursed.
    """
    if nothing:
        return "0 %"
    if rate > limits[0]:
        return f"> {limits[0]} %"
    for above, below in pairwise(limits):
        if rate >= below:
            return f"{below}–{'' if above == limits[0] else '<'}{above} %"
    return f"{'<' if len(limits) > 1 else '≤'} {limits[-1]} %"


def ranks_of(
    held: Mapping[int, Held], known: Mapping[int, Unit]
) -> tuple[Sequence[int], Sequence[int]]:
    """The units with a plan in their order, and their ranks.

    Two fractions that differ do so by at least 1 / (the product of their denominators), so these
    whole numbers stand to each other as the fractions do.
    """
    plans = [plan for plan, _paid in held.values() if plan > 0]
    finest = max(plans, default=0) ** 2
    exact = {unit: paid * finest // plan for unit, (plan, paid) in held.items() if plan > 0}
    listed = [unit.id for unit in in_order(known[unit_id] for unit_id in exact)]
    order = sorted(listed, key=lambda unit: -exact[unit])
    ranks: list[int] = []
    for n, unit in enumerate(order):
        is_equal = n > 0 and exact[unit] == exact[order[n - 1]]
        ranks.append(ranks[-1] if is_equal else n + 1)
    return order, ranks


def _rate(held: Held | None) -> Decimal | None:
    """The printed rate of a unit, if it held anything."""
    if held is None:
        return None
    plan, paid = held
    return rate(paid, plan)


def _rate_of_all(held: Mapping[int, Held]) -> Decimal | None:
    plan, paid = (sum(one[n] for one in held.values()) for n in (0, 1))
    return rate(paid, plan)


def _difference(rate: Decimal, other: Decimal | None) -> Decimal | None:
    return None if other is None else rate - other


def _earlier(session: Session, period: Period) -> tuple[Period | None, Period | None]:
    """The period before in the same budget year, and the same period of the year before."""
    code = PeriodCode.parse(period.code)
    before = (
        PeriodCode("month", code.budget_year, 12) if code.kind == "closing" else code.previous()
    )
    year_before = code.same_last_year()
    wanted = [str(year_before)]
    if before.budget_year == code.budget_year:
        wanted.append(str(before))
    found = {
        one.code: one for one in session.scalars(select(Period).where(Period.code.in_(wanted)))
    }
    return found.get(str(before)), found.get(str(year_before))
