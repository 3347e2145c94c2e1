"""Sentences for a directive, ready to paste: Vietnamese, because they become part of a letter.

Every threshold is named with its figure; distances are those of printed rates (domain §3.3).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from models import Period
from models.calendar import Punctuality
from models.reminders import written_day, written_deadline, written_period
from reports.late import LateRow, late
from reports.letter import counted, spoken_million, spoken_percent
from reports.ranking import Ranking, Rated, ranking
from reports.writing import printed_rate

ENDS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One paragraph; `key` says what it is about."""

    key: str
    text: str


def sentences(
    session: Session, *, period: Period, as_of: datetime, basis: str = "submitted"
) -> tuple[Sentence, ...]:
    """The result of a period in the prose of a directive, for the whole district.

    District result, units at 0 %, below and above the rate of the district, first and last
    three, late and missing units as known at `as_of`.
    """
    found = ranking(session, period=period, basis=basis)
    return said_of(period, found, late(session, period=period, as_of=as_of))


def in_million(amount: int) -> str:
    """An amount as a sentence says it where no table stands beside it."""
    return f"{spoken_million(amount)} triệu đồng"


def said_of(
    period: Period,
    found: Ranking,
    tardy: Sequence[LateRow],
    money: Callable[[int], str] = in_million,
) -> tuple[Sentence, ...]:
    """The same sentences of a ranking and a late list that are read already; `money` says an
    amount with its unit."""
    texts = {
        "result": _result(period, found, money),
        "zero": _zero(found.rated),
        "below": _below(found),
        "above": _above(found),
        "ends": _ends(found.rated),
        "missing": said_of_late(period, tardy),
    }
    return tuple(Sentence(key=key, text=text) for key, text in texts.items() if text)


def _result(period: Period, found: Ranking, money: Callable[[int], str]) -> str:
    total, status = found.report.rows[0], found.report.status
    head = (
        f"Đến hết ngày {status.data_to:%d/%m/%Y}, {status.reported}/{status.expected} đơn vị đã "
        f"gửi báo cáo kỳ {written_period(period.code)}"
    )
    if status.stale:
        head += " (đơn vị chưa gửi tính theo số liệu kỳ trước)"
    if total.rate_total is None:
        return f"{head}; chưa có kế hoạch vốn để tính tỷ lệ giải ngân."
    parts = [
        f"{name} đạt {spoken_percent(rate)}"
        for name, rate in (
            (f"vốn năm {period.budget_year}", total.rate_year),
            ("vốn kéo dài", total.rate_carried),
        )
        if rate is not None
    ]
    change = ""
    if found.rate_last_month is not None:
        points = total.rate_total - found.rate_last_month
        before = "quý trước" if "Q" in period.code else "tháng trước"
        change = (
            f", {'tăng' if points > 0 else 'giảm'} {_points(points)} so với {before}"
            if points
            else f", không thay đổi so với {before}"
        )
    return (
        f"{head}; toàn {found.level} giải ngân {money(total.disbursed_total)} trên "
        f"kế hoạch {money(total.plan_total)}, đạt "
        f"{spoken_percent(total.rate_total)} ({'; '.join(parts)}){change}."
    )


def _zero(rows: Sequence[Rated]) -> str:
    idle = [row.investor for row in rows if row.disbursed_total == 0]
    if not rows:
        return ""
    if not idle:
        return "Không còn đơn vị nào có tỷ lệ giải ngân 0 %."
    return f"{counted(len(idle))} đơn vị chưa giải ngân (tỷ lệ 0 %): {', '.join(idle)}."


def _below(found: Ranking) -> str:
    if found.rate is None or not found.rated:
        return ""
    low = [row for row in found.rated if (row.versus_district or 0) < 0]
    average = f"bình quân chung của {found.level} ({spoken_percent(found.rate)})"
    if not low:
        return f"Không có đơn vị nào có tỷ lệ giải ngân thấp hơn {average}."
    names = [f"{_rated(row)}, thấp hơn {_points(row.versus_district)}" for row in low]
    return f"{counted(len(low))} đơn vị có tỷ lệ giải ngân thấp hơn {average}: {'; '.join(names)}."


def _above(found: Ranking) -> str:
    if found.rate is None or not found.rated:
        return ""
    high = [row for row in found.rated if (row.versus_district or 0) >= 0]
    average = f"bình quân chung của {found.level} ({spoken_percent(found.rate)})"
    if not high:
        return f"Không có đơn vị nào có tỷ lệ giải ngân bằng hoặc cao hơn {average}."
    return (
        f"{counted(len(high))} đơn vị có tỷ lệ giải ngân bằng hoặc cao hơn {average}: "
        f"{'; '.join(map(_rated, high))}."
    )


def _ends(rows: Sequence[Rated]) -> str:
    """First and last three; units that share the rank of the third are named with it."""
    if len(rows) < 2:
        return ""
    third, from_end = rows[:ENDS][-1].rank or 0, rows[-ENDS:][0].rank or 0
    first = [row for row in rows if (row.rank or 0) <= third]
    last = [row for row in rows if (row.rank or 0) >= from_end and row not in first]
    said = f"Các đơn vị có tỷ lệ giải ngân cao nhất: {'; '.join(map(_rated, first))}."
    if last:
        said += f" Các đơn vị có tỷ lệ giải ngân thấp nhất: {'; '.join(map(_rated, last))}."
    return said


def said_of_late(period: Period, rows: Sequence[LateRow]) -> str:
    """The sentence of who sent late or not at all, or that nobody did."""
    due = f"kỳ {written_period(period.code)}, hạn {written_deadline(period.deadline_at)}"
    missing = [row for row in rows if row.status == Punctuality.MISSING.value]
    tardy = [row for row in rows if row.status == Punctuality.LATE.value]
    said = []
    if missing:
        names = [f"{row.investor} (quá hạn {row.days_late} ngày)" for row in missing]
        said.append(f"{counted(len(missing))} đơn vị chưa gửi báo cáo {due}: {', '.join(names)}.")
    if tardy:
        names = [
            f"{row.investor} (muộn {row.days_late} ngày, gửi ngày {_sent(row)})" for row in tardy
        ]
        said.append(f"{counted(len(tardy))} đơn vị gửi muộn báo cáo {due}: {', '.join(names)}.")
    return " ".join(said) or f"Không có đơn vị nào gửi muộn hoặc quá hạn mà chưa gửi báo cáo {due}."


def _sent(row: LateRow) -> str:
    return written_day(row.first_submitted_at) if row.first_submitted_at else ""


def _rated(row: Rated) -> str:
    return f"{row.investor} ({spoken_percent(row.rate_total)})"


def _points(points: Decimal | None) -> str:
    return f"{printed_rate(abs(points or Decimal(0)))} điểm %"
