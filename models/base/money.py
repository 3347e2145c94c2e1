"""Money: whole đồng. One strict parser for what people type, exact units, half-up rates.

`static/amounts.js` reads and writes in the same way while people type; one table of cases,
`tests/amounts.py`, holds both to it.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from models.base.errors import RuleBroken, _n
from models.base.reading import plain, taken_apart
from models.base.text import clean_line, fold, nfc

MAX_DONG = 10**15 - 1  # fifteen digits (domain §3.4, V15)
UNITS = {"dong": 1, "nghin": 1_000, "trieu": 1_000_000}
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(10))  # the last of so many decimals
SUSPECT_RATIO = 500
SLIP = 1_000
# group and decimal mark of each language of the pages
MARKS = {"vi": (".", ","), "en": (",", ".")}
MILLION = {"vi": "triệu", "en": "million"}
_WORDS = {
    "dong": 1, "d": 1, "₫": 1, "vnd": 1,
    "nghin": 10**3, "ngan": 10**3, "k": 10**3, "thousand": 10**3,
    "trieu": 10**6, "tr": 10**6, "trd": 10**6, "million": 10**6,
    "ty": 10**9, "ti": 10**9, "billion": 10**9,
}  # fmt: skip
_TYPED = re.compile(r"([-(]?) ?(\d[\d., ]*?)(?: ?([^\W\d_]+|₫)(?: ?(₫)| ([^\W\d_]+))?\.?)? ?(\)?)")
_FIGURES = re.compile(r"\d{1,15}", re.ASCII)


class Dong(int):
    """An amount in đồng, so that the edge writes it with its thousands."""


@dataclass(frozen=True, slots=True)
class AmountReading:
    """One thing that a written amount can mean: `exact` đồng with its sign, perhaps not whole.

    `mark` is a single mark that by itself does not tell what it is (`1.725`), `is_decimal` how it
    was taken; without one there is nothing to tell. `whole` and `decimals` are the digits before
    and behind the decimal mark or `mark`, `size` the đồng that one counts, `word` the unit named.
    """

    exact: Decimal
    mark: str
    is_decimal: bool
    whole: str
    decimals: str
    size: int
    word: str

    @property
    def dong(self) -> int | None:
        """The amount, where it is whole đồng."""
        return int(self.exact) if self.exact == self.exact.to_integral_value() else None


def amount_readings(text: str, unit: str = "dong") -> tuple[AmountReading, ...]:
    """All that `text` can mean as an amount counted in `unit`: nothing, one thing, or two.

    A single mark before three figures stands between thousands or before decimals: two readings,
    joined figures first. In whole đồng it stands between thousands: a đồng has no decimals.
    Certain are groups of three that two marks or spaces show, `12,5 triệu`, `80tr`, a minus of
    any kind, `(5.000)`, full-width signs. What a page's language makes of a mark is not asked
    here: a file does not tell in which language it was typed.
    """
    found = _TYPED.fullmatch(nfc(plain(text)))
    size = _size(found[3], found[4] or found[5], UNITS[unit]) if found else None
    if found is None or size is None or (found[1] == "(") != bool(found[6]):
        return ()
    readings = []
    for whole, decimals, mark, is_decimal in taken_apart(found[2], has_decimals=size > 1):
        digits = f"{whole}.{decimals or 0}" if is_decimal else f"{whole}{decimals}"
        exact = Decimal(digits) * (-size if found[1] else size)
        word = found[3] or ""
        readings.append(AmountReading(exact, mark, is_decimal, whole, decimals, size, word))
    return tuple(readings)


def parse_dong(
    text: str, *, unit: str = "dong", allow_negative: bool = False, language: str = "vi"
) -> int:
    """The amount in đồng that `text` means, typed in `unit` on a page of `language`.

    Takes all that can be read in one way only: groups of three with dots, commas or spaces
    (two marks settle which is which), decimals as long as whole đồng result, `12,5 triệu`,
    `80tr`, a minus of any kind, `(5.000)`, full-width signs. Raises RuleBroken with a sentence
    that offers the readings where there are two, and never guesses (domain §2.5, V15).
    """
    if unit == "dong" and _FIGURES.fullmatch(text):
        return int(text)  # what packages hold, a million times
    shown = clean_line(text)[:60]
    typed = nfc(plain(text))
    if not typed or _counted(typed) == 1:
        raise RuleBroken(_n("Type an amount in figures."))
    reading = _meant_on_page(amount_readings(text, unit), shown, language)
    amount = reading.dong
    if amount is None:
        raise _not_whole(shown, reading, language)
    if abs(amount) > MAX_DONG:
        raise RuleBroken(
            _n("“%(typed)s” is too large: at most %(most)s đồng."),
            typed=shown,
            most=Dong(MAX_DONG),
        )
    if amount < 0 and not allow_negative:
        raise RuleBroken(
            _n("An amount cannot be negative. Money paid back goes into “Returned”."),
            typed=shown,
        )
    return amount


def _meant_on_page(readings: tuple[AmountReading, ...], shown: str, language: str) -> AmountReading:
    """The reading that holds on a page of `language`; RuleBroken where that is open.

    Where a unit is named behind the number either mark may be the decimal one if it cannot stand
    between thousands: 12.5 triệu.
    """
    if not readings:
        raise _unreadable(shown, language)
    group, decimal = MARKS[language]
    reading = readings[-1]
    could_group = not readings[0].is_decimal
    if not reading.mark or (reading.mark == (decimal if reading.is_decimal else group)):
        return reading
    if reading.word and reading.size > 1 and not could_group:
        return reading
    raise _unclear(shown, reading, language)


def _size(word: str | None, second: str | None, unit: int) -> int | None:
    """How many đồng one counts, after the words behind the number; None for unknown words."""
    if word is None:
        return unit
    size = _counted(word)
    if second is not None and (size in (None, 1) or _counted(second) != 1):
        return None
    return size


def _counted(word: str) -> int | None:
    """How many đồng the word means; None for one that is none, such as a Roman numeral: 5Ⅾ."""
    return _WORDS.get(fold(word)) if word.isalpha() or word == "₫" else None


def _unreadable(shown: str, language: str) -> RuleBroken:
    return RuleBroken(
        _n("“%(typed)s” is not an amount. Write figures only, such as %(example)s"),
        typed=shown,
        example=format_dong(1_234_567, language),
    )


def _unclear(shown: str, reading: AmountReading, language: str) -> RuleBroken:
    """The question of a single mark, with both readings as one would have to write them."""
    joined = (reading.whole + reading.decimals).lstrip("0") or "0"
    behind = f" {reading.word}" if reading.word else ""
    return RuleBroken(
        _n("“%(typed)s” can be read in two ways here. Write %(plain)s, or %(decimal)s."),
        typed=shown,
        plain=joined + behind,
        decimal=f"{reading.whole}{MARKS[language][1]}{reading.decimals}"
        + (behind if reading.size > 1 else f" {MILLION[language]}"),
    )


def _not_whole(shown: str, reading: AmountReading, language: str) -> RuleBroken:
    """With what can be typed instead: a unit named, or fewer decimals where no unit would do."""
    decimal, decimals = MARKS[language][1], reading.decimals.rstrip("0")
    if len(decimals) <= 6:
        return RuleBroken(
            _n(
                "“%(typed)s” is not a whole number of đồng. Leave out the decimals, or name the "
                "unit: %(example)s"
            ),
            typed=shown,
            example=f"{reading.whole}{decimal}{reading.decimals} {MILLION[language]}",
        )
    kept = decimals[: len(str(reading.size)) - 1]
    return RuleBroken(
        _n("“%(typed)s” is finer than one đồng. Leave out its last decimals: %(example)s"),
        typed=shown,
        example=reading.whole
        + (decimal + kept if kept else "")
        + (f" {reading.word}" if reading.word else ""),
    )


def format_dong(amount: int, language: str = "vi") -> str:
    """`1234567` → `1.234.567`, the way amounts are typed and printed in Vietnam."""
    return f"{amount:,}".replace(",", MARKS[language][0])


def write_amount(amount: int, unit: str = "dong", language: str = "vi") -> str:
    """An amount in đồng as it is typed in `unit`, so that `parse_dong` reads the same again.

    In a larger unit without marks between thousands: `1.234` could be read in two ways there.
    """
    if unit == "dong":
        return format_dong(amount, language)
    return f"{in_unit(amount, unit).normalize():f}".replace(".", MARKS[language][1])


def meant_instead(amount: int, *, plan: int, last: int) -> int | None:
    """The amount that was probably meant, where this one is suspect (V8); else None.

    Suspect is an amount at least SUSPECT_RATIO times larger or smaller than the plan or last
    month, whichever of them there is, and one above the plan of which a thousandth fits.
    """
    size = abs(amount)
    known = [one for one in (abs(plan), abs(last)) if one]
    fits = plan > 0 and plan < size <= SLIP * plan
    if not size:
        return None
    sign = 1 if amount > 0 else -1
    if fits or any(size >= SUSPECT_RATIO * one for one in known):
        return sign * (size // SLIP)
    if any(SUSPECT_RATIO * size <= one for one in known):
        return amount * SLIP
    return None


def in_unit(amount: int, unit: str, places: int | None = None) -> Decimal:
    """The amount in đồng, nghìn or triệu đồng; exact, or half-up with that many decimals."""
    exact = Decimal(amount) / UNITS[unit]
    return exact if places is None else _rounded(exact, places)


def net_of(advance: Any, completed: Any, recovered: Any, returned: Any, correction: Any) -> Any:
    """Giải ngân trong kỳ in đồng: advance + (completed − recovered) − returned (domain §3.2).

    With what corrects an earlier, locked period (điều chỉnh số kỳ trước; domain §8.2). Of columns
    it makes the SQL expression, of numbers the number; no other place adds the five up.
    """
    return advance + (completed - recovered) - returned + correction


def rate(part: int, whole: int) -> Decimal | None:
    """part / whole in percent, two decimals, half-up; None when there is no plan (design §4)."""
    if whole == 0:
        return None
    return _rounded(Decimal(part) * 100 / Decimal(whole), 2)


def _rounded(value: Decimal, places: int) -> Decimal:
    """`value` with `places` decimals, half-up; what is rounded to nothing is 0, not -0."""
    return value.quantize(_STEPS[places], ROUND_HALF_UP) + 0
