"""Days, moments and periods as official letters say them (NĐ 30/2020; domain §7.2)."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from models.base import UNITS, format_dong, local
from models.calendar import PeriodCode
from reports.writing import printed_rate

ROMAN = ("", "I", "II", "III", "IV")
LAST_SECOND = time(23, 59, 59)
_YEARS = re.compile(r"\s+giai đoạn \d{4}\s*[-–]\s*\d{4}$", re.IGNORECASE)
_NATIONAL = re.compile(r"\bmục tiêu quốc gia\b", re.IGNORECASE)


def spoken_month(day: date) -> str:
    """`tháng 4 năm 2024`; January and February get a zero (Decree 30/2020, domain §7.1)."""
    return f"tháng {month_in_words(day.month)} năm {day.year}"


def spoken_day(day: date) -> str:
    """`09/4/2024`, the short form of a running text (domain §7.1)."""
    return f"{day.day:02d}/{month_in_words(day.month)}/{day.year}"


def spoken_moment(moment: datetime) -> str:
    """`16 giờ 30 phút ngày 16/4/2024` on a clock in Vietnam."""
    there = local(moment)
    return f"{there:%H} giờ {there:%M} phút ngày {spoken_day(there.date())}"


def spoken_deadline(moment: datetime) -> str:
    """The day alone where the whole day counts, else the hour as well."""
    there = local(moment)
    whole = there.time().replace(microsecond=0) == LAST_SECOND
    return f"ngày {spoken_day(there.date())}" if whole else spoken_moment(moment)


def spoken_period(code: PeriodCode) -> str:
    """`tháng 3 năm 2024`, `quý I năm 2024`, `kỳ chỉnh lý năm 2024`."""
    if code.kind == "quarter":
        return f"quý {ROMAN[code.number]} năm {code.budget_year}"
    if code.kind == "closing":
        return f"kỳ chỉnh lý năm {code.budget_year}"
    return f"tháng {month_in_words(code.number)} năm {code.budget_year}"


def spoken_programmes(names: Sequence[str]) -> str:
    """`Chương trình MTQG giảm nghèo bền vững`: as letters call programmes, without their years,
    since the period is named beside them; several one after the other.
    """
    return ", ".join(_NATIONAL.sub("MTQG", _YEARS.sub("", name.strip())) for name in names)


def ended(lines: Collection[str]) -> tuple[str, ...]:
    """Entries of a list: each ends with a semicolon, the last with a full stop (Decree 30)."""
    bare = [line.strip().lstrip("-–+ ").rstrip(";., ") for line in lines]
    kept = [line for line in bare if line]
    return tuple(f"{line}{'.' if n == len(kept) else ';'}" for n, line in enumerate(kept, 1))


def counted(number: int) -> str:
    """`02`: counts below ten as letters write them, so that no digit is put before them."""
    return f"{number:02d}"


def month_in_words(number: int) -> str:
    return f"{number:02d}" if number < 3 else str(number)


def spoken_percent(rate: Decimal) -> str:
    """`15,65 %`."""
    return f"{printed_rate(rate)} %"


def spoken_million(amount: int) -> str:
    """Triệu đồng, exact to the thousand: the figure that the consolidated report prints."""
    return million_column([amount])[0]


def million_column(amounts: Iterable[int]) -> list[str]:
    """Triệu đồng beneath each other: all with three decimals, or none where none needs any."""
    return amounts_beneath(amounts, "trieu")


def amounts_beneath(amounts: Iterable[int | None], unit: str) -> list[str]:
    """Amounts in đồng as one column prints them in `unit`; nothing where there is none.

    Half-up to the thousand đồng; all have three decimals, or none where none needs any.
    """
    size = UNITS[unit]
    step = min(size, 1000)
    places = len(str(size // step)) - 1 if size > 1 else 0
    rounded = [
        None if one is None else int((Decimal(one) / step).to_integral_value(ROUND_HALF_UP))
        for one in amounts
    ]
    is_whole = all(one is None or one % 10**places == 0 for one in rounded)
    found = []
    for one in rounded:
        if one is None:
            found.append("")
            continue
        whole, rest = divmod(abs(one), 10**places)
        shown = format_dong(whole) + ("" if is_whole else f",{rest:0{places}d}")
        found.append(f"-{shown}" if one < 0 else shown)
    return found
