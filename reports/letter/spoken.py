"""Days, moments and periods as official letters say them (NĐ 30/2020; domain §7.2)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from models.base import format_dong, local
from models.calendar import PeriodCode

ROMAN = ("", "I", "II", "III", "IV")
LAST_SECOND = time(23, 59, 59)


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


def ended(lines: Collection[str]) -> tuple[str, ...]:
    """Entries of a list: each ends with a semicolon, the last with a full stop (Decree 30)."""
    bare = [line.strip().lstrip("-–+ ").rstrip(";., ") for line in lines]
    kept = [line for line in bare if line]
    return tuple(f"{line}{'.' if n == len(kept) else ';'}" for n, line in enumerate(kept, 1))


def month_in_words(number: int) -> str:
    return f"{number:02d}" if number < 3 else str(number)


def spoken_percent(rate: Decimal) -> str:
    """`15,65 %`."""
    return f"{rate:.2f} %".replace(".", ",")


def spoken_million(amount: int) -> str:
    """Triệu đồng, exact to the thousand: the figure that the consolidated report prints."""
    return million_column([amount])[0]


def million_column(amounts: Iterable[int]) -> list[str]:
    """Triệu đồng beneath each other: all with three decimals, or none where none needs any."""
    thousands = [int((Decimal(one) / 1000).to_integral_value(ROUND_HALF_UP)) for one in amounts]
    is_whole = all(one % 1000 == 0 for one in thousands)
    found = []
    for one in thousands:
        whole, rest = divmod(abs(one), 1000)
        shown = format_dong(whole) + ("" if is_whole else f",{rest:03d}")
        found.append(f"-{shown}" if one < 0 else shown)
    return found
