"""The letter on slow disbursement: units below a rate, with their figures (domain §7.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Investor, Period
from models.base import RuleBroken, _n, local_day, rate
from models.calendar import PeriodCode, level_of, setting
from models.catalogue import names_on
from models.reminders import TemplateKind, head_on
from reports.consolidated import built, source_shown
from reports.facts import held_in, in_order, name_in, programmes_with_capital
from reports.letter.file import render
from reports.letter.head import Head, addressed, printed
from reports.letter.spoken import (
    counted,
    million_column,
    spoken_day,
    spoken_million,
    spoken_moment,
    spoken_percent,
    spoken_period,
    spoken_programmes,
)
from reports.writing import printed_rate


@dataclass(frozen=True, kw_only=True, slots=True)
class SlowUnit:
    """One unit below the threshold; amounts in đồng, the rate in percent."""

    investor_id: int
    name: str
    short_name: str
    plan: int
    disbursed: int
    rate: Decimal

    @property
    def remaining(self) -> int:
        return self.plan - self.disbursed


@dataclass(frozen=True, kw_only=True, slots=True)
class SlowRoll:
    """Units whose rate lies below `threshold`, the lowest first, and the district beside them;
    `version` is the number of the frozen report that the figures are of."""

    units: tuple[SlowUnit, ...]
    threshold: Decimal
    plan: int
    disbursed: int
    rate: Decimal | None
    data_to: date
    version: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SlowLetter(Head):
    """Everything that the letter prints; amounts in đồng."""

    period_code: str
    programmes: tuple[str, ...]
    level: str
    data_to: date
    as_of: datetime
    threshold: Decimal
    plan: int
    disbursed: int
    rate: Decimal
    units: tuple[SlowUnit, ...]
    version: int | None = None
    is_demo: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands below the list: which figures these are, and what they are not."""
        state = (
            f"Số liệu chưa chốt, lấy lúc {spoken_moment(self.as_of)}."
            if self.version is None
            else f"Số liệu theo phiên bản {self.version} của báo cáo đã chốt."
        )
        count = len(self.units)
        return (
            *(("Số liệu minh họa.",) if self.is_demo else ()),
            f"{state} In đủ {count}/{count} dòng.",
            "Số liệu do chủ đầu tư báo cáo, không thay thế số liệu của KBNN.",
        )


def slow_roll(
    session: Session,
    *,
    period: Period,
    as_of: datetime,
    threshold: Decimal | None = None,
    chosen: Collection[int] | None = None,
) -> SlowRoll:
    """Units that disbursed less than `threshold` percent of their plan in a period.

    The figures are those of the consolidated report: a locked period shows its frozen version.
    A unit at the threshold is not below it; without one it is the rate of the district. Units
    without a plan have no rate and are not named. `chosen` (ids) narrows the names alone. Units are
    called as on the day of `as_of`, to whom the letter of that day goes.
    """
    shown = source_shown(
        session, period=period, basis="submitted", units="then", version=None, by="unit"
    )
    [report] = built(session, [("component", "group")], period=period, shown=shown)
    total, held = report.rows[0], held_in(shown[0])
    limit = threshold if threshold is not None else total.rate_total or Decimal(0)
    present = dict(session.execute(select(Investor.id, Investor.name)).all())
    names = names_on(session, local_day(as_of))
    units = [
        SlowUnit(
            investor_id=unit.id,
            name=" ".join(name_in(names, unit.id, present.get(unit.id, unit.name)).split()),
            short_name=unit.short_name,
            plan=plan,
            disbursed=disbursed,
            rate=own,
        )
        for unit in in_order(shown[0].units[one] for one in held)
        for plan, disbursed in [held[unit.id]]
        if (own := rate(disbursed, plan)) is not None
        and own < limit
        and (chosen is None or unit.id in chosen)
    ]
    return SlowRoll(
        units=tuple(sorted(units, key=lambda unit: unit.rate)),
        threshold=limit,
        plan=total.plan_total,
        disbursed=total.disbursed_total,
        rate=total.rate_total,
        data_to=report.status.data_to,
        version=report.frozen.number if report.frozen else None,
    )


def slow_letter(
    session: Session,
    *,
    period: Period,
    as_of: datetime,
    threshold: Decimal | None = None,
    chosen: Collection[int] | None = None,
) -> SlowLetter:
    """The letter of `as_of` to the units below the threshold, or to the chosen ones of them.

    Raises RuleBroken where no unit lies below it or none is chosen, and where no head is in force.
    """
    found = slow_roll(session, period=period, as_of=as_of, threshold=threshold, chosen=chosen)
    if not found.units or found.rate is None:
        raise RuleBroken(
            _n("No unit disbursed less than %(rate)s. Choose a higher rate, or other units."),
            field="threshold",
            rate=spoken_percent(found.threshold),
        )
    return SlowLetter(
        period_code=period.code,
        programmes=programmes_with_capital(session, period.budget_year),
        level=level_of(setting(session, "district_name")),
        data_to=found.data_to,
        as_of=as_of,
        threshold=found.threshold,
        plan=found.plan,
        disbursed=found.disbursed,
        rate=found.rate,
        units=found.units,
        version=found.version,
        is_demo=setting(session, "demo_data"),
        **printed(head_on(session, local_day(as_of))),
    )


def render_slow(letter: SlowLetter, template: bytes | None) -> bytes:
    """The letter as a Word file; `template` None means the built-in one. Raises RuleBroken."""
    return render(slow_context(letter), TemplateKind.SLOW, template)


def slow_context(letter: SlowLetter) -> dict[str, object]:
    """What the tags of a Word template may name; amounts in triệu đồng."""
    return {
        **letter.tags(letter.as_of),
        **addressed([unit.name for unit in letter.units]),
        "period": spoken_period(PeriodCode.parse(letter.period_code)),
        "year": PeriodCode.parse(letter.period_code).budget_year,
        "programme_short": spoken_programmes(letter.programmes),
        "level": letter.level,
        "data_to": spoken_day(letter.data_to),
        "moment": spoken_moment(letter.as_of),
        "threshold": spoken_percent(letter.threshold),
        "count": counted(len(letter.units)),
        "district_plan": spoken_million(letter.plan),
        "district_disbursed": spoken_million(letter.disbursed),
        "district_rate": spoken_percent(letter.rate),
        "notes": list(letter.notes),
        "rows": [
            {
                "no": no,
                "unit": unit.name,
                "plan": plan,
                "disbursed": disbursed,
                "rate": printed_rate(unit.rate),
                "remaining": remaining,
            }
            for no, (unit, plan, disbursed, remaining) in enumerate(
                zip(
                    letter.units,
                    million_column(unit.plan for unit in letter.units),
                    million_column(unit.disbursed for unit in letter.units),
                    million_column(unit.remaining for unit in letter.units),
                    strict=True,
                ),
                1,
            )
        ],
    }
