"""How the cells of a package are read: each reader gives the value or says what is wrong."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from models.base import (
    RuleBroken,
    _n,
    check_code,
    clean_line,
    parse_dong,
    read_day,
    read_line,
    read_moment,
    read_percent,
    read_text,
    read_whole,
)
from models.calendar import PeriodCode
from models.catalogue import decision_number


def short(limit: int) -> Callable[[str], str]:
    """One line of at most so many characters."""

    def read(text: str) -> str:
        check_code(text)
        return read_line(text, limit)

    return read


def number_of_decision(text: str) -> str:
    """The number of a decision in its one spelling."""
    return short(60)(decision_number(text))


def long_text(text: str) -> str:
    """Text of several lines."""
    check_code(text)
    return read_text(text)


day = read_day  # written as 2024-03-31; read in every form that a spreadsheet makes of it
moment = partial(read_moment, needs_offset=True)
progress = read_percent


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """A whole number between these bounds."""
    return partial(read_whole, least=lowest, most=highest)


def money(*, signed: bool = False) -> Callable[[str], int]:
    """Whole đồng, written without separators by the dump; read as on every screen."""
    return partial(parse_dong, allow_negative=signed)


def one_of(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    """A member of `kind`, by its code."""

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
    """`true` or `false`."""
    if text not in {"true", "false"}:
        raise RuleBroken(_n("“%(typed)s” is neither true nor false."), typed=text[:40])
    return text == "true"


def period_code(text: str) -> str:
    """A code of a period, as it is stored."""
    return str(PeriodCode.parse(text))


def codes(text: str) -> tuple[str, ...]:
    """Codes with semicolons between."""
    return tuple(clean_line(part) for part in text.split(";") if part.strip())
