"""Percentages and printed rates as cells hold them."""

import re
from decimal import Decimal

from models.base import RuleBroken, _n, plain, rate, read_percent
from models.sheets.outcome import Read, asked, broken, exact_number, is_silent, wrong
from models.sheets.shapes import Cell, Option
from models.sheets.shown import is_percent, shown

_MOST = 101  # beyond it no rounding makes a percentage


def percent(cell: Cell | None, *, is_share: bool | None = None) -> Read[Decimal]:
    """A percentage from 0 to 100 with at most two decimals: 35, 35%, `35,5 %`.

    A number under a percent format is a share of one: 0.35 means 35. A number between 0 and 1
    without one is asked about; `is_share` is what was answered for its column. What a formula
    makes of others has as many decimals as come out: it is rounded, half-up.
    """
    if cell is None or is_silent(cell):
        return Read()
    if (failed := broken(cell)) is not None:
        return failed
    value = cell.value
    if isinstance(value, str):
        try:
            number = read_percent(value)
        except RuleBroken as refused:
            return wrong("number_unreadable", refused.message, **refused.values)
        is_told = "%" in plain(value)
    elif isinstance(value, Decimal) and value.is_finite():
        number = exact_number(value)
        is_told = is_percent(cell)
        number *= 100 if is_told else 1
    else:
        return _as_percent(cell, None)
    if is_told or is_share is not None or not 0 < number < 1:
        return _as_percent(cell, number * (100 if is_share and not is_told else 1))
    share, bare = (_meant(cell, number * scale) for scale in (100, 1))
    reads = [_as_percent(cell, one) for one in (share, bare)]
    good = [one.value for one in reads if one.value is not None]
    if not good:
        return reads[0]
    return asked(
        "number_unclear",
        _n("Does “%(typed)s” mean %(share)s %% or %(percent)s %%?"),
        tuple(Option(str(one), f"{one} %".replace(".", ",")) for one in good),
        typed=shown(cell)[:60],
        share=share,
        percent=bare,
    )


def _as_percent(cell: Cell, number: Decimal | None) -> Read[Decimal]:
    try:
        return Read(read_percent(shown(cell), number=number and _meant(cell, number)))
    except RuleBroken as refused:
        return wrong("number_unreadable", refused.message, **refused.values)


def _meant(cell: Cell, number: Decimal) -> Decimal:
    if cell.formula is not None and abs(number) <= _MOST:
        number = rate(*(number / 100).as_integer_ratio()) or Decimal(0)
    return _without_noughts(number)


def _without_noughts(number: Decimal) -> Decimal:
    return Decimal(f"{number.normalize():f}")


_LEADING = re.compile(
    r"(?P<percent>\d{1,3}(?:[.,]\d{1,2})?) ?%\s*(?P<mark>[;:,.–—-]?)\s*(?P<text>.*)", re.DOTALL
)


def progress_told(text: str) -> tuple[Decimal, str] | None:
    """The percentage that words on progress begin with, and the words after it.

    “20% Đang làm”, “20%; đang làm”, “20%”: what follows begins anew. “20% số hộ đã nhận giống” is
    a share of households, and no percentage of work.
    """
    found = _LEADING.fullmatch(text.strip())
    if found is None:
        return None
    words = found["text"]
    if words and not found["mark"] and not words[0].isupper():
        return None
    number = _without_noughts(Decimal(found["percent"].replace(",", ".")))
    return (number, words) if number <= 100 else None


def rates(cell: Cell | None) -> tuple[Decimal, ...]:
    """All rates in percent that a printed rate can mean, only to be compared; none: not told."""
    if cell is None or cell.value is None:
        return ()
    if isinstance(cell.value, Decimal) and cell.value.is_finite():
        number = exact_number(cell.value)
        if is_percent(cell):
            return (number * 100,)
        return (number, number * 100) if abs(number) <= 10 else (number,)
    if isinstance(cell.value, str):
        found = re.fullmatch(r"(-?\d{1,6})(?:[.,](\d{1,12}))? ?%?", plain(cell.value))
        return (Decimal(f"{found[1]}.{found[2] or 0}"),) if found else ()
    return ()
