"""The ranking of investors by their rate of disbursement (Biểu 02, domain §4.3 and §3.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Period
from models.base import sees_a_part
from models.calendar import PeriodCode, setting
from reports.consolidated import Consolidated, ConsolidatedRow, Place, consolidated


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """`investor_ids` go with `rows`; `left_out` names the units that hold no plan.

    `rate` is that of the whole district; None in the eyes of a unit, which sees its own rate only.
    """

    report: Consolidated
    rows: tuple[RankRow, ...]
    investor_ids: tuple[int, ...]
    left_out: tuple[str, ...]
    rate: Decimal | None
    rate_last_month: Decimal | None
    limits: tuple[int, ...]


def ranking(
    session: Session,
    *,
    period: Period,
    basis: str = "submitted",
    units: str = "then",
    version: int | str | None = None,
    report: Consolidated | None = None,
) -> Ranking:
    """Investors by disbursement / plan, the highest first; those without a plan are left out.

    Equal rates share a rank (1, 2, 2, 4); what is equal is decided by the whole đồng. Every
    difference is that of two printed rates, so that a reader can check it (domain §3.3).
    The report is that of `reports.consolidated`: a locked period shows its frozen figures. It is
    given where it is read already, by investor and in groups only.
    """
    limits = setting(session, "rank_buckets")

    def report_of(one: Period, number: int | str | None) -> Consolidated:
        return consolidated(
            session,
            period=one,
            group="investor",
            detail="group",
            basis=basis,
            units=units,
            version=number,
            is_wordless=True,
        )

    report = report or report_of(period, version)
    live = "live" if version == "live" else None
    before, year_before = _earlier(session, period)
    last_month = _rates(report_of(before, live)) if before else {}
    last_year = _rates(report_of(year_before, live)) if year_before else {}
    is_unit = sees_a_part(session)
    district = None if is_unit else report.rows[0].rate_total
    ordered = sorted(_ranked(report), key=lambda pair: -_exact(pair[0]))
    rows: list[RankRow] = []
    for row, place in ordered:
        unit, rate = place.investor_id, row.rate_total
        if rate is None:
            continue
        rows.append(
            RankRow(
                rank=len(rows) + 1,
                code=row.code,
                investor=row.name,
                plan_total=row.plan_total,
                disbursed_total=row.disbursed_total,
                rate_total=rate,
                versus_district=_difference(rate, district),
                versus_last_month=_difference(rate, last_month.get(unit)),
                versus_last_year=_difference(rate, last_year.get(unit)),
                bucket=bucket(rate, limits, nothing=row.disbursed_total == 0),
            )
        )
    return Ranking(
        report=report,
        rows=tuple(replace(row, rank=None) for row in rows) if is_unit else _shared(rows),
        investor_ids=tuple(place.investor_id or 0 for _row, place in ordered),
        left_out=tuple(row.name for row, _place in _investors(report) if row.plan_total == 0),
        rate=district,
        rate_last_month=None if is_unit else last_month.get(None),
        limits=limits,
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


def _investors(report: Consolidated) -> Iterable[tuple[ConsolidatedRow, Place]]:
    pairs = zip(report.rows, report.places, strict=True)
    return (pair for pair in pairs if pair[0].level == "investor")


def _ranked(report: Consolidated) -> Iterable[tuple[ConsolidatedRow, Place]]:
    return (pair for pair in _investors(report) if pair[0].plan_total > 0)


def _exact(row: ConsolidatedRow | RankRow) -> Fraction:
    return Fraction(row.disbursed_total, row.plan_total)


def _shared(rows: Sequence[RankRow]) -> tuple[RankRow, ...]:
    """The same rows; one that is equal to the row before it takes the rank of that row."""
    found: list[RankRow] = []
    for row in rows:
        is_equal = found and _exact(found[-1]) == _exact(row)
        found.append(replace(row, rank=found[-1].rank) if is_equal else row)
    return tuple(found)


def _rates(report: Consolidated) -> dict[int | None, Decimal]:
    """Printed rates by investor; that of the whole report under None."""
    rates = {
        place.investor_id: row.rate_total
        for row, place in zip(report.rows, report.places, strict=True)
    }
    return {unit: rate for unit, rate in rates.items() if rate is not None}


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
