"""How the cells of a package are read: each reader gives the value or says what is wrong."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from models.base import Dong, RuleBroken, _n, clean, clean_line
from models.calendar import PeriodCode

LONGEST_TEXT = 4_000


def short(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        value = clean_line(text)
        if len(value) > limit:
            raise RuleBroken(
                _n("The text has %(length)s characters; at most %(limit)s are possible."),
                length=len(value),
                limit=limit,
            )
        return value

    return read


def long_text(text: str) -> str:
    value = clean(text)
    if len(value) > LONGEST_TEXT:
        raise RuleBroken(
            _n("The text has %(length)s characters; at most %(limit)s are possible."),
            length=len(value),
            limit=LONGEST_TEXT,
        )
    return value


def day(text: str) -> date:
    try:
        if re.fullmatch(r"(19|20|21)\d{2}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RuleBroken(
        _n("“%(typed)s” is no day. Write year-month-day, such as 2024-03-31."), typed=text[:40]
    )


def moment(text: str) -> datetime:
    value: datetime | None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        value = None
    if value is None or value.tzinfo is None or not 2000 <= value.year <= 2100:
        raise RuleBroken(
            _n(
                "“%(typed)s” is no moment with its time zone. Write it like "
                "2024-04-09T17:05:00+07:00."
            ),
            typed=text[:40],
        )
    return value


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"-?\d{1,40}", text, re.ASCII):
            raise RuleBroken(
                _n("“%(typed)s” is no whole number. Write figures only, without separators."),
                typed=text[:60],
            )
        value = int(text)
        if not lowest <= value <= highest:
            raise RuleBroken(
                _n("%(value)s is out of range: from %(lowest)s to %(highest)s."),
                value=Dong(value),
                lowest=Dong(lowest),
                highest=Dong(highest),
            )
        return value

    return read


def progress(text: str) -> Decimal:
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", text, re.ASCII) or Decimal(text) > 100:
        raise RuleBroken(
            _n("“%(typed)s” is no progress from 0 to 100 percent with at most two decimals."),
            typed=text[:40],
        )
    return Decimal(text)


def one_of(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    def read(text: str) -> StrEnum:
        try:
            return kind(text)
        except ValueError:
            raise RuleBroken(
                _n("“%(typed)s” is unknown here. Possible are: %(allowed)s."),
                typed=text[:40],
                allowed=", ".join(member.value for member in kind),
            ) from None

    return read


def yes_or_no(text: str) -> bool:
    if text not in {"true", "false"}:
        raise RuleBroken(_n("“%(typed)s” is neither true nor false."), typed=text[:40])
    return text == "true"


def period_code(text: str) -> str:
    return str(PeriodCode.parse(text))


def codes(text: str) -> tuple[str, ...]:
    return tuple(clean_line(part) for part in text.split(";") if part.strip())
